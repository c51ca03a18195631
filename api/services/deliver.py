"""Send one owed event to its registry, once at a time, each try on record before it is made."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from api.domain.delivery import (
    Answer,
    Attempt,
    Delivery,
    DeliveryState,
    Event,
    Registry,
    claimed,
    dead,
    delivered,
    postponed,
)
from api.domain.ids import new_id
from api.domain.photo import PhotoState
from api.domain.ports import Clock, Database, RegistryPost, Vault
from api.domain.repositories import UnitOfWork
from api.domain.retry import next_try
from api.domain.signing import headers
from api.services.pull_links import pull_token


class Deliver:
    """Make the next try at one delivery."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        vault: Vault,
        post: RegistryPost,
        public_url: str,
        lease_s: float,
        schedule_s: Sequence[float],
        jitter: Callable[[], float],
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
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
        held, registry, attempt, body = claim
        sent_at = int(attempt.started_at.timestamp())
        signed = headers(registry.secrets, message_id=held.id, sent_at=sent_at, body=body)
        answer = self._post.post(registry.url, headers={**signed, "content-type": "application/json"}, body=body)
        return self._record(held, registry, attempt, answer)

    def _claim(self, delivery_id: str) -> tuple[Delivery, Registry, Attempt, bytes] | None:
        now = self._clock.now()
        with self._database.write() as uow:
            found = uow.deliveries.get(delivery_id)
            if found is None or found.state is not DeliveryState.PENDING or found.next_at > now:
                return None
            registry = uow.registries.get(found.registry_id)
            if registry is None or registry.disabled_at is not None:
                return None
            held = claimed(found, now=now, lease_s=self._lease_s)
            if not uow.deliveries.swap(held, state=found.state, attempts=found.attempts):
                return None
            attempt = Attempt(id=new_id("at", now=now), delivery_id=held.id, number=held.attempts, started_at=now)
            uow.deliveries.add_attempt(attempt)
            body = self._body(uow, held, now=now)
            uow.commit()
        return held, registry, attempt, body

    def _body(self, uow: UnitOfWork, delivery: Delivery, *, now: datetime) -> bytes:
        data = dict(delivery.data)
        photo = uow.photos.get(delivery.photo_id) if delivery.photo_id else None
        if delivery.event is not Event.REVOKED and photo is not None and photo.state is PhotoState.READY:
            token, until = pull_token(photo.id, vault=self._vault, now=now)
            data["pull_url"] = f"{self._public_url}/v1/registry/photos/{token}"
            data["pull_until"] = until.isoformat()
        message = {
            "type": delivery.event.value,
            "timestamp": delivery.created_at.isoformat(),
            "data": data,
        }
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def _record(self, held: Delivery, registry: Registry, attempt: Attempt, answer: Answer) -> Delivery | None:
        now = self._clock.now()
        after = self._after(held, answer, now=now)
        with self._database.write() as uow:
            uow.deliveries.save_attempt(
                replace(attempt, ended_at=now, status=answer.status, error=answer.error, elapsed_ms=answer.elapsed_ms)
            )
            if answer.gone:
                uow.registries.save(replace(registry, disabled_at=now))
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
