"""Look at a photo: now, or as soon as something has come of it."""

import threading

from api.domain.errors import TooManyWaiters
from api.domain.photo import PhotoState, PhotoView
from api.domain.ports import Clock, Database
from api.services.guards import own_photo
from api.services.queue_place import place

_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _GROWTH = 0.05, 0.2, 1.3
_RETRY_AFTER_S = 2


class ReadPhoto:
    """Show a student's photo as it is now."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str, photo_id: str) -> PhotoView:
        """Return the photo. Raises NotFound."""
        with self._database.read() as uow:
            return place(uow, own_photo(uow, student_id, photo_id))


class ListPhotos:
    """Show a student every photo of theirs that is kept."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, student_id: str) -> tuple[PhotoView, ...]:
        """Return them, newest first; erased ones are nobody's any more."""
        with self._database.read() as uow:
            kept = [photo for photo in uow.photos.of_student(student_id) if photo.state is not PhotoState.ERASED]
            return tuple(place(uow, photo) for photo in reversed(kept))


class AwaitPhoto:
    """Show a student's photo once it is settled, or as it is when the time is up.

    Waiting holds a thread, so places are few: beyond them the asker is sent away at once to poll. The database is
    asked, not Redis: it alone knows, and it is there when Redis is not.
    """

    def __init__(self, *, database: Database, clock: Clock, max_waiters: int) -> None:
        self._read = ReadPhoto(database=database)
        self._clock = clock
        self._places = threading.BoundedSemaphore(max_waiters)

    def __call__(self, student_id: str, photo_id: str, *, seconds: float) -> PhotoView:
        """Return the photo after at most `seconds`. Raises NotFound, TooManyWaiters."""
        view = self._read(student_id, photo_id)
        if view.photo.settled or seconds <= 0:
            return view
        if not self._places.acquire(blocking=False):
            raise TooManyWaiters(retry_after=_RETRY_AFTER_S)
        try:
            return self._wait(view, student_id, until=self._clock.monotonic() + seconds)
        finally:
            self._places.release()

    def _wait(self, view: PhotoView, student_id: str, *, until: float) -> PhotoView:
        pause_s = _FIRST_PAUSE_S
        while not view.photo.settled and (left_s := until - self._clock.monotonic()) > 0:
            self._clock.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * _GROWTH, _LONGEST_PAUSE_S)
            view = self._read(student_id, view.photo.id)
        return view
