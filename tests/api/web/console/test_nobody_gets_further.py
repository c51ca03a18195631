"""Every address of the console, walked: a stranger, a foreign counsellor and a form without a token get no further.

The walk is over the application's own map. A route that is not in `WHO`, or that has a part no world fills in, fails.
"""

import re
from collections.abc import Iterator

import pytest
from review_people import CERAMICS, hand_in, person
from web_world import CSRF, Staff, World

from api.domain.audit import AuditFilter
from api.domain.record_error import RecordField
from api.domain.reviewer import Role, Scope
from api.domain.staff import Caller

ANYONE, STAFF, OFFICE = "anyone", "staff", "office"
BEFORE_WORK = frozenset({"console.password", "console.password_change", "console.log_out"})
"""What somebody with a one-time password may do."""

WHO = {
    "console.login": ANYONE,
    "console.log_in": ANYONE,
    "console.choose_language": ANYONE,
    "school_login.begin": ANYONE,
    "school_login.callback": ANYONE,
    "console.home": STAFF,
    "console.log_out": STAFF,
    "console.password": STAFF,
    "console.password_change": STAFF,
    "console.account": STAFF,
    "console.end_session": STAFF,
    "console.end_others": STAFF,
    "review.queue": STAFF,
    "review.start": STAFF,
    "review.find": STAFF,
    "review.find_again": STAFF,
    "review.one": STAFF,
    "review.approve": STAFF,
    "review.give_back": STAFF,
    "review.revoke": STAFF,
    "review.undo": STAFF,
    "review.batch": STAFF,
    "review.approve_batch": STAFF,
    "review.return_batch": STAFF,
    "review.undo_batch": STAFF,
    "review.picture": STAFF,
    "records.listed": STAFF,
    "records.settle": STAFF,
    "campaigns.my_progress": STAFF,
    "campaigns.progress": STAFF,
    "campaigns.missing": STAFF,
    "campaigns.missing_file": STAFF,
    "campaigns.index": OFFICE,
    "campaigns.show": OFFICE,
    "campaigns.new": OFFICE,
    "campaigns.create": OFFICE,
    "campaigns.edit": OFFICE,
    "campaigns.save": OFFICE,
    "campaigns.close": OFFICE,
    "campaigns.tell_earlier": OFFICE,
    "campaigns.reopen": OFFICE,
    "campaigns.form": OFFICE,
    "campaigns.form_preview": OFFICE,
    "campaigns.form_preview_again": OFFICE,
    "campaigns.poster": OFFICE,
    "campaigns.remind": OFFICE,
    "campaigns.extensions": OFFICE,
    "campaigns.extend": OFFICE,
    "campaigns.find_for_extension": OFFICE,
    "campaigns.find_again": OFFICE,
    "campaigns.people": OFFICE,
    "campaigns.person": OFFICE,
    "campaigns.search_people": OFFICE,
    "campaigns.search_again": OFFICE,
    "campaigns.reveal": OFFICE,
    "campaigns.revealed": OFFICE,
    "campaigns.unbind": OFFICE,
    "campaigns.unbound": OFFICE,
    "campaigns.remove": OFFICE,
    "campaigns.roster_upload": OFFICE,
    "campaigns.roster_uploaded": OFFICE,
    "campaigns.roster_check": OFFICE,
    "campaigns.roster_faults": OFFICE,
    "campaigns.roster_confirm": OFFICE,
    "campaigns.roster_drop": OFFICE,
    "campaigns.exports": OFFICE,
    "campaigns.begin_export": OFFICE,
    "campaigns.fetch_export": OFFICE,
    "campaigns.fetch_list": OFFICE,
    "registries.index": OFFICE,
    "registries.show": OFFICE,
    "registries.add": OFFICE,
    "registries.edit": OFFICE,
    "registries.ping": OFFICE,
    "registries.verify": OFFICE,
    "registries.off": OFFICE,
    "registries.on": OFFICE,
    "registries.rotate": OFFICE,
    "registries.finish": OFFICE,
    "registries.deliveries": OFFICE,
    "registries.delivery": OFFICE,
    "registries.replay": OFFICE,
    "registries.ask_replay": OFFICE,
    "registries.replay_many": OFFICE,
    "staff.people": OFFICE,
    "staff.new": OFFICE,
    "staff.add": OFFICE,
    "staff.person": OFFICE,
    "staff.change": OFFICE,
    "staff.reset": OFFICE,
    "staff.disable": OFFICE,
    "staff.enable": OFFICE,
    "staff.add_scope": OFFICE,
    "staff.remove_scope": OFFICE,
    "audit.log": OFFICE,
    "audit.export": OFFICE,
    "audit.verify": OFFICE,
}
"""Who may open each endpoint. A counsellor's pages show the counsellor's own classes and nobody else's."""

THEIRS = frozenset({"submission_id", "report_id", "session_id"})
"""Parts of a path that name something of somebody's: with another one's it is not found."""


