"""Hold the face against the spec: every check that the spec names, and the one plan that meets all its rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from photo_service.checks import CHECKS
from photo_service.checks.check import Check
from photo_service.checks.subject import Subject, look
from photo_service.contract import Finding, Severity
from photo_service.geometry import Head, Miss, NoPlan, Plan
from photo_service.ofiq.scores import ofiq_scores
from photo_service.photo import Assessed, Matted
from photo_service.planning import misplacements, plan
from photo_service.silhouette import level_of, measure_head
from photo_service.spec import Spec
from photo_service.wording import Wording

OF_SELFIES = frozenset({"background_unclear"})
"""What speaks of the selfie's background; a finished photo's is held against the spec's colour."""

FRAMING = frozenset({"head_cut_off", "neck_cut_off", "face_too_small", "face_too_large", "low_resolution"})
"""Checks that say why no crop meets the spec: where there is none they refuse the photo, whatever the spec says."""


def assess(matted: Matted, spec: Spec, wording: Wording, *, today: date | None = None) -> Assessed:
    """Run every check of the spec, whatever the others find: a student is told all reasons at once.

    `today` is what the picture's age is counted from; without it no age is judged.
    """
    head = measure_head(matted, spec)
    crop, misses = _plan(head, matted, spec)
    severities = {**spec.checks, **({} if crop else dict.fromkeys(FRAMING, Severity.FAIL))}
    subject = look(matted, head, misses, today=today)
    findings, measurements = _run_all(subject, spec, wording, severities)
    return Assessed(matted, findings, measurements, crop)


def assess_finished(matted: Matted, spec: Spec, wording: Wording) -> Assessed:
    """Judge a finished photo: nothing is cropped or levelled any more, so its own head must lie in the bands."""
    head = measure_head(matted, spec)
    severities = {code: severity for code, severity in spec.checks.items() if code not in FRAMING | OF_SELFIES}
    findings, measurements = _run_all(look(matted, head, ()), spec, wording, severities)
    width, height = matted.located.upright.size
    eye_y = matted.located.anatomy.eyes[1]
    misplaced = misplacements(head, spec, width=width, height=height, eye_y=eye_y)
    framing = tuple(
        Finding(code, Severity.FAIL, *wording.finding(code), value=value, limit=limit)
        for code, value, limit in misplaced
    )
    return Assessed(matted, framing + findings, measurements, None)


def _run_all(
    subject: Subject, spec: Spec, wording: Wording, severities: Mapping[str, Severity]
) -> tuple[tuple[Finding, ...], dict[str, float]]:
    findings: list[Finding] = []
    measurements = _measurements(subject.matted) | ofiq_scores(subject)
    for check in CHECKS:
        if check.code in severities:
            severity = severities[check.code]
            findings += _run(check, subject, spec, wording, severity=severity, measurements=measurements)
    agreed = _agreed(findings, wording)
    return tuple(sorted(agreed, key=lambda finding: finding.severity is Severity.WARN)), measurements


def _agreed(findings: list[Finding], wording: Wording) -> list[Finding]:
    """Let no two pieces of advice contradict each other: nobody can step back and come closer at once."""
    found = {finding.code for finding in findings}
    return [replace(one, advice=wording.advice_beside(one.code, found) or one.advice) for one in findings]


def _plan(head: Head, matted: Matted, spec: Spec) -> tuple[Plan | None, tuple[Miss, ...]]:
    try:
        return plan(head, spec, level_of(matted, spec)), ()
    except NoPlan as fault:
        return None, fault.misses


def _run(
    check: Check,
    subject: Subject,
    spec: Spec,
    wording: Wording,
    *,
    severity: Severity,
    measurements: dict[str, float],
) -> list[Finding]:
    reading = check.read(subject, spec)
    if reading is None:
        return []
    measurements[check.code] = round(reading.value, 4)
    limit, say = spec.limits.get(check.code, check.limit), wording.finding
    if not check.is_bad(reading.value, limit):
        if check.doubt is None or not check.is_bad(reading.value, check.doubt):
            return []
        severity, limit, say = Severity.WARN, check.doubt, wording.doubt
    message, advice = say(check.code, **reading.facts)
    return [Finding(check.code, severity, message, advice, round(reading.value, 4), limit)]


def _measurements(matted: Matted) -> dict[str, float]:
    """Return what is measured whatever the spec asks; lengths in pixels of the file."""
    located = matted.located
    reduction = located.upright.reduction
    return {
        "yaw_deg": round(located.pose.yaw, 1),
        "pitch_deg": round(located.pose.pitch, 1),
        "roll_deg": round(located.anatomy.roll, 1),
        "inter_eye_px": round(located.anatomy.inter_eye * reduction, 1),
        "face_width_px": round(located.anatomy.face_width * reduction, 1),
        "head_height_px": round((located_chin(matted) - matted.crown_v) * reduction, 1),
        "matte_confidence": round(matted.confidence, 3),
        "faces": float(len(located.faces)),
        "quarter_turns": float(located.quarter_turns),
    }


def located_chin(matted: Matted) -> float:
    """Return the chin's row in the levelled frame, in picture pixels below the eyes."""
    return level_of(matted).to_level(matted.located.anatomy.chin)[1]
