"""Everything that calibration.json says: numbers only, no names of files, nobody's picture."""

import statistics
from typing import Any

from benchmarks.calibrate.bases import bases, degraded
from benchmarks.calibrate.degradations import DEGRADATIONS, Degradation
from benchmarks.calibrate.labelled import CAUSES, Labelled, labelled_photos
from benchmarks.calibrate.reading import PASSED, REFUSED, SPEC, WARNED, Seen, outcome, see
from benchmarks.calibrate.roc import roc_points, tally
from photo_service.checks import CHECKS
from photo_service.checks.check import Check
from photo_service.photo import Matted, Upright
from photo_service.pipeline import Studio

Base = tuple[Upright, Matted, Seen]


def measure(studio: Studio) -> dict[str, Any]:
    """Measure every check on the labelled photos and on degraded ones."""
    photos = [(photo, seen[0]) for photo in labelled_photos() if (seen := see(studio, photo.upright))]
    started = bases(studio)
    by_code = {degradation.code: _on_degraded(studio, degradation, started) for degradation in DEGRADATIONS}
    rolls = by_code["head_tilted"].pop("angles")
    return {
        "schema": 1,
        "spec": SPEC,
        "labelled_photos": len(photos),
        "degraded_from": len(started),
        "roll_error_deg": rolls,
        "checks": {
            check.code: {
                "bad": check.bad,
                "limit": _limit(studio, check),
                "doubt": check.doubt,
                "labelled": _on_labelled(studio, check, photos),
                "degraded": by_code.get(check.code),
            }
            for check in CHECKS
        },
    }


def _limit(studio: Studio, check: Check) -> float:
    return float(studio.catalogue[SPEC].limits.get(check.code, check.limit))


def _on_labelled(studio: Studio, check: Check, photos: list[tuple[Labelled, Seen]]) -> dict[str, Any] | None:
    """Hold photos labelled for the check's cause against those that must give a photo."""
    causes = CAUSES.get(check.code, "").split()
    code = check.code
    bad = [seen.values[code] for photo, seen in photos if photo.category in causes and code in seen.values]
    good = [seen.values[code] for photo, seen in photos if photo.is_good_for(code) and code in seen.values]
    if not bad and not good:
        return None
    return {**tally(check, _limit(studio, check), bad, good), "roc": roc_points(check, bad, good) if bad else []}


def _on_degraded(studio: Studio, degradation: Degradation, started: list[Base]) -> dict[str, Any]:
    check = next(check for check in CHECKS if check.code == degradation.code)
    spec, code = studio.catalogue[SPEC], degradation.code
    sound = [base for base in started if outcome(check, base[2].values.get(code, _never(check)), spec) == PASSED]
    values: dict[float, list[float]] = {amount: [] for amount in degradation.amounts}
    angles: list[float] = []
    for upright, matted, _ in sound:
        for amount in degradation.amounts:
            seen = see(studio, degraded(upright, matted, degradation, amount))
            if seen is not None and code in seen[0].values:
                values[amount].append(seen[0].values[code])
                angles.append(abs(seen[0].roll - amount))
    bad = [value for amount in degradation.bad for value in values[amount]]
    good = [before.values[code] for *_, before in sound if code in before.values]
    good += [value for amount in degradation.fine for value in values[amount]]
    limit = _limit(studio, check)
    told = {
        "name": degradation.name,
        "unit": degradation.unit,
        **tally(check, limit, bad, good),
        "steps": [_step(studio, check, amount, values[amount]) for amount in degradation.amounts],
        "roc": roc_points(check, bad, good),
    }
    return told | ({"angles": _errors(angles)} if code == "head_tilted" else {})


def _never(check: Check) -> float:
    """Return a value that the check passes: what says nothing is no fault."""
    return float("-inf") if check.bad == "above" else float("inf")


def _step(studio: Studio, check: Check, amount: float, values: list[float]) -> dict[str, Any]:
    outcomes = [outcome(check, value, studio.catalogue[SPEC]) for value in values]
    return {
        "amount": amount,
        "n": len(values),
        "refused": outcomes.count(REFUSED),
        "warned": outcomes.count(WARNED),
        "median": round(statistics.median(values), 4) if values else None,
    }


def _errors(angles: list[float]) -> dict[str, float]:
    """Sum up by how many degrees a turn was measured wrong."""
    ranked = sorted(angles)
    return {
        "n": len(ranked),
        "mean": round(statistics.fmean(ranked), 2),
        "within_one_degree": round(sum(angle <= 1 for angle in ranked) / len(ranked), 3),
        "worst": round(ranked[-1], 2),
    }