@pytest.fixture
def parts(world: World) -> dict[str, str]:
    """Return what fills every part of every path: real things, of a class that the counsellor does not have."""
    [submission] = hand_in(world, 1, place=CERAMICS, first=20)
    student = world.house.login_as_developer("student-20").student.id
    message = "班级写错了"
    report = world.house.report_record_error(student, campaign="hunan-pretco", about=RecordField.MAJOR, message=message)
    office = world.staff("registrar", login="office")
    registry = world.house.list_registries()[0].id
    delivery = world.house.ping_registry(registry)
    row = next(one for one in roster(world) if one.name == person(20, CERAMICS).name)
    return {
        "submission_id": submission,
        "report_id": report.id,
        "session_id": world.house.staff.find.sessions(office.member)[0].id,
        "staff_id": office.member.id,
        "registry_id": registry,
        "delivery_id": delivery.id,
        "kind": "sent",
        "campaign_id": "hunan-pretco",
        "row_id": row.id,
        "check_id": "rc_none",
        "export_id": "ex_none",
        "name": "photo",
        "ending": "csv",
    }


@pytest.fixture
def foreigner(world: World) -> Staff:
    """A counsellor of another class."""
    return world.staff(scopes=(Scope(class_="软件2201班"),), login="foreigner")


def roster(world: World) -> tuple:
    with world.house.parts.database.read() as uow:
        campaign = uow.campaigns.by_slug("hunan-pretco")
        assert campaign is not None
        return tuple(uow.roster.of_campaign(campaign.id))


