"""Four checks of what a spec may forbid beside the plain faults: glasses, a smile, a beauty filter, an old picture."""

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from made_subjects import Sitter
from PIL import Image, ImageDraw
from scipy import ndimage

from benchmarks.portraits import astronaut
from photo_service.checks.expression import EXPRESSION
from photo_service.checks.glasses_worn import GLASSES_WORN
from photo_service.checks.over_smoothed import OVER_SMOOTHED
from photo_service.checks.photo_too_old import PHOTO_TOO_OLD
from photo_service.contract import Severity
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Rgb
from photo_service.pipeline import Studio
from photo_service.stages.assess import assess
from photo_service.wording import Wording

EYES = ((33, 133), (362, 263))


@pytest.fixture(scope="module")
def large_sitter(studio: Studio) -> Sitter:
    """The same face twice as large, with the grain that a camera would give it."""
    picture = astronaut().crop((90, 0, 360, 360)).resize((540, 720), Image.Resampling.LANCZOS)
    grain = np.random.default_rng(1).normal(0, 1.5, (720, 540, 1))
    grainy = np.clip(np.asarray(picture, np.float32) + grain, 0, 255).astype(np.uint8)
    return Sitter.found_by(studio.networks, Image.fromarray(grainy))


def frames(sitter: Sitter, *, width: int, colour: tuple[int, int, int] = (30, 25, 25)):
    """Draw glasses: two rims, a bridge and the temples."""

    def paint(picture: Rgb) -> Rgb:
        canvas = Image.fromarray(picture)
        draw = ImageDraw.Draw(canvas)
        points = sitter.located.mesh.points
        unit = sitter.located.anatomy.inter_eye
        inner: list[float] = []
        for eye, edge in zip(EYES, (127, 356), strict=True):
            x, y = points[list(eye), :2].mean(axis=0)
            box = (x - 0.38 * unit, y - 0.25 * unit, x + 0.38 * unit, y + 0.36 * unit)
            draw.rounded_rectangle(box, radius=0.2 * unit, outline=colour, width=width)
            outwards = box[0] if edge == 127 else box[2]
            inner.append(float(box[2] if edge == 127 else box[0]))
            draw.line((outwards, y - 0.05 * unit, float(points[edge, 0]), y - 0.05 * unit), fill=colour, width=width)
        draw.line((inner[0], float(points[6, 1]), inner[1], float(points[6, 1])), fill=colour, width=width)
        return np.asarray(canvas)

    return paint


def test_dark_frames_are_seen_and_a_bare_face_is_bare(large_sitter: Sitter):
    assert large_sitter.value(GLASSES_WORN) < 0.8
    assert large_sitter.value(GLASSES_WORN, large_sitter.painted(frames(large_sitter, width=6))) > GLASSES_WORN.limit


def test_a_spec_that_forbids_glasses_refuses_them(large_sitter: Sitter, studio: Studio):
    spec = next(spec for spec in studio.catalogue.values() if spec.checks.get("glasses_worn") is Severity.FAIL)
    worn = large_sitter.painted(frames(large_sitter, width=6)).matted
    found = {finding.code: finding for finding in assess(worn, spec, Wording.load("zh-CN")).findings}

    assert found["glasses_worn"].severity is Severity.FAIL
    assert "眼镜" in found["glasses_worn"].message


def test_frames_too_pale_to_see_are_not_made_up(large_sitter: Sitter):
    pale = large_sitter.painted(frames(large_sitter, width=1, colour=(225, 190, 170)))

    assert large_sitter.value(GLASSES_WORN, pale) < GLASSES_WORN.limit


def test_her_broad_smile_is_one_and_a_mouth_at_rest_is_none(sitter: Sitter):
    chip = sitter.located.chip
    points = chip.points.copy()
    middle = points[[13, 14]].mean(axis=0)
    for corner in (61, 291):
        points[corner, :2] = middle[:2] + (points[corner, :2] - middle[:2]) * (0.65, 0.0)
    at_rest = replace(sitter.located, chip=replace(chip, points=points))

    assert sitter.value(EXPRESSION) > EXPRESSION.limit > sitter.value(EXPRESSION, sitter.subject(at_rest))


def test_a_turned_face_is_not_asked_for_its_expression(sitter: Sitter):
    turned = replace(sitter.located, pose=replace(sitter.located.pose, yaw=25.0))

    assert sitter.reading(EXPRESSION, sitter.subject(turned)) is None


