"""The sample world of `idphoto up` and the demo: a registry, two open campaigns, a few people who do not exist."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from api.domain.campaign import Campaign
from api.domain.delivery import Registry
from api.domain.id_number import check_digit
from api.domain.identity import RosterRow
from api.domain.ports import Clock, Database
from api.services.campaign_templates import CQWU_XUEGONG, HUNAN_PRETCO, CampaignTemplate
from api.services.open_campaign import OpenCampaign, Window
from api.services.registries import AddRegistry
from api.services.roster import ImportRoster, Person

REGISTRY_NAME = "示例教务系统"
_BEIJING = timezone(timedelta(hours=8))
_OPEN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the sample world holds. The people are fictional, so their names and numbers may be printed."""

    registry: Registry
    campaigns: tuple[Campaign, ...]
    roster: tuple[RosterRow, ...]


class Seed:
    """Set the sample world up; run again, it moves the windows so that the campaigns are open, and adds nothing."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._add_registry = AddRegistry(database=database, clock=clock)
        self._open = OpenCampaign(database=database, clock=clock)
        self._import = ImportRoster(database=database, clock=clock)

    def __call__(self, *, registry_url: str, secret: str | None = None, answer_secret: str | None = None) -> Seeded:
        """Return the sample world, its registry reachable at `registry_url` with the given or earlier secrets."""
        registry = self._registry(registry_url, secret=secret, answer_secret=answer_secret)
        campaigns = tuple(self._campaign(template, registry) for template in (HUNAN_PRETCO, CQWU_XUEGONG))
        for campaign, people in zip(campaigns, (_HUNAN, _CHONGQING), strict=True):
            self._import(campaign.id, people)
        with self._database.read() as uow:
            rows = tuple(row for campaign in campaigns for row in uow.roster.of_campaign(campaign.id))
        return Seeded(registry=registry, campaigns=campaigns, roster=rows)

    def _registry(self, url: str, *, secret: str | None, answer_secret: str | None) -> Registry:
        with self._database.write() as uow:
            known = uow.registries.by_name(REGISTRY_NAME)
            if known is not None:
                moved = replace(
                    known,
                    url=url,
                    secrets=(secret,) if secret else known.secrets,
                    answer_secrets=(answer_secret,) if answer_secret else known.answer_secrets,
                )
                uow.registries.save(moved)
                uow.commit()
                return moved
        return self._add_registry(REGISTRY_NAME, url=url, secret=secret, answer_secret=answer_secret)

    def _campaign(self, template: CampaignTemplate, registry: Registry) -> Campaign:
        window = _window(self._clock.now())
        return self._open(template, slug=template.spec, window=window, registry_id=registry.id)


def _window(now: datetime) -> Window:
    """Return a window that is open now and ends at 23:59:59 Beijing time, as the notices do."""
    last = (now.astimezone(_BEIJING) + timedelta(days=_OPEN_DAYS)).replace(hour=23, minute=59, second=59, microsecond=0)
    first = (now - timedelta(days=1)).replace(microsecond=0)
    return Window(starts_at=first.astimezone(UTC), ends_at=last.astimezone(UTC))


def _person(name: str, *, region: str, birth: str, order: str, student_number: str, place: tuple[str, ...]) -> Person:
    """Make a fictional person. The region is a whole province's code, which no real number starts with."""
    body = f"{region}{birth}{order}"
    college, grade, major, class_ = place
    return Person(
        name=name,
        id_number=body + check_digit(body),
        student_number=student_number,
        college=college,
        grade=grade,
        major=major,
        class_=class_,
    )


_SOFTWARE = ("软件学院", "2022", "软件技术", "软件2201班")
_CERAMICS = ("陶瓷学院", "2022", "陶瓷设计与工艺", "陶瓷2202班")
_EDUCATION = ("教育学院", "2023", "小学教育", "小教2301班")

_HUNAN = (
    _person("张示例", region="430000", birth="20040312", order="001", student_number="S2022001", place=_SOFTWARE),
    _person("李示例", region="430000", birth="20031105", order="002", student_number="S2022002", place=_SOFTWARE),
    _person("王示例", region="430000", birth="20040720", order="003", student_number="S2022003", place=_CERAMICS),
    _person("阿依·示例", region="430000", birth="20040229", order="004", student_number="S2022004", place=_CERAMICS),
)
_CHONGQING = (
    _person("张示例", region="500000", birth="20050108", order="001", student_number="C2023001", place=_EDUCATION),
    _person("陈示例", region="500000", birth="20041230", order="002", student_number="C2023002", place=_EDUCATION),
)
