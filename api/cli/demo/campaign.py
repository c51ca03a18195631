"""The demo's own campaign: a lenient spec, one invented student, a registry that wants approved photos."""

from dataclasses import dataclass
from datetime import timedelta

from stdnum.cn import ric

from api.bootstrap import House
from api.domain.campaign import Campaign
from api.domain.delivery import Event
from api.services.campaign_templates import CampaignTemplate
from api.services.open_campaign import Window
from api.services.roster import Person

_BODY = "43000020020301007"
"""Region, birthday and order of an ID number that cannot be anybody's: no number begins with a whole province."""

STUDENT = Person(
    name="演示同学",
    id_number=f"{_BODY}{ric.calc_check_digit(_BODY)}",
    student_number="D2024007",
    college="软件学院",
    grade="2024",
    major="软件技术",
    class_="软件2401班",
)
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
    """The open campaign and how many people are on its roster."""

    campaign: Campaign
    people: int


def open_campaign(house: House, *, registry_id: str) -> Opened:
    """Open the demo's campaign for an hour and put its one student on the roster."""
    now = house.clock.now()
    window = Window(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=1))
    campaign = house.open_campaign(_TEMPLATE, slug=_TEMPLATE.id, window=window, registry_id=registry_id)
    return Opened(campaign=campaign, people=len(house.import_roster(campaign.id, [STUDENT])))
