"""Notice A, from start to end: 湖南科技职业学院 collects student photos for PRETCO and CET registration.

Everything goes over HTTP to a running product: students on /v1, staff on the console's pages as a browser without
script sends their forms, the school's registry by signed messages, events and links. The photos are made by the real
photo service from real portraits where those are here, and each exported one is held against the spec by
`idphoto check`.
"""

import csv
import hashlib
import io
import json
import re
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest
from faces import Cast, casting, opens
from product import Phone, School, choose, open_school, run, until

from api.cli.times import beijing
from api.domain import signing
from api.domain.id_number import check_digit

SLUG = "pretco-2023"
pytestmark = pytest.mark.slow


def number(order: int) -> str:
    body = f"43000020040101{order:03d}"
    return body + check_digit(body)


PEOPLE = [
    ("2204001", "甲示例", number(1), "软件学院", "软件2201班"),
    ("2204002", "乙示例", number(2), "软件学院", "软件2201班"),
    ("2204003", "丙示例", number(3), "陶瓷学院", "陶瓷2202班"),
    ("2204004", "丁示例", number(4), "陶瓷学院", "陶瓷2202班"),
    ("2204005", "戊示例", number(5), "软件学院", "软件2202班"),
]
GUARDIAN = {"name": "家长示例", "relation": "母亲", "id_type": "居民身份证", "id_number": "430000197001010019"}
PROFILE = {"guardians": [GUARDIAN]}


@pytest.fixture(params=["real portraits", "a scripted photo service"])
def cast(request: pytest.FixtureRequest):
    with casting(request.param, "hunan-pretco", people=5) as found:
        yield found


@pytest.fixture
def school(cast: Cast, tmp_path: Path):
    with open_school(tmp_path, **cast.env) as opened:
        yield opened


def roster_file(path: Path, people: list[tuple[str, ...]]) -> bytes:
    """As a school's own system exports it: a title, its own names for the columns, one more than is needed."""
    book = openpyxl.Workbook()
    book.active.append(["2022级在籍学生名单"])
    book.active.append(["学号", "学生姓名*", "身份证件号", "二级学院", "行政班", "年级", "专业名称", "备注"])
    for person in people:
        book.active.append([*person, 2022, "示例专业", None])
    book.save(path)
    book.close()
    return path.read_bytes()


def open_campaign(school: School, registry: str) -> None:
    """Fill the console's form in, begun from the notice's template."""
    office, now = school.staff("registrar"), datetime.now(UTC)
    form = office.open("/console/campaigns/new?template=hunan-pretco-2023").form("/campaigns/new$")
    shown = office.send(
        form,
        slug=SLUG,
        starts_at=beijing(now - timedelta(days=1)),
        ends_at=beijing(now + timedelta(hours=1)),
        registry_id=registry,
    )
    assert shown.url.endswith(f"/console/campaigns/{SLUG}"), shown.text


def upload_roster(school: School, content: bytes):
    """Upload a file and wait until a worker has checked it; answer the page with what was found."""
    office = school.staff("registrar")
    form = office.open(f"/console/campaigns/{SLUG}/roster-import").form("/roster-import$")
    waiting = office.send(form, files={"file": ("名单.xlsx", content, "application/octet-stream")})

    def look():
        page = office.open(waiting.url)
        return page if "/confirm" in page.html or "faults.csv" in page.html else None

    return until(look)


