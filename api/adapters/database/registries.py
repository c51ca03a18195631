"""Registries with their secrets sealed, the messages they sent, and who holds which lease."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import leases, registries, registry_messages
from api.adapters.database.waits import never_meant
from api.domain.circuit import Circuit
from api.domain.delivery import Disabled, Event, Registry
from api.domain.ports import Vault


class SqlRegistries:
    """Receiving school systems."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, registry: Registry) -> None:
        self._connection.execute(insert(registries).values(**self._values(registry)))

    def save(self, registry: Registry) -> None:
        self._connection.execute(
            update(registries).where(registries.c.id == registry.id).values(**self._values(registry))
        )

    def keep_standing(self, registry: Registry) -> None:
        values = self._values(registry)
        self._connection.execute(
            update(registries)
            .where(registries.c.id == registry.id)
            .values({name: values[name] for name in ("failures", "open_until", "disabled_at", "disabled_why")})
        )

    def get(self, registry_id: str) -> Registry | None:
        return next(iter(self._all(select(registries).where(registries.c.id == registry_id))), None)

    def by_name(self, name: str) -> Registry | None:
        return next(iter(self._all(select(registries).where(registries.c.name == name))), None)

    def all(self) -> tuple[Registry, ...]:
        return self._all(select(registries).order_by(registries.c.created_at, registries.c.id))

    def remember_message(self, registry_id: str, message_id: str, *, now: datetime) -> bool:
        known = select(registry_messages.c.taken_at).where(
            registry_messages.c.registry_id == registry_id, registry_messages.c.message_id == message_id
        )
        if self._connection.execute(known).one_or_none() is not None:
            return False
        self._connection.execute(
            insert(registry_messages).values(registry_id=registry_id, message_id=message_id, taken_at=now)
        )
        return True

    def forget_messages(self, *, before: datetime) -> int:
        return self._connection.execute(delete(registry_messages).where(registry_messages.c.taken_at < before)).rowcount

    def _all(self, query: Select[Any]) -> tuple[Registry, ...]:
        return tuple(self._registry(row) for row in self._connection.execute(query))

    def _values(self, registry: Registry) -> dict[str, Any]:
        return {
            "id": registry.id,
            "name": registry.name,
            "url": registry.url,
            "secrets_sealed": seal_json(self._vault, registry.secrets, _context("secrets", registry.id)),
            "answer_secrets_sealed": seal_json(
                self._vault, registry.answer_secrets, _context("answer_secrets", registry.id)
            ),
            "created_at": registry.created_at,
            "disabled_at": registry.disabled_at,
            "embed_photo": registry.embed_photo,
            "failures": registry.circuit.failures,
            "open_until": registry.circuit.open_until,
            "events": None if registry.events is None else sorted(event.value for event in registry.events),
            "disabled_why": registry.disabled_why,
            "secrets_until": registry.secrets_until,
            "answer_secrets_until": registry.answer_secrets_until,
        }

    def _registry(self, row: Row[Any]) -> Registry:
        return Registry(
            id=row.id,
            name=row.name,
            url=row.url,
            secrets=tuple(open_json(self._vault, row.secrets_sealed, _context("secrets", row.id))),
            answer_secrets=tuple(open_json(self._vault, row.answer_secrets_sealed, _context("answer_secrets", row.id))),
            created_at=row.created_at,
            disabled_at=row.disabled_at,
            embed_photo=row.embed_photo,
            circuit=Circuit(failures=row.failures, open_until=row.open_until),
            events=None if row.events is None else frozenset(map(Event, row.events)),
            disabled_why=None if row.disabled_why is None else Disabled(row.disabled_why),
            secrets_until=row.secrets_until,
            answer_secrets_until=row.answer_secrets_until,
        )


class SqlLeases:
    """Named rights held for a while."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, *, holder: str, now: datetime, until: datetime) -> bool:
        free = or_(leases.c.until <= now, leases.c.holder == holder, never_meant(until))
        change = update(leases).where(leases.c.name == name, free).values(holder=holder, until=until)
        if self._connection.execute(change).rowcount == 1:
            return True
        if self._connection.execute(select(leases.c.name).where(leases.c.name == name)).one_or_none() is not None:
            return False
        self._connection.execute(insert(leases).values(name=name, holder=holder, until=until))
        return True

    def release(self, name: str, *, holder: str) -> None:
        self._connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def _context(column: str, registry_id: str) -> str:
    return f"registries.{column}:{registry_id}"
