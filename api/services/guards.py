"""Questions that several use cases ask before they do anything."""

from api.domain.campaign import Campaign
from api.domain.consent import ConsentKind
from api.domain.errors import ConsentRequired, IdentityRequired, NotFound
from api.domain.identity import RosterRow
from api.domain.photo import Photo, PhotoState
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.services.consent_texts import TEXTS


def require_consents(uow: UnitOfWork, student_id: str, *kinds: ConsentKind) -> None:
    """Raise ConsentRequired unless the current text of each kind is given."""
    given = {row.text_id for row in uow.consents.of(student_id) if row.withdrawn_at is None}
    missing = tuple(text.kind.value for text in TEXTS if text.kind in kinds and text.id not in given)
    if missing:
        raise ConsentRequired(kinds=missing)


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


def bound_row(uow: UnitOfWork, student_id: str, campaign_id: str) -> RosterRow:
    """Return the row of the campaign's roster that the student proved to be. Raises IdentityRequired."""
    for row in uow.roster.of_student(student_id):
        if row.campaign_id == campaign_id:
            return row
    raise IdentityRequired(campaign=campaign_id)


def find_submission(uow: UnitOfWork, submission_id: str) -> Submission:
    """Return the submission. Raises NotFound."""
    submission = uow.submissions.get(submission_id)
    if submission is None:
        raise NotFound(kind="submission", id=submission_id)
    return submission
