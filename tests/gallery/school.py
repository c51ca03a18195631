"""A school in mid-collection, all invented: what the screenshots show."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from drawn_people import drawn_photo, drawn_selfie
from PIL import Image, ImageDraw
from web_world import PROFILE, WARNING, FakeRenderer, Student, World

from api.domain.id_number import check_digit
from api.domain.identity import RosterRow
from api.domain.record_error import RecordField
from api.services.roster import Person
from photo_service.contract import Exhibit, Finding, Output, Rendered, Report, Severity, Verdict

SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN: Final = ("明", "雨桐", "子涵", "思远", "欣怡", "浩然", "晓雯", "一诺", "俊杰", "佳宁", "文博", "若曦")
PLACES: Final = (
    ("软件学院", "2022", "软件技术", "软件2201班"),
    ("软件学院", "2022", "软件技术", "软件2202班"),
    ("陶瓷学院", "2022", "陶瓷设计与工艺", "陶瓷2202班"),
    ("商学院", "2023", "电子商务", "电商2301班"),
)
DOUBTS: Final = (
    WARNING,
    ("ears_covered", "左耳可能被头发遮住", "请把头发别到耳后再拍"),
    ("glasses_glare", "镜片上有轻微反光", "请把头稍低一点，或避开灯光"),
)
PEOPLE: Final = 44
SUBMITTED: Final = 34
APPROVED, RETURNED = 9, 3


@dataclass
class DrawnRenderer(FakeRenderer):
    """Turns the selfie of a drawn person into the same person's photo; some have a doubt about them."""

    known: dict[str, int] = field(default_factory=dict)

    def selfie(self, number: int) -> bytes:
        """Return a drawn person's selfie, and remember whose it is."""
        selfie = drawn_selfie(number, size=(720, 960))
        self.known[hashlib.sha256(selfie).hexdigest()] = number
        return selfie

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        number = self.known.get(hashlib.sha256(selfie).hexdigest())
        if number is None or self.verdict != "pass":
            return super().render(selfie, spec=spec, source=source, background=background)
        photo = drawn_photo(number)
        doubts = tuple(Finding(code, Severity.WARN, *words) for code, *words in DOUBTS[number % 7 : number % 7 + 1])
        digest = hashlib.sha256(photo).hexdigest()
        output = Output(180, 240, 72, len(photo), "JPEG", "RGB", digest, 95)
        return Rendered(Report(spec, Verdict.PASS, source, "selfie", doubts, output=output), photo)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        number = self.known.get(hashlib.sha256(selfie).hexdigest(), 0)
        return Exhibit(selfie, _explained(selfie), drawn_photo(number))


def _explained(selfie: bytes) -> bytes:
    """Draw the crop and the lines of the head over a drawn selfie, as the photo service does over a real one."""
    picture = Image.open(io.BytesIO(selfie)).convert("RGB")
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    draw.rectangle((width * 0.2, height * 0.24, width * 0.8, height * 0.84), outline="#1f7ae0", width=5)
    for level, colour in ((0.315, "#0a8f4d"), (0.555, "#c2410c"), (0.75, "#0a8f4d")):
        draw.line((width * 0.2, height * level, width * 0.8, height * level), fill=colour, width=4)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def people() -> Iterator[Person]:
    """Give the invented students. The region is a whole province's code, which no real number starts with."""
    for number in range(PEOPLE):
        body = f"430000{2003 + number % 3}{number % 12 + 1:02d}{number % 28 + 1:02d}{100 + number}"
        college, grade, major, class_ = PLACES[number % len(PLACES)]
        yield Person(
            name=SURNAMES[number % len(SURNAMES)] + GIVEN[number * 7 % len(GIVEN)],
            id_number=body + check_digit(body),
            student_number=f"S2022{100 + number}",
            college=college,
            grade=grade,
            major=major,
            class_=class_,
        )


def settle_in(world: World, renderer: DrawnRenderer) -> None:
    """Fill the first sample campaign: most have handed in, some are approved or returned, some have not come yet."""
    campaign = world.seeded.campaigns[0]
    rows = world.house.import_roster(campaign.id, tuple(people()))
    entries = [_hand_in(world, renderer, row, number) for number, row in enumerate(rows[:SUBMITTED])]
    for entry in entries[:APPROVED]:
        world.house.approve("林老师", entry)
    for entry in entries[APPROVED : APPROVED + RETURNED]:
        world.house.return_("林老师", entry, "头发遮住了左耳，请露出双耳后重拍")
    early = world.student("记录有误")
    _bind(early, rows[-2])
    words = {"campaign": campaign.id, "about": RecordField.NAME, "message": "姓名中的“雨”应为“宇”"}
    world.house.report_record_error(early.session["student"]["id"], **words)
    for view in world.house.find_submissions(campaign=campaign.id):
        world.house.review.make_exhibit(view.photo.id)


def _hand_in(world: World, renderer: DrawnRenderer, row: RosterRow, number: int) -> str:
    one = world.student(f"同学{number}")
    _bind(one, row)
    photo = one.ready_photo(selfie=renderer.selfie(number), campaign=row.campaign_id)
    body = {"photo": photo, "campaign": row.campaign_id, "profile": PROFILE}
    answer: Any = one.post("/v1/submissions", json=body)
    assert answer.status_code == 201, answer.text
    entry: str = answer.get_json()["id"]
    return entry


def _bind(one: Student, row: RosterRow) -> None:
    body = {"campaign": row.campaign_id, "name": row.name, "id_number": row.id_number}
    answer = one.post("/v1/me/identity", json=body)
    assert answer.status_code == 200, answer.text
