"""Find the student's face: which one it is, where its points are, how the head is held."""

import math
from dataclasses import replace

import numpy as np
from PIL import Image

from photo_service.geometry import Anatomy
from photo_service.models.ports import (
    DetectedFace,
    FaceFinder,
    FaceMesh,
    FaceMesher,
    FaceParser,
    HandFinder,
    IrisFinder,
    Points,
)
from photo_service.models.roi import Roi, cut
from photo_service.photo import CHIP_EYE_Y, CHIP_IED, CHIP_SIDE, Chip, Located, Upright
from photo_service.pose import estimate_pose
from photo_service.unconfirmed import why_unconfirmed

PRESENCE = 0.5
"""Below this the mesh network itself says that there is no face (its output is a probability, so: more likely not).
On the labelled photos it turns down the detector's cats, dogs, a lion and the back of a head."""

_RIGHT_EYE, _LEFT_EYE = (33, 133, 159, 145), (362, 263, 386, 374)
_CHIN, _RIGHT_CHEEK, _LEFT_CHEEK = 152, 234, 454
_MOST_TRIED = 4
_TURNS = {1: Image.Transpose.ROTATE_270, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_90}
"""Quarter turns clockwise, which Pillow counts the other way round."""
_MESHED_PX = 120
"""Width of a face from which its surroundings have as many pixels, but for a sixteenth, as the mesh network sees."""
_HANDS_PX = 60
"""Length from the eyes to the chin from which the narrowest view for hands has as many pixels as its network sees."""

SURELY_UPRIGHT = 0.82
"""Score of a face that is not upside down: good photos have 0.87 to 0.98, the same on their heads 0.52 to 0.78 (and are
confirmed by the mesh all the same)."""
CLEARLY_SURER = 0.1
"""By how much a face must score higher when the picture is turned, where it is seen without turning too."""
SURE_WHEN_TURNED = 0.7
"""Least score of a face in a picture that had to be turned: dogs lying on their backs reach 0.62, people 0.74."""
SEEN = 0.6
"""Score from which the detector's face is one, even where the mesh finds nothing to lie on: masks, thick blur and hands
give 0.60 to 0.79. So do a lion and the back of a head: what is said of it is said beside `no_face`, never instead."""
SEEN_WIDTH = 0.15
"""Least width of such a face as a share of the picture's longer side: smaller ones are not the student's."""


class NoFace(Exception):
    """No face stands in the picture, whichever way it is turned.

    `why` is the code of what hides a face that the detector sees and the mesh does not confirm; None where nothing is
    seen at all.
    """

    def __init__(self, why: str | None = None) -> None:
        super().__init__(why or "no_face")
        self.why = why


def locate(
    upright: Upright,
    *,
    finder: FaceFinder,
    mesher: FaceMesher,
    irises: IrisFinder,
    hands: HandFinder,
    parser: FaceParser | None = None,
) -> Located:
    """Locate the student's face: the largest that the mesh network confirms.

    A picture in which no face surely stands upright is tried on its sides and on its head: phones lose the orientation
    of a file more often than students stand on their heads, and both networks take a chin for a forehead, though never
    as surely. Raises NoFace when nothing is confirmed.
    """
    found = _find(upright, finder)
    confirmed = _confirm(upright, found, mesher)
    if confirmed and confirmed[0][0].score >= SURELY_UPRIGHT:
        return _parsed(_describe(upright, confirmed, 0, irises, hands), parser)
    turned = _best_turned(upright, finder, mesher)
    if turned and (not confirmed or turned[2][0][0].score >= confirmed[0][0].score + CLEARLY_SURER):
        picture, turns, faces = turned
        return _parsed(_describe(picture, faces, turns, irises, hands), parser)
    if confirmed:
        return _parsed(_describe(upright, confirmed, 0, irises, hands), parser)
    raise NoFace(_why(upright.image, found))


def _best_turned(
    upright: Upright, finder: FaceFinder, mesher: FaceMesher
) -> tuple[Upright, int, list[tuple[DetectedFace, FaceMesh]]] | None:
    """Return the picture as it must be turned for the surest face, by how many quarter turns, and its faces."""
    tried = []
    for turns in (1, 3, 2):
        turned = _turn(upright, turns)
        sure = tuple(face for face in _find(turned, finder) if face.score >= SURE_WHEN_TURNED)
        confirmed = _confirm(turned, sure, mesher)
        if confirmed:
            tried.append((turned, turns, confirmed))
    return max(tried, key=lambda one: one[2][0][0].score, default=None)


def _why(picture: Image.Image, found: tuple[DetectedFace, ...]) -> str | None:
    """Say what hides the surest face that the detector stands by on its own."""
    least = SEEN_WIDTH * max(picture.size)
    return next((why_unconfirmed(picture, face) for face in found if face.score >= SEEN and face.width >= least), None)


def _turn(upright: Upright, turns: int) -> Upright:
    """Turn the picture by quarter turns clockwise."""
    width, height = upright.file_width, upright.file_height
    if turns % 2:
        width, height = height, width
    return replace(upright, image=upright.image.transpose(_TURNS[turns]), file_width=width, file_height=height)


