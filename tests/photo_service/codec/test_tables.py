"""Between two of libjpeg's qualities there are tables that nobody else writes and everybody reads."""

import io
from itertools import pairwise

import pytest
from PIL import Image, JpegImagePlugin

from photo_service.codec.tables import between, ladder, quality_of, scale_of


@pytest.mark.parametrize("quality", [30, 49, 50, 75, 90, 98, 100])
def test_a_whole_quality_is_libjpegs_own(quality: int):
    """The ladder's rung at that scale is, number by number, what Pillow writes at that quality."""
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", quality=quality)
    rung = [tables for tables in ladder(quality) if tables.scale <= scale_of(quality)][-1]

    with Image.open(file) as written:
        assert isinstance(written, JpegImagePlugin.JpegImageFile)
        assert tuple(written.quantization[0]) == rung.luminance
        assert tuple(written.quantization[1]) == rung.chrominance


def test_the_ladder_only_ever_grows_coarser():
    """So that a bisection finds its way on it."""
    rungs = list(ladder(60))

    for finer, coarser in pairwise(rungs):
        assert all(a <= b for a, b in zip(finer.luminance, coarser.luminance, strict=True))
        assert all(a <= b for a, b in zip(finer.chrominance, coarser.chrominance, strict=True))
        assert quality_of(coarser.scale) <= quality_of(finer.scale)


def test_one_number_changes_at_a_time_between_two_rungs():
    """High frequencies first: they are the least seen."""
    finer, coarser = list(ladder(75))[:2]

    steps = between(finer, coarser)

    before = finer
    for step in steps:
        changed = [
            *(a != b for a, b in zip(before.luminance, step.luminance, strict=True)),
            *(a != b for a, b in zip(before.chrominance, step.chrominance, strict=True)),
        ]
        assert sum(changed) == 1
        before = step
    assert steps[-1][1:] == coarser[1:]
