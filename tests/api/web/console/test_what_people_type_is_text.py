"""Names, reasons, answers, titles: whatever people type stands on the pages as text and runs nowhere."""

import io
from dataclasses import replace

from review_people import hand_in, person
from structlog.testing import capture_logs
from test_nobody_gets_further import OFFICE, STAFF, walk
from web_world import PASSWORD, Staff, World

from api.domain.record_error import RecordField
from api.domain.reviewer import Role, Scope

EVIL = "\"'><img src=x onerror=alert(1)>{{7*7}}"
SCRIPT = "</script><script>alert(1)</script>"


def poisoned(world: World) -> tuple[dict[str, str], Staff]:
    """Make a house in which everybody has typed markup wherever they could."""
    house = world.house
    [submission] = hand_in(world, 1, first=20)
    student = house.login_as_developer("student-20").student.id
    report = house.report_record_error(student, campaign="hunan-pretco", about=RecordField.MAJOR, message=EVIL)
    office = world.staff("registrar", login="office")
    house.staff.change(office.member.id, name=EVIL)
    other = house.staff.add("other", name=EVIL, role=Role.COUNSELLOR, scopes=(Scope(class_=EVIL),)).member
    bad = replace(person(20), name=EVIL, college=EVIL, major=SCRIPT, class_=SCRIPT)
    house.import_roster("hunan-pretco", [bad])
    registry = house.list_registries()[0].id
    change = {"name": EVIL, "url": f"http://127.0.0.1:9/in?{SCRIPT}", "photo": "link", "events": ["photo.approved"]}
    assert office.post(f"/console/registries/{registry}/edit", change).status_code == 302
    office.post(f"/console/review/{submission}/return", {"more": EVIL})
    office.post(f"/console/review/{submission}/undo")
    office.post("/console/campaigns/hunan-pretco/roster/search", {"words": EVIL})
    with house.parts.database.read() as uow:
        row = uow.roster.of_student(student)[0]
    delivery = house.ping_registry(registry)
    return {
        "submission_id": submission,
        "report_id": report.id,
        "session_id": "sn_none",
        "staff_id": other.id,
        "registry_id": registry,
        "delivery_id": delivery.id,
        "kind": "sent",
        "campaign_id": "hunan-pretco",
        "row_id": row.id,
        "check_id": "rc_none",
        "export_id": "ex_none",
        "name": "photo",
        "ending": "csv",
    }, office


def test_no_page_turns_what_somebody_typed_into_markup(world: World):
    """Every page of the console, with markup in roster, reasons, reports, registries, staff and the addresses."""
    parts, office = poisoned(world)
    shown = 0
    for endpoint, method, path, _ in walk(world, parts, STAFF, OFFICE):
        if method != "GET":
            continue
        asked = dict.fromkeys(("college", "class", "campaign", "who", "what", "subject", "next", "template"), EVIL)
        for query in ({}, {"state": "any", "all": "1"}, {**asked, "words": SCRIPT}):
            page = office.get(path, query_string=query)
            if page.mimetype != "text/html":
                continue
            shown += "&lt;img src=x" in page.text
            for markup in ("<img src=x", "<script>alert", SCRIPT):
                assert markup not in page.text, endpoint
            assert "alert(1)&gt;49" not in page.text, endpoint

    assert shown > 10


def test_a_name_can_neither_end_a_header_nor_begin_a_formula(world: World):
    """Files carry names: quotes, line ends and `=` stay what they are."""
    parts, office = poisoned(world)
    formula = replace(person(21), name='=HYPERLINK("http://x")', college="+1+1", class_="@SUM(1)")
    world.house.import_roster("hunan-pretco", [formula])
    answer = office.get(f"/console/campaigns/{parts['campaign_id']}/missing.csv?college=%0d%0aX-Evil:1")
    table = office.get(f"/console/campaigns/{parts['campaign_id']}/missing.csv").text
    log = office.get("/console/audit/audit.csv?who==1%2B1").text

    assert "X-Evil" not in answer.headers
    assert "'=HYPERLINK" in table
    assert ",=HYPERLINK" not in table
    assert "\n=" not in log


def test_the_log_of_all_this_holds_no_name_no_number_and_no_secret(world: World):
    """Every page asked for, a login refused and a file that is none: ids and routes alone."""
    with capture_logs() as events:
        parts, office = poisoned(world)
        for _, method, path, _ in walk(world, parts, STAFF, OFFICE):
            if method == "GET":
                office.get(path, query_string={"next": EVIL, "words": EVIL})
        office.http.post("/console/login", data={"login": "lin", "password": PASSWORD, "csrf_token": office.token()})
        file = (io.BytesIO(f"姓名\n{person(20).name}".encode()), f"{person(20).name}.csv")
        office.post("/console/campaigns/hunan-pretco/roster-import", {"file": file})
    told = str(events)
    cookie = office.http.get_cookie("idphoto_console", path="/console")
    assert cookie is not None
    one = person(20)

    assert len(events) > 50
    for secret in (one.name, one.id_number, one.student_number, "alert(1)", PASSWORD, cookie.value, "whsec_"):
        assert secret not in told
    assert office.token() not in told
