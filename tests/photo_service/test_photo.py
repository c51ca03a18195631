"""The decoded selfie hands out what is asked of it: all of it, one part, or a look at the whole."""

import numpy as np
import pytest
from PIL import Image

from photo_service.photo import LARGE_PX, OVERVIEW_PX, Box, Upright


def upright(width: int, height: int) -> Upright:
    ramp = np.stack(np.broadcast_arrays(np.arange(width)[None, :] % 256, np.arange(height)[:, None] % 256, 7), axis=-1)
    return Upright(Image.fromarray(ramp.astype(np.uint8)), width, height, 1, "JPEG", 95, False, None)


def test_a_part_is_what_the_whole_has_there():
    made = upright(90, 60)

    np.testing.assert_array_equal(made.part(Box(10, 20, 40, 50)), made.picture[20:50, 10:40])
    assert made.size == (90, 60)


def test_beyond_its_edges_a_part_is_black():
    """Whoever asks for more than there is gets no error and no picture of anything."""
    part = upright(30, 20).part(Box(-5, -5, 35, 25))

    assert part.shape == (30, 40, 3)
    assert not part[:5].any()
    assert not part[:, 35:].any()
    assert part[5:25, 5:35, 2].min() == 7


@pytest.mark.parametrize(("width", "height"), [(2000, 1500), (1500, 2001), (1, 4000), (LARGE_PX, 9)])
def test_the_overview_of_a_large_picture_is_as_small_as_finding_a_face_allows(width: int, height: int):
    """At least OVERVIEW_PX of its longer side, and less than half as many more."""
    overview, step = upright(width, height).overview

    assert overview.size == (-(-width // step), -(-height // step))
    assert OVERVIEW_PX <= max(overview.size) <= 1.5 * OVERVIEW_PX


@pytest.mark.parametrize(("width", "height"), [(999, 40), (3, 5), (LARGE_PX - 1, 700)])
def test_a_picture_that_is_small_enough_is_its_own_overview(width: int, height: int):
    made = upright(width, height)

    assert made.overview == (made.image, 1)
