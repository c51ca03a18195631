"""What every check promises, shown on one real face that is painted on: the cause is there, the finding comes."""

from dataclasses import replace

import numpy as np
import pytest
from made_subjects import Sitter, filled, scaled

from photo_service.checks import CHECKS, skin
from photo_service.checks.compression_artifacts import COMPRESSION_ARTIFACTS
from photo_service.checks.ears_covered import EARS_COVERED
from photo_service.checks.eyes_hidden import EYES_HIDDEN
from photo_service.checks.face_occluded import FACE_OCCLUDED
from photo_service.checks.gaze_away import GAZE_AWAY
from photo_service.checks.glasses_glare import GLASSES_GLARE
from photo_service.checks.head_covered import HEAD_COVERED
from photo_service.checks.low_contrast import LOW_CONTRAST
from photo_service.checks.multiple_faces import MULTIPLE_FACES
from photo_service.checks.not_a_photo import NOT_A_PHOTO
from photo_service.checks.not_colour import NOT_COLOUR
from photo_service.checks.too_bright import TOO_BRIGHT
from photo_service.checks.too_dark import TOO_DARK
from photo_service.checks.uneven_light import UNEVEN_LIGHT
from photo_service.checks.unnatural_colour import UNNATURAL_COLOUR
from photo_service.codes import FindingCode
from photo_service.landmarks import FACE_OVAL
from photo_service.models.ports import Rgb
from photo_service.silhouette import SOLID

LOWER_FACE = (195, 50, 123, 58, 172, 150, 152, 379, 397, 288, 352, 280)
LENSES = (70, 105, 107, 9, 336, 334, 300, 356, 346, 329, 195, 100, 117, 127)


def test_every_check_has_a_code_of_the_contract_and_its_own():
    """A student is told nothing that has no words, and nothing twice."""
    codes = [check.code for check in CHECKS]

    assert len(set(codes)) == len(codes)
    assert set(codes) <= set(FindingCode)


def test_a_plain_portrait_has_no_finding_about_the_face(sitter: Sitter):
    """She smiles broadly, shows her teeth, and her curls hide her ears; nothing else may be found."""
    subject = sitter.subject()
    found = set()
    for check in CHECKS:
        reading = check.read(subject, sitter.spec)
        if reading is not None and check.is_bad(reading.value, sitter.spec.limits.get(check.code, check.limit)):
            found.add(check.code)

    assert found <= {"mouth_open", "expression", "ears_covered", "low_resolution"}


def test_a_mask_over_nose_and_mouth_is_seen(sitter: Sitter):
    masked = sitter.painted(filled(sitter.polygon(LOWER_FACE), (150, 190, 215)))

    assert sitter.value(FACE_OCCLUDED) < 0.9
    assert sitter.value(FACE_OCCLUDED, masked) > FACE_OCCLUDED.limit


def test_a_black_mask_is_seen_too(sitter: Sitter):
    masked = sitter.painted(filled(sitter.polygon(LOWER_FACE), (25, 25, 28)))

    assert sitter.value(FACE_OCCLUDED, masked) > FACE_OCCLUDED.limit


def test_a_beard_is_no_mask(sitter: Sitter):
    """It covers chin and upper lip, and leaves nose and cheeks."""
    beard = sitter.polygon((61, 164, 291, 288, 397, 379, 152, 150, 172, 58)) & ~sitter.polygon((61, 37, 267, 291, 17))
    bearded = sitter.painted(filled(beard, (45, 32, 25)))

    assert sitter.value(FACE_OCCLUDED, bearded) < FACE_OCCLUDED.limit


def test_a_hand_at_the_face_is_what_the_hand_network_is_sure_of(sitter: Sitter):
    unsure, sure = (sitter.subject(replace(sitter.located, hand=score)) for score in (0.4, 0.9))

    assert sitter.value(FACE_OCCLUDED, unsure) < FACE_OCCLUDED.limit < sitter.value(FACE_OCCLUDED, sure)


def test_dark_glasses_hide_the_eyes(sitter: Sitter):
    shaded = sitter.painted(filled(sitter.polygon(LENSES), (22, 20, 24)))

    assert sitter.value(EYES_HIDDEN) < 0.9
    assert sitter.value(EYES_HIDDEN, shaded) > EYES_HIDDEN.limit


