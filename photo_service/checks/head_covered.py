"""A hat, cap, hood or scarf on the head."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photo_service.checks import parsed, skin
from photo_service.checks.brim_edge import brim_edge
from photo_service.checks.bust import SIDE, Bust
from photo_service.checks.check import Check, Reading
from photo_service.checks.face_occluded import foreign_lower_face
from photo_service.checks.subject import Subject
from photo_service.silhouette import SOLID
from photo_service.spec import Spec

_SKIN_PATCHES = (50, 280, 205, 425, 4, 195)
_LEAST_CROWN, _LEAST_HAIR = 0.06, 0.12
"""Areas in square face widths below which crown and side hair are too small to be judged."""
_BLUE, _BLUE_SHARE = -10.0, 0.35
"""b* that no hair has, and the share of the crown from which it is a hat's and not the sky's gloss on black hair."""
_GREEN, _RED, _REDDER_THAN_YELLOW, _VIVID_SHARE = -9.0, 28.0, 1.25, 0.5
"""a* of green and of red that no hair has (red hair is as yellow as it is red), and the share of the crown from which
it is a hat's and not a leaf's behind it."""
_PALEST, _RUDDIEST = 4.0, 28.0
"""a* of skin outside which the light itself is green or red."""
_CAST = 3.0
"""Skin less yellow than this stands in blue light: so would the hair."""
_WIDE, _WIDER_THAN_CHEEKS = 1.85, 1.30
"""Face widths of a brim, and how much wider it is than head and hair are at the cheeks."""
_EACH_SIDE = 0.80
"""Face widths from the middle of the face to the nearer end of a brim."""
_OTHER_HUE, _LIGHTER = 22.0, 28.0
"""How far in a*b* and L* a crown is from the hair beside the face before it is another material."""
_BLOND = 15.0
"""b* above which a light crown is fair hair in the light, and what hangs beside it the same hair in the shade."""

_SHARP = 0.15
"""Detail (see `blurred`) below which strands of hair have run into one another."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Rows and columns of the bust: the brows, eyes, nose tip and mouth; middle and width of the face."""

    brow: float
    eyes: float
    nose: float
    mouth: float
    middle: float
    width: float


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the strongest of four signs of a hat, each 1 where it alone would do; nothing where no crown is seen.

    Colour: the share of the crown that is blue, green or red, which hair is not (unless the light is). Brim: a
    silhouette above the brows that is far wider than the head is at the cheeks. Material: a crown far lighter than, and
    of another hue than, the hair that hangs beside the face. Edge: what covers the forehead ends in a line across (see
    `brim_edge`), if the picture is sharp enough to tell and no mask hides what skin looks like. Where a parsing network
    is installed, its share of hat and cloth above the eyes instead.
    """
    if subject.located.parsing:
        return Reading(parsed.head_covered(subject.located.parsing))
    bust = subject.bust
    lines = _lines(bust)
    crown = bust.lab[_crown(bust, lines)]
    if len(crown) < _LEAST_CROWN * lines.width**2:
        return None
    cheeks = skin.typical(bust.lab, bust.points, _SKIN_PATCHES, reach=2)
    signs = [_colour(crown, cheeks), _brim(bust, lines), _material(bust, lines, crown, cheeks)]
    edge = brim_edge(subject) if subject.detail > _SHARP else 0.0
    if edge > 0 and foreign_lower_face(subject) < 1:
        signs.append(edge)
    return Reading(max(signs))


def _lines(bust: Bust) -> _Lines:
    right, left = bust.sides
    rows = bust.points[:, 1]
    brow, eyes = float(rows[[105, 334]].mean()), float(rows[[33, 263]].mean())
    mouth = float(rows[[61, 291]].mean())
    return _Lines(brow, eyes, float(rows[4]), mouth, (right + left) / 2, max(left - right, 8.0))


def _crown(bust: Bust, lines: _Lines) -> NDArray[np.bool_]:
    """Return what is person above the forehead's upper end."""
    ys, xs = np.ogrid[:SIDE, :SIDE]
    over = (ys < bust.points[10, 1] - 1) & (np.abs(xs - lines.middle) < 0.45 * lines.width)
    crown: NDArray[np.bool_] = over & (bust.person > SOLID)
    return crown


