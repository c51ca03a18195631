"""A submission: the photo a student confirmed for a campaign. submitted → approved | returned, later revoked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from api.domain.errors import NotReviewable
from api.domain.identity import RosterRow
from api.domain.photo import Photo


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
    """`reason` is what the reviewer told the student; `decided_by` names the staff member or `registry:<id>`."""

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


@dataclass(frozen=True, slots=True)
class SubmissionView:
    """A submission with what a counsellor looks at beside it."""

    submission: Submission
    row: RosterRow
    photo: Photo


def approved(submission: Submission, *, by: str, now: datetime) -> Submission:
    """Return the submission as approved. Raises NotReviewable unless it is under review."""
    return _decided(submission, SubmissionState.APPROVED, by=by, now=now)


def returned(submission: Submission, *, by: str, now: datetime, reason: str) -> Submission:
    """Return the submission as given back to the student. Raises NotReviewable unless it is under review."""
    return replace(_decided(submission, SubmissionState.RETURNED, by=by, now=now), reason=reason)


def revoked(submission: Submission, *, by: str, now: datetime, reason: str) -> Submission:
    """Return the submission as taken back, by staff or by the student's own right. Raises NotReviewable unless live."""
    if not submission.state.live:
        raise NotReviewable(state=submission.state.value)
    return replace(submission, state=SubmissionState.REVOKED, decided_at=now, decided_by=by, reason=reason)


def _decided(submission: Submission, state: SubmissionState, *, by: str, now: datetime) -> Submission:
    if submission.state is not SubmissionState.SUBMITTED:
        raise NotReviewable(state=submission.state.value)
    return replace(submission, state=state, decided_at=now, decided_by=by)
