"""What registries are owed: the list with its filters, one delivery with its tries, sending again."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.delivery import DeliveryState, Event
from api.domain.errors import InvalidRequest
from api.domain.registry_repositories import DeliveryFilter
from api.services.deliveries_desk import MOST_AT_ONCE
from api.web.console.guard import deed, registrar_only
from api.web.console.registry import TOLD, bp, now
from api.web.console.registry_words import state
from api.web.console.words import t
from api.web.context import house

PER_PAGE = 50
LIVE_S = 60.0
"""How long after a test the page looks by itself whether a worker has tried."""

AGAIN = frozenset({DeliveryState.DEAD, DeliveryState.DELIVERED})
"""What a batch may send again: what is settled. The rest is on its way by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as the page's address carries it; what is no choice of ours counts as no filter."""

    state: str = ""
    registry: str = ""
    campaign: str = ""
    event: str = ""

    @property
    def wanted(self) -> DeliveryFilter:
        """Return the filter for the service."""
        return DeliveryFilter(
            state=DeliveryState(self.state) if self.state else None,
            registry_id=self.registry or None,
            campaign_id=self.campaign or None,
            event=Event(self.event) if self.event else None,
        )

    @property
    def filled(self) -> dict[str, str]:
        """Return what is asked for, for an address or the audit log."""
        given = {"state": self.state, "registry": self.registry, "campaign": self.campaign, "event": self.event}
        return {name: value[:100] for name, value in given.items() if value}


@bp.get("/deliveries")
@registrar_only
def deliveries() -> ResponseReturnValue:
    """Show deliveries, newest first."""
    asked = _asked(request.args)
    page = house().registry.deliveries(asked.wanted, before=request.args.get("before"), limit=PER_PAGE)
    return render_template(
        "console/registries/deliveries.html",
        page=page,
        asked=asked,
        again=asked.wanted.state in AGAIN and page.found > 0,
        registries=house().list_registries(),
        campaigns=house().registry.deliveries.campaigns(),
        states=tuple(DeliveryState),
        events=tuple(Event),
        state=state,
        now=now(),
        **TOLD,
    )


@bp.get("/deliveries/<delivery_id>")
@registrar_only
def delivery(delivery_id: str) -> ResponseReturnValue:
    """Show one delivery with every try."""
    view = house().registry.deliveries.one(delivery_id)
    moment = now()
    fresh = (moment - view.delivery.created_at).total_seconds() < LIVE_S
    live = view.delivery.event is Event.PING and fresh and not any(one.ended_at for one in view.attempts)
    return render_template(
        "console/registries/delivery.html", view=view, live=live, state=state(view, now=moment), **TOLD
    )


@bp.post("/deliveries/<delivery_id>/replay")
@registrar_only
def replay(delivery_id: str) -> ResponseReturnValue:
    """Send one again."""
    before = house().registry.deliveries.one(delivery_id)
    again = deed("delivery.replayed", subject=delivery_id, detail={"registry": before.registry.id})
    house().replay(delivery_id, deed=again)
    if before.delivery.state in {DeliveryState.SENDING, DeliveryState.CANCELLED}:
        flash(t("registry.flash.not_again"), "warning")
    else:
        flash(t("registry.flash.waits" if before.registry.switched_off else "registry.flash.again"), "success")
    return redirect(url_for("registries.delivery", delivery_id=delivery_id))


@bp.get("/deliveries/replay")
@registrar_only
def ask_replay() -> ResponseReturnValue:
    """Say what a batch would send again, before it does."""
    asked = _asked(request.args)
    if asked.wanted.state not in AGAIN:
        raise InvalidRequest(reason="state")
    found = house().registry.deliveries(asked.wanted, limit=1).found
    return render_template(
        "console/registries/replay.html",
        asked=asked,
        found=found,
        batch=min(found, MOST_AT_ONCE),
        registries={one.id: one for one in house().list_registries()},
        campaigns=dict(house().registry.deliveries.campaigns()),
        event=Event(asked.event) if asked.event else None,
        **TOLD,
    )


@bp.post("/deliveries/replay", endpoint="replay_many")
@registrar_only
def replay_many() -> ResponseReturnValue:
    """Send everything that fits again, and say how many that was."""
    asked = _asked(request.form)
    again = deed(
        "delivery.replayed_many",
        detail=lambda part: asked.filled | {"again": str(part.again), "found": str(part.found)},
    )
    done = house().registry.replay_many(asked.wanted, deed=again)
    flash(t("registry.flash.many", again=done.again, found=done.found), "success")
    if done.found > done.again:
        flash(t("registry.flash.more", rest=done.found - done.again), "warning")
    left = {name: value for name, value in asked.filled.items() if name != "state"}
    return redirect(url_for("registries.deliveries") + (f"?{urlencode(left)}" if left else ""))


def _asked(given: Mapping[str, str]) -> Asked:
    state_, event = given.get("state", ""), given.get("event", "")
    return Asked(
        state=state_ if state_ in set(DeliveryState) else "",
        registry=given.get("registry", "")[:40],
        campaign=given.get("campaign", "")[:40],
        event=event if event in set(Event) else "",
    )
