"""Who stands before the camera in the notices: real portraits for the real photo service, or a scripted service.

The real ones are the labelled photos of ../shared/photos, which stay there: chosen by the product's own command, as
those that meet the campaign's spec and one that does not. Where the folder, or the networks, are not here, that part is
skipped, and says so. The scripted photo service speaks the real one's protocol over HTTP and judges as a story needs,
so that the collection around it is played everywhere.
"""

import csv
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from loopback import serving
from photo_service_script import ScriptedStudio, selfie
from PIL import Image
from product import ROOT, run

from photo_service.server import create_app

SHARED = ROOT.parent / "shared" / "photos"
MODELS = Path(os.environ.get("IDPHOTO_MODELS", ROOT / "var" / "models"))
_MOST_TRIED = 24
_EXIF, _TAKEN = 0x8769, 0x9003


@dataclass(frozen=True)
class Cast:
    """Selfies that meet a spec, one that does not, and the environment of the product they are shown to.

    `real`: what is exported can be held against the spec by `idphoto check`.
    """

    good: list[bytes]
    bad: bytes
    real: bool
    env: dict[str, str] = field(default_factory=dict)


@contextmanager
def casting(kind: str, spec: str, *, people: int) -> Iterator[Cast]:
    """Find so many faces for a spec."""
    if kind == "real portraits":
        yield _real(spec, people)
        return
    with serving(create_app(ScriptedStudio())) as url:
        good = [selfie(number) for number in range(people)]
        yield Cast(good, selfie(0, good=False), real=False, env={"PHOTO_SERVICE_URL": url})


def _real(spec: str, people: int) -> Cast:
    if not (MODELS / "manifest.json").exists():
        pytest.skip("the networks are not installed: make setup")
    if not (SHARED / "labels.csv").exists():
        pytest.skip("no real portraits here: ../shared/photos is absent")
    good: list[bytes] = []
    bad: bytes | None = None
    files = [SHARED / "dev" / name for name in _candidates(spec)]
    with TemporaryDirectory() as folder:  # the portraits' own folder stays as it is
        told = run("make", *map(str, files), "--spec", spec, "-o", folder, "--report", "json", expect=1)
    for file, line in zip(files, told.splitlines(), strict=True):
        verdict = json.loads(line)["verdict"]
        if verdict == "pass" and len(good) < people:
            good.append(file.read_bytes())
        elif verdict == "fail" and bad is None and json.loads(line)["findings"]:
            bad = file.read_bytes()
    if len(good) < people or bad is None:
        pytest.skip(f"only {len(good)} of the portraits in ../shared/photos meet {spec}")
    return Cast(good, bad, real=True)


def _candidates(spec: str) -> list[str]:
    """Name portraits that may do, largest first where the spec wants large ones, and one that will not at the end."""
    with (SHARED / "labels.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    fitting = [row for row in rows if row["verdict"] in {"accept", "any"} and row["category"] in {"good", "frontal"}]
    if spec == "cqwu-xuegong":
        fitting.sort(key=lambda row: -int(row["width"]) * int(row["height"]))
    else:
        fitting.sort(key=lambda row: row["verdict"] != "accept")
    refused = next(row for row in rows if row["verdict"] == "reject" and row["category"] == "closed")
    return [*(row["file"] for row in fitting[:_MOST_TRIED]), refused["file"]]


def taken_long_ago(selfie: bytes) -> bytes:
    """Return the same selfie as a camera of years ago would have dated it."""
    file, dated = io.BytesIO(), Image.Exif()
    dated.get_ifd(_EXIF)[_TAKEN] = "2022:01:01 10:00:00"
    with Image.open(io.BytesIO(selfie)) as picture:
        picture.convert("RGB").save(file, "JPEG", quality=95, exif=dated)
    return file.getvalue()


def opens(jpeg: bytes) -> tuple[str | None, tuple[int, int]]:
    """Answer format and size of a photo."""
    with Image.open(io.BytesIO(jpeg)) as photo:
        return photo.format, photo.size
