"""A submission: the photo a student confirmed for a campaign.

submitted → approved | returned, later revoked; back to submitted when the reviewer takes the decision back at once.

A returned or revoked one is superseded by the next: per person of a roster there is one chain, and its last link is the
current one. `version` grows with every change, so that two reviewers who looked at the same state cannot both decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from api.domain.errors import NotReviewable
from api.domain.errors_review import ReasonMissing, ReasonTooLong, UndoRefused
from api.domain.identity import RosterRow
from api.domain.media_check import MediaCheck
from api.domain.photo import Photo
from api.domain.reviewer import Scope

STUDENT = "student"
"""Who handed a submission in, in the history."""

REASON_MOST = 500
"""Letters of a reason: a student reads it on a phone, and WeChat's notice shows the first twenty."""

UNDO_WITHIN = timedelta(minutes=10)
"""For so long a reviewer may take a decision of their own back: a slip of the hand, not a change of mind."""


class SubmissionState(StrEnum):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    REVOKED = "revoked"

    @property
    def live(self) -> bool:
        """Tell whether it holds the student's place: at most one such per student and campaign."""
        return self in {SubmissionState.SUBMITTED, SubmissionState.APPROVED}


@dataclass(frozen=True, slots=True)
class Submission:
    """`reason` is what the reviewer told the student; `decided_by` names the staff member or `registry:<id>`.

    Under review `decided_by` and `decided_at` are empty, or tell who took a decision back and when. `supersedes_id` is
    the submission that this one comes after. `verdict_at` is when the registry itself decided.
    """

    id: str
    student_id: str
    campaign_id: str
    roster_row_id: str
    photo_id: str
    state: SubmissionState
    profile: Mapping[str, Any] = field(repr=False)
    created_at: datetime
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    version: int = 1
    supersedes_id: str | None = None
    verdict_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a submission's history: into which state, by whom, when and why."""

    submission_id: str
    version: int
    state: SubmissionState
    by: str
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission with what a counsellor looks at beside it."""

    submission: Submission
    row: RosterRow
    photo: Photo
    media_check: MediaCheck | None = None


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """What to look for. `current` leaves out the superseded; `scopes` are a counsellor's limits, None for none.

    `after_id` and `limit` turn pages; ids sort by time. `decided_until` is a moment, inclusive.
    """

    campaign: str | None = None
    state: SubmissionState | None = None
    college: str | None = None
    grade: str | None = None
    major: str | None = None
    class_: str | None = None
    scopes: tuple[Scope, ...] | None = None
    current: bool = False
    decided_until: datetime | None = None
    after_id: str | None = None
    limit: int | None = None


def transition_of(submission: Submission) -> Transition:
    """Return the history's line for the submission as it now stands."""
    return Transition(
        submission_id=submission.id,
        version=submission.version,
        state=submission.state,
        by=submission.decided_by or STUDENT,
        at=submission.decided_at or submission.created_at,
        reason=submission.reason,
    )


def approved(submission: Submission, *, by: str, now: datetime) -> Submission:
    """Return the submission as approved. Raises NotReviewable unless it is under review."""
    return _decided(submission, SubmissionState.APPROVED, by=by, now=now, reason=None)


def returned(submission: Submission, *, by: str, now: datetime, reason: str) -> Submission:
    """Return the submission as given back to the student. Raises NotReviewable unless it is under review."""
    return _decided(submission, SubmissionState.RETURNED, by=by, now=now, reason=reason)


def revoked(submission: Submission, *, by: str, now: datetime, reason: str) -> Submission:
    """Return the submission as taken back, by staff or by the student's own right. Raises NotReviewable unless live."""
    if not submission.state.live:
        raise NotReviewable(state=submission.state.value)
    return _moved(submission, SubmissionState.REVOKED, by=by, now=now, reason=reason)


def undone(submission: Submission, *, by: str, now: datetime) -> Submission:
    """Return the submission as under review again, the decision of `by` taken back.

    Raises NotReviewable unless it is approved or returned, and UndoRefused for somebody else's decision, for a
    registry's, and after UNDO_WITHIN. That no later submission took its place is for the caller to know.
    """
    if submission.state not in {SubmissionState.APPROVED, SubmissionState.RETURNED}:
        raise NotReviewable(state=submission.state.value)
    if submission.decided_by != by or submission.verdict_at is not None:
        raise UndoRefused(reason="not_yours")
    if submission.decided_at is None or now - submission.decided_at > UNDO_WITHIN:
        raise UndoRefused(reason="too_late", minutes=int(UNDO_WITHIN.total_seconds() // 60))
    return _moved(submission, SubmissionState.SUBMITTED, by=by, now=now, reason=None)


def given_reason(reason: str) -> str:
    """Return a reason without the space around it. Raises ReasonMissing, and ReasonTooLong beyond REASON_MOST."""
    words = reason.strip()
    if not words:
        raise ReasonMissing(reason="reason_missing")
    if len(words) > REASON_MOST:
        raise ReasonTooLong(reason="reason_too_long", limit=REASON_MOST, given=len(words))
    return words


def judged_by_registry(
    submission: Submission, state: SubmissionState, *, by: str, now: datetime, said_at: datetime, reason: str | None
) -> Submission:
    """Return the submission under the registry's verdict of `said_at`: its latest word counts, however it arrives.

    A verdict older than the one that stands changes nothing (the same record comes back), nor does one that says what
    already stands. A later one may overrule the registry's own earlier word, never a decision made here. Raises
    NotReviewable.
    """
    own = submission.verdict_at if submission.decided_by == by else None
    if own is not None and said_at <= own:
        return submission
    if own is None and submission.state is state:
        return submission
    settled = submission.state is not SubmissionState.SUBMITTED and own is None
    if settled or submission.state is SubmissionState.REVOKED:
        raise NotReviewable(state=submission.state.value)
    return replace(_moved(submission, state, by=by, now=now, reason=reason), verdict_at=said_at)


def _decided(
    submission: Submission, state: SubmissionState, *, by: str, now: datetime, reason: str | None
) -> Submission:
    if submission.state is not SubmissionState.SUBMITTED:
        raise NotReviewable(state=submission.state.value)
    return _moved(submission, state, by=by, now=now, reason=reason)


def _moved(submission: Submission, state: SubmissionState, *, by: str, now: datetime, reason: str | None) -> Submission:
    return replace(
        submission, state=state, decided_at=now, decided_by=by, reason=reason, version=submission.version + 1
    )
