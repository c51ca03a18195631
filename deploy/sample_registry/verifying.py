"""Believe an event only if the official Standard Webhooks library believes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Refused(Exception):
    """A request that is answered with `status` and not stored. The text says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Event:
    """One verified event."""

    message_id: str
    type: str
    timestamp: str
    data: Mapping[str, Any]


def read_secrets(path: Path) -> list[str]:
    """Read the secrets, one a line, newest first; read anew for each event, so that a rotation needs no restart."""
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]


def verified(secrets: list[str], *, headers: Mapping[str, str], body: bytes) -> Event:
    """Answer the event in `body`. Raises Refused: 401 for a signature that does not fit, 400 for no event."""
    if not any(_fits(secret, headers=headers, body=body) for secret in secrets):
        raise Refused(401, "the signature does not fit")
    message_id = {name.lower(): value for name, value in headers.items()}["webhook-id"]
    try:
        told = json.loads(body)
        return Event(message_id, str(told["type"]), str(told["timestamp"]), dict(told["data"]))
    except (ValueError, KeyError, TypeError) as fault:
        raise Refused(400, "the body is not an event") from fault


def _fits(secret: str, *, headers: Mapping[str, str], body: bytes) -> bool:
    """Ask the library, which lets ValueError out on a malformed header, base64 or UTF-8 instead of its own error."""
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True
