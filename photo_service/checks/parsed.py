"""What a parsing network saw, as the measures that replace the heuristics for ears, hat, glasses and occlusion.

Nothing here is calibrated on photos: no such network is embedded. The limits are OFIQ's where it has one, and lengths
of faces where it has none; a school that installs a network should look at what it refuses first.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photo_service.models.parsing_square import EYES_AT, SIDE_IN_EYE_DISTANCES, parsing_square
from photo_service.models.ports import Parsing
from photo_service.ofiq.light import REGION, hull_of
from photo_service.photo import Located

_GLASSES, _LEFT_EAR, _RIGHT_EAR, _CLOTH, _HAT = 6, 7, 8, 16, 18
_FOREIGN: Final = (0, 9, 14, 15, 16, 17, 18)
"""Background, ear ring, neck, necklace, cloth, hair and hat: whatever of them lies within the face lies over it."""
_WHOLE_EAR: Final = 0.06
"""Square eye distances of an ear that shows well from the front: 60 mm high and 5 mm wide, eyes 63 mm apart."""
_WORN: Final = 0.02
"""Square eye distances of frame and glass from which glasses are worn: a thin frame around one eye."""
_OVER_HEAD: Final = 0.10
"""OFIQ's NoHeadCoverings gives 56 here; its four reference photos with covered heads have 0.4 to 0.5."""
_TOP: Final = 196 / 400
_OVER_FACE: Final = 0.15
"""A fringe over half the brows covers 0.05 of the face from brows to chin, a mask 0.4 and more."""


def ear_covered(parsing: Parsing, side: str) -> float:
    """Return how much of one ear is not seen, 0 to 1; the person's right ear is on the picture's left."""
    ears = np.isin(parsing.classes, (_LEFT_EAR, _RIGHT_EAR))
    middle = int(EYES_AT[0] * ears.shape[1])
    half = ears[:, :middle] if side == "right" else ears[:, middle:]
    return 1.0 - min(_area(half, parsing) / _WHOLE_EAR, 1.0)


def covering_share(parsing: Parsing) -> float:
    """Return OFIQ's NoHeadCoverings, raw value: the share of hat and cloth in the upper 196 of 400 rows."""
    top = parsing.classes[: round(_TOP * parsing.classes.shape[0])]
    return float(np.isin(top, (_CLOTH, _HAT)).mean())


def head_covered(parsing: Parsing) -> float:
    return covering_share(parsing) / _OVER_HEAD


def glasses_worn(parsing: Parsing) -> float:
    return _area(parsing.classes == _GLASSES, parsing) / _WORN


def face_covered(parsing: Parsing, located: Located) -> float:
    """Return the share of the face from brows to chin that something foreign covers, 1 at the limit."""
    face = _face(parsing, located)
    return float(np.isin(parsing.classes[face], _FOREIGN).mean()) / _OVER_FACE if face.any() else 0.0


def _area(where: NDArray[np.bool_], parsing: Parsing) -> float:
    """Return an area in square eye distances."""
    unit = float(parsing.classes.shape[1]) / SIDE_IN_EYE_DISTANCES
    return float(np.count_nonzero(where)) / (unit * unit)


def _face(parsing: Parsing, located: Located) -> NDArray[np.bool_]:
    """Return the hull of brows and lower oval in the parsed square."""
    square, side = parsing_square(located.anatomy), parsing.classes.shape[0]
    offset = located.mesh.points[list(REGION), :2] - (square.centre_x, square.centre_y)
    cos, sin = np.cos(square.angle), np.sin(square.angle)
    corners = offset @ np.array([[cos, -sin], [sin, cos]]) / square.side * side + side / 2
    canvas = Image.new("1", (side, side))
    ImageDraw.Draw(canvas).polygon(hull_of(corners), fill=1)
    return np.asarray(canvas)
