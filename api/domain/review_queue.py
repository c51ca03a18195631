"""The queue as a reviewer sees it: what to look for, the order it comes in, and one card per submission."""

from dataclasses import dataclass, field
from datetime import datetime

from api.domain.reviewer import Scope
from api.domain.submission import SubmissionState


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What to look for: of each kind, any of the values given; empty means every one.

    `scopes` are a counsellor's limits, None for none. `findings` are codes that the checks doubted.
    """

    campaigns: tuple[str, ...] = ()
    states: tuple[SubmissionState, ...] = ()
    colleges: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    majors: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A place in the queue. Those the checks doubted (`trusted` is False) come first, then by id, which is by time."""

    trusted: bool
    submission_id: str


@dataclass(frozen=True, slots=True)
class Card:
    """One submission in a list: whose it is, what was doubted, and the version that is looked at."""

    submission_id: str
    version: int
    state: SubmissionState
    created_at: datetime
    photo_id: str
    campaign_id: str
    name: str = field(repr=False)
    student_number: str = field(repr=False)
    college: str
    grade: str
    major: str
    class_: str
    warnings: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_at: datetime | None = None
    media_suggest: str | None = None

    @property
    def turn(self) -> Turn:
        """Return where it stands in the queue."""
        return Turn(trusted=not self.warnings, submission_id=self.submission_id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a submission belongs: what the filters offer."""

    campaign_id: str
    college: str
    grade: str
    major: str
    class_: str
    state: SubmissionState


Tally = int
"""How many."""
