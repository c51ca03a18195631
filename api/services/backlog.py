"""What waits: for an operator who asks whether the installation keeps up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.domain.delivery import DeliveryState
from api.domain.ports import Clock, Database


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts and ages at one moment; ages in seconds, 0 where nothing waits.

    `oldest_queued_s` is how long the first photo in the queue has been allowed to start, `overdue_s` how long the
    first delivery has been due that nobody has begun; deliveries that rest between two tries are not overdue.
    `registries_off` are the names of registries that nothing is sent to.
    """

    queued: int
    oldest_queued_s: float
    deliveries: Mapping[DeliveryState, int]
    overdue_s: float
    registries_off: tuple[str, ...]


class ReadBacklog:
    """Look at what waits. Reads a handful of indexed rows, so that it may be asked every few seconds."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self) -> Backlog:
        now = self._clock.now()
        with self._database.read() as uow:
            photos = uow.photos.due(now=now, limit=1)
            owed = uow.deliveries.due(now=now, limit=1)
            return Backlog(
                queued=uow.photos.count_queued(),
                oldest_queued_s=_age(now, [photo.due_at for photo in photos]),
                deliveries=uow.deliveries.states(registry_id=None),
                overdue_s=_age(now, [delivery.next_at for delivery in owed]),
                registries_off=tuple(one.name for one in uow.registries.all() if one.disabled_at is not None),
            )


def _age(now: datetime, since: list[datetime]) -> float:
    return max(((now - moment).total_seconds() for moment in since), default=0.0)
