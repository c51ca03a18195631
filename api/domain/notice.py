"""What a student is told through WeChat: returned, approved, closing soon. Each message costs one of their credits.

pending → sending → sent | pending again (later) | dropped (nothing to send it by) | dead (a person must look).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class NoticeKind(StrEnum):
    RETURNED = "returned"
    APPROVED = "approved"
    CLOSING = "closing"


class NoticeState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


class NoticeWord(StrEnum):
    """What a template's field may speak of."""

    CAMPAIGN = "campaign"
    RESULT = "result"
    REASON = "reason"
    ADVICE = "advice"
    WHEN = "when"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """A subscribe-message template of the school's own account.

    `fields` maps the template's keys (`thing1`, `phrase2`, `time3`) to what stands in each.
    """

    kind: NoticeKind
    template_id: str
    fields: Mapping[str, NoticeWord]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message owed to one student.

    `once` names what it is about, so that the same thing is never told twice. `facts` are the words by NoticeWord,
    instants in ISO 8601; they are forgotten once the notice is settled. `outcome` says why it ended as it did.
    """

    id: str
    student_id: str
    kind: NoticeKind
    once: str
    facts: Mapping[str, str] = field(repr=False)
    state: NoticeState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    tries: int = 0
    lease_until: datetime | None = None
    settled_at: datetime | None = None
    outcome: str | None = None


def claimed(notice: Notice, *, now: datetime, lease_s: float) -> Notice:
    """Return the notice as its next sender holds it."""
    return replace(
        notice,
        state=NoticeState.SENDING,
        attempts=notice.attempts + 1,
        tries=notice.tries + 1,
        lease_until=now + timedelta(seconds=lease_s),
    )


def postponed(notice: Notice, *, until: datetime) -> Notice:
    """Return the notice as waiting for its next try."""
    return replace(notice, state=NoticeState.PENDING, lease_until=None, next_at=until)


def settled(notice: Notice, state: NoticeState, *, outcome: str, now: datetime) -> Notice:
    """Return the notice as ended, its words forgotten."""
    return replace(notice, state=state, facts={}, lease_until=None, settled_at=now, outcome=outcome)
