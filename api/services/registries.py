"""Run the registries: make one known, try it, see what it is owed, send again."""

from dataclasses import replace

from api.domain.circuit import Circuit
from api.domain.delivery import Attempt, Delivery, DeliveryState, Event, Registry, replayed
from api.domain.errors import NotFound
from api.domain.ids import new_id
from api.domain.ports import Bell, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.signing import new_secret
from api.services.events import announce


class AddRegistry:
    """Make a receiving system known."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self,
        name: str,
        *,
        url: str,
        secret: str | None = None,
        answer_secret: str | None = None,
        embed_photo: bool = False,
    ) -> Registry:
        """Return it with its secrets, new ones where none are given."""
        now = self._clock.now()
        registry = Registry(
            id=new_id("rg", now=now),
            name=name,
            url=url,
            secrets=(secret or new_secret(),),
            answer_secrets=(answer_secret or new_secret(),),
            created_at=now,
            embed_photo=embed_photo,
        )
        with self._database.write() as uow:
            uow.registries.add(registry)
            uow.commit()
        return registry


class ListRegistries:
    """Show every registry."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self) -> tuple[Registry, ...]:
        """Return them, oldest first."""
        with self._database.read() as uow:
            return uow.registries.all()


class ChangeRegistry:
    """Change what a registry is sent and where."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, registry_id: str, *, url: str | None = None, embed_photo: bool | None = None) -> Registry:
        """Return it changed; None leaves a thing as it is. Raises NotFound."""
        with self._database.write() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            after = replace(
                registry,
                url=registry.url if url is None else url,
                embed_photo=registry.embed_photo if embed_photo is None else embed_photo,
            )
            uow.registries.save(after)
            uow.commit()
        return after


class PingRegistry:
    """Owe a registry a `registry.ping`, to see whether it receives and verifies."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, registry_id: str) -> Delivery:
        """Return the delivery; its attempts tell what came of it. Raises NotFound."""
        now = self._clock.now()
        with self._database.write() as uow:
            registry = uow.registries.get(registry_id)
            if registry is None:
                raise NotFound(kind="registry", id=registry_id)
            delivery = Delivery(
                id=new_id("dl", now=now),
                registry_id=registry.id,
                event=Event.PING,
                submission_id=None,
                photo_id=None,
                data={"registry": registry.id},
                state=DeliveryState.PENDING,
                created_at=now,
                next_at=now,
            )
            uow.deliveries.add(delivery)
            uow.commit()
        announce(self._bell, (delivery,))
        return delivery


class Replay:
    """Send a delivery again, whatever became of it, with the whole retry table before it.

    A registry that was switched off by its own 410, or is held back for its failures, is asked again: a person
    decided so.
    """

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, delivery_id: str) -> Delivery:
        """Return it as due now; one that is being sent at this moment is left alone. Raises NotFound."""
        now = self._clock.now()
        with self._database.write() as uow:
            before = _delivery(uow, delivery_id)
            if before.state is DeliveryState.SENDING:
                return before
            after = replayed(before, now=now)
            uow.deliveries.swap(after, state=before.state, attempts=before.attempts)
            registry = uow.registries.get(before.registry_id)
            if registry is not None:
                uow.registries.save(replace(registry, disabled_at=None, circuit=Circuit()))
            uow.commit()
        announce(self._bell, (after,))
        return after


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


def _delivery(uow: UnitOfWork, delivery_id: str) -> Delivery:
    found = uow.deliveries.get(delivery_id)
    if found is None:
        raise NotFound(kind="delivery", id=delivery_id)
    return found