def _colour(crown: NDArray[np.float32], cheeks: NDArray[np.float32]) -> float:
    if cheeks[2] < _CAST:
        return 0.0
    red, yellow = crown[:, 1], crown[:, 2]
    vivid = (red < _GREEN) | ((red > _RED) & (red > _REDDER_THAN_YELLOW * yellow))
    vivid_share = float(vivid.mean()) if _PALEST < cheeks[1] < _RUDDIEST else 0.0
    return max(float((yellow < _BLUE).mean()) / _BLUE_SHARE, vivid_share / _VIVID_SHARE)


def _brim(bust: Bust, lines: _Lines) -> float:
    """Hold the widest row above the brows against the face and against head and hair at the nose; a second person who
    touches the first widens one side only."""
    rows = [lines.brow - share * lines.width for share in np.arange(0.05, 0.55, 0.05)]
    reach = max((_reach(bust, row, lines) for row in rows), key=sum)
    cheeks = max(sum(_reach(bust, lines.nose, lines)), 0.8)
    widest = sum(reach)
    return min(widest / _WIDE, min(reach) / _EACH_SIDE, widest / cheeks / _WIDER_THAN_CHEEKS)


def _reach(bust: Bust, row: float, lines: _Lines) -> tuple[float, float]:
    """Return how far the person reaches from the middle of the face to both sides on a row, in face widths."""
    line = bust.person[int(min(max(row, 0), SIDE - 1))] > SOLID
    middle = int(min(max(lines.middle, 0), SIDE - 1))
    right, left = (_unbroken(side) for side in (line[middle::-1], line[middle:]))
    return right / lines.width, left / lines.width


def _unbroken(line: NDArray[np.bool_]) -> int:
    """Return how many pixels of a line are set before the first that is not."""
    first = int(line.argmin())
    return len(line) if line[first] else first


def _material(bust: Bust, lines: _Lines, crown: NDArray[np.float32], cheeks: NDArray[np.float32]) -> float:
    hair = _side_hair(bust, lines, cheeks)
    if len(hair) < _LEAST_HAIR * lines.width**2:
        return 0.0
    above, beside = skin.middle(crown), skin.middle(hair)
    hue = float(np.hypot(*(above[1:] - beside[1:])))
    if above[2] > _BLOND:
        return 0.0
    return min(hue / _OTHER_HUE, float(above[0] - beside[0]) / _LIGHTER)


def _side_hair(bust: Bust, lines: _Lines, cheeks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what is person but not skin beside the face, from the eyes to the mouth: collars lie lower."""
    first, last = lines.eyes - 0.05 * lines.width, lines.mouth + 0.05 * lines.width
    rows = slice(max(math.floor(first) + 1, 0), max(math.ceil(last), 0))
    (right, left), xs = bust.sides, np.arange(SIDE)
    near, far = 0.06 * lines.width, 0.45 * lines.width
    beside = ((xs < right - near) & (xs > right - far)) | ((xs > left + near) & (xs < left + far))
    lab = bust.lab[rows]
    lighter = lab[..., 0] - cheeks[0]
    is_skin = (skin.hue_apart(lab, cheeks) < 12) & (lighter > -30) & (lighter < 25)
    hair: NDArray[np.float32] = lab[beside & ~is_skin & (bust.person[rows] > SOLID)]
    return hair


HEAD_COVERED = Check("head_covered", "above", 1.0, read, doubt=0.95)
"""1: eleven of the fourteen labelled `hat` photos have 1.05 to 2.6; missed are a small blurred fur hat, a small
blurred cap above a mask, and one whose face is not found. The 35 labelled photos that must give a photo have 0 to
0.90 (curls that are wider than the cheeks). Sixteen findings on all labelled photos, thirteen of them a hat or
helmet by eye: precision 0.81, recall 0.79. Turbans and head scarves in the hair's colour are not found."""
