"""The whole recipe on one real portrait: the astronaut picture that scikit-image ships (NASA, public domain)."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter
from scipy import ndimage
from skimage.metrics import structural_similarity

from benchmarks.portraits import astronaut
from photo_service.contract import Report, Severity, SpecUnattainable, UnknownSpec, Verdict
from photo_service.models.install import install_embedded
from photo_service.models.store import models_home
from photo_service.photo import Located
from photo_service.pipeline import Studio, open_studio
from photo_service.stages.decode import Limits, decode
from photo_service.stages.locate import NoFace, locate
from photo_service.stopwatch import Stopwatch


@pytest.fixture(scope="module")
def studio() -> Studio:
    home = models_home(os.environ)
    install_embedded(home, say=lambda _: None)
    return open_studio(home)


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    """Head and shoulders, as a student would hold the phone."""
    return astronaut().crop((90, 0, 360, 360))


def as_jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **{"quality": 95, **options})
    return stream.getvalue()


def located(studio: Studio, selfie: bytes) -> Located:
    nets = studio.networks
    upright = decode(selfie, limits=Limits(), want_side=1500)
    return locate(upright, finder=nets.finder, mesher=nets.mesher, irises=nets.irises, hands=nets.hands)


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings if finding.severity == "fail"}


def test_a_good_portrait_becomes_a_photo_that_measures_up(studio, portrait):
    """Pixels, density, bytes, mode and background are read back from the file by Pillow alone."""
    made = studio.render(as_jpeg(portrait), spec="one-inch", source="eileen.jpg")

    assert made.report.verdict is Verdict.PASS
    assert made.photo is not None
    with Image.open(io.BytesIO(made.photo)) as photo:
        assert (photo.format, photo.mode, photo.size) == ("JPEG", "RGB", (295, 413))
        assert photo.info["dpi"] == (300, 300)
        assert not photo.getexif()
        pixels = np.asarray(photo)
    assert (pixels[:6, :6] == 255).all()
    assert (pixels[:6, -6:] == 255).all()
    assert made.report.output is not None
    assert made.report.output.bytes == len(made.photo)
    assert made.report.output.sha256 == hashlib.sha256(made.photo).hexdigest()


def test_the_head_stands_where_the_spec_wants_it(studio, portrait):
    """Landmarks found again on the finished photo: centred, level, eyes within the band."""
    made = studio.render(as_jpeg(portrait.rotate(-6, Image.Resampling.BICUBIC)), spec="one-inch", source="tilted.jpg")
    assert made.photo is not None, made.report.findings
    found = located(studio, made.photo)

    assert abs(found.anatomy.roll) < 1.0
    cheeks = (found.anatomy.right_cheek[0] + found.anatomy.left_cheek[0]) / 2
    assert cheeks / 295 == pytest.approx(0.5, abs=0.03)
    assert 0.26 <= found.anatomy.eyes[1] / 413 <= 0.55


def test_the_same_bytes_in_give_the_same_bytes_out_in_two_processes(studio, portrait):
    """A photo can be made again and compared; here and in a process of its own."""
    selfie = as_jpeg(portrait)
    here = studio.render(selfie, spec="one-inch", source="a").photo
    again = studio.render(selfie, spec="one-inch", source="b").photo
    elsewhere = subprocess.run(
        [sys.executable, "-c", _RENDER_STDIN], input=selfie, capture_output=True, check=True, timeout=120
    ).stdout

    assert here == again
    assert hashlib.sha256(here or b"").hexdigest() == elsewhere.decode().strip()


_RENDER_STDIN = """
import hashlib, os, sys
from photo_service.models.store import models_home
from photo_service.pipeline import open_studio
made = open_studio(models_home(os.environ)).render(sys.stdin.buffer.read(), spec="one-inch", source="c")
print(hashlib.sha256(made.photo).hexdigest())
"""


def test_inside_the_face_the_photo_is_the_selfie_resampled(studio, portrait):
    """No smoothing, no mirroring: the selfie sampled anew, by spline and along the plan, looks the same."""
    selfie = as_jpeg(portrait, quality=98)
    spec = studio.catalogue["one-inch"]
    assessed = studio._assess(selfie, spec, Stopwatch(), want_side=1500)
    plan = assessed.plan
    photo = studio.render(selfie, spec="one-inch", source="eileen.jpg").photo
    assert plan is not None
    assert photo is not None
    half = round(assessed.matted.located.anatomy.face_width * plan.scale * 0.35)
    top, left = round(plan.eye_y) - half // 2, round(plan.width / 2) - half
    ys, xs = np.mgrid[top : top + 2 * half, left : left + 2 * half] + 0.5
    places = np.array([plan.to_picture((x, y)) for x, y in zip(xs.ravel(), ys.ravel(), strict=True)])
    grey = np.asarray(portrait.convert("L"), np.float64)
    theirs = ndimage.map_coordinates(grey, (places - 0.5).T[::-1], order=3, mode="nearest").reshape(xs.shape)
    ours = np.asarray(Image.open(io.BytesIO(photo)).convert("L"), np.float64)[
        top : top + 2 * half, left : left + 2 * half
    ]

    assert structural_similarity(theirs, ours, data_range=255) > 0.97
    assert structural_similarity(theirs, ours[:, ::-1], data_range=255) < 0.8


@pytest.mark.parametrize("degrees", [-12, -5, 0, 5, 12])
def test_roll_is_measured_to_a_degree(studio, portrait, degrees):
    """Turn the picture by so much, and the measured roll changes by so much."""
    level = located(studio, as_jpeg(portrait)).anatomy.roll
    turned = portrait.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120))

    assert located(studio, as_jpeg(turned)).anatomy.roll - level == pytest.approx(degrees, abs=1.0)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_picture_on_its_side_or_its_head_is_turned_upright(studio, portrait, turns):
    """Phones lose the orientation flag; the student should not have to know. On its head, a chin passes for a
    forehead, but never as surely as a forehead does."""
    made = studio.render(as_jpeg(portrait.rotate(90 * turns, expand=True)), spec="one-inch", source="side.jpg")

    assert made.report.verdict is Verdict.PASS
    assert made.report.measurements["quarter_turns"] == turns


def test_exif_orientation_is_obeyed_before_anything_else(studio, portrait):
    """A file stored sideways with the right flag gives the same photo as the upright file."""
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = portrait.rotate(90, expand=True)

    made = studio.render(as_jpeg(stored, exif=exif), spec="one-inch", source="flagged.jpg")

    assert made.report.verdict is Verdict.PASS
    assert made.report.measurements["quarter_turns"] == 0


def test_two_people_are_told_that_there_are_two(studio):
    """The photo is not silently made of the bigger one."""
    pair = Image.new("RGB", (720, 360), "grey")
    face = astronaut().crop((90, 0, 360, 360))
    pair.paste(face, (40, 0))
    pair.paste(face, (400, 0))

    made = studio.render(as_jpeg(pair), spec="one-inch", source="pair.jpg")

    assert made.photo is None
    assert "multiple_faces" in codes(made.report)


def test_nobody_in_the_picture_is_said_so(studio):
    """No face, no matte of the wallpaper: one reason, in Chinese, with what to do."""
    made = studio.render(as_jpeg(Image.effect_noise((400, 500), 60).convert("RGB")), spec="one-inch", source="wall.jpg")

    assert codes(made.report) == {"no_face"}
    assert made.report.findings[0].advice


def degraded(portrait: Image.Image) -> Iterator[tuple[str, Image.Image]]:
    yield "too_dark", ImageEnhance.Brightness(portrait).enhance(0.25)
    yield "not_colour", portrait.convert("L").convert("RGB")
    yield "blurred", portrait.filter(ImageFilter.GaussianBlur(2.2))
    yield "neck_cut_off", portrait.crop((0, 0, 270, 175))
    yield "head_cut_off", portrait.crop((0, 62, 270, 360))
    yield "low_resolution", portrait.resize((80, 107))
    far = Image.new("RGB", (1400, 1400), (150, 150, 150))
    far.paste(portrait, (560, 700))
    yield "face_too_small", far


@pytest.mark.parametrize("code", [code for code, _ in degraded(Image.new("RGB", (270, 360)))])
def test_a_good_picture_made_bad_is_refused_for_that_reason(studio, portrait, code):
    """What was done to the picture is what the student hears."""
    picture = dict(degraded(portrait))[code]

    made = studio.render(as_jpeg(picture), spec="hunan-pretco", source=f"{code}.jpg")

    assert made.photo is None
    assert code in codes(made.report)


def test_every_reason_is_told_at_once(studio, portrait):
    """A dark grey smile is refused for all three, each with a message and an advice."""
    picture = ImageEnhance.Brightness(portrait.convert("L").convert("RGB")).enhance(0.3)

    report = studio.render(as_jpeg(picture), spec="hunan-pretco", source="eileen.jpg").report

    assert {"mouth_open", "too_dark", "not_colour"} <= codes(report)
    assert all(finding.message and finding.advice for finding in report.findings)
    assert report.output is None


def test_a_finished_photo_checks_as_compliant_and_its_thumbnail_does_not(studio, portrait):
    """`check` holds the file itself against the spec."""
    photo = studio.render(as_jpeg(portrait), spec="one-inch", source="eileen.jpg").photo
    assert photo is not None

    passed = studio.check(photo, spec="one-inch", source="photo.jpg")
    failed = studio.check(
        as_jpeg(Image.open(io.BytesIO(photo)).resize((100, 140))), spec="one-inch", source="thumb.jpg"
    )

    assert passed.verdict is Verdict.PASS, passed.findings
    assert {"wrong_size", "wrong_dpi"} <= codes(failed)


def test_the_report_is_the_document_of_the_contract(studio, portrait):
    """Written as JSON and read back it is the same report."""
    report = studio.render(as_jpeg(portrait), spec="one-inch", source="eileen.jpg").report
    document = json.loads(json.dumps(report.to_json(), ensure_ascii=False))

    assert list(document) == [
        "schema", "spec", "verdict", "source", "findings", "measurements", "output", "timings_ms", "engine",
    ]  # fmt: skip
    assert Report.from_json(document).to_json() == report.to_json()
    assert set(document["timings_ms"]) >= {
        "decode",
        "locate",
        "matte",
        "assess",
        "frame",
        "compose",
        "encode",
        "verify",
        "total",
    }


def test_a_file_that_is_no_picture_gives_an_error_and_no_finding(studio):
    """Garbage is neither accepted nor judged."""
    report = studio.render(b"not a picture", spec="one-inch", source="x.jpg").report

    assert report.verdict is Verdict.FAIL
    assert report.findings == ()
    assert report.error is not None
    assert report.error.code in {"unreadable_image", "unsupported_format"}


def test_an_unknown_spec_names_the_nearest(studio):
    """A slip of the pen is met with a suggestion."""
    with pytest.raises(UnknownSpec) as refused:
        studio.render(b"", spec="one-inhc", source="x.jpg")

    assert "one-inch" in refused.value.facts["near"]


def test_a_window_that_cannot_be_met_is_an_error_of_the_spec(studio, portrait):
    """No padding with zeros, no silent miss: the report says what could not be attained."""
    from dataclasses import replace

    from photo_service.spec import Window

    greedy = replace(studio.catalogue["one-inch"], window=Window(2_000_000, 3_000_000))
    made = replace(studio, catalogue={"greedy": greedy}).render(as_jpeg(portrait), spec="greedy", source="x.jpg")

    assert made.photo is None
    assert made.report.error is not None
    assert made.report.error.code == SpecUnattainable.code


def test_a_statue_of_noise_is_no_face(studio):
    """Locating says so by name."""
    with pytest.raises(NoFace):
        located(studio, as_jpeg(Image.new("RGB", (300, 300), "white")))


def test_a_small_and_cropped_selfie_is_not_told_to_come_closer_and_to_step_back(studio: Studio, astronaut_jpeg: bytes):
    """What has neither the pixels nor the shoulders needs another file: distance mends the one and spoils the other."""
    with Image.open(io.BytesIO(astronaut_jpeg)) as opened:
        tight, file = opened.crop((150, 20, 290, 195)), io.BytesIO()
    tight.save(file, "JPEG", quality=95)

    advice = {f.code: f.advice for f in studio.render(file.getvalue(), spec="id-card", source="selfie").report.findings}

    assert "拿远" in advice["neck_cut_off"]
    assert "靠近" not in advice["low_resolution"]
    assert "原图" in advice["low_resolution"]


def test_what_a_check_is_not_sure_of_is_not_told_as_a_fact(studio: Studio, astronaut_jpeg: bytes):
    """Hair over a part of an ear: a doubt for the counsellor, and no “your ear is covered” on a photo that may pass."""
    report = studio.render(astronaut_jpeg, spec="hunan-pretco", source="selfie").report
    (ear,) = [finding for finding in report.findings if finding.code == "ears_covered"]

    assert (ear.severity, ear.message) == (Severity.WARN, "左耳可能被头发遮住了一部分")
