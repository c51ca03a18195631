"""The reason given is the one that helps: a hand is no mask, a lean no missing neck, a green lamp no grey print."""

import math
from dataclasses import replace

import numpy as np
import pytest
from made_subjects import Sitter, filled

from photo_service.checks.face_occluded import FACE_OCCLUDED
from photo_service.checks.low_resolution import LOW_RESOLUTION
from photo_service.checks.neck_cut_off import LEAST, NECK_CUT_OFF
from photo_service.checks.not_colour import NOT_COLOUR
from photo_service.geometry import Miss
from photo_service.models.ports import Rgb
from photo_service.wording import Wording

LOWER_FACE = (195, 50, 123, 58, 172, 150, 152, 379, 397, 288, 352, 280)


def test_a_hand_is_called_a_hand_and_a_mask_is_not(sitter: Sitter):
    """A student who rests the chin on a hand must not be told to take off a mask."""
    hand = sitter.reading(FACE_OCCLUDED, sitter.subject(replace(sitter.located, hand=0.9)))
    mask = sitter.reading(FACE_OCCLUDED, sitter.painted(filled(sitter.polygon(LOWER_FACE), (150, 190, 215))))
    words = Wording.load("zh-CN")

    assert hand is not None
    assert mask is not None
    assert words.finding("face_occluded", **hand.facts)[0] == "脸上或脸旁有手"
    assert "口罩" not in words.finding("face_occluded", **hand.facts)[1]
    assert "口罩" in words.finding("face_occluded", **mask.facts)[1]


def test_a_head_that_leans_is_asked_for_a_neck_and_not_for_what_lies_beside_it(sitter: Sitter):
    """The lower edge is slanted under a levelled head; a head's height to the side it may already have ended."""
    located, degrees = sitter.located, 6.0
    (x, y), reach = located.anatomy.eyes, located.anatomy.inter_eye / 2
    across, down = reach * math.cos(math.radians(degrees)), reach * math.sin(math.radians(degrees))
    anatomy = replace(located.anatomy, right_eye=(x - across, y - down), left_eye=(x + across, y + down))
    leaning = sitter.subject(replace(located, anatomy=anatomy))

    room = (leaning.head.bottom - leaning.head.chin) / leaning.head.chin
    assert sitter.value(NECK_CUT_OFF, leaning) > room - LEAST


def test_pixels_that_a_wider_crop_would_need_are_counted_too(sitter: Sitter):
    """A tenth of the head's height short of pixels: enlarged by a tenth it would do."""
    head = sitter.subject().head
    short = sitter.subject(misses=(Miss("pixels", 0.1 * head.finest * (head.chin - head.crown)), Miss("bottom", 3.0)))

    assert sitter.value(LOW_RESOLUTION, short) == pytest.approx(max(1.1, sitter.value(LOW_RESOLUTION)))


def test_a_face_under_a_fluorescent_tube_is_in_colour_and_a_sepia_print_is_not(sitter: Sitter):
    """Green light takes the red off skin, and leaves lips redder than skin as light as they are."""

    def tube(picture: Rgb) -> Rgb:
        return np.clip(picture * np.array([0.94, 1.06, 0.94]), 0, 255).astype(np.uint8)

    def sepia(picture: Rgb) -> Rgb:
        tones = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
        return np.clip(picture @ tones.T, 0, 255).astype(np.uint8)

    assert sitter.value(NOT_COLOUR, sitter.painted(tube)) > 14
    assert sitter.value(NOT_COLOUR, sitter.painted(sepia)) < NOT_COLOUR.limit
