"""One picture as every check reads it, and what that would mean for the student."""

from collections.abc import Mapping
from dataclasses import dataclass

from photo_service.checks import CHECKS
from photo_service.checks.check import Check
from photo_service.checks.subject import look
from photo_service.geometry import NoPlan
from photo_service.photo import Matted, Upright
from photo_service.pipeline import Studio
from photo_service.planning import plan
from photo_service.silhouette import level_of, measure_head
from photo_service.spec import Spec
from photo_service.stages.locate import NoFace, locate
from photo_service.stages.matte import matte

SPEC = "hunan-pretco"
"""The spec that asks most: its limits are held against."""
REFUSED, WARNED, PASSED = "refused", "warned", "passed"


@dataclass(frozen=True, slots=True)
class Seen:
    """The value of each check that had something to say, by code."""

    values: Mapping[str, float]
    roll: float


def see(studio: Studio, upright: Upright) -> tuple[Seen, Matted] | None:
    """Read every check off one picture; None where no face is found."""
    networks, spec = studio.networks, studio.catalogue[SPEC]
    try:
        located = locate(
            upright,
            finder=networks.finder,
            mesher=networks.mesher,
            irises=networks.irises,
            hands=networks.hands,
        )
    except NoFace:
        return None
    matted = matte(located, segmenter=networks.segmenter)
    return Seen(_values(matted, spec), located.anatomy.roll), matted


def outcome(check: Check, value: float, spec: Spec) -> str:
    """Say what a spec that asks for the check does with a value: REFUSED, WARNED or PASSED."""
    if check.is_bad(value, spec.limits.get(check.code, check.limit)):
        return REFUSED
    return WARNED if check.doubt is not None and check.is_bad(value, check.doubt) else PASSED


def _values(matted: Matted, spec: Spec) -> dict[str, float]:
    head = measure_head(matted, spec)
    try:
        plan(head, spec, level_of(matted))
        subject = look(matted, head, ())
    except NoPlan as fault:
        subject = look(matted, head, fault.misses)
    readings = {check.code: check.read(subject, spec) for check in CHECKS}
    return {code: round(reading.value, 4) for code, reading in readings.items() if reading is not None}
