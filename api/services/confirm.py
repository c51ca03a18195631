"""Confirm a photo for a campaign: from here on it is under review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from api.domain.campaign import Campaign
from api.domain.delivery import Event
from api.domain.errors import AlreadySubmitted, Conflict, PhotoNotReady, PhotoWrongSpec
from api.domain.errors_student import BackgroundNotOffered
from api.domain.ids import new_id
from api.domain.photo import Photo, PhotoState
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission, SubmissionState
from api.services.events import announce, owe
from api.services.guards import find_campaign, open_campaign_of, own_photo, refuse_second, require_photo_consents
from api.services.profiles import check_profile
from photo_service.contract import Severity


class AfterConfirm(Protocol):
    """What else a submission brings with it, in its own transaction."""

    def __call__(self, uow: UnitOfWork, submission: Submission, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a student hands in: ids of photo and campaign (or its slug), and the form filled in."""

    photo: str
    campaign: str
    profile: Mapping[str, Any] = field(repr=False)


class Confirm:
    """Hand a ready photo and its profile in for review."""

    def __init__(
        self, *, database: Database, clock: Clock, bell: Bell, keep_days: int, and_then: Sequence[AfterConfirm] = ()
    ) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._keep_days = keep_days
        self._and_then = tuple(and_then)

    def __call__(self, student_id: str, *, photo: str, campaign: str, profile: Mapping[str, Any]) -> Submission:
        """Return the submission, with the event for the registry owed in the same transaction.

        Who asks again because the answer was lost hears AlreadySubmitted, also after the last second. Raises further
        ConsentRequired, NotFound, CampaignNotOpen, CampaignClosed, IdentityRequired, PhotoNotReady, PhotoWrongSpec,
        BackgroundNotOffered and InvalidProfile.
        """
        now = self._clock.now()  # when it came, not when the line of those who write at that second has moved on
        wanted = _Wanted(photo=photo, campaign=campaign, profile=profile)
        try:
            with self._database.write() as uow:
                submission = self._submission(uow, student_id, wanted, now=now)
                uow.submissions.add(submission)
                uow.review_queue.doubt(submission.id, _doubts(uow, submission))
                uow.drafts.forget(student_id, submission.campaign_id)
                self._keep_file(uow, submission)
                for step in self._and_then:
                    step(uow, submission, now=submission.created_at)
                owed = owe(uow, submission, Event.SUBMITTED, now=submission.created_at)
                uow.commit()
        except Conflict as fault:
            raise AlreadySubmitted(submission=None, state=SubmissionState.SUBMITTED.value) from fault
        announce(self._bell, owed)
        return submission

    def _submission(self, uow: UnitOfWork, student_id: str, wanted: _Wanted, *, now: datetime) -> Submission:
        require_photo_consents(uow, student_id, now=now)
        refuse_second(uow, student_id, find_campaign(uow, wanted.campaign))
        found, row = open_campaign_of(uow, student_id, wanted.campaign, now=now)
        shown = own_photo(uow, student_id, wanted.photo)
        _check_photo(shown, found)
        check_profile(found.profile_schema, wanted.profile)
        before = uow.submissions.latest(row.id)
        return Submission(
            id=new_id("sb", now=now),
            student_id=student_id,
            campaign_id=found.id,
            roster_row_id=row.id,
            photo_id=shown.id,
            state=SubmissionState.SUBMITTED,
            profile=dict(wanted.profile),
            created_at=now,
            supersedes_id=before.id if before else None,
        )

    def _keep_file(self, uow: UnitOfWork, submission: Submission) -> None:
        photo = uow.photos.get(submission.photo_id)
        if photo is not None and photo.image_key is not None:
            uow.blobs.keep(photo.image_key, until=submission.created_at + timedelta(days=self._keep_days))


def _doubts(uow: UnitOfWork, submission: Submission) -> tuple[str, ...]:
    """Return the codes of what the checks let pass with a warning."""
    photo = uow.photos.get(submission.photo_id)
    findings = (photo.report or {}).get("findings", ()) if photo is not None else ()
    return tuple(one["code"] for one in findings if one["severity"] == Severity.WARN)


def _check_photo(photo: Photo, campaign: Campaign) -> None:
    if photo.state is not PhotoState.READY:
        raise PhotoNotReady(state=photo.state.value)
    if photo.spec != campaign.spec:
        raise PhotoWrongSpec(spec=photo.spec, wanted=campaign.spec)
    if photo.background is not None:
        raise BackgroundNotOffered(spec=photo.spec)  # the school's own is for everyone
