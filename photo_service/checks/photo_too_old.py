"""The picture was taken longer ago than the spec allows."""

from typing import Final

from photo_service.checks.check import Check, Reading
from photo_service.checks.subject import Subject
from photo_service.spec import Spec

_FIRST_YEAR: Final = 2003
"""Clocks that were never set say 1970, 1980, 2000 or 2002; no student's portrait of those years is a recent one that
lost its date, so such a date is no date."""


def read(subject: Subject, spec: Spec) -> Reading | None:
    """Return by how many days the picture is older than the spec allows, by its own EXIF date.

    Nothing where the file has no date (chat programs drop it), a date of a clock that was never set, or one to come;
    or where the spec takes any age. `amount` is the age in days.
    """
    taken, today = subject.located.upright.taken_at, subject.today
    if taken is None or today is None or spec.recency_days is None or taken.year < _FIRST_YEAR:
        return None
    age = (today - taken.date()).days
    return Reading(float(max(0, age - spec.recency_days)), {"amount": age}) if age >= 0 else None


PHOTO_TOO_OLD: Final = Check("photo_too_old", "above", 0.0, read)
"""0: the allowance is the spec's own `recency_days`. A date can be changed and is missing more often than not: who
passes has proved nothing, who fails has sent an old file."""