def grainy(picture: Rgb) -> Rgb:
    """The picture as a small sensor sees it: grain everywhere."""
    noise = np.random.default_rng(1).normal(0, 3, picture.shape[:2])[..., None]
    return np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8)


def test_skin_with_less_grain_than_what_is_beside_it_is_smoothed(large_sitter: Sitter):
    """A beauty filter takes the sensor's grain from the skin and leaves it on hair, clothes and wall."""
    skin_only = large_sitter.polygon(FACE_OVAL)[..., None]

    def filtered(picture: Rgb) -> Rgb:
        seen = grainy(picture)
        smooth = ndimage.gaussian_filter(seen.astype(np.float32), (3, 3, 0))
        return np.where(skin_only, smooth, seen).astype(np.uint8)

    assert large_sitter.value(OVER_SMOOTHED, large_sitter.painted(grainy)) > 0.8
    assert large_sitter.value(OVER_SMOOTHED, large_sitter.painted(filtered)) < OVER_SMOOTHED.limit


def test_where_nothing_has_grain_nobody_is_accused(large_sitter: Sitter):
    """A photo that was shrunk, or taken in bright light, shows no grain on the skin and none beside it."""

    def clean(picture: Rgb) -> Rgb:
        return ndimage.gaussian_filter(picture, (3, 3, 0))

    assert large_sitter.reading(OVER_SMOOTHED, large_sitter.painted(clean)) is None


def test_strong_compression_and_few_pixels_say_nothing_about_filters(large_sitter: Sitter, sitter: Sitter):
    upright = replace(large_sitter.located.upright, jpeg_quality=60)
    small = replace(sitter.located, anatomy=replace(sitter.located.anatomy, left_eye=sitter.located.anatomy.right_eye))

    assert (
        large_sitter.reading(OVER_SMOOTHED, large_sitter.subject(replace(large_sitter.located, upright=upright)))
        is None
    )
    assert (
        OVER_SMOOTHED.read(replace(sitter.subject(), matted=replace(sitter.matted, located=small)), sitter.spec) is None
    )


@pytest.mark.parametrize(
    ("taken", "days"),
    [
        (datetime(2026, 9, 1), 0),  # noqa: DTZ001  EXIF has no zone
        (datetime(2026, 3, 1), 1),  # noqa: DTZ001  as above
        (datetime(2024, 3, 1), 731),  # noqa: DTZ001  as above
    ],
)
def test_age_is_counted_from_the_date_in_the_file(sitter: Sitter, taken: datetime, days: int):
    spec = replace(sitter.spec, recency_days=183)
    dated = sitter.subject(replace(sitter.located, upright=replace(sitter.located.upright, taken_at=taken)))
    reading = PHOTO_TOO_OLD.read(replace(dated, today=date(2026, 9, 1)), spec)

    assert reading is not None
    assert reading.value == days
    assert reading.facts["amount"] == (date(2026, 9, 1) - taken.date()).days


@pytest.mark.parametrize(
    ("taken", "today", "recency"),
    [
        (None, date(2026, 9, 1), 183),
        (datetime(2002, 12, 8), date(2026, 9, 1), 183),  # noqa: DTZ001  EXIF has no zone
        (datetime(2027, 1, 1), date(2026, 9, 1), 183),  # noqa: DTZ001  as above
        (datetime(2020, 1, 1), date(2026, 9, 1), None),  # noqa: DTZ001  as above
        (datetime(2020, 1, 1), None, 183),  # noqa: DTZ001  as above
    ],
    ids=["no date", "a clock never set", "a date to come", "any age will do", "no day to count from"],
)
def test_what_cannot_be_told_refuses_nobody(sitter: Sitter, taken: datetime, today: date, recency: int):
    spec = replace(sitter.spec, recency_days=recency)
    dated = sitter.subject(replace(sitter.located, upright=replace(sitter.located.upright, taken_at=taken)))

    assert PHOTO_TOO_OLD.read(replace(dated, today=today), spec) is None


def test_the_day_changes_the_finding_and_never_the_photo(studio: Studio, astronaut_jpeg: bytes):
    """The same bytes in give the same bytes out, whatever day it is."""
    early, late = (replace(studio, today=lambda day=day: day) for day in (date(2026, 1, 1), date(2036, 1, 1)))
    photos = [one.render(astronaut_jpeg, spec="one-inch", source="selfie").photo for one in (early, late)]

    assert photos[0] is not None
    assert photos[0] == photos[1]
