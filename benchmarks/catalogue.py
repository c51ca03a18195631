"""Every spec of the catalogue on twenty accepted selfies: each photo measured again by a checker that is not ours.

The checker (tests/photo_service/independent.py) knows Pillow, the bytes and the TOML files, and nothing of the
pipeline. The head is found again on the finished photo and must lie in the spec's bands. The face is held against
Pillow's own resampling of the selfie (see fidelity).
"""

import importlib.util
import io
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image

from benchmarks.fidelity import ASKED, Original, labelled
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
    originals = {name: Original.of(studio, selfie) for name, selfie in selfies}
    faces: dict[tuple[str, str], tuple[float, float]] = {}
    for spec in studio.catalogue:
        for name, selfie in selfies:
            photo = studio.render(selfie, spec=spec, source=name).photo
            if photo is not None:
                photos, made_of = photos + 1, made_of | {spec}
                wrong += [f"{spec} {name} {fault}" for fault in checker.faults(photo, spec)]
                wrong += [f"{spec} {name} {code}" for code in _misplaced(studio, photo, spec)]
                faces[spec, name] = originals[name].similarity(photo, studio.catalogue[spec])
    row = {
        "specs": len(studio.catalogue),
        "selfies": len(selfies),
        "photos": photos,
        "specs_with_a_photo": len(made_of),
    }
    return [{**row, "faults": len(wrong), "first_fault": wrong[0] if wrong else "", **_likeness(faces)}]


def _likeness(faces: Mapping[tuple[str, str], tuple[float, float]]) -> dict[str, Any]:
    """Say how alike the faces are, before the JPEG and in it, and which specs have one below what was asked."""
    if not faces:
        return {}
    short = sorted((photo, spec) for (spec, _), (_, photo) in faces.items() if photo < ASKED)
    least = {spec: photo for photo, spec in reversed(short)}
    told = "; ".join(f"{spec} {photo:.3f}" for spec, photo in sorted(least.items(), key=lambda pair: pair[1]))
    return {
        "least_before_jpeg": round(min(before for before, _ in faces.values()), 4),
        "least_jpeg": round(min(photo for _, photo in faces.values()), 4),
        "faces_below": len(short),
        "specs_below": told,
    }


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
