"""Erase photos: first in the database, in one transaction with whatever asked for it, then in the store.

A crash, or a store that is away, between the two leaves rows whose life has ended; `purge` finishes the work.
"""

from collections.abc import Iterable
from datetime import datetime

from api.domain.delivery import Event
from api.domain.errors_storage import StorageUnavailable
from api.domain.photo import Photo, PhotoState, erased
from api.domain.ports import Blobs, Database
from api.domain.repositories import UnitOfWork
from api.domain.submission import revoked
from api.services.events import owe, owe_end


def erase_photos(uow: UnitOfWork, photos: Iterable[Photo], *, by: str, now: datetime) -> tuple[str, ...]:
    """Mark the photos as erased, take back their live submissions, and return the keys of the files to delete.

    A registry that was told of the photo is told of its end (`photo.revoked`).
    """
    keys: list[str] = []
    for photo in photos:
        if photo.state is PhotoState.ERASED:
            continue
        _revoke_submissions(uow, photo, by=by, now=now)
        uow.photos.swap(erased(photo), state=photo.state, attempt=photo.attempt)
        uow.media_checks.forget(photo.id)
        uow.exhibits.forget(photo.id)
        uow.review_queue.forget(photo.id)
        keys.extend(uow.blobs.expire(photo.id, now=now))
    return tuple(keys)


def delete_files(database: Database, blobs: Blobs, keys: Iterable[str]) -> None:
    """Delete the files, then their rows. Raises StorageUnavailable; the rows that are left are for the next purge."""
    for key in keys:
        blobs.delete(key)
        with database.write() as uow:
            uow.blobs.delete(key)
            uow.commit()


def let_go(database: Database, blobs: Blobs, keys: Iterable[str]) -> None:
    """Delete the files, whose rows have ended, now or, where the store is away, with the next purge.

    For who has done their part: nobody reads the file of an erased photo any more.
    """
    try:
        delete_files(database, blobs, keys)
    except StorageUnavailable:
        return


def _revoke_submissions(uow: UnitOfWork, photo: Photo, *, by: str, now: datetime) -> None:
    for submission in uow.submissions.of_photo(photo.id):
        if submission.state.live:
            after = revoked(submission, by=by, now=now, reason="photo_erased")
            uow.submissions.swap(after, state=submission.state)
            owe(uow, after, Event.REVOKED, now=now)
    owe_end(uow, photo, now=now)
