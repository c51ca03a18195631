"""What WeChat pushes to us: kept first, answered at once, understood in the queue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

COLLECTED = frozenset({"7", "8", "14", "15"})
"""Kinds of `RevokeInfo` that are what we keep: camera, phone number, chosen pictures, chosen files."""


class PushEvent(StrEnum):
    """The events that change something here; every other is accepted and left alone."""

    POPUP = "subscribe_msg_popup_event"
    CHANGE = "subscribe_msg_change_event"
    SENT = "subscribe_msg_sent_event"
    REVOKED = "user_authorization_revoke"
    CANCELLED = "user_authorization_cancellation"
    MEDIA_CHECK = "wxa_media_check"


@dataclass(frozen=True, slots=True)
class Push:
    """One message. `index` is a keyed digest of what makes it itself, by which a second sending is known."""

    id: str
    index: str
    message: Mapping[str, Any] = field(repr=False)
    received_at: datetime
    next_at: datetime
    attempts: int = 0
    settled_at: datetime | None = None

    @property
    def event(self) -> PushEvent | None:
        """Return what happened, None for anything we do not act on."""
        name = str(self.message.get("Event", "")).lower()
        return PushEvent(name) if name in {event.value for event in PushEvent} else None

    @property
    def user(self) -> str:
        """Return the openid of whom it is about: an authorization event is sent by the platform, about a user."""
        asked = self.message.get("OpenID") if self.event in {PushEvent.REVOKED, PushEvent.CANCELLED} else None
        return str(asked or self.message.get("FromUserName") or "").strip()

    @property
    def asks_for_erasure(self) -> bool:
        """Tell whether the user told WeChat to have their data deleted.

        A withdrawal that names only things we never keep (microphone, steps, address …) is none.
        """
        if self.event is PushEvent.CANCELLED:
            return True
        if self.event is not PushEvent.REVOKED:
            return False
        kinds = {kind.strip() for kind in str(self.message.get("RevokeInfo") or "").split(",") if kind.strip()}
        return not kinds or bool(kinds & COLLECTED)

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Return the templates a subscription event speaks of, whichever of WeChat's spellings it came in.

        JSON has `List` at the top, XML has it inside an element named after the event; one entry alone comes bare.
        """
        inner = next((value for name, value in self.message.items() if name.startswith("SubscribeMsg")), self.message)
        found = inner.get("List") if isinstance(inner, Mapping) else inner
        for entry in found if isinstance(found, list) else [found]:
            if isinstance(entry, Mapping) and isinstance(entry.get("TemplateId"), str):
                yield entry


def claimed(push: Push, *, until: datetime) -> Push:
    """Return the push as being worked on, to be taken up again at `until` if nothing comes of it."""
    return replace(push, attempts=push.attempts + 1, next_at=until)


def settled(push: Push, *, now: datetime) -> Push:
    """Return the push as done, its content forgotten."""
    return replace(push, message={}, settled_at=now)
