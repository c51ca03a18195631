"""A signed message from a registry: read, verified, and taken once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from api.domain.delivery import Registry
from api.domain.errors import InvalidRequest
from api.domain.repositories import UnitOfWork
from api.domain.signing import TOLERANCE_S, verify


def read_message(body: bytes) -> Mapping[str, Any]:
    """Read the envelope before its signature: which registry's secret applies stands inside it.

    Raises InvalidRequest for anything but a JSON object with an object in `data`.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise InvalidRequest(reason="json") from fault
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise InvalidRequest(reason="json")
    return message


def taken_before(
    uow: UnitOfWork, registry: Registry, *, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Verify the signature, and tell whether this very message was taken before; from now on it was.

    Raises SignatureInvalid.
    """
    message_id = verify(registry.answering(now), headers=headers, body=body, now=int(now.timestamp()))
    return not uow.registries.remember_message(registry.id, message_id, now=now)


def said_at(message: Mapping[str, Any], *, now: datetime) -> datetime:
    """Return when the registry says it decided: its `timestamp`, or now where it gives none.

    A time further ahead than clocks may differ is refused: it would beat every later word. Raises InvalidRequest.
    """
    given = message.get("timestamp")
    if given is None:
        return now
    try:
        moment = datetime.fromisoformat(given)
        known = None if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:  # the last where UTC has no such year
        raise InvalidRequest(reason="timestamp") from fault
    if known is None or (known - now).total_seconds() > TOLERANCE_S:
        raise InvalidRequest(reason="timestamp")
    return known
