"""Faces are found large and small, and every landmark knows the person's right from left."""

import numpy as np
import pytest
from PIL import Image

from photo_service.models.boxes import anchor_centres, fold_overlapping
from photo_service.models.load import Networks
from photo_service.models.ports import DetectedFace, Rgb

RIGHT_EYE, LEFT_EYE, NOSE, MOUTH, RIGHT_EAR, LEFT_EAR = range(6)
RIGHT_EYE_OUTER, LEFT_EYE_OUTER, FOREHEAD, CHIN = 33, 263, 10, 152


def scaled(picture: Rgb, width: int, height: int) -> Rgb:
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS))


def test_one_person_is_one_face(networks: Networks, astronaut: Rgb) -> None:
    """A portrait with a flag, an emblem and a badge is not taken for a group."""
    (face,) = networks.finder.find(Image.fromarray(astronaut))
    assert face.score > 0.9
    assert 170 < face.left < 190
    assert 260 < face.right < 280


def test_keypoints_come_in_the_order_they_are_promised(her_face: DetectedFace) -> None:
    """The person's right lies on the left of the picture."""
    x, y = her_face.keypoints[:, 0], her_face.keypoints[:, 1]
    assert x[RIGHT_EAR] < x[RIGHT_EYE] < x[NOSE] < x[LEFT_EYE] < x[LEFT_EAR]
    assert max(y[RIGHT_EYE], y[LEFT_EYE]) < y[NOSE] < y[MOUTH]


def test_a_face_that_fills_the_frame_is_found(networks: Networks, astronaut: Rgb) -> None:
    """A student who held the phone too near hears "too near", not "no face"."""
    (face,) = networks.finder.find(Image.fromarray(astronaut[90:165, 190:260].copy()))
    assert face.width > 50


def test_a_face_far_away_is_found(networks: Networks, astronaut: Rgb) -> None:
    """A student across the hall hears "come nearer", not "no face"."""
    hall = np.full((1500, 2000, 3), 190, np.uint8)
    hall[400:1100, 300:1000] = scaled(astronaut, 700, 700)
    (face,) = networks.finder.find(Image.fromarray(hall))
    assert 100 < face.width < 180
    assert 300 + 170 / 512 * 700 < (face.left + face.right) / 2 < 300 + 280 / 512 * 700


def test_a_second_person_is_found(networks: Networks, astronaut: Rgb) -> None:
    """Two people side by side are two faces, also when the picture is wide."""
    assert len(networks.finder.find(Image.fromarray(np.concatenate([astronaut, astronaut[:, ::-1]], axis=1)))) == 2


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 900, 3), (640, 480, 3)])
def test_a_wall_is_no_face(networks: Networks, shape: tuple[int, int, int]) -> None:
    """A picture of nothing, of whatever shape, gives nothing and no error."""
    assert networks.finder.find(Image.fromarray(np.full(shape, 200, np.uint8))) == ()


def test_a_face_is_found_where_it_is_at_any_size(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """Pixels are those of the picture given: twice the picture, twice the coordinates."""
    face = networks.finder.find(Image.fromarray(scaled(astronaut, 1024, 1024)))[0]
    np.testing.assert_allclose(face.keypoints, her_face.keypoints * 2, atol=0.05 * face.width)


def test_anchors_are_mediapipes() -> None:
    """896 anchors: two in each of 16 x 16 cells, six in each of 8 x 8, at the cells' centres."""
    anchors = anchor_centres()
    assert anchors.shape == (896, 2)
    np.testing.assert_allclose(
        anchors[[0, 1, 2, 511]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5], [15.5, 15.5]]) / 16
    )
    np.testing.assert_allclose(
        anchors[[512, 517, 518, 895]], np.array([[0.5, 0.5], [0.5, 0.5], [1.5, 0.5], [7.5, 7.5]]) / 8
    )


def test_boxes_of_one_face_are_averaged_by_their_scores() -> None:
    """The surer box counts for more, the surest score stands, and a box elsewhere is left alone."""
    rows = np.zeros((3, 16), np.float32)
    rows[:, :4] = [[0, 0, 1, 1], [0.2, 0, 1.2, 1], [3, 3, 4, 4]]
    folded, scores = fold_overlapping(rows, np.array([0.9, 0.6, 0.5], np.float32), max_iou=0.3, max_inside=0.6)
    np.testing.assert_allclose(scores, [0.9, 0.5])
    np.testing.assert_allclose(folded[:, :4], [[0.08, 0, 1.08, 1], [3, 3, 4, 4]], atol=1e-6)


