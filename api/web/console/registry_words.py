"""How registries, deliveries and tries are told: the sentence, and the colour of its badge."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from api.domain.delivery import Attempt, DeliveryState, Event, Registry
from api.domain.trouble import trouble_of
from api.services.deliveries_desk import DeliveryView
from api.web.console.words import beijing, beijing_s, t

COLOURS: Mapping[DeliveryState, str] = {
    DeliveryState.PENDING: "info",
    DeliveryState.SENDING: "info",
    DeliveryState.DELIVERED: "success",
    DeliveryState.DEAD: "danger",
    DeliveryState.CANCELLED: "secondary",
}
EVENTS = (Event.READY, Event.SUBMITTED, Event.APPROVED)
"""The kinds a registry may choose among, in the order of a photo's life."""

_STATUS: Mapping[int, str] = {
    401: "unsigned",
    403: "unsigned",
    404: "nowhere",
    405: "nowhere",
    408: "slow",
    410: "gone",
    413: "large",
    422: "photo",
    429: "busy",
    502: "proxy",
    503: "busy",
    504: "proxy",
}
_CLASSES: Mapping[int, str] = {2: "taken", 3: "redirect", 4: "refused", 5: "crashed"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word with a colour, and a sentence where one is needed."""

    words: str
    colour: str
    more: str = ""


def standing(registry: Registry, *, now: datetime) -> Badge:
    """Tell how a registry stands: enabled, disabled by whom, held back until when, or failing."""
    if registry.switched_off:
        return Badge(t("registry.standing.off"), "secondary", beijing(registry.disabled_at))
    if registry.disabled_at is not None:
        return Badge(t("registry.standing.gone"), "danger", beijing(registry.disabled_at))
    if not registry.circuit.lets_through(now):
        until = beijing_s(registry.circuit.open_until)
        return Badge(t("registry.standing.held"), "warning", t("registry.standing.held_until", until=until))
    if registry.circuit.failures:
        return Badge(
            t("registry.standing.failing"), "warning", t("registry.standing.failures", count=registry.circuit.failures)
        )
    return Badge(t("registry.standing.on"), "success")


def state(view: DeliveryView, *, now: datetime) -> Badge:
    """Tell how a delivery stands, and when it goes on."""
    delivery, registry = view.delivery, view.registry
    words, colour = t(f"registry.state.{delivery.state}"), COLOURS[delivery.state]
    if delivery.state is not DeliveryState.PENDING:
        return Badge(words, colour)
    if registry.disabled_at is not None:
        return Badge(words, "warning", t("registry.state.waits_for_enabling"))
    due = delivery.next_at
    if registry.circuit.open_until is not None and not registry.circuit.lets_through(now):
        due = max(due, registry.circuit.open_until)
    return Badge(words, colour, t("registry.state.next", at=beijing_s(due)) if due > now else t("registry.state.now"))


def told(attempt: Attempt | None) -> str:
    """Tell what came of a try, in a sentence."""
    if attempt is None:
        return t("registry.told.none")
    if attempt.ended_at is None:
        return t("registry.told.air")
    return outcome(attempt.status, attempt.error)


def outcome(status: int | None, error: str | None) -> str:
    """Tell what a status or an error means, in a sentence."""
    if status is not None:
        return t(f"registry.status.{_STATUS.get(status) or _CLASSES.get(status // 100, 'refused')}", status=status)
    trouble = trouble_of(error)
    return t("registry.told.unknown") if trouble is None else t(f"registry.trouble.{trouble}")


def event_words(event: Event) -> str:
    """Return what an event is called; its own name has a dot in it, which is no key."""
    return t(f"registry.event.{event.name.lower()}")


def shown_url(url: str) -> str:
    """Return an address without what may be a secret in its query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + ("?…" if parts.query else "")


def host_of(url: str) -> str:
    """Return what the audit log keeps of an address."""
    return urlsplit(url).netloc.rpartition("@")[2][:200]
