"""The head is turned to one side (yaw)."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the yaw in degrees, without sign; `side` is the person's own."""
    yaw = subject.located.pose.yaw
    return Reading(abs(yaw), {"side": "left" if yaw > 0 else "right", "amount": round(abs(yaw))})


HEAD_TURNED = Check("head_turned", "above", 13.0, read)
"""13°: 10° is 研招网's rule for its own cameras; the landmarks' own error is about 3° (AFLW2000 rows of the labels)."""
