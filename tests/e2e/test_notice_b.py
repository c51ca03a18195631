"""Notice B, from start to end: 重庆文理学院 has all undergraduates complete their basic information.

Everything goes over HTTP to a running product. The registry brings the roster in by its own signed message and receives
signed webhooks with the photo in them; counsellors approve in batches on the console's pages, as a browser without
script sends their forms. The photos are made by the real photo service from real portraits where those are here, and
each exported one is held against the spec by `idphoto check`.
"""

import csv
import hashlib
import io
import json
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from faces import Cast, casting, taken_long_ago
from product import School, choose, open_school, run, until

from api.cli.times import beijing
from api.domain import signing
from api.domain.id_number import check_digit

SLUG = "xuegong-2024"
NOW = datetime.now(UTC).replace(microsecond=0)
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


@pytest.fixture(params=["real portraits", "a scripted photo service"])
def cast(request: pytest.FixtureRequest):
    with casting(request.param, "cqwu-xuegong", people=3) as found:
        yield found


@pytest.fixture
def school(cast: Cast, tmp_path: Path):
    with open_school(tmp_path, **cast.env) as opened:
        yield opened


class Registry:
    """学工系统, speaking over signed messages."""

    def __init__(self, school: School, secret: str) -> None:
        self.school, self.secret = school, secret

    def send(self, people: list[dict[str, str]], *, message_id: str) -> httpx.Response:
        """Upsert its people."""
        body = json.dumps({"type": "roster.upsert", "data": {"campaign": SLUG, "people": people}}).encode()
        head = signing.headers([self.secret], message_id=message_id, sent_at=int(time.time()), body=body)
        head["content-type"] = "application/json"
        return httpx.post(f"{self.school.url}/v1/registry/roster", content=body, headers=head, trust_env=False)


def open_campaign(school: School, registry: str) -> None:
    """Fill the console's form in, begun from the notice's template."""
    office = school.staff("registrar")
    form = office.open("/console/campaigns/new?template=cqwu-xuegong-2024").form("/campaigns/new$")
    starts, ends = beijing(NOW - timedelta(days=1)), beijing(NOW + timedelta(hours=1))
    shown = office.send(form, slug=SLUG, starts_at=starts, ends_at=ends, registry_id=registry)
    assert shown.url.endswith(f"/console/campaigns/{SLUG}"), shown.text


