"""Send one owed event to its registry, once at a time, each try on record before it is made."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from api.domain.delivery import (
    Answer,
    Attempt,
    Delivery,
    DeliveryState,
    Disabled,
    Event,
    Registry,
    cancelled,
    claimed,
    dead,
    delivered,
    disabled,
    must_wait,
    overtaken,
    postponed,
)
from api.domain.errors import BlobMissing
from api.domain.errors_storage import StorageUnavailable
from api.domain.ids import new_id
from api.domain.photo import Photo, PhotoState
from api.domain.ports import Blobs, Clock, Database, RegistryPost, Vault
from api.domain.repositories import UnitOfWork
from api.domain.retry import next_try
from api.domain.signing import headers
from api.services.pull_links import pull_token

_STORE_AWAY = timedelta(minutes=1)


class Deliver:
    """Make the next try at one delivery."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        vault: Vault,
        blobs: Blobs,
        post: RegistryPost,
        public_url: str,
        lease_s: float,
        schedule_s: Sequence[float],
        jitter: Callable[[], float],
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._blobs = blobs
        self._post = post
        self._public_url = public_url.rstrip("/")
        self._lease_s = lease_s
        self._schedule_s = schedule_s
        self._jitter = jitter

    def __call__(self, delivery_id: str) -> Delivery | None:
        """Return the delivery after the try, None when it was not due or not ours to send.

        A crash between sending and recording sends again after the lease: at least once, always under the same
        `webhook-id`, so that the registry can tell.
        """
        claim = self._claim(delivery_id)
        if claim is None:
            return None
        held, registry, attempt = claim
        try:
            body = self._body(held, registry, now=attempt.started_at)
        except StorageUnavailable as fault:
            return self._put_off(held, attempt, fault)
        sent_at = int(attempt.started_at.timestamp())
        signed = headers(registry.signing(attempt.started_at), message_id=held.id, sent_at=sent_at, body=body)
        answer = self._post.post(registry.url, headers={**signed, "content-type": "application/json"}, body=body)
        return self._record(held, registry, attempt, answer)

    def _claim(self, delivery_id: str) -> tuple[Delivery, Registry, Attempt] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.deliveries.get(delivery_id)
            if found is None or found.state is not DeliveryState.PENDING or found.next_at > now:
                return None
            registry = uow.registries.get(found.registry_id)
            if registry is None or not _may_send(found, registry, now=now) or not _in_turn(uow, found, now=now):
                return None
            held = claimed(found, now=now, lease_s=self._lease_s)
            if not uow.deliveries.swap(held, state=found.state, attempts=found.attempts):
                return None
            registry = replace(registry, circuit=registry.circuit.probing(now=now, lease_s=self._lease_s))
            uow.registries.keep_standing(registry)
            attempt = Attempt(id=new_id("at", now=now), delivery_id=held.id, number=held.attempts, started_at=now)
            uow.deliveries.add_attempt(attempt)
            uow.commit()
        return held, registry, attempt

    def _body(self, delivery: Delivery, registry: Registry, *, now: datetime) -> bytes:
        data = dict(delivery.data)
        with self._database.read() as uow:
            photo = uow.photos.get(delivery.photo_id) if delivery.photo_id else None
        if delivery.event is not Event.REVOKED and photo is not None and photo.state is PhotoState.READY:
            token, until = pull_token(photo.id, vault=self._vault, now=now)
            data["pull_url"] = f"{self._public_url}/v1/registry/photos/{token}"
            data["pull_until"] = until.isoformat()
            if registry.embed_photo:
                data["photo"] = {**data["photo"], **self._embedded(photo)}
        message = {
            "type": delivery.event.value,
            "timestamp": delivery.created_at.isoformat(),
            "data": data,
        }
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def _embedded(self, photo: Photo) -> dict[str, str]:
        """Return the JPEG in base64; without its file the event goes out thin, and the link tells the same."""
        try:
            return {"jpeg_base64": base64.b64encode(self._blobs.get(photo.image_key or "")).decode("ascii")}
        except BlobMissing:
            return {}

    def _put_off(self, held: Delivery, attempt: Attempt, fault: StorageUnavailable) -> Delivery | None:
        """Keep an attempt that never left the house: no try is used up, and nothing is held against the registry."""
        now = self._clock.now()
        after = postponed(replace(held, tries=held.tries - 1), until=now + _STORE_AWAY)
        with self._database.write() as uow:
            uow.deliveries.save_attempt(replace(attempt, ended_at=now, error=fault.code))
            won = uow.deliveries.swap(after, state=DeliveryState.SENDING, attempts=held.attempts)
            uow.commit()
        return after if won else None

    def _record(self, held: Delivery, registry: Registry, attempt: Attempt, answer: Answer) -> Delivery | None:
        now = self._clock.now()
        after = self._after(held, answer, now=now)
        with self._database.write() as uow:
            uow.deliveries.save_attempt(
                replace(attempt, ended_at=now, status=answer.status, error=answer.error, elapsed_ms=answer.elapsed_ms)
            )
            _note(uow, registry.id, answer, now=now)
            won = uow.deliveries.swap(after, state=DeliveryState.SENDING, attempts=held.attempts)
            uow.commit()
        return after if won else None

    def _after(self, held: Delivery, answer: Answer, *, now: datetime) -> Delivery:
        if answer.accepted:
            return delivered(held, now=now)
        if answer.gone:
            return dead(held, now=now)
        until = next_try(
            held.tries,
            now=now,
            retry_after_s=answer.retry_after_s,
            jitter=self._jitter(),
            schedule_s=self._schedule_s,
        )
        return dead(held, now=now) if until is None else postponed(held, until=until)


def _may_send(delivery: Delivery, registry: Registry, *, now: datetime) -> bool:
    """Tell whether the registry is asked at all. A ping goes through an open circuit: a person wants to know."""
    if registry.disabled_at is not None:
        return False
    return delivery.event is Event.PING or registry.circuit.lets_through(now)


def _in_turn(uow: UnitOfWork, delivery: Delivery, *, now: datetime) -> bool:
    """Tell whether it may be sent as far as the photo's other events go; one that may never be is let go here.

    One that has to wait stays due: the sweeper rings again.
    """
    others = uow.deliveries.of_photo(delivery.photo_id) if delivery.photo_id else ()
    if overtaken(delivery, others):
        uow.deliveries.swap(cancelled(delivery, now=now), state=delivery.state, attempts=delivery.attempts)
        uow.commit()
        return False
    return not must_wait(delivery, others)


def _note(uow: UnitOfWork, registry_id: str, answer: Answer, *, now: datetime) -> None:
    """Keep what an answer says of the registry as a whole."""
    registry = uow.registries.get(registry_id)
    if registry is None:
        return
    if answer.accepted:
        after = replace(registry, circuit=registry.circuit.after_success())
    else:
        circuit = registry.circuit.after_failure(now=now, retry_after_s=answer.retry_after_s)
        after = replace(registry, circuit=circuit)
        after = disabled(after, Disabled.GONE, now=now) if answer.gone else after
    if after != registry:
        uow.registries.keep_standing(after)
