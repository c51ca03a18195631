"""The JPEG committee's example quantisation tables, scaled as libjpeg scales them, and between its whole qualities.

libjpeg's quality is a scale in percent: 200 - 2 x quality from 50 upwards, 5000 / quality below. Nothing in a file
says so: a decoder sees the tables alone. A scale between two of libjpeg's is as good a JPEG as theirs.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

Table = tuple[int, ...]

STEP: Final = 0.25
"""Percent of scale between two tries: libjpeg's own step is 2 (above quality 50)."""

LUMINANCE: Final = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
CHROMINANCE: Final = (
    *(17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99),
    *(24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99),
    *(99,) * 32,
)


class Tables(NamedTuple):
    """Both tables of a file at one scale, in percent."""

    scale: float
    luminance: Table
    chrominance: Table


def scale_of(quality: int) -> int:
    """Return libjpeg's scale for a quality from 1 to 100."""
    return 5000 // quality if quality < 50 else 200 - 2 * quality


def quality_of(scale: float) -> int:
    """Return the best whole quality whose tables are no finer than this scale's."""
    return next(quality for quality in range(100, 0, -1) if scale_of(quality) >= scale)


def scaled(table: Table, scale: float) -> Table:
    return tuple(min(max(int((value * scale + 50) / 100), 1), 255) for value in table)


def ladder(floor: int) -> Iterator[Tables]:
    """Yield every pair of tables that differs from the one before, from the finest to those of the quality `floor`."""
    before: Tables | None = None
    for step in range(round(scale_of(floor) / STEP) + 1):
        scale = step * STEP
        tables = Tables(scale, scaled(LUMINANCE, scale), scaled(CHROMINANCE, scale))
        if before is None or tables[1:] != before[1:]:
            before = tables
            yield tables


def between(finer: Tables, coarser: Tables) -> list[Tables]:
    """Return the tables that lead from one pair to the other, one number after another: high frequencies go first.

    Each counts as the coarser one's scale. The last is the coarser pair itself.
    """
    luminance, chrominance, found = list(finer.luminance), list(finer.chrominance), []
    for place in _FROM_HIGH_FREQUENCIES:
        for table, wanted in ((chrominance, coarser.chrominance), (luminance, coarser.luminance)):
            if table[place] != wanted[place]:
                table[place] = wanted[place]
                found.append(Tables(coarser.scale, tuple(luminance), tuple(chrominance)))
    return found


_FROM_HIGH_FREQUENCIES: Final = sorted(range(64), key=lambda place: (-(place // 8 + place % 8), place))