def test_the_mesh_lies_on_the_face(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """468 points, sure of a face, eyes where the detector saw them, the nose nearer the camera than the ears."""
    mesh = networks.mesher.mesh(Image.fromarray(astronaut), her_face)
    assert mesh.points.shape == (468, 3)
    assert mesh.presence > 0.99
    assert mesh.points[FOREHEAD, 1] < mesh.points[RIGHT_EYE_OUTER, 1] < mesh.points[CHIN, 1]
    assert mesh.points[RIGHT_EYE_OUTER, 0] < her_face.keypoints[RIGHT_EYE, 0] < her_face.keypoints[LEFT_EYE, 0]
    assert mesh.points[1, 2] < mesh.points[RIGHT_EYE_OUTER, 2]


def test_where_there_is_no_face_the_mesh_says_so(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """A box on the wall must not be measured as though it were someone."""
    assert networks.mesher.mesh(Image.fromarray(np.full_like(astronaut, 128)), her_face).presence < 0.1


@pytest.mark.parametrize("shift", [(-8.0, 5.0), (7.0, -6.0), (0.0, 9.0)])
def test_a_shifted_detection_gives_the_same_landmarks(
    networks: Networks, astronaut: Rgb, her_face: DetectedFace, shift: tuple[float, float]
) -> None:
    """The second pass forgives the detector: a box off by a tenth moves landmarks by half a hundredth of the face."""
    moved = DetectedFace(
        her_face.left + shift[0],
        her_face.top + shift[1],
        her_face.right + shift[0],
        her_face.bottom + shift[1],
        her_face.score,
        her_face.keypoints,
    )
    straight, shifted = (
        networks.mesher.mesh(Image.fromarray(astronaut), face).points[:, :2] for face in (her_face, moved)
    )
    assert np.linalg.norm(straight - shifted, axis=1).mean() < 0.006 * her_face.width


def test_a_tilted_head_is_followed(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """Turned by 25 degrees, the picture's landmarks turn with it."""
    turned = np.asarray(Image.fromarray(astronaut).rotate(-25, Image.Resampling.BICUBIC, center=(226, 126)))
    straight = networks.mesher.mesh(Image.fromarray(astronaut), her_face).points
    tilted = networks.mesher.mesh(Image.fromarray(turned), networks.finder.find(Image.fromarray(turned))[0]).points
    angle = np.deg2rad(25)
    offset = straight[:, :2] - (226, 126)
    back = offset @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + (226, 126)
    assert np.linalg.norm(back - tilted[:, :2], axis=1).mean() < 0.03 * her_face.width


def test_irises_lie_within_their_own_eyes(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """The person's right eye comes first, and each iris sits between the corners of its eye."""
    mesh = networks.mesher.mesh(Image.fromarray(astronaut), her_face)
    right, left = networks.irises.irises(Image.fromarray(astronaut), mesh)
    assert mesh.points[33, 0] < right.rim[0, 0] < mesh.points[133, 0]
    assert mesh.points[362, 0] < left.rim[0, 0] < mesh.points[263, 0]
    assert right.contour.shape == left.contour.shape == (71, 3)


def test_the_rim_is_named_from_the_persons_side_in_both_eyes(
    networks: Networks, astronaut: Rgb, her_face: DetectedFace
) -> None:
    """Centre, right, top, left, bottom: the person's right lies on the left of the picture."""
    mesh = networks.mesher.mesh(Image.fromarray(astronaut), her_face)
    for iris in networks.irises.irises(Image.fromarray(astronaut), mesh):
        _, right, top, left, bottom = iris.rim
        assert right[0] < iris.rim[0, 0] < left[0]
        assert top[1] < iris.rim[0, 1] < bottom[1]


def test_a_mirrored_face_has_mirrored_irises(networks: Networks, astronaut: Rgb, her_face: DetectedFace) -> None:
    """The left eye is no worse seen than the right: what mirrors the picture swaps the eyes and nothing else."""
    mirrored = astronaut[:, ::-1].copy()
    mesh = networks.mesher.mesh(Image.fromarray(astronaut), her_face)
    mirrored_mesh = networks.mesher.mesh(Image.fromarray(mirrored), networks.finder.find(Image.fromarray(mirrored))[0])
    right, left = networks.irises.irises(Image.fromarray(astronaut), mesh)
    mirrored_right, mirrored_left = networks.irises.irises(Image.fromarray(mirrored), mirrored_mesh)
    for seen, again in ((right, mirrored_left), (left, mirrored_right)):
        assert abs(512 - again.rim[0, 0] - seen.rim[0, 0]) < 0.01 * her_face.width
        assert abs(again.rim[0, 1] - seen.rim[0, 1]) < 0.01 * her_face.width
