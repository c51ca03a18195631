"""What a limit would do on photos that did not help to choose it: chosen on some labelled photos, tried on the others.

The rule by which limits were chosen, as far as a rule chose them: no photo that must be taken is refused, and of the
gap between the worst of those and the nearest of the bad ones beyond it, three quarters are left to the good. What the
present limits owe to judgement (OFIQ's points, authorities' degrees, round numbers) is not in it.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from benchmarks.calibrate.labelled import CAUSES
from photo_service.checks.check import Check

FOLDS: Final = 5
TIMES: Final = 40
"""How often the photos are dealt out anew: one dealing of so few photos is luck."""
LEFT_TO_GOOD: Final = 0.75
NOT_CHOSEN: Final = frozenset({"head_turned", "multiple_faces"})
"""Checks of a labelled cause whose limits are an authority's and a judgement's, not the labelled photos'."""
FEW: Final = 5
"""Bad photos below which the limit is theirs alone."""
_FLIPS: Final = 0.02
"""Share of verdicts on photos left out that may differ from the present limit's."""
_MIDDLE_NINE_TENTHS: Final = (0.05, 0.95)


def is_chosen(check: Check) -> bool:
    """Tell whether labelled photos chose the check's limit."""
    return check.code in CAUSES and check.code not in NOT_CHOSEN


def chosen_limit(check: Check, bad: Sequence[float], good: Sequence[float]) -> float:
    """Choose a limit by the rule; the worst good reading where no bad one lies beyond it. Needs one good reading."""
    sign = _sign(check)
    worst = max(sign * value for value in good)
    beyond = [sign * value for value in bad if sign * value > worst]
    nearest = min(beyond, default=worst)
    return sign * (worst + LEFT_TO_GOOD * (nearest - worst))


def held_out(
    check: Check, limit: float, bad: Sequence[float], good: Sequence[float], *, noise: float
) -> dict[str, Any] | None:
    """Return what limits chosen without them do to the photos left out, and why the present limit may not be trusted.

    `noise` is by how much readings move under changes that nobody sees. None where there are too few photos to part.
    """
    if min(len(bad), len(good)) < 2:
        return None
    limits, found, wrong, flips = [], 0, 0, 0
    for (chosen_by_bad, left_bad), (chosen_by_good, left_good) in _dealt(bad, good):
        own = chosen_limit(check, chosen_by_bad, chosen_by_good)
        limits.append(own)
        found += sum(check.is_bad(value, own) for value in left_bad)
        wrong += sum(check.is_bad(value, own) for value in left_good)
        flips += sum(check.is_bad(value, own) != check.is_bad(value, limit) for value in (*left_bad, *left_good))
    low, high = (sorted(limits)[round(share * (len(limits) - 1))] for share in _MIDDLE_NINE_TENTHS)
    room = min(_sign(check) * (limit - value) for value in good)
    flipped = flips / TIMES / (len(bad) + len(good))
    return {
        "limits": [round(low, 4), round(high, 4)],
        "recall": round(found / TIMES / len(bad), 3),
        "refused_good": round(wrong / TIMES / len(good), 3),
        "flips": round(flipped, 3),
        "room": round(room, 4),
        "noise": round(noise, 4),
        "fragile": list(_why_fragile(len(bad), flipped, room, noise)),
    }


def _why_fragile(bad: int, flipped: float, room: float, noise: float) -> Iterator[str]:
    if bad < FEW:
        yield "few"
    if flipped > _FLIPS:
        yield "flips"
    if room < noise:
        yield "near"


Parts = tuple[list[float], list[float]]


def _dealt(bad: Sequence[float], good: Sequence[float]) -> Iterator[tuple[Parts, Parts]]:
    """Yield, for each fold of each dealing, those that choose and those left out, of the bad and of the good."""
    dice = random.Random(0)  # noqa: S311 - which photos are left out is no secret
    for _ in range(TIMES):
        shuffled = [dice.sample(values, len(values)) for values in (list(bad), list(good))]
        for fold in range(FOLDS):
            bad_parts, good_parts = (_parted(values, fold, min(FOLDS, len(values))) for values in shuffled)
            yield bad_parts, good_parts


def _parted(values: list[float], fold: int, folds: int) -> Parts:
    """Leave out every `folds`-th value; none in folds that fewer values than folds do not fill."""
    left = [value for place, value in enumerate(values) if place % folds == fold]
    kept = [value for place, value in enumerate(values) if place % folds != fold]
    return kept, left


def _sign(check: Check) -> int:
    return 1 if check.bad == "above" else -1


def percentile(changes: Mapping[str, Sequence[float]], code: str, share: float = 0.95) -> float:
    """Return the reading change of one check that only one in twenty exceeds; 0 where none was measured."""
    ranked = sorted(changes.get(code, ()))
    return ranked[round(share * (len(ranked) - 1))] if ranked else 0.0
