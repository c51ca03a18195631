"""Every spec of the catalogue is made into a photo, and the photo is measured by somebody else."""

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import independent
import numpy as np
import pytest
from PIL import Image

from benchmarks.portraits import astronaut
from photo_service.codes import FILE_CODES
from photo_service.contract import Verdict
from photo_service.pipeline import Studio
from photo_service.spec import Spec

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "photos"
TRIALS = os.environ.get("IDPHOTO_TRIALS")
"""A folder for spec-trials.csv. Where it is named twenty selfies are tried (five minutes), otherwise six."""
MOST_SELFIES = 20 if TRIALS else 6
MOST_REFUSED = 2
"""Of the conventional sizes: one head is too near the lower edge for any, one too near the camera for 35 x 45."""
LARGEST_SIDE = 1800
SIZES = frozenset({"one-inch", "two-inch", "small-one-inch", "large-one-inch", "small-two-inch", "two-inch-tall"})
FRAMING = frozenset({"head_cut_off", "neck_cut_off", "face_too_small", "face_too_large"})


@pytest.fixture(scope="module")
def selfie() -> bytes:
    """The astronaut at five megapixels with room above her and the grain of a phone's sensor."""
    room = np.pad(np.asarray(astronaut()), ((120, 0), (40, 40), (0, 0)), mode="edge")
    height, width = room.shape[:2]
    large = np.asarray(Image.fromarray(room).resize((width * 4, height * 4), Image.Resampling.BICUBIC), np.float32)
    grain = np.random.default_rng(5).normal(0, 4, large.shape)
    stream = io.BytesIO()
    Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8)).save(stream, "JPEG", quality=95)
    return stream.getvalue()


@pytest.fixture(scope="module")
def lenient_studio(studio: Studio) -> Studio:
    """The studio without opinions on the face: the astronaut smiles, and the specs' files are what is tried here."""
    return replace(studio, catalogue={spec_id: _files_only(spec) for spec_id, spec in studio.catalogue.items()})


def _files_only(spec: Spec) -> Spec:
    kept = {code: severity for code, severity in spec.checks.items() if code in FILE_CODES}
    if spec.background.wall:
        kept.pop("wrong_background")
    return replace(spec, checks=kept)


@pytest.mark.parametrize("spec_id", independent.spec_ids())
def test_every_spec_can_be_made_and_measures_up_for_a_stranger(lenient_studio: Studio, selfie: bytes, spec_id: str):
    """Pixels, density, bytes, mode, corners: by Pillow and the bytes. The narrowest window too: 304 bytes."""
    made = lenient_studio.render(selfie, spec=spec_id, source="eileen.jpg")

    assert made.photo is not None, made.report.error or made.report.findings
    assert independent.faults(made.photo, spec_id) == []


@pytest.mark.parametrize("spec_id", ["chsi-graduate", "id-card", "social-security", "passport"])
def test_pixel_bands_are_met_by_landmarks_found_again(lenient_studio: Studio, selfie: bytes, spec_id: str):
    """The head of the finished photo, found anew in it, lies in the bands of the spec."""
    made = lenient_studio.render(selfie, spec=spec_id, source="eileen.jpg")
    assert made.photo is not None, made.report.findings

    assert lenient_studio.check(made.photo, spec=spec_id, source="photo.jpg").verdict is Verdict.PASS


def test_the_second_opinion_is_not_blind(lenient_studio: Studio, selfie: bytes):
    """The same photo held against another spec, with a comment or with something behind it, is found out."""
    photo = lenient_studio.render(selfie, spec="one-inch", source="eileen.jpg").photo
    assert photo is not None
    comment = photo[:2] + b"\xff\xfe\x00\x04hi" + photo[2:]

    assert len(independent.faults(photo, "hunan-pretco")) == 3  # pixels and both readings of the density
    assert independent.faults(photo, "chsi-graduate")
    assert independent.faults(photo + b"\0" * 500, "one-inch") == ["goes on behind its end"]
    assert "does not begin with a JFIF header" in independent.faults(comment, "one-inch")
    assert independent.faults(photo, "two-inch") == ["is (295, 413)"]


@cache
def accepted_selfies() -> Mapping[str, bytes]:
    """The labelled photos that must give a photo, the largest first, none larger than the specs have use for."""
    with (PHOTOS / "labels.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if "accept" in (row["verdict"], row["one_inch"])]
    rows.sort(key=lambda row: -int(row["width"]) * int(row["height"]))
    return {row["file"]: _at_most(PHOTOS / "dev" / row["file"], LARGEST_SIDE) for row in rows[:MOST_SELFIES]}


def _at_most(file: Path, side: int) -> bytes:
    with Image.open(file) as picture:
        if max(picture.size) <= side:
            return file.read_bytes()
        stream = io.BytesIO()
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture.convert("RGB").save(stream, "JPEG", quality=96)
    return stream.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not (PHOTOS / "labels.csv").is_file(), reason="the labelled photos are not beside this checkout")
class TestOnAcceptedSelfies:
    @pytest.mark.parametrize("spec_id", independent.spec_ids())
    def test_whatever_is_made_measures_up_for_a_stranger(
        self, studio: Studio, catalogue: Mapping[str, Spec], tmp_path_factory: pytest.TempPathFactory, spec_id: str
    ):
        """With every check of the spec each selfie is a photo that measures up, or refused for a reason.

        The head is found again on the finished photo and must lie in the spec's bands.
        """
        outcomes: Counter[str] = Counter()
        wrong: list[str] = []
        for name, selfie in accepted_selfies().items():
            made = studio.render(selfie, spec=spec_id, source=name)
            if made.photo is not None:
                outcomes["photo"] += 1
                wrong += [f"{name}: {fault}" for fault in independent.faults(made.photo, spec_id)]
                again = studio.check(made.photo, spec=spec_id, source=name)
                wrong += [f"{name}: {f.code} {f.value}" for f in again.findings if _misplaced(f.code, f.severity)]
            elif made.report.error is not None:
                outcomes[made.report.error.code] += 1
            else:
                outcomes.update(finding.code for finding in made.report.findings if finding.severity == "fail")
        _write_down(spec_id, outcomes, wrong, tmp_path_factory.getbasetemp())

        assert wrong == []
        assert set(outcomes) <= {"photo", "spec_unattainable", *catalogue[spec_id].checks, *FRAMING, "low_resolution"}
        if spec_id in SIZES:
            assert outcomes["photo"] >= MOST_SELFIES - MOST_REFUSED


def _misplaced(code: str, severity: str) -> bool:
    return severity == "fail" and (code in FRAMING or code in FILE_CODES)


def _write_down(spec_id: str, outcomes: Counter[str], wrong: list[str], folder: Path) -> None:
    """Add a line to spec-trials.csv in the folder that was named, or in pytest's own."""
    path = Path(TRIALS or folder) / "spec-trials.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        told = "; ".join(f"{code} {count}" for code, count in outcomes.most_common())
        csv.writer(file).writerow([spec_id, outcomes["photo"], told, "; ".join(wrong)])
