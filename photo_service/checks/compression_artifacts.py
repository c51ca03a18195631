"""The file was compressed so strongly that its blocks show."""

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec


def read(subject: Subject, spec: Spec) -> Reading | None:  # noqa: ARG001 - one signature for all checks
    """Return the JPEG quality that the quantisation tables stand for, 1 to 100; nothing for other formats.

    OFIQ measures this with a network of its own. The tables tell the last compression only: a picture that was saved
    badly once and well again passes.
    """
    quality = subject.located.upright.jpeg_quality
    return None if quality is None else Reading(float(quality), {"amount": quality})


COMPRESSION_ARTIFACTS = Check("compression_artifacts", "below", 40.0, read)
"""40: a judgement, where blocks of 8 pixels begin to show on skin. The labelled JPEG files have 60 and more; recall
unknown, false alarms 0 of 35."""
