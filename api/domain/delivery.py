"""What is owed to a registry: one delivery per event, one attempt per HTTP try.

pending → sending → delivered | pending again (later) | dead. The id of a delivery is the `webhook-id` of all its
attempts, so that a registry that saw it twice knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from api.domain.circuit import Circuit

GONE = 410


class Event(StrEnum):
    READY = "photo.ready"
    SUBMITTED = "photo.submitted"
    APPROVED = "photo.approved"
    REVOKED = "photo.revoked"
    PING = "registry.ping"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Registry:
    """A receiving school system.

    `secrets` sign what we send, newest first; during a rotation there are two. `answer_secrets` are the registry's
    own, for what it sends us. `disabled_at` is set when it answered 410 Gone. With `embed_photo` events carry the JPEG
    itself. `circuit` holds events back while the registry is down.
    """

    id: str
    name: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    answer_secrets: tuple[str, ...] = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None
    embed_photo: bool = False
    circuit: Circuit = field(default_factory=Circuit)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event owed to one registry.

    `attempts` counts every HTTP try ever made; `tries` those since the last manual replay, which is what the retry
    table counts. `data` is the payload without the pull URL, which is made fresh for each attempt.
    """

    id: str
    registry_id: str
    event: Event
    submission_id: str | None
    photo_id: str | None
    data: Mapping[str, Any]
    state: DeliveryState
    created_at: datetime
    next_at: datetime
    attempts: int = 0
    tries: int = 0
    lease_until: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one HTTP try. `status` is None when there was no answer; `error` then says why, without secrets."""

    status: int | None
    retry_after_s: float | None
    error: str | None
    elapsed_ms: float

    @property
    def accepted(self) -> bool:
        """2xx alone is success: a redirect is not followed, for it would carry a signed message elsewhere."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == GONE


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP try. Written before sending with no answer, completed after: a crash between leaves a trace."""

    id: str
    delivery_id: str
    number: int
    started_at: datetime
    ended_at: datetime | None = None
    status: int | None = None
    error: str | None = None
    elapsed_ms: float | None = None


def claimed(delivery: Delivery, *, now: datetime, lease_s: float) -> Delivery:
    """Return the delivery as its next sender holds it."""
    return replace(
        delivery,
        state=DeliveryState.SENDING,
        attempts=delivery.attempts + 1,
        tries=delivery.tries + 1,
        lease_until=now + timedelta(seconds=lease_s),
    )


def delivered(delivery: Delivery, *, now: datetime) -> Delivery:
    """Return the delivery as received by the registry."""
    return replace(delivery, state=DeliveryState.DELIVERED, lease_until=None, settled_at=now)


def postponed(delivery: Delivery, *, until: datetime) -> Delivery:
    """Return the delivery as waiting for its next try."""
    return replace(delivery, state=DeliveryState.PENDING, lease_until=None, next_at=until)


def dead(delivery: Delivery, *, now: datetime) -> Delivery:
    """Return the delivery as given up, to be seen and replayed by a person."""
    return replace(delivery, state=DeliveryState.DEAD, lease_until=None, settled_at=now)


def replayed(delivery: Delivery, *, now: datetime) -> Delivery:
    """Return the delivery as due now, with the whole retry table before it again."""
    return replace(delivery, state=DeliveryState.PENDING, tries=0, lease_until=None, next_at=now, settled_at=None)