def test_notice_a(school: School, cast: Cast, tmp_path: Path):  # noqa: PLR0915 - a story from start to end
    """Import, open, take photos, be refused and retake, be returned and resubmit, be late; review, receive, export."""
    office = school.staff("registrar")
    registry, answers = school.new_registry("湖南科职教务系统")
    open_campaign(school, registry)

    # A roster with a fault is shown line by line and imports nobody; the mended one is shown, confirmed, and is in.
    wrong = [*PEOPLE[:2], ("2204009", "误示例", "430000200401010010", "软件学院", "")]
    faulty = upload_roster(school, roster_file(tmp_path / "wrong.xlsx", wrong))
    told = office.open(faulty.link(r"faults\.csv")).content.decode("utf-8-sig")
    assert [row[:2] for row in csv.reader(io.StringIO(told))][1:] == [["5", "班级"], ["5", "身份证号"]]
    assert "/confirm" not in faulty.html
    checked = upload_roster(school, roster_file(tmp_path / "roster.xlsx", PEOPLE))
    listed = office.send(checked.form("/confirm$"))
    assert all(name in listed.text for _, name, *_ in PEOPLE)
    assert not any(id_number in listed.html for _, _, id_number, *_ in PEOPLE)

    phones = {name: school.student(name) for _, name, *_ in PEOPLE}
    for _, name, id_number, *_ in PEOPLE:
        assert phones[name].bind(SLUG, name, id_number).status_code == 200

    # 甲 is refused with reasons, retakes, is content, and saves a file named by the ID number.
    first = phones["甲示例"]
    refused = first.photo(SLUG, cast.bad)
    assert refused["state"] == "rejected"
    assert all(finding["message"] and finding["advice"] for finding in refused["report"]["findings"])
    ready = {name: phone.ready(SLUG, selfie) for (name, phone), selfie in zip(phones.items(), cast.good, strict=True)}
    saved = first.http.get(f"/v1/photos/{ready['甲示例']}/image")
    assert f'filename="{number(1)}.jpg"' in saved.headers["content-disposition"]
    assert opens(saved.content) == ("JPEG", (180, 240))
    assert len(saved.content) < 100_000

    # A form without a guardian, and with a mistyped ID number, is told field by field in Chinese; a draft is kept.
    bad = first.confirm(SLUG, ready["甲示例"], {"guardians": [{**GUARDIAN, "id_number": "430000197001010010"}]})
    assert [(one["pointer"], one["detail"]) for one in bad.json()["errors"]] == [
        ("#/profile/guardians/0/id_number", "身份证号不正确，请核对")
    ]
    draft = first.http.put(f"/v1/campaigns/{SLUG}/draft", json={"profile": {"guardians": []}})
    assert (draft.status_code, draft.json()["errors"][0]["detail"]) == (200, "至少填 1 项")
    assert first.http.put(f"/v1/campaigns/{SLUG}/draft", json={"profile": PROFILE}).json()["errors"] == []
    profile = first.http.get(f"/v1/campaigns/{SLUG}/draft").json()["profile"]

    submissions = {}
    for name in ("甲示例", "乙示例", "丙示例", "戊示例"):
        answer = phones[name].confirm(SLUG, ready[name], profile)
        assert answer.status_code == 201, answer.text
        submissions[name] = answer.json()["id"]

    # The counsellor of 软件学院 sees nobody else's, filters by class, approves one, returns the other.
    counsellor = school.counsellor("lin", college="软件学院")
    queue = counsellor.open("/console/review")
    assert all(name in queue.text for name in ("甲示例", "乙示例", "戊示例"))
    assert "丙示例" not in queue.text
    assert counsellor.open(f"/console/review/{submissions['丙示例']}").status == 404
    of_class = counsellor.open("/console/review?class=软件2202班")
    assert "戊示例" in of_class.text
    assert "甲示例" not in of_class.text
    entry = counsellor.open(f"/console/review/{submissions['甲示例']}")
    assert "家长示例" in entry.text
    counsellor.send(entry.form("/approve$"))
    entry = counsellor.open(f"/console/review/{submissions['乙示例']}")
    counsellor.send(entry.form("/return$"), reasons=["ears"], more="刘海遮住了眉毛")
    state, reason = phones["乙示例"].outcome()
    assert state == "returned"
    assert reason is not None
    assert reason.endswith("；刘海遮住了眉毛")

    # 乙 takes another photo; it comes back for review and is approved with 戊's, in one batch at a PC.
    again = phones["乙示例"].hand_in(SLUG, cast.good[1], profile)
    queue = counsellor.open("/console/review")
    asked = counsellor.send(queue.form("/batch$"), pick=choose(queue, "乙示例", "戊示例"), intent="approve")
    counsellor.send(asked.form("/batch/approve$"))
    assert [phones[name].outcome()[0] for name in ("甲示例", "乙示例", "戊示例")] == ["approved"] * 3
    history = counsellor.open(f"/console/review/{again}").text
    assert "刘海遮住了眉毛" in history

    # The registry has received and pulled what it was owed, and approves 丙 itself.
    events = school.received(8)
    assert sorted(event["type"] for event in events) == ["photo.approved"] * 3 + ["photo.submitted"] * 5
    assert verdict(school, answers, submissions["丙示例"]).json() == {
        "submission": submissions["丙示例"],
        "state": "approved",
    }
    assert phones["丙示例"].outcome()[0] == "approved"
    assert len(school.received(9)) == 9

    late_is_late(school, phones["丁示例"], ready["丁示例"])
    exported = export(school, tmp_path)
    assert {path.name for path in exported} == {f"{number(order)}.jpg" for order in (1, 2, 3, 5)}
    if cast.real:
        run("check", *map(str, exported), "--spec", "hunan-pretco")


