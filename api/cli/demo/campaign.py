"""The demo's own campaign: a lenient spec, one of the sample people, a registry that wants approved photos."""

from dataclasses import dataclass
from datetime import timedelta

from api.bootstrap import House
from api.domain.campaign import Campaign
from api.domain.delivery import Event
from api.domain.identity import RosterRow
from api.services.campaign_templates import CampaignTemplate
from api.services.open_campaign import Window
from api.services.roster import Person
from api.services.seed import Seeded

PROFILE = {"phone": "13800000000"}

_TEMPLATE = CampaignTemplate(
    id="demo-one-inch",
    name="演示批次（一寸照）",
    spec="one-inch",
    profile_schema={
        "type": "object",
        "properties": {"phone": {"type": "string", "title": "手机号", "pattern": "^1[3-9][0-9]{9}$"}},
        "required": ["phone"],
        "additionalProperties": False,
    },
    deliver_on=frozenset({Event.APPROVED.value}),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The open campaign and the one person on its roster."""

    campaign: Campaign
    person: RosterRow


def open_campaign(house: House, seeded: Seeded) -> Opened:
    """Open the demo's campaign for an hour and put one of the sample people, who do not exist, on its roster."""
    now = house.clock.now()
    window = Window(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1))
    campaign = house.open_campaign(_TEMPLATE, slug=_TEMPLATE.id, window=window, registry_id=seeded.registry.id)
    [person] = house.import_roster(campaign.id, [_person(seeded.roster[0])])
    return Opened(campaign=campaign, person=person)


def _person(row: RosterRow) -> Person:
    return Person(
        name=row.name,
        id_number=row.id_number,
        student_number=row.student_number,
        college=row.college,
        grade=row.grade,
        major=row.major,
        class_=row.class_,
    )
