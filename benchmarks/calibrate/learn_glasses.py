"""`python -m benchmarks.calibrate.learn_glasses`: learn the weights of `glasses_worn` and write them.

Learned from the labelled photos' faces without glasses: as they are, spoiled, with strands and masks over them, and
with drawn glasses. No face that wears real glasses is learned from, so all of those are judged by weights that never
saw one; bare faces are judged by weights learned from nine tenths of the others.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.calibrate.drawn_glasses import wear
from benchmarks.calibrate.drawn_over_faces import mask, misplaced, spoiled, strands
from benchmarks.calibrate.labelled import Labelled, labelled_photos
from photo_service.checks.frame_lines import SHAPE, frame_lines
from photo_service.checks.glasses_odds import WEIGHT
from photo_service.checks.glasses_worn import LIMIT
from photo_service.colour import to_lab
from photo_service.models.ports import Points, Rgb
from photo_service.models.store import models_home
from photo_service.photo import Chip
from photo_service.pipeline import Studio, open_studio
from photo_service.stages.locate import NoFace, locate

WRITTEN: Final = Path(__file__).resolve().parents[2] / "photo_service" / "checks" / "glasses_weights.py"
_UNNOTED: Final = frozenset({"blur", "group", "multi", "noface", "small"})
"""Categories in which nobody noted whether the face that is found wears glasses."""
_DRAWN, _SPOILED, _COVERED = 12, 4, 4
"""Samples of each bare face: with glasses, without, and without but with hair or a mask over it."""
_OFTEN_COVERED: Final = 0.2
"""Share of drawn glasses over which hair hangs, or which a mask's edge touches."""
_MOST_YAW: Final = 45.0
_FOLDS: Final = 10
_HELD_SMALL: Final = 100.0
"""Penalty on squared weights (of standardised lines): between 30 and 300 what is found on photos left out is alike."""
_OF_DRAWN: Final = 0.25
"""Weight of one drawn sample: there are more of them than of bare ones."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Face:
    """One labelled face: whether real glasses are (or may be) on it, whether it must give a photo, and its chip."""

    glasses: bool
    unnoted: bool
    good: bool
    yaw: float
    chip: Chip


@dataclass(frozen=True, slots=True)
class Samples:
    """Lines of faces, one sample a row; whether glasses are worn; which bare face it was made of; made or as it is."""

    lines: Floats
    worn: NDArray[np.bool_]
    face: NDArray[np.int64]
    made: NDArray[np.bool_]


def faces(studio: Studio, photos: Iterable[Labelled]) -> Iterator[Face]:
    """Find the faces of labelled photos."""
    nets = studio.networks
    for photo in photos:
        try:
            found = locate(photo.upright, finder=nets.finder, mesher=nets.mesher, irises=nets.irises, hands=nets.hands)
        except NoFace:
            continue
        yield Face(photo.glasses, photo.category in _UNNOTED, photo.good, found.pose.yaw, found.chip)


def samples(bare: list[Face], dice: np.random.Generator) -> Samples:
    """Make what is learned from out of bare faces."""
    rows = [(place, *row) for place, face in enumerate(bare) for row in _samples_of(face, dice)]
    place, lines, worn, made = zip(*rows, strict=True)
    return Samples(np.array(lines, np.float64), np.array(worn), np.array(place), np.array(made))


def _samples_of(face: Face, dice: np.random.Generator) -> Iterator[tuple[NDArray[np.float32], bool, bool]]:
    chip, points = face.chip.picture, face.chip.points
    yield _lines(chip, points), False, False
    for _ in range(_SPOILED):
        yield _lines(spoiled(chip, dice), misplaced(points, dice)), False, True
    for _ in range(_COVERED):
        yield _lines(spoiled(_over(chip, points, dice), dice), misplaced(points, dice)), False, True
    for place in range(_DRAWN if abs(face.yaw) < _MOST_YAW else 0):
        under = _over(chip, points, dice) if dice.random() < _OFTEN_COVERED else chip
        worn = wear(under, points, dice, enlarged=face.chip.enlarged)
        yield _lines(spoiled(worn, dice) if place % 2 else worn, misplaced(points, dice)), True, True


def _over(chip: Rgb, points: Points, dice: np.random.Generator) -> Rgb:
    return strands(chip, dice) if dice.random() < 0.7 else mask(chip, points, dice)


def _lines(chip: Rgb, points: Points) -> NDArray[np.float32]:
    return frame_lines(to_lab(chip)[..., 0], points).ravel()


def learned(lines: Floats, worn: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Return weights and offset of the log odds that glasses are worn: logistic regression, held small."""
    mean, spread = lines.mean(axis=0), lines.std(axis=0) + 0.02
    level, sign = (lines - mean) / spread, np.where(worn, 1.0, -1.0)
    counts = np.where(worn, _OF_DRAWN, 1.0)

    def cost(weights: Floats) -> tuple[float, Floats]:
        margin = sign * (level @ weights[:-1] + weights[-1])
        pull = -sign * counts / (1 + np.exp(np.minimum(margin, 500.0)))
        size = float((counts * np.logaddexp(0, -margin)).sum() + _HELD_SMALL / 2 * weights[:-1] @ weights[:-1])
        return size, np.append(level.T @ pull + _HELD_SMALL * weights[:-1], pull.sum())

    best = minimize(cost, np.zeros(lines.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights = best[:-1] / spread
    return weights, float(best[-1] - weights @ mean)


def odds_held_out(made: Samples) -> Floats:
    """Return the log odds of every sample by weights learned without the face it was made of."""
    odds, fold = np.zeros(len(made.worn)), made.face % _FOLDS
    for left in range(_FOLDS):
        kept = fold != left
        weights, offset = learned(made.lines[kept], made.worn[kept])
        odds[~kept] = made.lines[~kept] @ weights + offset
    return odds


def main() -> int:
    """Learn, print what is found on photos left out, write the weights; exit 1 where the labelled photos are not."""
    everyone = list(faces(open_studio(models_home(os.environ), threads=1), labelled_photos()))
    bare = [face for face in everyone if not face.glasses and not face.unnoted]
    if not bare:
        sys.stderr.write("The labelled photos are not here (../shared/photos): nothing to learn from\n")
        return 1
    made = samples(bare, np.random.default_rng(0))
    weights, offset = learned(made.lines, made.worn)
    told = [*_told(made, bare), *_told_of_real(everyone, weights, offset)]
    print("\n".join(told))
    WRITTEN.write_text(_module(weights, offset), encoding="utf-8")
    return 0


def _told(made: Samples, bare: list[Face]) -> list[str]:
    odds = odds_held_out(made)
    as_they_are, good = ~made.made, np.array([face.good for face in bare])
    groups = {
        "bare faces": as_they_are,
        "bare faces that must give a photo": as_they_are & good[made.face],
        "bare faces spoiled or covered": made.made & ~made.worn,
        "drawn glasses": made.worn,
    }
    return [
        f"{name}, left out: {int((odds[group] > LIMIT).sum())} of {int(group.sum())} refused,"
        f" highest log odds {np.round(np.sort(odds[group])[-3:], 2)}"
        for name, group in groups.items()
    ]


def _told_of_real(everyone: list[Face], weights: Floats, offset: float) -> list[str]:
    real = [face for face in everyone if face.glasses]
    odds = sorted(float(_lines(face.chip.picture, face.chip.points) @ weights) + offset for face in real)
    found = sum(value > LIMIT for value in odds)
    return [f"real glasses, never learned from: {found} of {len(real)} refused, log odds {np.round(odds, 1)}"]


def _module(weights: Floats, offset: float) -> str:
    """Return the Python module that holds the weights, whole hundredths of the log odds."""
    kinds = np.round(weights / WEIGHT).astype(int).reshape(SHAPE)
    lines = [
        '"""What each line on a face says about glasses. Written by `python -m benchmarks.calibrate.learn_glasses`."""',
        "",
        f"OFFSET = {round(offset / WEIGHT)}",
        "WEIGHTS = (",
    ]
    for kind in kinds:
        lines += ["    (", *(f"        ({', '.join(map(str, row))})," for row in kind.tolist()), "    ),"]
    return "\n".join([*lines, ")", ""])


if __name__ == "__main__":
    sys.exit(main())
