"""Put back what was lost: leases nobody will finish, bells nobody heard, deliveries whose time has come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from api.domain import delivery as deliveries
from api.domain.delivery import Delivery
from api.domain.errors import QueueUnavailable
from api.domain.photo import Photo, PhotoState, released
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.work import Ring, Swept, Work
from api.services.notices_sweep import SweepNotices

_BATCH = 1000
_NAME = "sweep"


class Sweep:
    """Look over the whole house once.

    One process at a time, by a lease in the database: Redis may be the very thing that was lost. With Redis away the
    leases are still put right; the bells ring on a later sweep.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        bell: Bell,
        holder: str,
        lease_s: float,
        sweep_notices: SweepNotices,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._holder = holder
        self._lease = timedelta(seconds=lease_s)
        self._sweep_notices = sweep_notices

    def __call__(self) -> Swept:
        """Return what was done; `skipped` when another process was at it."""
        if not self._take():
            return Swept(skipped=True)
        try:
            pulled_back = self._pull_back()
            back, failed = self._release_photos()
            returned = self._release_deliveries()
            photos_rung, deliveries_rung = self._ring()
            notices_rung, pushes_rung, media_checks_rung = self._sweep_notices()
            exhibits_rung = self._ring_exhibits()
        finally:
            self._give_back()
        return Swept(
            photos_released=back,
            photos_failed=failed,
            photos_rung=photos_rung,
            deliveries_released=returned,
            deliveries_rung=deliveries_rung,
            notices_rung=notices_rung,
            pushes_rung=pushes_rung,
            media_checks_rung=media_checks_rung,
            exhibits_rung=exhibits_rung,
            pulled_back=pulled_back,
        )

    def after_death(self, place: str) -> int:
        """Put back the photos of a worker that died in `place`, without waiting for its lease; return how many.

        Whoever calls this must know that the worker is dead: who starts in a place that only ever holds one process
        does. Should it live after all, its result counts for nothing, as after a lease that ran out.
        """
        with self._database.read() as uow:
            if not uow.photos.held_by(place):
                return 0
        with self._database.write() as uow:
            back, failed = self._release(uow, uow.photos.held_by(place), now=self._clock.now())
            uow.commit()
        self._ring()
        return back + failed

    def _take(self) -> bool:
        now = self._clock.now()
        with self._database.write() as uow:
            taken = uow.leases.take(_NAME, holder=self._holder, now=now, until=now + self._lease)
            uow.commit()
        return taken

    def _give_back(self) -> None:
        with self._database.write() as uow:
            uow.leases.release(_NAME, holder=self._holder)
            uow.commit()

    def _pull_back(self) -> int:
        """End the waits that were set while a clock ran ahead: whoever queued then would wait for that time."""
        now = self._clock.now()
        with self._database.read() as uow:
            if not uow.waits.unbelievable(now=now):
                return 0
        with self._database.write() as uow:
            count = uow.waits.pull_back(now=now)
            uow.commit()
        return count

    def _release_photos(self) -> tuple[int, int]:
        now = self._clock.now()
        with self._database.read() as uow:
            if not uow.photos.lease_expired(now=now, limit=1):
                return 0, 0
        with self._database.write() as uow:
            done = self._release(uow, uow.photos.lease_expired(now=now, limit=_BATCH), now=now)
            uow.commit()
        return done

    def _release(self, uow: UnitOfWork, lost: Iterable[Photo], *, now: datetime) -> tuple[int, int]:
        """Return how many were queued again and how many given up."""
        back, failed = 0, 0
        for photo in lost:
            after = released(photo, now=now, code="worker_lost")
            if uow.photos.swap(after, state=PhotoState.RENDERING, attempt=photo.attempt):
                back += after.state is PhotoState.QUEUED
                failed += after.state is PhotoState.FAILED
        return back, failed

    def _release_deliveries(self) -> int:
        now = self._clock.now()
        with self._database.read() as uow:
            if not uow.deliveries.lease_expired(now=now, limit=1):
                return 0
        count = 0
        with self._database.write() as uow:
            for found in uow.deliveries.lease_expired(now=now, limit=_BATCH):
                after = deliveries.postponed(found, until=now)
                count += uow.deliveries.swap(after, state=found.state, attempts=found.attempts)
            uow.commit()
        return count

    def _ring(self) -> tuple[int, int]:
        now = self._clock.now()
        with self._database.read() as uow:
            photos = uow.photos.due(now=now, limit=_BATCH)
            owed = uow.deliveries.due(now=now, limit=_BATCH)
        try:
            photos_rung = self._ring_missing(Work.RENDER, _photo_rings(photos))
            return photos_rung, self._ring_missing(Work.DELIVER, _delivery_rings(owed))
        except QueueUnavailable:
            return 0, 0

    def _ring_exhibits(self) -> int:
        with self._database.read() as uow:
            owed = uow.exhibits.due(now=self._clock.now(), limit=_BATCH)
        try:
            rings = tuple(Ring(Work.EXHIBIT, one.photo_id, one.attempts + 1) for one in owed)
            return self._ring_missing(Work.EXHIBIT, rings)
        except QueueUnavailable:
            return 0

    def _ring_missing(self, work: Work, rings: tuple[Ring, ...]) -> int:
        if not rings:
            return 0
        waiting = self._bell.waiting(work)
        missing = [ring for ring in rings if ring.id not in waiting]
        for ring in missing:
            self._bell.ring(ring)
        return len(missing)


def _photo_rings(photos: Iterable[Photo]) -> tuple[Ring, ...]:
    return tuple(Ring(Work.RENDER, photo.id, photo.attempt + 1) for photo in photos)


def _delivery_rings(owed: Iterable[Delivery]) -> tuple[Ring, ...]:
    return tuple(Ring(Work.DELIVER, found.id, found.attempts + 1) for found in owed)
