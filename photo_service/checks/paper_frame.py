"""A rectangle drawn around the person: the edges of a print, the bezel of a tablet or a phone."""

import math
from collections.abc import Iterator
from typing import Final

from photo_service.checks.straight_lines import Edges, Line
from photo_service.checks.subject import Subject

_BELOW, _BESIDE, _ABOVE = 0.95, 0.75, 1.1
"""How far out the sides must lie, from the middle between eyes and chin, in lengths from the eyes to the chin."""
_SLANTED, _ASKEW = 50.0, 12.0
"""Degrees by which a print may lie turned, and by which perspective may bend its right angles."""
_BOTTOMS, _SIDES = 4, 2
_PROMISING: Final = 0.55
"""Share of the lower edge below which the other three are not looked at."""
_UNBROKEN: Final = 0.80


def paper_frame(subject: Subject) -> float:
    """Return how unbroken the worst side of the best rectangle around head and shoulders is, 1 at the limit.

    Doors, windows and boards behind a person have three such sides at most: their lower edge is hidden by the person.
    That of a print or a screen runs across below the shoulders.
    """
    matted = subject.matted
    eyes, chin, region = matted.located.anatomy.eyes, matted.located.anatomy.chin, matted.region
    middle = ((eyes[0] + chin[0]) / 2 - region.left) / matted.step, ((eyes[1] + chin[1]) / 2 - region.top) / matted.step
    edges = Edges(matted.cutout, origin=middle)
    unit = max(math.dist(eyes, chin) / matted.step * edges.scale, 1.0)
    return max((_worst_side(edges, four) for four in _rectangles(edges, unit)), default=0.0) / _UNBROKEN


def _rectangles(edges: Edges, unit: float) -> Iterator[tuple[Line, Line, Line, Line]]:
    """Give the likeliest: right, bottom, left and top in the picture, each line next to those that it should meet."""
    for bottom in edges.strongest(90.0, spread=_SLANTED, beyond=_BELOW * unit, most=_BOTTOMS):
        turn = math.degrees(bottom.angle)
        rights = edges.strongest(turn - 90, spread=_ASKEW, beyond=_BESIDE * unit, most=_SIDES)
        lefts = edges.strongest(turn + 90, spread=_ASKEW, beyond=_BESIDE * unit, most=_SIDES)
        tops = edges.strongest(turn + 180, spread=_ASKEW, beyond=_ABOVE * unit, most=_SIDES)
        pairs = [(right, left) for right in rights for left in lefts if _is_crossed(edges, bottom, right, left)]
        yield from ((right, bottom, left, top) for right, left in pairs for top in tops)


def _is_crossed(edges: Edges, bottom: Line, right: Line, left: Line) -> bool:
    start, end = bottom.meets(right), bottom.meets(left)
    return start is not None and end is not None and edges.unbroken(bottom, start, end) > _PROMISING


def _worst_side(edges: Edges, four: tuple[Line, Line, Line, Line]) -> float:
    corners = [four[place].meets(four[(place + 1) % 4]) for place in range(4)]
    if any(corner is None for corner in corners):
        return 0.0
    worst = 1.0
    for place, line in enumerate(four):
        before, after = corners[place - 1], corners[place]
        if before is not None and after is not None:
            worst = min(worst, edges.unbroken(line, before, after))
        if worst < _PROMISING:
            break
    return worst
