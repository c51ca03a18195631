"""The head is turned to one side (yaw)."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the yaw in degrees, without sign; `side` is the person's own."""
    yaw = subject.located.pose.yaw
    return Reading(abs(yaw), {"side": "left" if yaw > 0 else "right", "amount": round(abs(yaw))})


HEAD_TURNED = Check("head_turned", "above", 15.0, read, doubt=13.0)
"""15°: 10° is 研招网's rule for its own cameras, 15° the strict setting of a common face SDK (Baidu); the landmarks'
own error is about 3° (AFLW2000 rows of the labels). The labelled `profile` photos have 25° and more, those that must
give a photo at most 12.2°, and 13.4° with much noise. From 13° on it warns. Specs whose source names degrees set them.
"""
