"""Everything that calibration.json says: numbers only, no names of files, nobody's picture."""

import statistics
from typing import Any

from PIL import Image

from benchmarks.calibrate.bases import bases, degraded
from benchmarks.calibrate.degradations import DEGRADATIONS, Degradation
from benchmarks.calibrate.held_out import held_out, is_chosen, percentile
from benchmarks.calibrate.labelled import CAUSES, Labelled, labelled_photos
from benchmarks.calibrate.phones import as_phones_make_them
from benchmarks.calibrate.reading import PASSED, REFUSED, SPEC, WARNED, Seen, outcome, see
from benchmarks.calibrate.roc import roc_points, tally
from benchmarks.calibrate.steadiness import CHANGES, saved, steadiness
from photo_service.checks import CHECKS
from photo_service.checks.check import Check
from photo_service.photo import Matted, Upright
from photo_service.pipeline import Studio

Base = tuple[Upright, Matted, Seen]


def measure(studio: Studio) -> dict[str, Any]:
    """Measure every check on the labelled photos and on degraded ones."""
    photos = [(photo, seen[0]) for photo in labelled_photos() if (seen := see(studio, photo.upright))]
    started = bases(studio)
    by_code, angles = _all_degraded(studio, started)
    return {
        "schema": 1,
        "spec": SPEC,
        "labelled_photos": len(photos),
        "degraded_from": len(started),
        "roll_error_deg": _errors(angles),
        "steadiness": steadiness(studio),
        "held_out": _held_out(studio, photos),
        "phones": as_phones_make_them(studio),
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
    bad, good = _parted(check, photos)
    if not bad and not good:
        return None
    return {**tally(check, _limit(studio, check), bad, good), "roc": roc_points(check, bad, good) if bad else []}


def _parted(check: Check, photos: list[tuple[Labelled, Seen]]) -> tuple[list[float], list[float]]:
    """Return what a check reads on photos labelled for its cause, and on those that must give a photo."""
    causes, code = CAUSES.get(check.code, "").split(), check.code
    bad = [seen.values[code] for photo, seen in photos if photo.category in causes and code in seen.values]
    good = [seen.values[code] for photo, seen in photos if photo.is_good_for(code) and code in seen.values]
    return bad, good


def _held_out(studio: Studio, photos: list[tuple[Labelled, Seen]]) -> dict[str, Any]:
    """Return, for each check whose limit the labelled photos chose, what it is worth on those that did not help."""
    noise = _noise(studio, photos)
    told = {
        check.code: held_out(check, _limit(studio, check), *_parted(check, photos), noise=percentile(noise, check.code))
        for check in CHECKS
        if is_chosen(check)
    }
    return {code: figure for code, figure in told.items() if figure is not None}


def _noise(studio: Studio, photos: list[tuple[Labelled, Seen]]) -> dict[str, list[float]]:
    """Return by how much each check's reading of good photos moves under changes that nobody sees."""
    moved: dict[str, list[float]] = {}
    for photo, before in photos:
        for change in CHANGES.values() if photo.good else ():
            seen = see(studio, saved(change(Image.fromarray(photo.upright.picture))))
            after = seen[0].values if seen else {}
            for code in after.keys() & before.values.keys():
                moved.setdefault(code, []).append(abs(after[code] - before.values[code]))
    return moved


def _all_degraded(studio: Studio, started: list[Base]) -> tuple[dict[str, Any], list[float]]:
    """Return what each check made of all the ways in which pictures were made worse for it, and the errors of roll."""
    told: dict[str, Any] = {}
    angles: list[float] = []
    for check in CHECKS:
        ways = [way for way in DEGRADATIONS if way.code == check.code]
        if ways:
            sound = _sound(studio, check, started)
            values = [_values_of(studio, way, sound, angles) for way in ways]
            told[check.code] = _told(studio, check, sound, list(zip(ways, values, strict=True)))
    return told, angles


def _sound(studio: Studio, check: Check, started: list[Base]) -> list[Base]:
    """Leave out the pictures that the check does not pass before anything is done to them."""
    spec = studio.catalogue[SPEC]
    return [base for base in started if outcome(check, base[2].values.get(check.code, _never(check)), spec) == PASSED]


def _values_of(studio: Studio, way: Degradation, sound: list[Base], angles: list[float]) -> dict[float, list[float]]:
    """Return what the check reads at each amount; adds by how much turned heads were measured wrong."""
    values: dict[float, list[float]] = {amount: [] for amount in way.amounts}
    for upright, matted, _ in sound:
        for amount in way.amounts:
            seen = see(studio, degraded(upright, matted, way, amount))
            if seen is not None and way.code in seen[0].values:
                values[amount].append(seen[0].values[way.code])
                angles += [abs(seen[0].roll - amount)] if way.code == "head_tilted" else []
    return values


def _told(
    studio: Studio, check: Check, sound: list[Base], ways: list[tuple[Degradation, dict[float, list[float]]]]
) -> dict[str, Any]:
    bad = [value for way, values in ways for amount in way.bad for value in values[amount]]
    good = [before.values[check.code] for *_, before in sound if check.code in before.values]
    good += [value for way, values in ways for amount in way.fine for value in values[amount]]
    return {
        **tally(check, _limit(studio, check), bad, good),
        "ways": [
            {
                "name": way.name,
                "unit": way.unit,
                "steps": [_step(studio, check, amount, values[amount]) for amount in way.amounts],
            }
            for way, values in ways
        ],
        "roc": roc_points(check, bad, good),
    }


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