def _find(upright: Upright, finder: FaceFinder) -> tuple[DetectedFace, ...]:
    overview, step = upright.overview
    return tuple(_scaled(face, step) for face in finder.find(overview))


def _confirm(
    upright: Upright, faces: tuple[DetectedFace, ...], mesher: FaceMesher
) -> list[tuple[DetectedFace, FaceMesh]]:
    """Lay the mesh over the largest faces and keep those it confirms, largest first."""
    largest = sorted(faces, key=lambda face: -face.width * face.height)[:_MOST_TRIED]
    laid = [(face, _mesh(upright, face, mesher)) for face in largest]
    return [(face, mesh) for face, mesh in laid if mesh.presence >= PRESENCE and _is_upright(mesh)]


def _mesh(upright: Upright, face: DetectedFace, mesher: FaceMesher) -> FaceMesh:
    picture, step = _with_pixels(upright, face.width, least=_MESHED_PX)
    mesh = mesher.mesh(picture, _scaled(face, 1 / step))
    return FaceMesh(mesh.points * np.float32(step), mesh.presence)


def _with_pixels(upright: Upright, length: float, *, least: float) -> tuple[Image.Image, int]:
    """Return the overview where a length of the picture has pixels enough in it, and the picture itself otherwise."""
    overview, step = upright.overview
    return (overview, step) if length >= least * step else (upright.image, 1)


def _scaled(face: DetectedFace, step: float) -> DetectedFace:
    if step == 1:
        return face
    left, top, right, bottom = (edge * step for edge in (face.left, face.top, face.right, face.bottom))
    return DetectedFace(left, top, right, bottom, face.score, face.keypoints * np.float32(step))


def _is_upright(mesh: FaceMesh) -> bool:
    """Tell whether the eyes are above the chin: a face on its side is for the turned picture to find."""
    eyes = (_middle(mesh.points, _RIGHT_EYE) + _middle(mesh.points, _LEFT_EYE)) / 2
    down = mesh.points[_CHIN, :2] - eyes
    return bool(down[1] > abs(down[0]))


def _describe(
    upright: Upright,
    confirmed: list[tuple[DetectedFace, FaceMesh]],
    turns: int,
    irises: IrisFinder,
    hands: HandFinder,
) -> Located:
    mesh = confirmed[0][1]
    anatomy = anatomy_of(mesh)
    return Located(
        upright=upright,
        faces=tuple(face for face, _ in confirmed),
        mesh=mesh,
        irises=irises.irises(upright.image, mesh),
        anatomy=anatomy,
        pose=estimate_pose(mesh),
        chip=_chip(upright, mesh, anatomy),
        quarter_turns=turns,
        hand=_hand(upright, anatomy, hands),
    )


def _hand(upright: Upright, anatomy: Anatomy, hands: HandFinder) -> float:
    (x, y), eyes_to_chin = anatomy.eyes, max(math.dist(anatomy.eyes, anatomy.chin), 1.0)
    picture, step = _with_pixels(upright, eyes_to_chin, least=_HANDS_PX)
    return hands.sureness(picture, eyes=(x / step, y / step), eyes_to_chin=eyes_to_chin / step)


def _parsed(located: Located, parser: FaceParser | None) -> Located:
    """Add what a parsing network sees, where there is one."""
    if parser is None:
        return located
    return replace(located, parsing=parser.parse(located.upright.image, located.anatomy))


def anatomy_of(mesh: FaceMesh) -> Anatomy:
    """Read the points that geometry speaks of off the landmarks (MediaPipe's canonical numbers)."""
    return Anatomy(
        right_eye=_point(_middle(mesh.points, _RIGHT_EYE)),
        left_eye=_point(_middle(mesh.points, _LEFT_EYE)),
        chin=_point(mesh.points[_CHIN]),
        right_cheek=_point(mesh.points[_RIGHT_CHEEK]),
        left_cheek=_point(mesh.points[_LEFT_CHEEK]),
    )


def _middle(points: Points, indices: tuple[int, ...]) -> Points:
    middle: Points = points[list(indices), :2].mean(axis=0)
    return middle


def _point(row: Points) -> tuple[float, float]:
    return float(row[0]), float(row[1])


def _chip(upright: Upright, mesh: FaceMesh, anatomy: Anatomy) -> Chip:
    """Cut the levelled face out at the one scale that all checks share."""
    roll = math.radians(anatomy.roll)
    step = anatomy.inter_eye / CHIP_IED
    down = (CHIP_SIDE / 2 - CHIP_EYE_Y) * step
    centre_x, centre_y = anatomy.eyes[0] - down * math.sin(roll), anatomy.eyes[1] + down * math.cos(roll)
    roi = Roi(centre_x, centre_y, side=CHIP_SIDE * step, angle=roll)
    picture = cut(upright.image, roi, size_px=CHIP_SIDE)
    offset = (mesh.points[:, :2] - (centre_x, centre_y)) / step
    turn = np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]], np.float32)
    points = (offset @ turn.T + CHIP_SIDE / 2).astype(np.float32)
    return Chip(picture, points, enlarged=1 / (step * upright.reduction))