def test_notice_b(school: School, cast: Cast, tmp_path: Path):  # noqa: PLR0915 - a story from start to end
    """Roster by the registry, birthplace to the county, batch approval, a wrong record, more time for one."""
    office = school.staff("registrar")
    registry_id, secret = school.new_registry("重庆文理学工系统", embed=True)
    open_campaign(school, registry_id)
    registry = Registry(school, secret)

    # The registry's roster: nobody with a fault among them, everybody without, once however often it is sent.
    refused = registry.send([person(1), person(2, id_number="123")], message_id="msg_bad")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_roster")
    assert [one["pointer"] for one in refused.json()["errors"]] == ["#/data/people/1/id_number"]
    people = [person(order) for order in (1, 2, 3)]
    counts = {"read": 3, "added": 3, "changed": 0, "unchanged": 0}
    assert registry.send(people, message_id="msg_1").json() == counts
    assert registry.send(people, message_id="msg_1").json() == {**counts, "added": 0, "unchanged": 3}
    assert registry.send(people, message_id="msg_2").json()["unchanged"] == 3
    forged = httpx.post(f"{school.url}/v1/registry/roster", json={"type": "x", "data": {}}, trust_env=False)
    assert forged.status_code == 401

    # A photo that falls short must be replaced; counties come from a list, and what is wrong is told field by field.
    phones = {order: school.student(f"s{order}") for order in (1, 2, 3)}
    for order, phone in phones.items():
        assert phone.bind(SLUG, person(order)["name"], number(order)).status_code == 200
    short = phones[1].photo(SLUG, cast.bad)
    assert short["state"] == "rejected"
    assert all(finding["advice"] for finding in short["report"]["findings"])
    if cast.real:
        old = phones[1].photo(SLUG, taken_long_ago(cast.good[0]))
        assert [finding["code"] for finding in old["report"]["findings"]] == ["photo_too_old"]
    photos = {
        order: phone.ready(SLUG, selfie) for (order, phone), selfie in zip(phones.items(), cast.good, strict=True)
    }
    places = phones[1].http.get("/v1/regions/500000").json()["regions"]
    assert "永川区" in {place["name"] for place in places}
    wrong = {**PROFILE, "birthplace": {"province": "重庆市", "city": "重庆市", "county": "攸县"}, "phone": "1"}
    faults = {one["pointer"]: one["detail"] for one in phones[1].confirm(SLUG, photos[1], wrong).json()["errors"]}
    assert set(faults) == {"#/profile/birthplace/county", "#/profile/phone"}
    assert "没有这个地方" in faults["#/profile/birthplace/county"]

    counsellor = school.counsellor("chen", college="教育学院")
    a_wrong_record(school, registry, phones[1])

    # Two hand in, one is returned and comes back, and both are approved in one batch at a PC.
    handed = {order: phones[order].confirm(SLUG, photos[order], PROFILE).json()["id"] for order in (1, 2)}
    entry = counsellor.open(f"/console/review/{handed[2]}")
    assert "永川区" in entry.text
    counsellor.send(entry.form("/return$"), reasons=None, more="请在近半年内重新拍摄")
    assert phones[2].outcome() == ("returned", "请在近半年内重新拍摄")
    phones[2].hand_in(SLUG, cast.good[1], PROFILE)
    queue = counsellor.open("/console/review")
    asked = counsellor.send(queue.form("/batch$"), pick=choose(queue, "学生示例1", "学生示例2"), intent="approve")
    counsellor.send(asked.form("/batch/approve$"))
    assert [phones[order].outcome()[0] for order in (1, 2)] == ["approved", "approved"]

    # The window closes; the third is late, is given longer for a reason, and comes in, alone.
    office.send(office.open(f"/console/campaigns/{SLUG}").form("/close$"))
    assert phones[3].confirm(SLUG, photos[3], PROFILE).json()["code"] == "campaign_closed"
    search = office.open(f"/console/campaigns/{SLUG}/extensions").form("/extensions/search$")
    found = office.send(search, words="202303")
    until_then = beijing(NOW + timedelta(days=1))
    office.send(found.form("/extensions$"), student="202303", until=until_then, reason="实习在外")
    assert phones[3].http.get(f"/v1/campaigns/{SLUG}").json()["window"] == "open"
    assert phones[2].http.get(f"/v1/campaigns/{SLUG}").json()["window"] == "closed"
    assert phones[3].confirm(SLUG, photos[3], PROFILE).status_code == 201

    # The registry has every event with the photo inside, and the office sees how far things are.
    events = school.received(6)
    assert sorted(event["type"] for event in events) == ["photo.approved"] * 2 + ["photo.submitted"] * 4
    for event in events:
        jpeg = school.photo_at_registry(event["photo"]["file"])
        assert hashlib.sha256(jpeg).hexdigest() == event["data"]["photo"]["sha256"]
    progress = office.open(f"/console/campaigns/{SLUG}/progress?by=class")
    assert "小教1班" in progress.text
    missing = office.open(f"/console/campaigns/{SLUG}/missing.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(missing)))[1:] == []

    exported = export(school, tmp_path)
    assert {path.name for path in exported} == {"202301.jpg", "202302.jpg"}
    if cast.real:
        assert all(51_200 <= path.stat().st_size < 2_000_000 for path in exported)
        run("check", *map(str, exported), "--spec", "cqwu-xuegong")


def a_wrong_record(school: School, registry: Registry, phone: Any) -> None:
    """A student's major is wrong: reported, corrected by the registry's next roster, answered by the office."""
    report = {"about": "major", "message": "应为学前教育"}
    assert phone.http.post(f"/v1/campaigns/{SLUG}/record-errors", json=report).status_code == 201
    office = school.staff("registrar")
    records = office.open("/console/records")
    assert "应为学前教育" in records.text
    assert registry.send([person(1, major="学前教育")], message_id="msg_3").json()["changed"] == 1
    office.send(records.form("/settle$"), answer="已更正")
    told = phone.http.get(f"/v1/campaigns/{SLUG}/record-errors").json()["record_errors"][0]
    assert told["answer"] == "已更正"


def export(school: School, folder: Path) -> list[Path]:
    """Have the office ask for the ZIP with a reason, and fetch it."""
    office = school.staff("registrar")
    form = office.open(f"/console/campaigns/{SLUG}/exports").form("/exports$")
    office.send(form, reason="学工系统照片归档", layout="plain")

    def look() -> Any:
        page = office.open(f"/console/campaigns/{SLUG}/exports")
        return page if any(address.endswith(".zip") for address, _ in page.links) else None

    content = office.open(until(look).link(r"\.zip$")).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = [name for name in archive.namelist() if name.startswith("photos/")]
        archive.extractall(folder / "out")
    return [folder / "out" / name for name in names]
