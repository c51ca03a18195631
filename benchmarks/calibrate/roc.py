"""How well one number tells two groups apart, and at which limit."""

from collections.abc import Sequence
from typing import Any, Final

from photo_service.checks.check import Check

_MOST_POINTS: Final = 15


def roc_points(check: Check, bad: Sequence[float], good: Sequence[float]) -> list[dict[str, float]]:
    """Return, for up to 15 limits, the share of bad and of good pictures that a check with that limit refuses."""
    limits = sorted({*bad, *good})
    step = max(1, -(-len(limits) // _MOST_POINTS))
    return [
        {
            "limit": limit,
            "refused_bad": _share(check, bad, limit),
            "refused_good": _share(check, good, limit),
        }
        for limit in limits[::step]
    ]


def area(check: Check, bad: Sequence[float], good: Sequence[float]) -> float | None:
    """Return how often a bad picture reads worse than a good one: 1 tells them apart, 0.5 tells nothing."""
    if not bad or not good:
        return None
    sign = 1 if check.bad == "above" else -1
    pairs = [(sign * one, sign * other) for one in bad for other in good]
    return round(sum((one > other) + (one == other) / 2 for one, other in pairs) / len(pairs), 3)


def tally(check: Check, limit: float, bad: Sequence[float], good: Sequence[float]) -> dict[str, Any]:
    """Return recall, precision and the counts behind them at a limit; None where there is nothing to divide by."""
    found = sum(check.is_bad(value, limit) for value in bad)
    wrong = sum(check.is_bad(value, limit) for value in good)
    return {
        "bad": len(bad),
        "good": len(good),
        "found": found,
        "wrong": wrong,
        "recall": round(found / len(bad), 3) if bad else None,
        "precision": round(found / (found + wrong), 3) if found + wrong else None,
        "area": area(check, bad, good),
    }


def _share(check: Check, values: Sequence[float], limit: float) -> float:
    return round(sum(check.is_bad(value, limit) for value in values) / len(values), 3) if values else 0.0
