"""Make the pictures that reviewers look at: owed with a submission, drawn by the photo service when it has time."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from api.domain.blob import BlobKind, BlobRow
from api.domain.errors import BlobMissing, RendererAway
from api.domain.errors_storage import StorageUnavailable
from api.domain.exhibit import ExhibitDue, ExhibitState, claimed, given_up, made
from api.domain.photo import Photo, PhotoState
from api.domain.ports import Blobs, Clock, Database, Renderer
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.services.erasing import let_go
from photo_service.contract import Exhibit, PhotoServiceError

TRIES = 3
"""As with photos: a selfie that kills the worker this often is let be."""
LEASE_S = 60
_AWAY = timedelta(seconds=30)
_WRITING = timedelta(hours=1)
"""Life of a file whose row was never finished: a crash leaves nothing for long."""


def owe_exhibit(uow: UnitOfWork, submission: Submission, *, now: datetime) -> None:
    """Owe the pictures of a submission's photo, in its own transaction; the sweeper rings for them."""
    uow.exhibits.add(ExhibitDue(submission.photo_id, ExhibitState.PENDING, next_at=now))


class MakeExhibit:
    """Make the pictures of one photo.

    Selfie and drawing show the student's own file, so they end when it does; the small copy ends with the photo.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        blobs: Blobs,
        renderer: Renderer,
        report_crash: Callable[[str, Exception], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._renderer = renderer
        self._report_crash = report_crash

    def __call__(self, photo_id: str) -> ExhibitDue | None:
        """Return the row after the try, None when it was not due or the photo is gone."""
        claim = self._claim(photo_id)
        if claim is None:
            return None
        held, photo = claim
        if held.state is ExhibitState.GIVEN_UP:
            return held
        try:
            selfie = self._blobs.get(photo.selfie_key)
            pictures = self._renderer.exhibit(selfie, spec=photo.spec, background=photo.background)
        except (BlobMissing, PhotoServiceError):
            return self._record(held, given_up(held))
        except (RendererAway, StorageUnavailable):
            return self._record(held, self._later(held))
        except Exception as fault:  # noqa: BLE001 - whatever a renderer throws, the photo can be reviewed all the same
            self._report_crash(photo_id, fault)
            return self._record(held, given_up(held)) if held.attempts >= TRIES else held
        return self._store(held, photo, pictures)

    def _claim(self, photo_id: str) -> tuple[ExhibitDue, Photo] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found, photo = uow.exhibits.get(photo_id), uow.photos.get(photo_id)
            if found is None or found.state is not ExhibitState.PENDING or found.next_at > now:
                return None
            if photo is None or photo.state is not PhotoState.READY:
                uow.exhibits.forget(photo_id)
                uow.commit()
                return None
            spent = found.attempts >= TRIES
            held = given_up(found) if spent else claimed(found, until=now + timedelta(seconds=LEASE_S))
            uow.exhibits.swap(held, state=found.state, attempts=found.attempts)
            uow.commit()
        return held, photo

    def _store(self, held: ExhibitDue, photo: Photo, pictures: Exhibit) -> ExhibitDue | None:
        """Write rows of a short life, then the files, then keep them: nothing is ever without an end."""
        files = tuple(_files(photo, held.attempts, pictures))
        self._begin(photo, files)
        try:
            for key, _, data in files:
                self._blobs.put(key, data)
        except StorageUnavailable:
            return self._record(held, self._later(held))
        after = made(held)
        with self._database.write() as uow:
            won = uow.exhibits.swap(after, state=held.state, attempts=held.attempts)
            if won:
                _keep(uow, photo, files)
                uow.commit()
        if not won:  # erased meanwhile, which forgets the row
            let_go(self._database, self._blobs, (key for key, _, _ in files))
            return None
        return after

    def _begin(self, photo: Photo, files: tuple[tuple[str, BlobKind, bytes], ...]) -> None:
        """Write the rows; those of a try that a store which was away cut short are there already."""
        now = self._clock.now()
        with self._database.write() as uow:
            begun = {row.key for row in uow.blobs.of_photo(photo.id)}
            for key, kind, data in files:
                if key in begun:
                    uow.blobs.keep(key, until=now + _WRITING)
                else:
                    uow.blobs.add(BlobRow(key, photo.student_id, photo.id, kind, len(data), now, now + _WRITING))
            uow.commit()

    def _later(self, held: ExhibitDue) -> ExhibitDue:
        """Return the row as due again in a while, through no fault of its own."""
        return replace(held, attempts=held.attempts - 1, next_at=self._clock.now() + _AWAY)

    def _record(self, held: ExhibitDue, after: ExhibitDue) -> ExhibitDue | None:
        with self._database.write() as uow:
            won = uow.exhibits.swap(after, state=held.state, attempts=held.attempts)
            uow.commit()
        return after if won else None


def _files(photo: Photo, attempt: int, pictures: Exhibit) -> Iterator[tuple[str, BlobKind, bytes]]:
    yield f"review/{photo.id}-{attempt}-selfie", BlobKind.REVIEW_SELFIE, pictures.selfie
    yield f"review/{photo.id}-{attempt}-drawing", BlobKind.DRAWING, pictures.drawing
    if pictures.thumb is not None:
        yield f"review/{photo.id}-{attempt}-thumb", BlobKind.THUMB, pictures.thumb


def _keep(uow: UnitOfWork, photo: Photo, files: tuple[tuple[str, BlobKind, bytes], ...]) -> None:
    """Give each file the end of the one it was made from; without that one it goes within the hour."""
    ends = {row.key: row.ends_at for row in uow.blobs.of_photo(photo.id)}
    for key, kind, _ in files:
        source = photo.image_key if kind is BlobKind.THUMB else photo.selfie_key
        if source in ends:
            uow.blobs.keep(key, until=ends[source])