def test_one_hidden_eye_is_not_said_to_be_two(sitter: Sitter):
    """The check speaks of glasses: what covers one eye alone is something else."""
    patch = sitter.painted(filled(sitter.polygon((70, 105, 107, 9, 195, 100, 117, 127)), (22, 20, 24)))

    assert sitter.value(EYES_HIDDEN, patch) < EYES_HIDDEN.limit


def test_a_lamp_in_the_glasses_is_seen_and_its_side_named(sitter: Sitter):
    lens = sitter.polygon(skin.LEFT_EYE, grow=2.2)
    reading = sitter.reading(GLASSES_GLARE, sitter.painted(filled(lens, (252, 252, 252))))

    assert sitter.value(GLASSES_GLARE) < 0.12
    assert reading is not None
    assert reading.value > GLASSES_GLARE.limit
    assert reading.facts["side"] == "left"


def test_a_blue_cap_covers_the_head(sitter: Sitter):
    assert sitter.value(HEAD_COVERED) < 0.95
    assert sitter.value(HEAD_COVERED, sitter.painted(filled(_hair_above_the_brows(sitter), (25, 45, 120)))) > 1


def test_a_dark_cap_that_ends_in_a_line_above_the_brows_covers_the_head(sitter: Sitter):
    def cap(picture: Rgb) -> Rgb:
        where = _hair_above_the_brows(sitter)
        rows = np.arange(picture.shape[0])[:, None, None] % 14 < 2
        picture[where] = np.where(rows, (60, 58, 55), (30, 28, 26))[..., :].repeat(picture.shape[1], 1)[where]
        return picture

    assert sitter.value(HEAD_COVERED, sitter.painted(cap)) > 1


def test_a_dark_fringe_down_to_the_brows_is_hair(sitter: Sitter):
    """Strands hang: lightness changes from side to side, not downwards."""

    def fringe(picture: Rgb) -> Rgb:
        where = _hair_above_the_brows(sitter)
        columns = np.arange(picture.shape[1])[None, :, None] % 5 < 2
        picture[where] = np.where(columns, (70, 52, 40), (35, 25, 20))[0][None].repeat(picture.shape[0], 0)[where]
        return picture

    assert sitter.value(HEAD_COVERED, sitter.painted(fringe)) < 0.95


@pytest.mark.parametrize(("side", "cheek"), [("right", skin.RIGHT_CHEEK), ("left", skin.LEFT_CHEEK)])
def test_a_shadow_on_one_cheek_is_seen_and_its_side_named(sitter: Sitter, side: str, cheek: tuple[int, ...]):
    reading = sitter.reading(UNEVEN_LIGHT, sitter.painted(scaled(sitter.polygon(cheek, grow=1.2), 0.25)))

    assert sitter.value(UNEVEN_LIGHT) > 0.5
    assert reading is not None
    assert reading.value < UNEVEN_LIGHT.limit
    assert reading.facts["side"] == side


def test_a_picture_without_light_is_too_dark_and_one_with_too_much_too_bright(sitter: Sitter):
    dark, bright = (sitter.painted(scaled(slice(None), share)) for share in (0.2, 3.0))

    assert sitter.value(TOO_DARK) > TOO_DARK.limit
    assert sitter.value(TOO_DARK, dark) < TOO_DARK.limit
    assert sitter.value(TOO_BRIGHT) < TOO_BRIGHT.limit < sitter.value(TOO_BRIGHT, bright)


def test_dark_skin_beside_a_white_collar_is_not_a_dark_picture(sitter: Sitter):
    """The same face darkened alone measures lighter than in a picture that is dark throughout."""
    face = scaled(sitter.polygon(FACE_OVAL), 0.3)
    alone, throughout = sitter.painted(face), sitter.painted(scaled(slice(None), 0.3))

    assert sitter.value(TOO_DARK, alone) > sitter.value(TOO_DARK, throughout)


