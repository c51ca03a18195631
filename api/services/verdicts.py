"""A registry's own decision on a submission."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.domain.delivery import Event, Registry
from api.domain.errors import InvalidRequest, NotReviewable, SignatureInvalid
from api.domain.photo import PhotoState
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission, SubmissionState, given_reason, judged_by_registry
from api.services.events import announce, owe
from api.services.inbound import read_message, said_at, taken_before
from api.services.review import keep

_KINDS = {
    "submission.approved": SubmissionState.APPROVED,
    "submission.returned": SubmissionState.RETURNED,
}


class TakeVerdict:
    """Take a registry's verdict, signed with the registry's own secret.

    Body: `{"type": "submission.approved" | "submission.returned", "timestamp": "…", "data": {"submission": "sb_…",
    "reason": "…"}}`. A message id that was taken before changes nothing: registries retry too. Of several verdicts the
    one with the latest `timestamp` stands, in whatever order they arrive.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, headers: Mapping[str, str], body: bytes) -> Submission:
        """Return the submission as it now stands. Raises SignatureInvalid, InvalidRequest, NotReviewable."""
        message = read_message(body)
        now = self._clock.now()
        with self._database.write() as uow:
            before, registry = _addressed(uow, message["data"])
            if taken_before(uow, registry, headers=headers, body=body, now=now):
                return before
            after = _judged(uow, message, before, registry, now=now)
            if after.state is not before.state:
                keep(uow, after, before)
            elif after is not before:
                uow.submissions.swap(after, state=before.state)  # the same word again, later: nobody is told twice
            fresh = after.state is SubmissionState.APPROVED and before.state is not SubmissionState.APPROVED
            owed = owe(uow, after, Event.APPROVED, now=now) if fresh else ()
            uow.commit()
        announce(self._bell, owed)
        return after


def _judged(
    uow: UnitOfWork, message: Mapping[str, Any], before: Submission, registry: Registry, *, now: datetime
) -> Submission:
    state = _KINDS.get(str(message.get("type")))
    if state is None:
        raise InvalidRequest(reason="type")
    reason = None
    if state is SubmissionState.RETURNED:
        given = message["data"].get("reason")
        reason = given_reason(given if isinstance(given, str) else "")
    at = said_at(message, now=now)
    after = judged_by_registry(before, state, by=f"registry:{registry.id}", now=now, said_at=at, reason=reason)
    if after is not before and (uow.submissions.is_superseded(before.id) or _place_is_gone(uow, after)):
        raise NotReviewable(state=before.state.value)
    return after


def _place_is_gone(uow: UnitOfWork, after: Submission) -> bool:
    """Tell whether an approval would have no photo, or nobody it shows.

    What was returned the student may have deleted meanwhile; and a row that was freed because it was held by a wrong
    login must not be given that login's face.
    """
    photo, row = uow.photos.get(after.photo_id), uow.roster.get(after.roster_row_id)
    kept = photo is not None and photo.state is PhotoState.READY
    theirs = row is not None and row.student_id == after.student_id
    return after.state.live and not (kept and theirs)


def _addressed(uow: UnitOfWork, data: Mapping[str, Any]) -> tuple[Submission, Registry]:
    """Return the submission spoken of and the registry it belongs to; a stranger learns nothing from the refusal."""
    submission = uow.submissions.get(str(data.get("submission")))
    campaign = uow.campaigns.get(submission.campaign_id) if submission else None
    registry = uow.registries.get(campaign.registry_id) if campaign and campaign.registry_id else None
    if submission is None or registry is None:
        raise SignatureInvalid(reason="no registry of ours speaks of this submission")
    return submission, registry
