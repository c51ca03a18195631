"""The pictures a reviewer looks at beside a submitted photo: owed with it, made by a worker when it has time.

pending → made | given up. Whatever comes of it, nobody waits: the photo itself can be reviewed without them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class ExhibitState(StrEnum):
    """How far the pictures are. `given_up`: the selfie is gone, or nothing can be drawn of it."""

    PENDING = "pending"
    MADE = "made"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ExhibitDue:
    """One photo's pictures. `next_at` is when a worker may begin; `attempts` counts who began."""

    photo_id: str
    state: ExhibitState
    next_at: datetime
    attempts: int = 0


def claimed(due: ExhibitDue, *, until: datetime) -> ExhibitDue:
    """Return the row as being worked on, to be begun again at `until` if nothing comes of it."""
    return replace(due, attempts=due.attempts + 1, next_at=until)


def made(due: ExhibitDue) -> ExhibitDue:
    """Return the row with its pictures in store."""
    return replace(due, state=ExhibitState.MADE)


def given_up(due: ExhibitDue) -> ExhibitDue:
    """Return the row as one whose pictures there will never be."""
    return replace(due, state=ExhibitState.GIVEN_UP)
