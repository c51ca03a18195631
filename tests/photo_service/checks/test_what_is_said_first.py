"""A student reads three reasons at once: the ones that others follow from stand first."""

from photo_service.checks import CHECKS

ORDER = [check.code for check in CHECKS]


def _before(first: str, second: str) -> bool:
    return ORDER.index(first) < ORDER.index(second)


def test_who_is_in_the_picture_comes_before_how_they_look():
    assert _before("multiple_faces", "ears_covered")
    assert _before("not_a_photo", "uneven_light")


def test_a_turned_head_comes_before_the_ear_that_it_hides():
    """Who faces the camera shows both ears and looks into it: one advice does for three."""
    for consequence in ("ears_covered", "gaze_away", "uneven_light"):
        assert _before("head_turned", consequence)


def test_a_picture_too_blurred_or_dark_to_judge_says_so_first():
    for cause in ("low_resolution", "blurred", "too_dark", "too_bright"):
        assert all(_before(cause, code) for code in ("eyes_closed", "gaze_away", "ears_covered", "mouth_open"))


def test_what_is_worn_comes_before_what_it_hides():
    assert _before("head_covered", "ears_covered")
    assert _before("eyes_hidden", "eyes_closed")
