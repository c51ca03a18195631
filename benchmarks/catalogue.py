"""Every spec of the catalogue on twenty accepted selfies: each photo measured again by a checker that is not ours.

The checker (tests/photo_service/independent.py) knows Pillow, the bytes and the TOML files, and nothing of the
pipeline. The head is found again on the finished photo and must lie in the spec's bands. The face is held against
Pillow's own resampling of the selfie (see fidelity); where a spec's bytes are too few for it to be as similar as was
asked, it is told how many would do.
"""

import importlib.util
import io
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

from PIL import Image

from benchmarks.fidelity import ASKED, Likeness, Original, labelled
from photo_service.contract import Severity
from photo_service.pipeline import Studio
from photo_service.spec import Spec

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
    faces: dict[tuple[str, str], Likeness] = {}
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
    told = {**_likeness(faces), **_short(faces, originals, studio)} if faces else {}
    return [{**row, "faults": len(wrong), "first_fault": wrong[0] if wrong else "", **told}]


def _likeness(faces: Mapping[tuple[str, str], Likeness]) -> dict[str, Any]:
    """Say how alike the faces are, before the JPEG and in it, and what the JPEG leaves of the people beside them."""
    return {
        "least_before_jpeg": round(min(one.before for one in faces.values()), 4),
        "least_jpeg": round(min(one.photo for one in faces.values()), 4),
        "mean_beside": round(mean(one.beside for one in faces.values()), 4),
        "least_beside": round(min(one.beside for one in faces.values()), 4),
    }


def _short(
    faces: Mapping[tuple[str, str], Likeness], originals: Mapping[str, Original], studio: Studio
) -> dict[str, Any]:
    """Say which specs have faces below what was asked, what their windows are, and how many bytes would do."""
    short: dict[str, list[tuple[float, int]]] = {}
    for (spec, name), one in faces.items():
        if one.photo < ASKED:
            needed = originals[name].bytes_for(studio.catalogue[spec], ASKED)
            short.setdefault(spec, []).append((one.photo, needed))
    told = [
        _told(spec, found, studio.catalogue[spec]) for spec, found in sorted(short.items(), key=lambda one: min(one[1]))
    ]
    return {"faces_below": sum(map(len, short.values())), "specs_below": "; ".join(told)}


def _told(spec: str, found: list[tuple[float, int]], rules: Spec) -> str:
    """Write one spec's faces: how many, the least alike, and the bytes that all of them would take."""
    alike, needed = zip(*found, strict=True)
    size, window = f"{rules.size.max_width}x{rules.size.max_height}", f"{rules.window.low} to {rules.window.high - 1}"
    would = f"{min(needed)} to {max(needed)} would do" if all(needed) else "no bytes would do"
    return f"{spec} ({size}, {window} bytes): {len(found)} from {min(alike):.3f} to {max(alike):.3f}, {would}"


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
