"""Remove what has outlived its purpose."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from api.domain.blob import BlobRow
from api.domain.delivery import settled_secrets
from api.domain.errors_storage import StorageUnavailable
from api.domain.photo import erased
from api.domain.ports import Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.work import Purged
from api.services.audit_desk import ForgetStaffTraces
from api.services.erasing import delete_files
from api.services.forget_forms import ForgetForms
from api.services.notices_sweep import SweepNotices

_BATCH = 500
_AWAY = 5
"""So many refusals in a row, and the store is taken to be away until the next purge: each may cost a timeout."""

_ATTEMPTS_KEPT = timedelta(days=1)
_SESSIONS_KEPT = timedelta(days=30)
_MESSAGES_KEPT = timedelta(days=30)
"""Far beyond the five minutes in which a signature is believed, and beyond any retry of the registry's."""


class Purge:
    """Delete expired files, then forms, then what is left of photos without files, then stale sessions and attempts.

    Safe to run at any time and to be killed in the middle: a row goes only after its file is gone. The clock given to
    it and to its parts is the one that refuses to leap (`TrustedClock`): a wrong one would delete everything.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        blobs: Blobs,
        sweep_notices: SweepNotices,
        forget_staff_traces: ForgetStaffTraces,
        forget_forms: ForgetForms,
    ) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._sweep_notices = sweep_notices
        self._forget_staff_traces = forget_staff_traces
        self._forget_forms = forget_forms

    def __call__(self) -> Purged:
        """Return how much was removed.

        Raises ClockAhead before anything is deleted, where the clock cannot be believed; StorageUnavailable, after
        everything else, where files could not be deleted; their rows stay.
        """
        now = self._clock.now()
        files, away = self._files()
        self._sweep_notices.forget()
        self._forget_staff_traces()
        forms = self._forget_forms()
        with self._database.write() as uow:
            bare = uow.photos.settled_without_files(limit=_BATCH)
            for photo in bare:
                uow.media_checks.forget(photo.id)
                uow.exhibits.forget(photo.id)
                uow.review_queue.forget(photo.id)
                uow.photos.swap(erased(photo), state=photo.state, attempt=photo.attempt)
            sessions = uow.sessions.delete_expired(before=now - _SESSIONS_KEPT)
            uow.device_logins.delete_before(now)
            attempts = uow.identity_attempts.delete_before(now - _ATTEMPTS_KEPT)
            _tidy_registries(uow, now=now)
            uow.commit()
        if away is not None:
            raise away
        return Purged(blobs=files, photos=len(bare), sessions=sessions, attempts=attempts, **asdict(forms))

    def _files(self) -> tuple[int, StorageUnavailable | None]:
        """Return how many went, and what kept the rest."""
        count: int = 0
        away: StorageUnavailable | None = None
        while True:
            now = self._clock.now()
            with self._database.read() as uow:
                expired = uow.blobs.expired(now=now, limit=_BATCH)
            gone, fault = self._delete(expired)
            count, away = count + gone, away or fault
            if not gone:
                return count, away

    def _delete(self, expired: Iterable[BlobRow]) -> tuple[int, StorageUnavailable | None]:
        """Delete one by one: a file that cannot be deleted keeps no other; a store that is away is soon let be."""
        gone, refusals = 0, 0
        fault: StorageUnavailable | None = None
        for row in expired:
            try:
                delete_files(self._database, self._blobs, (row.key,))
            except StorageUnavailable as refusal:
                refusals, fault = refusals + 1, refusal
                if refusals == _AWAY:
                    break
            else:
                gone, refusals = gone + 1, 0
        return gone, fault


def _tidy_registries(uow: UnitOfWork, *, now: datetime) -> None:
    """Drop secrets that have ceased to count, and the ids of messages too old for their signature to be believed."""
    for registry in uow.registries.all():
        after = settled_secrets(registry, now=now)
        if after != registry:
            uow.registries.save(after)
    uow.registries.forget_messages(before=now - _MESSAGES_KEPT)
