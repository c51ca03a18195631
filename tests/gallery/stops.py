"""The pages of the console, in the order in which people come to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page
from web_world import World

from api.domain.submission import SubmissionState


def _stay(_page: Page) -> None:
    """Leave the page as it opened."""


def _help(page: Page) -> None:
    """Ask for the keys, where there is a keyboard to ask with."""
    page.keyboard.press("?")


@dataclass(frozen=True, slots=True)
class Stop:
    """One picture: `who` goes to `path`, and `then` does what has to be done there. `{…}` are named by `facts_of`."""

    name: str
    who: str
    path: str
    then: Callable[[Page], None] = _stay


STOPS: Final = (
    Stop("review-queue", "counsellor", "/console/review?campaign={campaign}"),
    Stop("review-one", "counsellor", "/console/review/{waiting}"),
    Stop("review-keys", "counsellor", "/console/review/{waiting}", _help),
    Stop("review-returned", "counsellor", "/console/review/{returned}"),
    Stop("review-records", "counsellor", "/console/records"),
    Stop("progress", "counsellor", "/console/progress"),
    Stop("campaigns", "registrar", "/console/campaigns"),
    Stop("campaign-new", "registrar", "/console/campaigns/new"),
    Stop("campaign", "registrar", "/console/campaigns/{campaign}"),
    Stop("campaign-edit", "registrar", "/console/campaigns/{campaign}/edit"),
    Stop("campaign-form", "registrar", "/console/campaigns/{campaign}/form"),
    Stop("campaign-roster", "registrar", "/console/campaigns/{campaign}/roster"),
    Stop("campaign-person", "registrar", "/console/campaigns/{campaign}/roster/{row}"),
    Stop("campaign-import", "registrar", "/console/campaigns/{campaign}/roster-import"),
    Stop("campaign-extensions", "registrar", "/console/campaigns/{campaign}/extensions"),
    Stop("campaign-progress", "registrar", "/console/campaigns/{campaign}/progress"),
    Stop("campaign-missing", "registrar", "/console/campaigns/{campaign}/missing"),
    Stop("campaign-exports", "registrar", "/console/campaigns/{campaign}/exports"),
    Stop("campaign-poster", "registrar", "/console/campaigns/{campaign}/poster"),
    Stop("registries", "registrar", "/console/registries"),
    Stop("registry", "registrar", "/console/registries/{registry}"),
    Stop("registry-edit", "registrar", "/console/registries/{registry}/edit"),
    Stop("deliveries", "registrar", "/console/registries/deliveries"),
    Stop("delivery", "registrar", "/console/registries/deliveries/{delivery}"),
    Stop("staff", "registrar", "/console/staff"),
    Stop("staff-person", "registrar", "/console/staff/{staff}"),
    Stop("audit", "registrar", "/console/audit"),
    Stop("account", "registrar", "/console/account"),
)


def facts_of(world: World) -> dict[str, str]:
    """Return the ids that the paths name: one of each kind, from the school as it stands."""
    house, campaign = world.house, world.seeded.campaigns[0]
    entries = house.find_submissions(campaign=campaign.id)
    first = {state: next(one for one in entries if one.submission.state is state) for state in _STATES}
    return {
        "campaign": campaign.id,
        "waiting": first[SubmissionState.SUBMITTED].submission.id,
        "returned": first[SubmissionState.RETURNED].submission.id,
        "row": first[SubmissionState.APPROVED].row.id,
        "registry": world.seeded.registry.id,
        "delivery": house.list_deliveries()[0].id,
        "staff": house.staff.find()[0].id,
    }


_STATES: Final = (SubmissionState.SUBMITTED, SubmissionState.RETURNED, SubmissionState.APPROVED)
