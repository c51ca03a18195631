"""Run the registries: make one known, change it, switch it off and on, try it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from api.domain.delivery import ALWAYS, Delivery, DeliveryState, Disabled, Event, Registry, disabled, enabled
from api.domain.errors import InvalidRequest, NotFound
from api.domain.ids import new_id
from api.domain.ports import Bell, Clock, Database, RegistryPost
from api.domain.repositories import UnitOfWork
from api.domain.signing import new_secret
from api.services.deeds import Deed, unrecorded
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
        events: frozenset[Event] | None = None,
        deed: Deed = unrecorded,
    ) -> Registry:
        """Return it with its secrets, new ones where none are given. Raises Conflict for a name that is taken."""
        now = self._clock.now()
        registry = Registry(
            id=new_id("rg", now=now),
            name=name,
            url=url,
            secrets=(secret or new_secret(),),
            answer_secrets=(answer_secret or new_secret(),),
            created_at=now,
            embed_photo=embed_photo,
            events=_wanted(events),
        )
        with self._database.write() as uow:
            uow.registries.add(registry)
            deed(uow, registry)
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


class CheckEndpoint:
    """Look whether events may go to an address, before anyone relies on it."""

    def __init__(self, *, post: RegistryPost) -> None:
        self._post = post

    def __call__(self, url: str) -> None:
        """Return where they may; nothing is sent. Raises EndpointRefused with the reason."""
        self._post.check(url)


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """What to change of a registry; None leaves a thing as it is. `events` with every kind means all, for ever."""

    name: str | None = None
    url: str | None = None
    embed_photo: bool | None = None
    events: frozenset[Event] | None = None


class ChangeRegistry:
    """Change what a registry is called, what it is sent and where."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def __call__(self, registry_id: str, *, url: str | None = None, embed_photo: bool | None = None) -> Registry:
        """Return it changed; None leaves a thing as it is. Raises NotFound."""
        return self.apply(registry_id, RegistryChange(url=url, embed_photo=embed_photo))

    def apply(self, registry_id: str, change: RegistryChange, *, deed: Deed = unrecorded) -> Registry:
        """Return it changed. Raises NotFound, and Conflict for a name that is taken."""
        with self._database.write() as uow:
            before = _registry(uow, registry_id)
            after = replace(
                before,
                name=before.name if change.name is None else change.name,
                url=before.url if change.url is None else change.url,
                embed_photo=before.embed_photo if change.embed_photo is None else change.embed_photo,
                events=before.events if change.events is None else _wanted(change.events),
            )
            uow.registries.save(after)
            deed(uow, after)
            uow.commit()
        return after


class SwitchRegistry:
    """Leave a registry in peace, or ask it again. What it is owed waits meanwhile; nothing is lost."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def off(self, registry_id: str, *, deed: Deed = unrecorded) -> Registry:
        """Return it disabled by a person's will: a replay alone does not enable it. Raises NotFound."""
        return self._save(registry_id, lambda found: disabled(found, Disabled.PERSON, now=self._clock.now()), deed)

    def on(self, registry_id: str, *, deed: Deed = unrecorded) -> Registry:
        """Return it enabled, its circuit closed: what is due goes out at the next sweep. Raises NotFound."""
        return self._save(registry_id, enabled, deed)

    def _save(self, registry_id: str, change: Callable[[Registry], Registry], deed: Deed) -> Registry:
        with self._database.write() as uow:
            after = change(_registry(uow, registry_id))
            uow.registries.keep_standing(after)
            deed(uow, after)
            uow.commit()
        return after


class PingRegistry:
    """Owe a registry a `registry.ping`, to see whether it receives and verifies."""

    def __init__(self, *, database: Database, clock: Clock, bell: Bell) -> None:
        self._database = database
        self._clock = clock
        self._bell = bell

    def __call__(self, registry_id: str, *, deed: Deed = unrecorded) -> Delivery:
        """Return the delivery; its attempts tell what came of it.

        Raises NotFound, and InvalidRequest for a disabled registry, which nothing is sent to.
        """
        now = self._clock.now()
        with self._database.write() as uow:
            registry = _registry(uow, registry_id)
            if registry.disabled_at is not None:
                raise InvalidRequest(reason="the registry is disabled")
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
            deed(uow, delivery)
            uow.commit()
        announce(self._bell, (delivery,))
        return delivery


def _registry(uow: UnitOfWork, registry_id: str) -> Registry:
    found = uow.registries.get(registry_id)
    if found is None:
        raise NotFound(kind="registry", id=registry_id)
    return found


def _wanted(events: frozenset[Event] | None) -> frozenset[Event] | None:
    """Return what to keep: a choice of every kind is no choice, and later kinds belong to it."""
    if events is None or events | ALWAYS == frozenset(Event):
        return None
    return events - ALWAYS
