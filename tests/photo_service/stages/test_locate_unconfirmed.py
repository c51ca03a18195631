"""A face that the detector sees and the mesh does not confirm: the student is told what hides it."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from photo_service.models.ports import DetectedFace, FaceMesh, Iris, Rgb
from photo_service.photo import Upright
from photo_service.stages.locate import NoFace, locate


class OneFace:
    """Finds one face in the upright picture, and one of another score in every turned one."""

    def __init__(self, score: float, *, turned: float = 0.0, width: float = 120.0) -> None:
        self.score, self.turned, self.width, self.looks = score, turned, width, 0

    def find(self, picture: Image.Image) -> tuple[DetectedFace, ...]:
        self.looks += 1
        score = self.score if self.looks == 1 else self.turned
        keypoints = np.array([(120, 130), (170, 130), (145, 155), (145, 180), (100, 140), (190, 140)], np.float32)
        return (DetectedFace(85, 90, 85 + self.width, 210, score, keypoints),) if score else ()


class Mesher:
    def __init__(self, presence: float) -> None:
        self.presence, self.asked = presence, 0

    def mesh(self, picture: Image.Image, face: DetectedFace) -> FaceMesh:
        self.asked += 1
        return FaceMesh(np.zeros((468, 3), np.float32), self.presence)


class Irises:
    def irises(self, picture: Image.Image, mesh: FaceMesh) -> tuple[Iris, Iris]:
        raise AssertionError("no irises without a face")


class NoHands:
    def sureness(self, picture: Image.Image, *, eyes: tuple[float, float], eyes_to_chin: float) -> float:
        return 0.0


def _upright(picture: Rgb) -> Upright:
    return Upright(
        Image.fromarray(picture), picture.shape[1], picture.shape[0], 1, "JPEG", 90, colourless=False, taken_at=None
    )


def _edges() -> Rgb:
    columns = (np.arange(300) // 20 % 2 * 200 + 20).astype(np.uint8)
    return np.repeat(np.repeat(columns[None, :, None], 300, 0), 3, 2)


def _why(picture: Rgb, finder: OneFace) -> str | None:
    with pytest.raises(NoFace) as refused:
        locate(_upright(picture), finder=finder, mesher=Mesher(0.0), irises=Irises(), hands=NoHands())
    return refused.value.why


def test_a_sharp_face_without_a_face_s_shape_is_covered():
    assert _why(_edges(), OneFace(0.7)) == "face_occluded"


def test_a_face_without_one_sharp_edge_is_blurred():
    soft = ndimage.gaussian_filter(_edges().astype(float), (8, 8, 0)).astype(np.uint8)

    assert _why(soft, OneFace(0.7)) == "blurred"


@pytest.mark.parametrize("finder", [OneFace(0.55), OneFace(0.7, width=30.0), OneFace(0.0)])
def test_what_the_detector_itself_does_not_stand_by_is_nobody(finder: OneFace):
    assert _why(_edges(), finder) is None


def test_a_turned_picture_needs_a_surer_face():
    """Dogs on their backs look a little like people; the mesh is not even asked."""
    mesher = Mesher(1.0)
    with pytest.raises(NoFace):
        locate(_upright(_edges()), finder=OneFace(0.0, turned=0.62), mesher=mesher, irises=Irises(), hands=NoHands())
    assert mesher.asked == 0
