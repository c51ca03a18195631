"""Every spec of the catalogue on twenty accepted selfies: each photo measured again by a checker that is not ours.

The checker (tests/photo_service/independent.py) knows Pillow, the bytes and the TOML files, and nothing of the
pipeline. The head is found again on the finished photo and must lie in the spec's bands.
"""

import importlib.util
import io
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image

from benchmarks.fidelity import labelled
from photo_service.contract import Severity
from photo_service.pipeline import Studio

CHECKER = Path(__file__).resolve().parents[1] / "tests" / "photo_service" / "independent.py"
MOST_SELFIES, LARGEST_SIDE = 20, 1800
FRAMING = frozenset({"head_cut_off", "neck_cut_off", "face_too_small", "face_too_large"})


def measure(studio: Studio) -> list[dict[str, Any]]:
    """Return one row: specs, photos made, and what was wrong with any; empty where the photos are not here."""
    selfies = [_at_most(selfie) for selfie in _largest()]
    if not selfies:
        return []
    checker, photos, wrong, made_of = _checker(), 0, list[str](), set[str]()
    for spec in studio.catalogue:
        for name, selfie in selfies:
            photo = studio.render(selfie, spec=spec, source=name).photo
            if photo is not None:
                photos, made_of = photos + 1, made_of | {spec}
                wrong += [f"{spec} {name} {fault}" for fault in checker.faults(photo, spec)]
                wrong += [f"{spec} {name} {code}" for code in _misplaced(studio, photo, spec)]
    row = {
        "specs": len(studio.catalogue),
        "selfies": len(selfies),
        "photos": photos,
        "specs_with_a_photo": len(made_of),
    }
    return [{**row, "faults": len(wrong), "first_fault": wrong[0] if wrong else ""}]


def _misplaced(studio: Studio, photo: bytes, spec: str) -> list[str]:
    findings = studio.check(photo, spec=spec, source="photo").findings
    return [one.code for one in findings if one.severity is Severity.FAIL and one.code in FRAMING]


def _checker() -> ModuleType:
    found = importlib.util.spec_from_file_location("independent", CHECKER)
    if found is None or found.loader is None:
        raise FileNotFoundError(CHECKER)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _largest() -> list[tuple[str, bytes]]:
    return sorted(labelled().items(), key=lambda pair: -_pixels(pair[1]))[:MOST_SELFIES]


def _pixels(selfie: bytes) -> int:
    with Image.open(io.BytesIO(selfie)) as picture:
        return picture.width * picture.height


def _at_most(named: tuple[str, bytes]) -> tuple[str, bytes]:
    name, selfie = named
    with Image.open(io.BytesIO(selfie)) as picture:
        if max(picture.size) <= LARGEST_SIDE:
            return named
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "JPEG", quality=96)
    return name, stream.getvalue()
