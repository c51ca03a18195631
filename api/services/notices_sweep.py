"""The sweeper's part for WeChat: leases put right, campaigns that close told of, bells rung, the settled forgotten."""

from datetime import timedelta

from api.domain import notice as notices
from api.domain.errors import QueueUnavailable
from api.domain.ports import Bell, Clock, Database
from api.domain.work import Ring, Work
from api.services.notices import TellClosing

_BATCH = 1000
_KEPT = timedelta(days=30)
_PUSHES_KEPT = timedelta(days=2)
"""Longer than any message is fresh enough to be taken again."""


class SweepNotices:
    """Look over notices and pushes once; the caller holds the sweeper's lease."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell, tell_closing: TellClosing) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._tell_closing = tell_closing

    def __call__(self) -> tuple[int, int, int]:
        """Return how many bells were rung: for notices, for pushes, for photos to be looked at."""
        self._release()
        self._tell_closing()
        now = self._clock.now()
        with self._database.read() as uow:
            owed = uow.notices.due(now=now, limit=_BATCH)
            waiting = uow.pushes.due(now=now, limit=_BATCH)
            unseen = uow.media_checks.due(now=now, limit=_BATCH)
        try:
            return (
                self._ring(tuple(Ring(Work.NOTIFY, one.id, one.attempts + 1) for one in owed), Work.NOTIFY),
                self._ring(tuple(Ring(Work.PUSH, one.id, one.attempts + 1) for one in waiting), Work.PUSH),
                self._ring(
                    tuple(Ring(Work.MEDIA_CHECK, one.photo_id, one.attempts + 1) for one in unseen), Work.MEDIA_CHECK
                ),
            )
        except QueueUnavailable:
            return 0, 0, 0

    def forget(self) -> int:
        """Delete what is long settled; return how many notices went."""
        now = self._clock.now()
        with self._database.write() as uow:
            count = uow.notices.delete_settled(before=now - _KEPT)
            uow.pushes.delete_old(settled_before=now - _PUSHES_KEPT, received_before=now - _KEPT)
            uow.commit()
        return count

    def _release(self) -> None:
        now = self._clock.now()
        with self._database.read() as uow:
            if not uow.notices.lease_expired(now=now, limit=1):
                return
        with self._database.write() as uow:
            for found in uow.notices.lease_expired(now=now, limit=_BATCH):
                uow.notices.swap(notices.postponed(found, until=now), state=found.state, attempts=found.attempts)
            uow.commit()

    def _ring(self, rings: tuple[Ring, ...], work: Work) -> int:
        if not rings:
            return 0
        waiting = self._bell.waiting(work)
        missing = [ring for ring in rings if ring.id not in waiting]
        for ring in missing:
            self._bell.ring(ring)
        return len(missing)
