"""Everything a reviewer has before them to decide on one submission, and the pictures that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from api.domain.blob import BlobKind, BlobRow
from api.domain.campaign import Campaign
from api.domain.errors import BlobMissing, NotFound
from api.domain.exhibit import ExhibitState
from api.domain.photo import Jpeg, Photo, PhotoState
from api.domain.ports import Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Reviewer
from api.domain.submission import UNDO_WITHIN, Submission, SubmissionState, SubmissionView, Transition
from api.services.submissions_desk import ReadHistory, ReadSubmission


class Picture(StrEnum):
    """The pictures of a submission: the photo, its small copy, the selfie upright, and what was measured on it."""

    PHOTO = "photo"
    THUMB = "thumb"
    SELFIE = "selfie"
    DRAWING = "explain"


class PictureState(StrEnum):
    """Whether there is one: `waiting` for a worker, `expired` by its end date, `missing` where none can be made."""

    READY = "ready"
    WAITING = "waiting"
    EXPIRED = "expired"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One submission with person, photo, history, campaign, and how its pictures stand.

    `undoable` tells that this reviewer may still take their decision back.
    """

    view: SubmissionView
    history: tuple[Transition, ...]
    campaign: Campaign | None
    pictures: Mapping[Picture, PictureState]
    undoable: bool


@dataclass(frozen=True, slots=True)
class ReviewPicture:
    """One picture's bytes, and the photo it belongs to."""

    bytes: Jpeg = field(repr=False)
    photo_id: str


_KINDS = {Picture.SELFIE: BlobKind.REVIEW_SELFIE, Picture.DRAWING: BlobKind.DRAWING, Picture.THUMB: BlobKind.THUMB}


class OpenDossier:
    """Show one submission whole."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._read = ReadSubmission(database=database)
        self._history = ReadHistory(database=database)

    def __call__(self, reviewer: Reviewer, submission_id: str) -> Dossier:
        """Return it. Raises NotFound, also outside a counsellor's classes."""
        now = self._clock.now()
        view = self._read(reviewer, submission_id)
        with self._database.read() as uow:
            campaign = uow.campaigns.get(view.submission.campaign_id)
            pictures = _pictures(uow, view.photo, now=now)
            superseded = uow.submissions.is_superseded(submission_id)
        return Dossier(
            view=view,
            history=self._history(reviewer, submission_id),
            campaign=campaign,
            pictures=pictures,
            undoable=not superseded and may_undo(view.submission, reviewer, now=now),
        )


class ReadReviewPicture:
    """Hand one picture to a reviewer."""

    def __init__(self, *, database: Database, clock: Clock, blobs: Blobs) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._read = ReadSubmission(database=database)

    def __call__(self, reviewer: Reviewer, submission_id: str, picture: Picture) -> ReviewPicture:
        """Return it; for a small copy that is not there yet, the photo. Raises NotFound, also outside their classes."""
        photo = self._read(reviewer, submission_id).photo
        with self._database.read() as uow:
            files = uow.blobs.of_photo(photo.id)
        key = _key(photo, files, picture, now=self._clock.now())
        if key is None:
            raise NotFound(kind="picture", id=submission_id)
        try:
            return ReviewPicture(bytes=self._blobs.get(key), photo_id=photo.id)
        except BlobMissing as fault:
            raise NotFound(kind="picture", id=submission_id) from fault


def may_undo(submission: Submission, reviewer: Reviewer, *, now: datetime) -> bool:
    """Tell whether an undo would be offered; the services decide when it is asked for."""
    decided = submission.state in {SubmissionState.APPROVED, SubmissionState.RETURNED}
    own = submission.decided_by == reviewer.name and submission.verdict_at is None
    return decided and own and submission.decided_at is not None and now - submission.decided_at <= UNDO_WITHIN


def _key(photo: Photo, files: tuple[BlobRow, ...], picture: Picture, *, now: datetime) -> str | None:
    alive = [row for row in files if row.ends_at > now]
    found = next((row.key for row in alive if row.kind is _KINDS.get(picture)), None)
    if found is None and picture in {Picture.PHOTO, Picture.THUMB}:
        return next((row.key for row in alive if row.key == photo.image_key), None)
    return found


def _pictures(uow: UnitOfWork, photo: Photo, *, now: datetime) -> dict[Picture, PictureState]:
    files = uow.blobs.of_photo(photo.id)
    due = uow.exhibits.get(photo.id)
    selfie_gone = not any(row.key == photo.selfie_key and row.ends_at > now for row in files)
    states: dict[Picture, PictureState] = {}
    for picture in (Picture.PHOTO, Picture.SELFIE, Picture.DRAWING):
        if _key(photo, files, picture, now=now) is not None:
            states[picture] = PictureState.READY
        elif photo.state is PhotoState.ERASED or selfie_gone:
            states[picture] = PictureState.EXPIRED
        elif due is not None and due.state is ExhibitState.PENDING:
            states[picture] = PictureState.WAITING
        else:
            states[picture] = PictureState.MISSING
    return states
