"""The outbox: what is owed to registries, and every try."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import deliveries, delivery_attempts, photos, registries, submissions
from api.domain.delivery import Attempt, Delivery, DeliveryState, Event
from api.domain.ports import Vault
from api.domain.registry_repositories import DeliveryFilter


class SqlDeliveries:
    """Deliveries and attempts; the payload, which has a student number in it, is sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, delivery: Delivery) -> None:
        self._connection.execute(insert(deliveries).values(**self._values(delivery)))

    def get(self, delivery_id: str) -> Delivery | None:
        return next(iter(self._all(select(deliveries).where(deliveries.c.id == delivery_id))), None)

    def swap(self, delivery: Delivery, *, state: DeliveryState, attempts: int) -> bool:
        change = (
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state == state.value,
                deliveries.c.attempts == attempts,
            )
            .values(**self._values(delivery))
        )
        return self._connection.execute(change).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[Delivery, ...]:
        query = (
            select(deliveries)
            .join(registries, registries.c.id == deliveries.c.registry_id)
            .where(
                deliveries.c.state == DeliveryState.PENDING.value,
                deliveries.c.next_at <= now,
                registries.c.disabled_at.is_(None),
                or_(registries.c.open_until.is_(None), registries.c.open_until <= now),
            )
        )
        return self._all(query.order_by(deliveries.c.next_at, deliveries.c.id).limit(limit))

    def lease_expired(self, *, now: datetime, limit: int) -> tuple[Delivery, ...]:
        query = select(deliveries).where(
            deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.lease_until <= now
        )
        return self._all(query.order_by(deliveries.c.id).limit(limit))

    def find(self, *, registry_id: str | None, state: str | None, limit: int) -> tuple[Delivery, ...]:
        query = select(deliveries)
        if registry_id is not None:
            query = query.where(deliveries.c.registry_id == registry_id)
        if state is not None:
            query = query.where(deliveries.c.state == state)
        return self._all(query.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc()).limit(limit))

    def page(self, wanted: DeliveryFilter, *, before: str | None, limit: int) -> tuple[Delivery, ...]:
        query = _wanted(select(deliveries), wanted)
        mark = self.get(before) if before is not None else None
        if mark is not None:
            older = and_(deliveries.c.created_at == mark.created_at, deliveries.c.id < mark.id)
            query = query.where(or_(deliveries.c.created_at < mark.created_at, older))
        return self._all(query.order_by(deliveries.c.created_at.desc(), deliveries.c.id.desc()).limit(limit))

    def count(self, wanted: DeliveryFilter) -> int:
        query = _wanted(select(func.count()).select_from(deliveries), wanted)
        return int(self._connection.execute(query).scalar_one())

    def states(self, *, registry_id: str | None) -> Mapping[DeliveryState, int]:
        query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        if registry_id is not None:
            query = query.where(deliveries.c.registry_id == registry_id)
        return {DeliveryState(state): count for state, count in self._connection.execute(query)}

    def last_of(self, registry_id: str) -> Attempt | None:
        query = (
            select(delivery_attempts)
            .join(deliveries, deliveries.c.id == delivery_attempts.c.delivery_id)
            .where(deliveries.c.registry_id == registry_id, delivery_attempts.c.ended_at.is_not(None))
            .order_by(delivery_attempts.c.ended_at.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Attempt(**row_values(row))

    def told_of(self, photo_id: str) -> tuple[Event, ...]:
        undone = and_(deliveries.c.state == DeliveryState.CANCELLED.value, deliveries.c.attempts == 0)
        query = select(deliveries.c.event).where(deliveries.c.photo_id == photo_id, ~undone)
        names = self._connection.execute(query.order_by(deliveries.c.created_at, deliveries.c.id)).scalars()
        return tuple(Event(name) for name in names)

    def of_photo(self, photo_id: str) -> tuple[Delivery, ...]:
        query = select(deliveries).where(deliveries.c.photo_id == photo_id)
        return self._all(query.order_by(deliveries.c.created_at, deliveries.c.id))

    def add_attempt(self, attempt: Attempt) -> None:
        self._connection.execute(insert(delivery_attempts).values(**asdict(attempt)))

    def save_attempt(self, attempt: Attempt) -> None:
        self._connection.execute(
            update(delivery_attempts).where(delivery_attempts.c.id == attempt.id).values(**asdict(attempt))
        )

    def attempts_of(self, delivery_id: str) -> tuple[Attempt, ...]:
        query = select(delivery_attempts).where(delivery_attempts.c.delivery_id == delivery_id)
        rows = self._connection.execute(query.order_by(delivery_attempts.c.number))
        return tuple(Attempt(**row_values(row)) for row in rows)

    def _all(self, query: Select[Any]) -> tuple[Delivery, ...]:
        return tuple(self._delivery(row) for row in self._connection.execute(query))

    def _values(self, delivery: Delivery) -> dict[str, Any]:
        values = {**asdict(delivery), "event": delivery.event.value, "state": delivery.state.value}
        data = values.pop("data")
        return values | {"data_sealed": seal_json(self._vault, data, _data(delivery.id))}

    def _delivery(self, row: Row[Any]) -> Delivery:
        values = row_values(row)
        data = open_json(self._vault, values.pop("data_sealed"), _data(row.id))
        return Delivery(
            **{**values, "event": Event(row.event), "state": DeliveryState(row.state), "data": data},
        )


def _data(delivery_id: str) -> str:
    return f"deliveries.data:{delivery_id}"


def _wanted(query: Select[Any], wanted: DeliveryFilter) -> Select[Any]:
    if wanted.state is not None:
        query = query.where(deliveries.c.state == wanted.state.value)
    if wanted.registry_id is not None:
        query = query.where(deliveries.c.registry_id == wanted.registry_id)
    if wanted.event is not None:
        query = query.where(deliveries.c.event == wanted.event.value)
    return query if wanted.campaign_id is None else query.where(_of_campaign(wanted.campaign_id))


def _of_campaign(campaign_id: str) -> Any:
    """Tell a campaign's deliveries: by the submission, or by the photo where there is none yet. Pings have neither."""
    submitted = select(submissions.c.id).where(submissions.c.campaign_id == campaign_id)
    made = select(photos.c.id).where(photos.c.campaign_id == campaign_id)
    return or_(
        deliveries.c.submission_id.in_(submitted),
        and_(deliveries.c.submission_id.is_(None), deliveries.c.photo_id.in_(made)),
    )
