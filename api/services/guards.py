"""Questions that several use cases ask before they do anything."""

from datetime import datetime

from api.domain.campaign import Campaign
from api.domain.consent import ConsentKind
from api.domain.errors import AlreadySubmitted, ConsentRequired, IdentityRequired, NotFound
from api.domain.identity import RosterRow
from api.domain.photo import Photo, PhotoState
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.services.consent_texts import ALL_TEXTS, TEXTS


def require_consents(uow: UnitOfWork, student_id: str, *kinds: ConsentKind) -> None:
    """Raise ConsentRequired unless a text of each kind is given."""
    rows = {row.text_id for row in uow.consents.of(student_id) if row.withdrawn_at is None}
    given = {text.kind for text in ALL_TEXTS if text.id in rows}
    missing = tuple(text.kind.value for text in TEXTS if text.kind in kinds and text.kind not in given)
    if missing:
        raise ConsentRequired(kinds=missing)


def require_photo_consents(uow: UnitOfWork, student_id: str, *, now: datetime) -> None:
    """Raise ConsentRequired unless both texts are given, and the guardian's too for who is under 14 on a roster."""
    kinds = [ConsentKind.PRIVACY, ConsentKind.FACE_PHOTO]
    if is_child(uow, student_id, now=now):
        kinds.append(ConsentKind.GUARDIAN)
    require_consents(uow, student_id, *kinds)


def is_child(uow: UnitOfWork, student_id: str, *, now: datetime) -> bool:
    """Tell whether a roster says that the student is under 14."""
    return any(row.under_14(now) for row in uow.roster.of_student(student_id))


def find_campaign(uow: UnitOfWork, campaign: str) -> Campaign:
    """Return the campaign of that id or slug. Raises NotFound."""
    found = uow.campaigns.get(campaign) or uow.campaigns.by_slug(campaign)
    if found is None:
        raise NotFound(kind="campaign", id=campaign)
    return found


def own_photo(uow: UnitOfWork, student_id: str, photo_id: str) -> Photo:
    """Return the student's photo. Raises NotFound, for another student's and for an erased one too."""
    photo = uow.photos.get(photo_id)
    if photo is None or photo.student_id != student_id or photo.state is PhotoState.ERASED:
        raise NotFound(kind="photo", id=photo_id)
    return photo


def row_in(uow: UnitOfWork, student_id: str, campaign_id: str) -> RosterRow | None:
    """Return the row of the campaign's roster that the student proved to be, None where they did not."""
    return next((row for row in uow.roster.of_student(student_id) if row.campaign_id == campaign_id), None)


def bound_row(uow: UnitOfWork, student_id: str, campaign_id: str) -> RosterRow:
    """Return the row of the campaign's roster that the student proved to be. Raises IdentityRequired."""
    row = row_in(uow, student_id, campaign_id)
    if row is None:
        raise IdentityRequired(campaign=campaign_id)
    return row


def open_campaign_of(uow: UnitOfWork, student_id: str, campaign: str, *, now: datetime) -> tuple[Campaign, RosterRow]:
    """Return the campaign and the student's row while its window is open for them.

    Who is not bound is told of the window first. Raises NotFound, CampaignNotOpen, CampaignClosed, IdentityRequired.
    """
    found = find_campaign(uow, campaign)
    row = row_in(uow, student_id, found.id)
    found.require_open(now, extension=uow.extensions.get(row.id) if row else None)
    if row is None:
        raise IdentityRequired(campaign=found.id)
    return found, row


def refuse_second(uow: UnitOfWork, student_id: str, campaign: Campaign) -> None:
    """Raise AlreadySubmitted while something of the student's is under review or approved in the campaign."""
    live = uow.submissions.live(student_id, campaign.id)
    if live is not None:
        raise AlreadySubmitted(submission=live.id, state=live.state.value)


def find_submission(uow: UnitOfWork, submission_id: str) -> Submission:
    """Return the submission. Raises NotFound."""
    submission = uow.submissions.get(submission_id)
    if submission is None:
        raise NotFound(kind="submission", id=submission_id)
    return submission
