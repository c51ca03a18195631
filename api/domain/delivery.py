"""What is owed to a registry: one delivery per event, one attempt per HTTP try.

pending → sending → delivered | pending again (later) | dead; cancelled when what it tells of is undone before any try,
or when the registry is told something later of the same photo that it must not arrive behind.
The id of a delivery is the `webhook-id` of all its attempts, so that a registry that saw it twice knows it.
"""

from collections.abc import Iterable, Mapping
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


ALWAYS = frozenset({Event.REVOKED, Event.PING})
"""What every registry is sent: it must delete what it holds, and a test is asked for by a person."""


class Disabled(StrEnum):
    """Why nothing is sent to a registry: it answered 410 Gone, or a person switched it off."""

    GONE = "gone"
    PERSON = "person"


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    DELIVERED = "delivered"
    DEAD = "dead"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Registry:
    """A receiving school system.

    `secrets` sign what we send, newest first; during a rotation there are two, and at `secrets_until` the older ceases
    to count. `answer_secrets` are the registry's own, for what it sends us, likewise. `disabled_at` is set while
    nothing is sent, `disabled_why` says why. With `embed_photo` events carry the JPEG itself. `events` are the kinds it
    takes, None for all. `circuit` holds events back while the registry is down.
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
    events: frozenset[Event] | None = None
    disabled_why: Disabled | None = None
    secrets_until: datetime | None = None
    answer_secrets_until: datetime | None = None

    def signing(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that sign what we send now, newest first."""
        return _counting(self.secrets, self.secrets_until, now)

    def answering(self, now: datetime) -> tuple[str, ...]:
        """Return the secrets that open what the registry sends us now, newest first."""
        return _counting(self.answer_secrets, self.answer_secrets_until, now)

    def takes(self, event: Event) -> bool:
        """Tell whether the registry wants this kind of event."""
        return event in ALWAYS or self.events is None or event in self.events

    @property
    def switched_off(self) -> bool:
        """Tell whether a person disabled it: then only a person enables it again."""
        return self.disabled_at is not None and self.disabled_why is Disabled.PERSON


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


def disabled(registry: Registry, why: Disabled, *, now: datetime) -> Registry:
    """Return the registry as it is left in peace; who was disabled before stays so, for the reason it was."""
    if registry.disabled_at is not None and why is Disabled.GONE:
        return registry
    return replace(registry, disabled_at=registry.disabled_at or now, disabled_why=why)


def enabled(registry: Registry) -> Registry:
    """Return the registry as it is asked again, at once and for everything."""
    return replace(registry, disabled_at=None, disabled_why=None, circuit=Circuit())


def settled_secrets(registry: Registry, *, now: datetime) -> Registry:
    """Return the registry without the secrets that have ceased to count."""
    sent_over, answers_over = (
        until is not None and until <= now for until in (registry.secrets_until, registry.answer_secrets_until)
    )
    return replace(
        registry,
        secrets=registry.signing(now),
        answer_secrets=registry.answering(now),
        secrets_until=None if sent_over else registry.secrets_until,
        answer_secrets_until=None if answers_over else registry.answer_secrets_until,
    )


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


def cancelled(delivery: Delivery, *, now: datetime) -> Delivery:
    """Return the delivery as no longer owed: what it tells of was undone, or overtaken by what came after."""
    return replace(delivery, state=DeliveryState.CANCELLED, lease_until=None, settled_at=now)


def overtaken(delivery: Delivery, others: Iterable[Delivery]) -> bool:
    """Tell whether it must not be sent any more, for it would arrive behind what undoes it.

    A registry that is told of a photo after its end would keep it for good, and one that is told of an end after the
    next approval would throw the photo away. `others` are the photo's deliveries. An approval overtakes an end only
    once it was tried: until then the end is sent first.
    """
    later = [one for one in others if _before(delivery, one)]
    if delivery.event is Event.REVOKED:
        return any(one.event is Event.APPROVED and one.attempts > 0 for one in later)
    return any(one.event is Event.REVOKED and one.state is not DeliveryState.CANCELLED for one in later)


def must_wait(delivery: Delivery, others: Iterable[Delivery]) -> bool:
    """Tell whether something earlier is on its way that it must not arrive before: an end, or what it ends itself."""
    ends = delivery.event is Event.REVOKED
    earlier = (one for one in others if _before(one, delivery) and (ends or one.event is Event.REVOKED))
    return any(one.state is DeliveryState.SENDING for one in earlier)


def _before(one: Delivery, other: Delivery) -> bool:
    """Tell whether one happened before the other, for the same registry and in the same campaign."""
    return _line_of(one) == _line_of(other) and (one.created_at, one.id) < (other.created_at, other.id)


def _line_of(delivery: Delivery) -> tuple[str, str | None]:
    return delivery.registry_id, delivery.data.get("campaign", {}).get("id")


def replayed(delivery: Delivery, *, now: datetime) -> Delivery:
    """Return the delivery as due now, with the whole retry table before it again."""
    return replace(delivery, state=DeliveryState.PENDING, tries=0, lease_until=None, next_at=now, settled_at=None)


def _counting(secrets: tuple[str, ...], until: datetime | None, now: datetime) -> tuple[str, ...]:
    return secrets if until is None or now < until else secrets[:1]
