"""A square is cut out of a picture as if the picture went on beyond its edges, and its points are carried back."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photo_service.models.roi import Roi, _with_edges_repeated, cut

RAMP = np.stack(np.broadcast_arrays(np.arange(40)[None, :] * 5, np.arange(30)[:, None] * 8, 100), axis=-1).astype(
    np.uint8
)


@settings(max_examples=100, deadline=None)
@given(left=st.integers(-60, 60), top=st.integers(-60, 60), width=st.integers(1, 90), height=st.integers(1, 90))
def test_beyond_its_edges_the_picture_goes_on_as_it_ends(left: int, top: int, width: int, height: int):
    """Wherever the box lies, even where it does not touch the picture: every pixel is the nearest one's."""
    box = left, top, left + width, top + height
    rows, columns = (np.clip(np.arange(a, b), 0, size - 1) for a, b, size in ((top, box[3], 30), (left, box[2], 40)))

    np.testing.assert_array_equal(_with_edges_repeated(Image.fromarray(RAMP), *box), RAMP[rows[:, None], columns])


@pytest.mark.parametrize("angle", [0.0, 0.3, -1.2])
@pytest.mark.parametrize("side", [12.0, 48.0, 200.0])
def test_what_is_cut_out_lies_where_its_points_say(angle: float, side: float):
    """A colour that tells its own place tells it after cutting, shrunk or enlarged, turned or not."""
    wide = np.stack(np.broadcast_arrays(np.arange(256)[None, :], np.arange(256)[:, None], 0), axis=-1).astype(np.uint8)
    roi = Roi(centre_x=128.0, centre_y=120.0, side=side, angle=angle)
    seen = cut(Image.fromarray(wide), roi, size_px=24)

    for at in ((0.25, 0.25), (0.75, 0.5), (0.5, 0.75)):
        x, y = roi.to_picture(np.array([at], np.float32))[0]
        row, column = (math.floor(share * 24) for share in (at[1], at[0]))
        around = seen[row - 1 : row + 1, column - 1 : column + 1].reshape(-1, 3).mean(axis=0)
        assert around[:2] == pytest.approx((x - 0.5, y - 0.5), abs=max(side / 24, 1.0))


def test_a_part_of_a_large_picture_looks_like_the_same_part_alone():
    """Only what the square shows is read: what lies far from it cannot change it."""
    large = np.random.default_rng(5).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    roi = Roi(centre_x=200.0, centre_y=150.0, side=90.0, angle=0.1)
    alone = large.copy()
    alone[:60], alone[240:], alone[:, :110], alone[:, 290:] = 0, 0, 0, 0

    first, second = (cut(Image.fromarray(picture), roi, size_px=32) for picture in (large, alone))
    np.testing.assert_array_equal(first, second)
