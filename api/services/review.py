"""The review of submissions, by staff here or by the registry over its signed answer."""

import json
from collections.abc import Mapping
from typing import Any

from api.domain.delivery import Event, Registry
from api.domain.errors import InvalidRequest, NotReviewable, SignatureInvalid
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.signing import verify
from api.domain.submission import (
    Submission,
    SubmissionState,
    SubmissionView,
    approved,
    returned,
    revoked,
)
from api.services.events import announce, owe
from api.services.guards import find_submission


class ListSubmissions:
    """Show a student their submissions and what came of them."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str) -> tuple[Submission, ...]:
        """Return them, newest first."""
        with self._database.read() as uow:
            return uow.submissions.of_student(student_id)


class FindSubmissions:
    """Find what a counsellor is to look at."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(
        self,
        *,
        campaign: str | None = None,
        state: str | None = None,
        college: str | None = None,
        grade: str | None = None,
        major: str | None = None,
        class_: str | None = None,
    ) -> tuple[SubmissionView, ...]:
        """Return the submissions that fit every given filter, oldest first. Raises InvalidRequest for no such state."""
        try:
            wanted = SubmissionState(state) if state is not None else None
        except ValueError as fault:
            raise InvalidRequest(reason="state") from fault
        with self._database.read() as uow:
            return uow.submissions.find(
                campaign=campaign, state=wanted, college=college, grade=grade, major=major, class_=class_
            )


class Approve:
    """Accept a submission."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, staff: str, submission_id: str) -> Submission:
        """Return it approved, the registry's event owed. Raises NotFound, NotReviewable."""
        now = self._clock.now()
        with self._database.write() as uow:
            before = find_submission(uow, submission_id)
            after = approved(before, by=staff, now=now)
            _swap(uow, after, before)
            owed = owe(uow, after, Event.APPROVED, now=now)
            uow.commit()
        announce(self._bell, owed)
        return after


class Return:
    """Give a submission back to the student, with the reason."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, staff: str, submission_id: str, reason: str) -> Submission:
        """Return it as returned. Raises NotFound, NotReviewable, InvalidRequest without a reason."""
        if not reason.strip():
            raise InvalidRequest(reason="reason_missing")
        now = self._clock.now()
        with self._database.write() as uow:
            before = find_submission(uow, submission_id)
            after = returned(before, by=staff, now=now, reason=reason.strip())
            _swap(uow, after, before)
            uow.commit()
        return after


class Revoke:
    """Take back a submission that is under review or approved."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, staff: str, submission_id: str, reason: str) -> Submission:
        """Return it revoked, the registry's event owed. Raises NotFound, NotReviewable."""
        now = self._clock.now()
        with self._database.write() as uow:
            before = find_submission(uow, submission_id)
            after = revoked(before, by=staff, now=now, reason=reason)
            _swap(uow, after, before)
            owed = owe(uow, after, Event.REVOKED, now=now)
            uow.commit()
        announce(self._bell, owed)
        return after


class TakeVerdict:
    """Take a registry's own decision, signed with the registry's own secret.

    Body: `{"type": "submission.approved" | "submission.returned", "data": {"submission": "sb_…", "reason": "…"}}`.
    A message id that was taken before changes nothing: registries retry too.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, headers: Mapping[str, str], body: bytes) -> Submission:
        """Return the submission as decided. Raises SignatureInvalid, InvalidRequest, NotReviewable."""
        kind, data = _message(body)
        now = self._clock.now()
        with self._database.write() as uow:
            before, registry = _addressed(uow, data)
            message_id = verify(registry.answer_secrets, headers=headers, body=body, now=int(now.timestamp()))
            if not uow.registries.remember_message(registry.id, message_id, now=now):
                return before
            after = self._decide(kind, data, before, by=f"registry:{registry.id}")
            _swap(uow, after, before)
            approved_now = after.state is SubmissionState.APPROVED
            owed = owe(uow, after, Event.APPROVED, now=now) if approved_now else ()
            uow.commit()
        announce(self._bell, owed)
        return after

    def _decide(self, kind: str, data: Mapping[str, Any], before: Submission, *, by: str) -> Submission:
        now = self._clock.now()
        match kind:
            case "submission.approved":
                return approved(before, by=by, now=now)
            case "submission.returned":
                reason = data.get("reason")
                if not isinstance(reason, str) or not reason.strip():
                    raise InvalidRequest(reason="reason_missing")
                return returned(before, by=by, now=now, reason=reason.strip())
            case _:
                raise InvalidRequest(reason="type")


def _message(body: bytes) -> tuple[str, Mapping[str, Any]]:
    """Read the envelope before its signature: which registry's secret applies stands inside it."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise InvalidRequest(reason="json") from fault
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise InvalidRequest(reason="json")
    return str(message.get("type")), message["data"]


def _addressed(uow: UnitOfWork, data: Mapping[str, Any]) -> tuple[Submission, Registry]:
    """Return the submission spoken of and the registry it belongs to; a stranger learns nothing from the refusal."""
    submission = uow.submissions.get(str(data.get("submission")))
    campaign = uow.campaigns.get(submission.campaign_id) if submission else None
    registry = uow.registries.get(campaign.registry_id) if campaign and campaign.registry_id else None
    if submission is None or registry is None:
        raise SignatureInvalid(reason="no registry of ours speaks of this submission")
    return submission, registry


def _swap(uow: UnitOfWork, after: Submission, before: Submission) -> None:
    if not uow.submissions.swap(after, state=before.state):
        raise NotReviewable(state=before.state.value)