def test_a_black_and_white_picture_is_told_by_its_own_check_alone(sitter: Sitter):
    """OFIQ's measure of natural colour gives it full marks; ours says nothing, and so does the one for statues."""

    def grey(picture: Rgb) -> Rgb:
        return np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)

    drained = sitter.painted(grey)

    assert sitter.value(NOT_COLOUR) > NOT_COLOUR.limit > sitter.value(NOT_COLOUR, drained)
    assert sitter.reading(UNNATURAL_COLOUR, drained) is None
    assert sitter.value(NOT_A_PHOTO, drained) < NOT_A_PHOTO.limit


def test_a_coloured_lamp_makes_unnatural_skin(sitter: Sitter):
    def blue(picture: Rgb) -> Rgb:
        return (picture * np.array([0.6, 0.75, 1.0])).astype(np.uint8)

    assert sitter.value(UNNATURAL_COLOUR) == 0
    assert sitter.value(UNNATURAL_COLOUR, sitter.painted(blue)) > UNNATURAL_COLOUR.limit


def test_a_picture_as_through_fog_has_low_contrast(sitter: Sitter):
    foggy = sitter.painted(lambda picture: (picture * 0.2 + 140).astype(np.uint8))

    assert sitter.value(LOW_CONTRAST, foggy) < LOW_CONTRAST.limit < sitter.value(LOW_CONTRAST)


def test_strong_compression_is_read_off_the_file_and_other_formats_say_nothing(sitter: Sitter):
    upright = sitter.located.upright
    poor, none = (replace(sitter.located, upright=replace(upright, jpeg_quality=quality)) for quality in (25, None))

    assert sitter.value(COMPRESSION_ARTIFACTS, sitter.subject(poor)) == 25 < COMPRESSION_ARTIFACTS.limit
    assert sitter.reading(COMPRESSION_ARTIFACTS, sitter.subject(none)) is None


@pytest.mark.parametrize(("sideways", "side"), [(0.2, "left"), (-0.2, "right")])
def test_eyes_that_look_past_the_camera_are_seen(sitter: Sitter, sideways: float, side: str):
    reading = sitter.reading(GAZE_AWAY, sitter.looking(sideways))

    assert sitter.value(GAZE_AWAY, sitter.looking(0.0)) < 0.01
    assert reading is not None
    assert reading.value == pytest.approx(0.2, abs=0.01)
    assert reading.facts["side"] == side


def test_a_figure_drawn_with_large_irises_is_no_photo(sitter: Sitter):
    assert sitter.value(NOT_A_PHOTO) < 0.95
    assert sitter.value(NOT_A_PHOTO, sitter.with_irises(0.12)) > NOT_A_PHOTO.limit


def test_skin_coloured_hair_free_sides_show_the_ears(sitter: Sitter):
    """Her curls cover both ears; painted in her skin's colour they count as ears that show."""
    cheek = tuple(int(v) for v in np.median(sitter.located.upright.picture[sitter.polygon(skin.RIGHT_CHEEK)], axis=0))
    bare = sitter.painted(
        filled(np.ones(sitter.located.upright.picture.shape[:2], bool), (cheek[0], cheek[1], cheek[2]))
    )

    assert sitter.value(EARS_COVERED, bare) < EARS_COVERED.limit


def test_a_second_face_counts_by_its_size(sitter: Sitter):
    """One as large as hers is a second person; a face on a far poster is not."""
    hers = sitter.located.faces[0]
    tiny = replace(hers, right=hers.left + hers.width / 8, bottom=hers.top + hers.height / 8)
    two, poster = (replace(sitter.located, faces=(hers, other)) for other in (hers, tiny))

    assert sitter.value(MULTIPLE_FACES, sitter.subject(two)) == pytest.approx(1)
    assert sitter.value(MULTIPLE_FACES, sitter.subject(poster)) < MULTIPLE_FACES.limit


def _hair_above_the_brows(sitter: Sitter) -> np.ndarray:
    """Everything of her above her brows, as the outline has it."""
    region, alpha = sitter.matted.region, sitter.matted.alpha
    assert sitter.matted.step == 1
    person = np.zeros(sitter.located.upright.picture.shape[:2], bool)
    person[region.top : region.bottom, region.left : region.right] = alpha > SOLID
    brow = int(sitter.located.mesh.points[[105, 334], 1].min()) - 4
    person[brow:] = False
    return person
