"""What registries are owed, as people look at it: lists, one with its tries, and sending again."""

from dataclasses import dataclass

from api.domain.delivery import Attempt, Delivery, DeliveryState, Registry, enabled, replayed
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ports import Bell, Clock, Database
from api.domain.registry_repositories import DeliveryFilter
from api.domain.repositories import UnitOfWork
from api.services.deeds import Deed, unrecorded
from api.services.events import announce

MOST_AT_ONCE = 2000
"""Deliveries that one batch sends again: about as many as an office waits for at its screen."""

_PART = 100
_SETTLED = frozenset({DeliveryState.DELIVERED, DeliveryState.DEAD})


class Replay:
    """Send a delivery again, whatever became of it, with the whole retry table before it.

    A registry that was switched off by its own 410, or is held back for its failures, is asked again: a person
    decided so. One that a person switched off stays off, and the delivery waits for it.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, delivery_id: str, *, deed: Deed = unrecorded) -> Delivery:
        """Return it as due now; one that is being sent or was cancelled is left alone. Raises NotFound."""
        with self._database.write() as uow:
            before = _delivery(uow, delivery_id)
            after = _again(uow, before, clock=self._clock)
            if after is not before:
                deed(uow, after)
            uow.commit()
        if after is not before:
            announce(self._bell, (after,))
        return after


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a batch did: how many fitted, how many of them are due again. The rest is for another batch."""

    found: int
    again: int


class ReplayMany:
    """Send again everything that fits: dead letters, or what a registry took and lost; at most `most` at once."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell, most: int = MOST_AT_ONCE) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell
        self._most = most

    def __call__(self, wanted: DeliveryFilter, *, deed: Deed = unrecorded) -> Replayed:
        """Return the summary; oldest first. Raises InvalidRequest unless one settled state is asked for.

        In parts, so that students can write meanwhile. Killed in the middle, it has sent some again and not others;
        what is dead still is still found. The deed is put on record with each part.
        """
        if wanted.state not in _SETTLED:
            raise InvalidRequest(reason="state")
        with self._database.read() as uow:
            found = uow.deliveries.count(wanted)
            ids = [one.id for one in reversed(uow.deliveries.page(wanted, before=None, limit=self._most))]
        parts = (ids[start : start + _PART] for start in range(0, len(ids), _PART))
        return Replayed(found, sum(self._part(part, found, deed) for part in parts))

    def _part(self, ids: list[str], found: int, deed: Deed) -> int:
        again: list[Delivery] = []
        with self._database.write() as uow:
            for delivery_id in ids:
                before = uow.deliveries.get(delivery_id)
                if before is not None and before.state in _SETTLED:
                    again.append(_again(uow, before, clock=self._clock))
            deed(uow, Replayed(found, len(again)))
            uow.commit()
        announce(self._bell, again)
        return len(again)


class ListDeliveries:
    """Show what registries are owed, newest first; `state="dead"` are the dead letters."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(
        self, *, registry_id: str | None = None, state: str | None = None, limit: int = 100
    ) -> tuple[Delivery, ...]:
        """Return the deliveries that fit."""
        with self._database.read() as uow:
            return uow.deliveries.find(registry_id=registry_id, state=state, limit=limit)


class ListAttempts:
    """Show every HTTP try at one delivery."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, delivery_id: str) -> tuple[Attempt, ...]:
        """Return them, first try first. Raises NotFound."""
        with self._database.read() as uow:
            _delivery(uow, delivery_id)
            return uow.deliveries.attempts_of(delivery_id)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery, whom it is for, and every try at it, first try first."""

    delivery: Delivery
    registry: Registry
    attempts: tuple[Attempt, ...]

    @property
    def last(self) -> Attempt | None:
        return self.attempts[-1] if self.attempts else None


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some of what fits, newest first, how many fit in all, and after which one to go on; None at the end."""

    views: tuple[DeliveryView, ...]
    found: int
    go_on: str | None


class FindDeliveries:
    """Show deliveries by filter, page by page."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, wanted: DeliveryFilter, *, before: str | None = None, limit: int = 50) -> DeliveryPage:
        """Return a page from after the delivery `before`, an id of an earlier page."""
        with self._database.read() as uow:
            registries = {one.id: one for one in uow.registries.all()}
            found = uow.deliveries.page(wanted, before=before, limit=limit + 1)
            views = tuple(
                DeliveryView(one, registries[one.registry_id], uow.deliveries.attempts_of(one.id))
                for one in found[:limit]
            )
            return DeliveryPage(
                views, uow.deliveries.count(wanted), found[limit - 1].id if len(found) > limit else None
            )

    def campaigns(self) -> tuple[tuple[str, str], ...]:
        """Return what a filter may name, newest first: id and name."""
        with self._database.read() as uow:
            return tuple((one.id, one.name) for one in reversed(uow.campaigns.all()))

    def one(self, delivery_id: str) -> DeliveryView:
        """Return one with its tries. Raises NotFound."""
        with self._database.read() as uow:
            delivery = _delivery(uow, delivery_id)
            registry = uow.registries.get(delivery.registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=delivery.registry_id)
            return DeliveryView(delivery, registry, uow.deliveries.attempts_of(delivery_id))


@dataclass(frozen=True, slots=True)
class RegistryView:
    """A registry, how many deliveries it has in each state, and the latest try at it."""

    registry: Registry
    waiting: int
    delivered: int
    dead: int
    last: Attempt | None


class ShowRegistries:
    """Show registries and how they do."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self) -> tuple[RegistryView, ...]:
        """Return them all, oldest first."""
        with self._database.read() as uow:
            return tuple(_view(uow, one) for one in uow.registries.all())

    def one(self, registry_id: str) -> RegistryView:
        """Return one. Raises NotFound."""
        with self._database.read() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            return _view(uow, registry)

    def dead_letters(self) -> int:
        """Return how many deliveries were given up, over all registries."""
        with self._database.read() as uow:
            return uow.deliveries.count(DeliveryFilter(state=DeliveryState.DEAD))


def _again(uow: UnitOfWork, before: Delivery, *, clock: Clock) -> Delivery:
    """Return the delivery as due now, or as it was where it is on its way or no longer owed."""
    if before.state in {DeliveryState.SENDING, DeliveryState.CANCELLED}:
        return before
    after = replayed(before, now=clock.now())
    uow.deliveries.swap(after, state=before.state, attempts=before.attempts)
    registry = uow.registries.get(before.registry_id)
    if registry is not None and not registry.switched_off and enabled(registry) != registry:
        uow.registries.keep_standing(enabled(registry))
    return after


def _view(uow: UnitOfWork, registry: Registry) -> RegistryView:
    states = uow.deliveries.states(registry_id=registry.id)
    return RegistryView(
        registry=registry,
        waiting=states.get(DeliveryState.PENDING, 0) + states.get(DeliveryState.SENDING, 0),
        delivered=states.get(DeliveryState.DELIVERED, 0),
        dead=states.get(DeliveryState.DEAD, 0),
        last=uow.deliveries.last_of(registry.id),
    )


def _delivery(uow: UnitOfWork, delivery_id: str) -> Delivery:
    found = uow.deliveries.get(delivery_id)
    if found is None:
        raise NotFound(kind="delivery", id=delivery_id)
    return found
