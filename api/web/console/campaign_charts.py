"""Numbers as pictures: bars and a curve as SVG that needs no script, no style and no other host.

Lengths are in the units of the picture's own view box. Each picture has its table beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api.domain.standing import Day, Group

BAR_WIDTH = 1000.0
CURVE_WIDTH, CURVE_HEIGHT = 1000.0, 260.0


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a bar: what it counts, how many, where it begins and how long it is."""

    kind: str
    count: int
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One place with its parts; `percent` is how many of its people have handed in (under review or approved)."""

    place: tuple[str, ...]
    group: Group
    shares: tuple[Share, ...]
    percent: int


@dataclass(frozen=True, slots=True)
class Curve:
    """How submissions and approvals added up, day by day: points of two lines, and the days under them."""

    days: tuple[Day, ...]
    submitted: str
    approved: str
    totals: tuple[tuple[int, int], ...]
    most: int


def summed(groups: Iterable[Group], key: Callable[[Group], tuple[str, ...]]) -> tuple[Group, ...]:
    """Return the groups put together by what `key` says of their places, in the order of the key."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for group in groups:
        counts = sums.setdefault(key(group), [0] * 6)
        for place, name in enumerate(("people", "bound", "submitted", "approved", "returned", "revoked")):
            counts[place] += getattr(group, name)
    return tuple(Group(place, *sums[place]) for place in sorted(sums))


def bars(groups: Iterable[Group]) -> tuple[Bar, ...]:
    """Return a bar for each group: approved, under review, returned, not yet."""
    return tuple(_bar(group) for group in groups)


def curve(days: Sequence[Day]) -> Curve:
    """Return the two lines; a day without an event is not a point, its line goes straight on."""
    totals: list[tuple[int, int]] = []
    for day in days:
        before = totals[-1] if totals else (0, 0)
        totals.append((before[0] + day.submitted, before[1] + day.approved))
    most = max((max(pair) for pair in totals), default=0)
    lines = [_points([pair[which] for pair in totals], most) for which in (0, 1)]
    return Curve(tuple(days), lines[0], lines[1], tuple(totals), most)


def _bar(group: Group) -> Bar:
    rest = max(0, group.missing - group.returned)
    counts = (
        ("approved", group.approved),
        ("submitted", group.submitted),
        ("returned", group.returned),
        ("missing", rest),
    )
    left, shares = 0.0, []
    for kind, count in counts:
        width = BAR_WIDTH * count / group.people if group.people else 0.0
        if count:
            shares.append(Share(kind, count, round(left, 1), round(width, 1)))
        left += width
    handed_in = group.submitted + group.approved
    return Bar(group.place, group, tuple(shares), round(100 * handed_in / group.people) if group.people else 0)


def _points(values: Sequence[int], most: int) -> str:
    """Return the points of a line; one day alone is drawn from the left edge."""
    step = CURVE_WIDTH / max(1, len(values) - 1)
    if len(values) == 1:
        values = (0, *values)
    return " ".join(
        f"{place * step:.1f},{CURVE_HEIGHT - (CURVE_HEIGHT * value / most if most else 0):.1f}"
        for place, value in enumerate(values)
    )