def late_is_late(school: School, phone: Phone, photo: str) -> None:
    """The window closes: who waited is too late, to the second and with the second told, and is listed as missing."""
    office = school.staff("registrar")
    shown = office.open(f"/console/campaigns/{SLUG}")
    closed = office.send(shown.form("/close$"))
    ended = phone.http.get(f"/v1/campaigns/{SLUG}").json()
    assert ended["window"] == "closed"
    late = phone.confirm(SLUG, photo, PROFILE)
    assert (late.status_code, late.json()["code"]) == (409, "campaign_closed")
    second = beijing(datetime.fromisoformat(ended["ends_at"]))
    assert second[-8:] in late.json()["detail"]
    assert closed.status == 200
    missing = office.open(f"/console/campaigns/{SLUG}/missing.csv").content.decode("utf-8-sig")
    assert [row[1] for row in csv.reader(io.StringIO(missing))][1:] == ["丁示例"]


def export(school: School, folder: Path) -> list[Path]:
    """Have the office ask for the ZIP with a reason, fetch it, and hold it against its own lists."""
    office = school.staff("registrar")
    form = office.open(f"/console/campaigns/{SLUG}/exports").form("/exports$")
    office.send(form, reason="英语应用能力考试报名", layout="plain")

    def look():
        page = office.open(f"/console/campaigns/{SLUG}/exports")
        return page if any(address.endswith(".zip") for address, _ in page.links) else None

    page = until(look)
    assert "英语应用能力考试报名" in page.text
    content = office.open(page.link(r"\.zip$")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        photos = [name for name in archive.namelist() if name.startswith("photos/")]
        sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        manifest = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        archive.extractall(folder / "out")
    assert {name: hashlib.sha256((folder / "out" / name).read_bytes()).hexdigest() for name in photos} == sums
    assert {f"photos/{row['文件名']}" for row in manifest} == set(photos)
    assert {row["身份证号"] for row in manifest} == {re.sub(r"\D", "", Path(name).stem) for name in photos}
    return [folder / "out" / name for name in photos]


def verdict(school: School, secret: str, submission: str) -> httpx.Response:
    """Send the registry's own signed verdict."""
    message = {"type": "submission.approved", "timestamp": datetime.now(UTC).isoformat()}
    body = json.dumps({**message, "data": {"submission": submission}}).encode()
    head = signing.headers([secret], message_id="msg_1", sent_at=int(time.time()), body=body)
    head["content-type"] = "application/json"
    return httpx.post(f"{school.url}/v1/registry/verdicts", content=body, headers=head, trust_env=False)
