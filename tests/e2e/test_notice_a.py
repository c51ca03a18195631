"""Notice A, from start to end: 湖南科技职业学院 collects student photos for PRETCO and CET registration.

Students act over HTTP on /v1 alone; the registry receives real signed webhooks and pulls real links; staff act by the
command line, as they do until the console stands. No student's selfie is in this repository, so under the strict spec
the renderer is a fake that judges as the story needs; a real portrait goes through the real networks in
`test_notice_with_a_real_portrait.py`, under a spec that takes her.
"""

import hashlib
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import openpyxl
import pytest
from notice_school import School, fake_renderer, open_school
from web_world import ANSWER_SECRET

from api.cli.times import BEIJING, beijing
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
]
GUARDIAN = {"name": "家长示例", "relation": "母亲", "id_type": "居民身份证", "id_number": "430000197001010019"}
PROFILE = {"guardians": [GUARDIAN]}


@pytest.fixture
def school(tmp_path: Path):
    with open_school(tmp_path) as opened:
        yield opened


def roster_file(path: Path, people: list[tuple[str, ...]]) -> str:
    book = openpyxl.Workbook()
    book.active.append(["学号", "姓名", "身份证号", "院系", "班级", "年级", "专业"])
    for person in people:
        book.active.append([*person, "2022", "示例专业"])
    book.save(path)
    book.close()
    return str(path)


def open_campaign(school: School, *, ends: datetime) -> None:
    starts = datetime.now(UTC) - timedelta(days=1)
    school.office(
        "campaign", "create", "--template", "hunan-pretco-2023", "--slug", SLUG,
        "--starts", beijing(starts), "--ends", beijing(ends), "--registry", school.world.seeded.registry.id,
    )  # fmt: skip


def test_notice_a(school: School, tmp_path: Path):  # noqa: PLR0915 - a story from start to end
    """Import, open, take photos, be refused and retake, be returned and resubmit, be late; review, receive, export."""
    open_campaign(school, ends=datetime.now(UTC) + timedelta(hours=1))
    wrong = roster_file(tmp_path / "wrong.xlsx", [("2204009", "误示例", "430000200401010010", "软件学院", "1班")])
    assert "line 2, 身份证号" in school.office("roster", "import", wrong, "--campaign", SLUG, expect=2)
    good = roster_file(tmp_path / "roster.xlsx", PEOPLE)
    assert "4 people read: 4 would be added" in school.office("roster", "import", good, "--campaign", SLUG, "--dry-run")
    school.office("roster", "import", good, "--campaign", SLUG)

    phones = {name: school.student(name) for _, name, *_ in PEOPLE}
    for _, name, id_number, *_ in PEOPLE:
        assert phones[name].bind(SLUG, name, id_number).status_code == 200

    # 甲 is refused with reasons, retakes, is content, and saves a file named by the ID number.
    first = phones["甲示例"]
    fake_renderer(school).verdict = "fail"
    refused = first.photo(SLUG)
    assert refused["state"] == "rejected"
    assert all(finding["message"] and finding["advice"] for finding in refused["report"]["findings"])
    fake_renderer(school).verdict = "pass"
    ready = {name: phone.photo(SLUG)["id"] for name, phone in phones.items()}
    saved = first.http.get(f"/v1/photos/{ready['甲示例']}/image")
    assert f'filename="{number(1)}.jpg"' in saved.headers["content-disposition"]

    # A form without a guardian, and with a mistyped ID number, is told field by field; a draft is kept.
    bad = first.confirm(SLUG, ready["甲示例"], {"guardians": [{**GUARDIAN, "id_number": "430000197001010010"}]})
    assert [one["pointer"] for one in bad.json()["errors"]] == ["#/profile/guardians/0/id_number"]
    draft = first.http.put(f"/v1/campaigns/{SLUG}/draft", json={"profile": {"guardians": []}})
    assert (draft.status_code, draft.json()["errors"][0]["detail"]) == (200, "至少填 1 项")
    assert first.http.put(f"/v1/campaigns/{SLUG}/draft", json={"profile": PROFILE}).json()["errors"] == []
    profile = first.http.get(f"/v1/campaigns/{SLUG}/draft").json()["profile"]

    submissions = {}
    for name in ("甲示例", "乙示例", "丙示例"):
        answer = phones[name].confirm(SLUG, ready[name], profile)
        assert answer.status_code == 201, answer.text
        submissions[name] = answer.json()["id"]

    # The counsellor filters by college and class, approves one, returns the other; it comes back and is approved.
    listed = school.rows("review", "list", "--campaign", SLUG, "--college", "软件学院", "--class", "软件2201班")
    assert {row["name"] for row in listed} == {"甲示例", "乙示例"}
    school.office("review", "approve", submissions["甲示例"])
    school.office("review", "return", submissions["乙示例"], "--reason", "刘海遮住了眉毛")
    told = phones["乙示例"].http.get("/v1/submissions").json()["submissions"][0]
    assert (told["state"], told["reason"]) == ("returned", "刘海遮住了眉毛")
    again = phones["乙示例"].confirm(SLUG, phones["乙示例"].photo(SLUG)["id"], profile).json()["id"]
    school.office("review", "approve", again)
    steps = school.rows("review", "history", again)
    assert [row["state"] for row in steps] == ["submitted", "returned", "submitted", "approved"]

    # The registry has received and pulled what it was owed, and approves 丙 itself.
    school.deliver()
    kinds = [event["type"] for event in school.received()]
    assert sorted(kinds) == ["photo.approved"] * 2 + ["photo.submitted"] * 4
    assert answer_of_registry(school, submissions["丙示例"]) == {
        "submission": submissions["丙示例"],
        "state": "approved",
    }
    school.deliver()

    # The window closes: 丁, who waited, is too late, to the second and with the second told.
    ends = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    open_campaign(school, ends=ends)
    late = phones["丁示例"].confirm(SLUG, ready["丁示例"], profile)
    assert (late.status_code, late.json()["code"]) == (409, "campaign_closed")
    assert ends.astimezone(BEIJING).strftime("%H:%M:%S") in late.json()["detail"]
    missing = school.rows("campaign", "stats", SLUG, "--missing")
    assert [row["name"] for row in missing] == ["丁示例"]

    # The office exports exactly the approved, under their ID numbers.
    school.office("export", SLUG, "--reason", "英语应用能力考试报名", "-o", str(tmp_path / "out.zip"))
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        photos = {name for name in archive.namelist() if name.startswith("photos/")}
        sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
        digests = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in photos}
    assert photos == {f"photos/{number(order)}.jpg" for order in (1, 2, 3)}
    assert digests == sums
    assert school.rows("campaign", "exports", SLUG)[0]["reason"] == "英语应用能力考试报名"


def answer_of_registry(school: School, submission: str) -> dict[str, str]:
    """Send the registry's own signed verdict."""
    message = {"type": "submission.approved", "timestamp": datetime.now(UTC).isoformat()}
    body = json.dumps({**message, "data": {"submission": submission}}).encode()
    headers = signing.headers([ANSWER_SECRET], message_id="msg_1", sent_at=int(time.time()), body=body)
    headers["content-type"] = "application/json"
    answer = httpx.post(f"{school.url}/v1/registry/verdicts", content=body, headers=headers, trust_env=False)
    told: dict[str, str] = answer.json()
    return told
