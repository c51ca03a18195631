"""What is kept of registries and of what they are owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.domain.delivery import Attempt, Delivery, DeliveryState, Event, Registry


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries are wanted; None asks for all."""

    state: DeliveryState | None = None
    registry_id: str | None = None
    campaign_id: str | None = None
    event: Event | None = None


class Registries(Protocol):
    def add(self, registry: Registry) -> None: ...
    def save(self, registry: Registry) -> None: ...
    def keep_standing(self, registry: Registry) -> None:
        """Keep only how a registry does: its circuit, and whether it is disabled.

        What delivers must not write back a secret or an address that a person changes at the same moment.
        """
        ...

    def get(self, registry_id: str) -> Registry | None: ...
    def by_name(self, name: str) -> Registry | None: ...
    def all(self) -> tuple[Registry, ...]: ...
    def remember_message(self, registry_id: str, message_id: str, *, now: datetime) -> bool:
        """Note that a message of the registry was taken; False when it had been taken before."""
        ...

    def forget_messages(self, *, before: datetime) -> int:
        """Forget the messages that were taken before; return how many."""
        ...


class Deliveries(Protocol):
    def add(self, delivery: Delivery) -> None: ...
    def get(self, delivery_id: str) -> Delivery | None: ...
    def swap(self, delivery: Delivery, *, state: DeliveryState, attempts: int) -> bool:
        """Replace the delivery if it still is in this state at this number of attempts."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Return pending deliveries whose time has come, of registries neither disabled nor held back, oldest first."""
        ...

    def told_of(self, photo_id: str) -> tuple[Event, ...]:
        """Return the events that were ever owed about a photo, oldest first, without those undone before any try."""
        ...

    def of_photo(self, photo_id: str) -> tuple[Delivery, ...]: ...

    def lease_expired(self, *, now: datetime, limit: int) -> tuple[Delivery, ...]: ...
    def find(self, *, registry_id: str | None, state: str | None, limit: int) -> tuple[Delivery, ...]: ...
    def page(self, wanted: DeliveryFilter, *, before: str | None, limit: int) -> tuple[Delivery, ...]:
        """Return what fits, newest first, from after the delivery `before`, an id of an earlier page."""
        ...

    def count(self, wanted: DeliveryFilter) -> int:
        """Return how many fit."""
        ...

    def states(self, *, registry_id: str | None) -> Mapping[DeliveryState, int]:
        """Return how many there are in each state."""
        ...

    def last_of(self, registry_id: str) -> Attempt | None:
        """Return the latest ended try at a registry."""
        ...

    def add_attempt(self, attempt: Attempt) -> None: ...
    def save_attempt(self, attempt: Attempt) -> None: ...
    def attempts_of(self, delivery_id: str) -> tuple[Attempt, ...]: ...