def walk(world: World, parts: dict[str, str], *whose: str) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """Give endpoint, method, a path of the console that is filled in, and the names of its parts."""
    adapter = world.app.url_map.bind("")
    for rule in world.app.url_map.iter_rules():
        if not f"{rule.rule}/".startswith("/console/") or WHO.get(rule.endpoint) not in whose:
            continue
        filled = {name: parts[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, filled, method), frozenset(rule.arguments)


def token_of(http) -> str:
    found = CSRF.search(http.get("/console/login").text)
    assert found is not None
    return found[1]


def last_seq(world: World) -> int:
    with world.house.parts.database.read() as uow:
        return int(uow.audit.find(AuditFilter(), before=None, limit=1)[0].seq)


def test_every_address_of_the_console_says_whose_it_is(world: World):
    """A new route is a new line in `WHO`, or this fails; a route that went takes its line along."""
    found = {rule.endpoint for rule in world.app.url_map.iter_rules() if f"{rule.rule}/".startswith("/console/")}

    assert found == set(WHO)


def test_a_stranger_is_sent_to_the_login_from_everywhere(world: World, parts: dict[str, str]):
    """With a good token in the form too; and nothing happens, nothing is noted."""
    stranger, before = world.client(), last_seq(world)
    for endpoint, method, path, _ in walk(world, parts, STAFF, OFFICE):
        data = {"csrf_token": token_of(stranger)} if method == "POST" else None
        answer = stranger.open(path, method=method, data=data)

        assert answer.status_code == 302, endpoint
        assert answer.location.split("?")[0] == "/console/login", endpoint
        assert answer.headers["Cache-Control"] == "private, no-store", endpoint
        script = stranger.open(path, method=method, data=data, headers={"Accept": "application/json"})
        assert script.status_code in {302, 401}, endpoint
    assert last_seq(world) == before


def test_a_form_without_our_token_does_nothing_whoever_sends_it(world: World, parts: dict[str, str]):
    """Not for the registrar, not for the login, and not under another name of the method."""
    office = world.staff("registrar")
    before = last_seq(world)
    for endpoint, method, path, _ in walk(world, parts, ANYONE, STAFF, OFFICE):
        if method != "POST":
            continue
        assert office.http.post(path).status_code == 400, endpoint
        assert office.http.post(path, data={"csrf_token": "forged"}).status_code == 400, endpoint
        assert office.http.post(path, headers={"X-CSRFToken": "forged"}).status_code == 400, endpoint
        assert office.http.post(path, json={}).status_code == 400, endpoint
        for other in ("PUT", "PATCH", "DELETE"):
            assert office.http.open(path, method=other).status_code in {400, 405}, endpoint
    assert last_seq(world) == before


def test_the_token_of_one_browser_is_worth_nothing_in_another(world: World):
    """Whoever takes a token from a page of their own cannot put it into a colleague's form."""
    office, attacker = world.staff("registrar"), world.staff()

    assert office.http.post("/console/audit/verify", data={"csrf_token": attacker.token()}).status_code == 400
    assert office.post("/console/audit/verify").status_code == 302


def test_a_counsellor_gets_no_further_than_the_sign_on_the_offices_doors(
    world: World, parts: dict[str, str], foreigner: Staff
):
    """Reading or doing, asked as GET, HEAD or POST; and the log says who tried."""
    paths = list(walk(world, parts, OFFICE))
    before = last_seq(world)
    for endpoint, method, path, _ in paths:
        token = foreigner.token() if method == "POST" else ""
        answer = foreigner.http.open(path, method=method, data={"csrf_token": token} if token else None)
        assert answer.status_code == 403, endpoint
        if method == "GET":
            assert foreigner.http.head(path).status_code == 403, endpoint
            assert foreigner.get(path, headers={"Accept": "application/json"}).status_code == 403, endpoint
    with world.house.parts.database.read() as uow:
        rows = uow.audit.find(AuditFilter(), before=None, limit=500)
    assert {row.action for row in rows if row.seq > before} == {"staff.forbidden"}


def test_another_classes_things_do_not_exist_for_a_counsellor(world: World, parts: dict[str, str], foreigner: Staff):
    """Nor another colleague's sessions; the photo stays as it was, the session too."""
    for endpoint, method, path, names in walk(world, parts, STAFF):
        if not names & THEIRS:
            continue
        data = {"more": "不是本人", "reason": "不是本人", "answer": "已更正"}
        answer = foreigner.get(path) if method == "GET" else foreigner.post(path, data)
        assert answer.status_code == 404, endpoint
    for name in ("photo", "thumb", "selfie", "explain"):
        assert foreigner.get(f"/console/submissions/{parts['submission_id']}/{name}.jpg").status_code == 404
    found = world.house.read_submission("office", parts["submission_id"]).submission
    office = world.house.staff.find.one(parts["staff_id"])

    assert (found.state.value, found.version) == ("submitted", 1)
    assert len(world.house.staff.find.sessions(office)) == 1


def test_no_page_of_a_counsellor_names_anybody_of_another_class(world: World, parts: dict[str, str], foreigner: Staff):
    """Lists, numbers, files, batches with a foreign id picked, an `undo` hint: no name, no number, no message."""
    other = person(20, CERAMICS)
    picked = {"pick": f"{parts['submission_id']}:1", "intent": "approve", "more": "不是本人"}
    pages = []
    for _, method, path, names in walk(world, parts, STAFF):
        if names & THEIRS or path == "/console/logout":
            continue
        wide = f"{path}?state=any&all=1&by=class&college={CERAMICS[0]}&class={CERAMICS[3]}&class_={CERAMICS[3]}"
        pages += [foreigner.get(path), foreigner.get(wide)] if method == "GET" else [foreigner.post(path, picked)]
    found = world.house.read_submission("office", parts["submission_id"]).submission

    assert (found.state.value, found.version) == ("submitted", 1)
    for page in pages:
        text = page.text if "sheet" not in page.mimetype else ""
        # the filter's own words stand in the address that the language switch carries
        bare = re.sub(r'name="back" value="[^"]*"', "", text)
        for secret in (other.name, other.id_number, other.student_number, "班级写错了"):
            assert secret not in bare, page.request.path


def test_a_counsellor_without_a_class_sees_nobody(world: World, parts: dict[str, str]):
    """A new account is empty, not whole."""
    nobody = world.staff(login="nobody")
    for endpoint, method, path, names in walk(world, parts, STAFF):
        if path == "/console/logout":
            continue
        answer = nobody.get(path) if method == "GET" else nobody.post(path, {"more": "不是本人", "answer": "已更正"})
        if names & THEIRS:
            assert answer.status_code == 404, endpoint
        assert person(20, CERAMICS).name not in answer.text, endpoint


def test_a_one_time_password_opens_nothing_but_the_page_for_a_better_one(world: World, parts: dict[str, str]):
    """For a registrar too: whoever read the slip of paper has not yet got in."""
    issued = world.house.staff.add("fresh", name="新来的", role=Role.REGISTRAR)
    fresh = Staff(world, world.client(), issued.member)
    fresh.sign_in(issued.password)
    for endpoint, method, path, _ in walk(world, parts, STAFF, OFFICE):
        if endpoint in BEFORE_WORK:
            continue
        answer = fresh.get(path) if method == "GET" else fresh.post(path)
        assert (answer.status_code, answer.location) == (302, "/console/password"), endpoint


def test_a_session_that_ended_opens_nothing_with_its_old_cookie(world: World, parts: dict[str, str]):
    """Out is out: the cookie that a shared computer kept is worth nothing."""
    office = world.staff("registrar", login="wang")
    cookie = office.http.get_cookie("idphoto_console", path="/console")
    assert cookie is not None
    assert office.post("/console/logout").status_code == 302
    thief = world.client()
    thief.set_cookie("idphoto_console", cookie.value, path="/console")
    for endpoint, _, path, _ in walk(world, parts, STAFF, OFFICE):
        assert thief.open(path).status_code in {302, 405}, endpoint


def test_the_login_gives_a_new_session_and_never_one_that_somebody_planted(world: World):
    """The cookie of before the login says nothing after it, and two logins never share one."""
    member = world.account("registrar", login="wang")
    one = Staff(world, world.client(), member)
    planted = one.http.get("/console/login") and one.http.get_cookie("idphoto_console", path="/console")
    assert planted is not None
    one.sign_in()
    thief = world.client()
    thief.set_cookie("idphoto_console", planted.value, path="/console")
    second = world.house.staff.sign_in("wang", "窗外的雨下了一整夜没有停", caller=Caller())

    assert thief.get("/console/account").status_code == 302
    assert len(world.house.staff.find.sessions(second.member)) == 2
