"""Find a roster's heading among its first lines, whatever the school calls its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.domain.roster import COLUMNS
from api.domain.roster_cells import tidied

WITHIN = 10
"""Lines that may hold title and heading, as exports of school systems do."""

_BRACKETS = str.maketrans("（）【】［］[]", "()()()()")


class RosterUnreadable(Exception):
    """The file as a whole cannot be read as a roster. The text says why, in Chinese, and names nobody."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The last line of the heading, the place of each field, and what the file calls it."""

    line: int
    columns: Mapping[str, int]
    names: Mapping[str, str]


def find_heading(rows: Iterator[Sequence[str]]) -> Heading:
    """Return the heading, read from `rows` up to its last line. Raises RosterUnreadable with what is missing.

    A heading of two lines with merged cells counts as one: what stands below, or above it where nothing does.
    """
    nearest: list[str] = [COLUMNS[name][0] for name in COLUMNS]
    above: Sequence[str] = ()
    for number, row in zip(range(1, WITHIN + 1), rows, strict=False):
        for cells in (row, _merged(above, row)):
            found = _places(cells)
            missing = [COLUMNS[name][0] for name in COLUMNS if name not in found]
            if not missing:
                return Heading(number, found, {name: cells[place].strip() for name, place in found.items()})
            nearest = min(nearest, missing, key=len)
        above = row
    raise RosterUnreadable(f"找不到表头，缺少：{'、'.join(nearest)}")


def _merged(above: Sequence[str], below: Sequence[str]) -> list[str]:
    width = max(len(above), len(below))
    pairs = zip(*([*row, *[""] * (width - len(row))] for row in (below, above)), strict=True)
    return [low.strip() or high.strip() for low, high in pairs]


def _places(cells: Sequence[str]) -> dict[str, int]:
    named = [_names(cell) for cell in cells]
    found: dict[str, int] = {}
    for field in COLUMNS:
        place = _place(named, field)
        if place is not None:
            found[field] = place
    return found


def _place(named: list[tuple[str, str]], field: str) -> int | None:
    """Return where the field stands; of several names a file has for it, the one we know first."""
    for name in COLUMNS[field]:
        places = [place for place, names in enumerate(named) if name in names]
        if len(places) > 1:
            raise RosterUnreadable(f"表头里“{name}”出现了 {len(places)} 次；请只保留学生本人的那一列")
        if places:
            return places[0]
    return None


def _names(heading: str) -> tuple[str, str]:
    """Drop what schools decorate headings with: spaces, stars for required fields, remarks in brackets.

    `院（系）` is both: the name with its bracket opened counts too.
    """
    bare = "".join(tidied("", heading).split()).translate(_BRACKETS).strip("*＊:：").lower()
    return bare.partition("(")[0].strip("*＊:："), bare.replace("(", "").replace(")", "").strip("*＊:：")
