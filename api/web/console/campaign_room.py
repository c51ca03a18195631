"""What the campaign pages share: their blueprint, a campaign as it stands, the place that a filter names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template, request

from api.domain.reviewer import Role, Scope
from api.domain.standing import Group, Grouping
from api.services.campaign_desk import CampaignStand
from api.web.console.guard import me, reviewer
from api.web.context import house
from api.web.files import disposition
from api.web.wording import BEIJING

bp = APIBlueprint("campaigns", __name__, url_prefix="/console", enable_openapi=False)

PLACE = ("college", "grade", "major", "class_")
"""The parts of a place, as queries and forms name them."""

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """The place that was chosen, and what can be chosen at each part of it."""

    place: Scope
    choices: Mapping[str, tuple[str, ...]]

    @property
    def query(self) -> dict[str, str]:
        """Return the parts that are set, for links that keep the choice."""
        return {name: value for name in PLACE if (value := getattr(self.place, name))}


def stand_of(campaign: str) -> CampaignStand:
    """Return a campaign by id or slug. Raises NotFound."""
    [stand] = house().show_campaigns(campaign)
    return stand


def place_filter(groups: Iterable[Group], given: Mapping[str, str]) -> PlaceFilter:
    """Read the place of a query or form; what is offered below a part that is chosen is of that part."""
    chosen = {name: given.get(name, "").strip() or None for name in PLACE}
    places = [group.place for group in groups]
    choices: dict[str, tuple[str, ...]] = {}
    for depth, name in enumerate(PLACE):
        choices[name] = tuple(sorted({place[depth] for place in places}))
        if chosen[name] is not None:
            places = [place for place in places if place[depth] == chosen[name]]
    return PlaceFilter(Scope(**chosen), choices)


def groups_of(campaign: str) -> tuple[Group, ...]:
    """Return the classes that whoever asks may see, with their counts. Raises NotFound."""
    return house().show_progress.groups(campaign, Grouping.CLASS, reviewer=reviewer())


def page(template: str, *, stand: CampaignStand, **facts: Any) -> str:
    """Draw a page of one campaign."""
    registrar = me().role is Role.REGISTRAR
    return render_template(
        f"console/campaigns/{template}.html", stand=stand, campaign=stand.campaign, registrar=registrar, **facts
    )


def beijing_time(text: str | None) -> datetime | None:
    """Read `2023-04-03T23:59:59` or without its seconds, as Beijing time; None for anything else.

    A year of no century of ours is a slip of the keyboard, and too near to where time itself ends.
    """
    try:
        moment = datetime.fromisoformat((text or "").strip().replace(" ", "T"))
    except ValueError:
        return None
    if moment.tzinfo or not 2000 <= moment.year < 2100:
        return None
    return moment.replace(tzinfo=BEIJING, microsecond=0).astimezone(UTC)


def for_input(moment: datetime | None) -> str:
    """Return a moment as `<input type="datetime-local">` holds it."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M:%S") if moment else ""


def after() -> str:
    """Return the row id that a page begins behind."""
    return request.args.get("after", "")[:60]


def as_file(body: bytes, *, kind: str, name: str) -> Response:
    """Return bytes as a file to save under a name."""
    response = Response(body, mimetype=kind)
    response.headers["Content-Disposition"] = disposition(name)
    return response
