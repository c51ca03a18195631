"""Notice B, from start to end: 重庆文理学院 has all undergraduates complete their basic information.

Students act over HTTP on /v1 alone, the registry brings the roster in by its own signed message and receives signed
webhooks with the photo in them; staff act by the command line, as they do until the console stands. The renderer is a
fake that judges as the story needs: no student's selfie is in this repository.
"""

import base64
import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from notice_school import School, open_school
from web_world import ANSWER_SECRET

from api.cli.times import beijing
from api.domain import signing
from api.domain.id_number import check_digit

SLUG = "xuegong-2024"
pytestmark = pytest.mark.slow


def number(order: int) -> str:
    body = f"50000020050101{order:03d}"
    return body + check_digit(body)


def person(order: int, **changes: str) -> dict[str, str]:
    made = {
        "name": f"学生示例{order}",
        "id_number": number(order),
        "student_number": f"20230{order}",
        "college": "教育学院",
        "grade": "2023",
        "major": "小学教育",
        "class": "小教1班",
    }
    return made | changes


PROFILE: dict[str, Any] = {
    "phone": "13800000000",
    "birthplace": {"province": "重庆市", "city": "重庆市", "county": "永川区"},
    "family": [{"name": "家长示例", "relation": "父亲", "phone": "13900000000"}],
    "political_status": "共青团员",
    "ethnic_group": "汉族",
}


@pytest.fixture
def school(tmp_path: Path):
    with open_school(tmp_path) as opened:
        yield opened


def send_roster(school: School, people: list[dict[str, str]], *, message_id: str) -> httpx.Response:
    """Be the registry that upserts its people."""
    body = json.dumps({"type": "roster.upsert", "data": {"campaign": SLUG, "people": people}}).encode()
    headers = signing.headers([ANSWER_SECRET], message_id=message_id, sent_at=int(time.time()), body=body)
    headers["content-type"] = "application/json"
    return httpx.post(f"{school.url}/v1/registry/roster", content=body, headers=headers, trust_env=False)


def test_notice_b(school: School):  # noqa: PLR0915 - a story from start to end
    """Roster by the registry, birthplace to the county, batch approval, a wrong record, more time for one."""
    registry = school.world.seeded.registry.id
    school.office("registry", "change", registry, "--embed-photo")
    now = datetime.now(UTC)
    window = ("--starts", beijing(now - timedelta(days=1)), "--ends", beijing(now + timedelta(hours=1)))
    create = ("campaign", "create", "--template", "cqwu-xuegong-2024", "--slug", SLUG, "--registry", registry)
    school.office(*create, *window)

    # The registry's roster: nobody with a fault among them, everybody without, once however often it is sent.
    refused = send_roster(school, [person(1), person(2, id_number="123")], message_id="msg_bad")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_roster")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["#/data/people/1/id_number"]
    people = [person(order) for order in (1, 2, 3)]
    counts = {"read": 3, "added": 3, "changed": 0, "unchanged": 0}
    assert send_roster(school, people, message_id="msg_1").json() == counts
    assert send_roster(school, people, message_id="msg_1").json() == {**counts, "added": 0, "unchanged": 3}
    assert send_roster(school, people, message_id="msg_2").json()["unchanged"] == 3
    forged = httpx.post(f"{school.url}/v1/registry/roster", json={"type": "x", "data": {}}, trust_env=False)
    assert forged.status_code == 401

    # Students choose their county from the list, fill the form in, and are told field by field what is wrong.
    phones = {order: school.student(f"s{order}") for order in (1, 2, 3)}
    for order, phone in phones.items():
        assert phone.bind(SLUG, person(order)["name"], number(order)).status_code == 200
    places = phones[1].http.get("/v1/regions/500000").json()["regions"]
    assert "永川区" in {place["name"] for place in places}
    photos = {order: phone.photo(SLUG)["id"] for order, phone in phones.items()}
    wrong = {**PROFILE, "birthplace": {"province": "重庆市", "city": "重庆市", "county": "攸县"}, "phone": "1"}
    faults = {one["pointer"]: one["detail"] for one in phones[1].confirm(SLUG, photos[1], wrong).json()["errors"]}
    assert set(faults) == {"#/profile/birthplace/county", "#/profile/phone"}
    assert "没有这个地方" in faults["#/profile/birthplace/county"]

    # A student's major is wrong in the record: reported, answered, corrected by the registry's next roster.
    report = {"about": "major", "message": "应为学前教育"}
    assert phones[1].http.post(f"/v1/campaigns/{SLUG}/record-errors", json=report).status_code == 201
    [collected] = school.rows("roster", "errors", "list", "--campaign", SLUG)
    assert (collected["about"], collected["message"]) == ("专业", "应为学前教育")
    assert send_roster(school, [person(1, major="学前教育")], message_id="msg_3").json()["changed"] == 1
    school.office("roster", "errors", "settle", collected["id"], "--answer", "已更正")
    told = phones[1].http.get(f"/v1/campaigns/{SLUG}/record-errors").json()["record_errors"][0]
    assert told["answer"] == "已更正"

    # Two hand in, and are approved in one batch; the third is late, is given longer, and comes in.
    handed = [phones[order].confirm(SLUG, photos[order], PROFILE).json()["id"] for order in (1, 2)]
    assert school.office("review", "approve", *handed).splitlines() == [f"{one} approved" for one in handed]
    closed = ("--starts", window[1], "--ends", beijing(now - timedelta(seconds=1)))
    school.office(*create, *closed)
    assert phones[3].confirm(SLUG, photos[3], PROFILE).json()["code"] == "campaign_closed"
    until = beijing(now + timedelta(days=1))
    school.office("campaign", "extend", SLUG, "202303", "--until", until, "--reason", "实习在外")
    assert phones[3].http.get(f"/v1/campaigns/{SLUG}").json()["window"] == "open"
    assert phones[2].http.get(f"/v1/campaigns/{SLUG}").json()["window"] == "closed"
    assert phones[3].confirm(SLUG, photos[3], PROFILE).status_code == 201

    # The registry has every event with the photo inside, and the office sees how far things are.
    school.deliver()
    events = school.received()
    assert sorted(event["type"] for event in events) == ["photo.approved"] * 2 + ["photo.submitted"] * 3
    for event in events:
        jpeg = base64.b64decode(event["data"]["photo"]["jpeg_base64"])
        assert hashlib.sha256(jpeg).hexdigest() == event["data"]["photo"]["sha256"]
    [group] = school.rows("campaign", "stats", SLUG)
    assert (group["people"], group["approved"], group["submitted"], group["missing"]) == ("3", "2", "1", "0")
    assert sum(int(day["submitted"]) for day in school.rows("campaign", "stats", SLUG, "--days")) == 3
