"""The registrar looks after accounts; nobody else does."""

import csv
import io
import re

import pytest
from web_world import PASSWORD, Staff, World

from api.domain.audit import AuditFilter
from api.domain.reviewer import Role, Scope

SOFTWARE = Scope(college="软件学院", class_="软件2201班")


@pytest.fixture
def registrar(world: World) -> Staff:
    return world.staff("registrar", login="zhao")


def opened(registrar: Staff, login: str = "lin", role: str = "counsellor") -> tuple[str, str]:
    """Open an account on the page; return its id and its one-time password."""
    page = registrar.post("/console/staff/new", {"login": login, "name": "林示例", "role": role})
    password = re.search(r'<code id="one-time">([^<]+)</code>', page.text)
    assert password is not None, page.text
    return registrar.world.house.staff.find.by_login(login).id, password[1]


def actions(world: World, **wanted: str) -> list[str]:
    with world.house.parts.database.read() as uow:
        return [row.action for row in uow.audit.find(AuditFilter(**wanted), before=None, limit=50)]


def test_a_new_counsellor_comes_with_a_one_time_password_and_must_choose_their_own(world: World, registrar: Staff):
    """It is shown once; with it nothing opens but the page for a new password."""
    staff_id, password = opened(registrar, "Lin ")
    assert password not in registrar.get(f"/console/staff/{staff_id}").text

    lin = Staff(world, world.client(), world.house.staff.find.one(staff_id))
    lin.sign_in(password)
    assert lin.get("/console/").location == "/console/password"
    weak = lin.post("/console/password", {"current": password, "new": "password1234", "again": "password1234"})
    assert weak.status_code == 422
    assert "常见密码" in weak.text
    differ = lin.post("/console/password", {"current": password, "new": PASSWORD, "again": PASSWORD + "!"})
    assert "两次输入的新密码不一样" in differ.text
    done = lin.post("/console/password", {"current": password, "new": PASSWORD, "again": PASSWORD})

    assert done.location == "/console/"
    assert lin.get("/console/").location == "/console/review"
    assert lin.get("/console/account").status_code == 200


def test_a_login_that_is_taken_or_is_none_is_told_at_its_field_and_nothing_typed_is_lost(registrar: Staff):
    """The form comes back as it was, with the complaint below the field."""
    opened(registrar)
    taken = registrar.post("/console/staff/new", {"login": "LIN", "name": "另一位", "role": "counsellor"})
    none = registrar.post("/console/staff/new", {"login": "林老师", "name": "另一位", "role": "counsellor"})

    assert taken.status_code == none.status_code == 422
    assert "已有人使用这个账号" in taken.text
    assert "另一位" in taken.text
    assert "账号为 2 到 64 位" in none.text


def test_scopes_are_chosen_from_what_the_rosters_know(world: World, registrar: Staff):
    """A class that nobody is in cannot be assigned; one that there is can, and be taken back."""
    staff_id, _ = opened(registrar)
    page = registrar.get(f"/console/staff/{staff_id}").text
    assert '<option value="软件2201班">' in page
    assert "这个账号现在看不到任何学生" in page

    registrar.post(f"/console/staff/{staff_id}/scopes", {"college": "软件学院", "class_": "软件2201班"})
    registrar.post(f"/console/staff/{staff_id}/scopes", {"college": "软件学院", "class_": "小教2301班"})
    registrar.post(f"/console/staff/{staff_id}/scopes", {})
    assert world.house.staff.find.one(staff_id).scopes == (SOFTWARE,)
    assert "这个账号现在看不到任何学生" not in registrar.get(f"/console/staff/{staff_id}").text

    registrar.post(f"/console/staff/{staff_id}/scopes/remove", {"scope": "软件学院 › 软件2201班"})
    assert world.house.staff.find.one(staff_id).scopes == ()
    assert actions(world, subject=staff_id).count("staff.scoped") == 2


def test_disabling_ends_every_session_at_once(world: World, registrar: Staff):
    """The next click of somebody who was disabled leads to the login, and the login leads nowhere."""
    lin = world.staff(login="lin")
    registrar.post(f"/console/staff/{lin.member.id}/disable")

    assert lin.get("/console/account").location.startswith("/console/login")
    assert lin.post("/console/login", {"login": "lin", "password": PASSWORD}).status_code == 401
    registrar.post(f"/console/staff/{lin.member.id}/enable")
    assert lin.post("/console/login", {"login": "lin", "password": PASSWORD}).status_code == 302


def test_a_reset_password_ends_every_session_and_the_old_password(world: World, registrar: Staff):
    """Whoever had it has nothing any more."""
    lin = world.staff(login="lin")
    page = registrar.post(f"/console/staff/{lin.member.id}/reset")

    assert "只显示这一次" in page.text
    assert lin.get("/console/account").status_code == 302
    assert lin.post("/console/login", {"login": "lin", "password": PASSWORD}).status_code == 401


def test_the_last_registrar_cannot_lock_everyone_out(world: World, registrar: Staff):
    """Neither by disabling nor by becoming a counsellor."""
    me = registrar.member.id
    token = registrar.token()
    registrar.http.post(f"/console/staff/{me}/disable", data={"csrf_token": token})
    told = registrar.get("/console/staff").text
    answer = registrar.post(f"/console/staff/{me}", {"name": "赵", "role": "counsellor"})

    assert answer.status_code == 409
    assert "这是最后一位可用的教务处账号" in told
    assert "这是最后一位可用的教务处账号" in answer.text
    assert world.house.staff.find.one(me).role is Role.REGISTRAR


@pytest.mark.parametrize("path", ["/console/staff", "/console/staff/new", "/console/audit", "/console/audit/audit.csv"])
def test_a_counsellor_does_not_come_into_the_registrar_s_rooms(world: World, path: str):
    """They read why, and the try is noted."""
    lin = world.staff(login="lin")
    answer = lin.get(path)

    assert answer.status_code == 403
    assert "没有权限" in answer.text
    assert path not in lin.get("/console/account").text
    assert actions(world, actor="lin")[0] == "staff.forbidden"


def test_other_logins_of_mine_can_be_ended_by_me_and_by_nobody_else(world: World):
    """A colleague's session has no name here."""
    lin, wang = world.staff(login="lin"), world.staff(login="wang")
    elsewhere = Staff(world, world.client(), lin.member)
    elsewhere.sign_in()
    [theirs] = world.house.staff.find.sessions(wang.member)

    assert lin.post(f"/console/account/sessions/{theirs.id}/end").status_code == 404
    assert wang.get("/console/account").status_code == 200
    lin.post("/console/account/sessions/end-others")
    assert elsewhere.get("/console/account").status_code == 302
    assert lin.get("/console/account").status_code == 200


def test_the_registrar_finds_rows_of_the_audit_log_by_who_what_whom_and_when(world: World, registrar: Staff):
    """Each alone and all together; words for what was done, Beijing time for when."""
    staff_id, _ = opened(registrar)
    hit = registrar.get(f"/console/audit?who=ZHAO&what=staff.added&subject={staff_id}&start=2026-03-02&end=2026-03-02")
    assert "添加账号" in hit.text
    assert '<option value="photos.viewed">查看一页照片</option>' in hit.text
    assert "2026-03-02 10:00:00" in hit.text
    assert f'<code class="subject">{staff_id}</code>' in hit.text

    for nothing in ("who=nobody", "what=staff.reset", "subject=sf_none", "start=2026-03-03", "end=2026-03-01"):
        assert "没有符合条件的记录" in registrar.get(f"/console/audit?{nothing}").text


def test_the_audit_log_has_pages(world: World, registrar: Staff):
    """Fifty rows a page, older ones behind a link that keeps the search."""
    for n in range(60):
        world.house.staff.note("review.viewed", who=registrar.member, subject=f"sb_{n:03}")
    first = registrar.get("/console/audit?what=review.viewed").text
    older = re.search(r'href="(/console/audit\?[^"]*before=\d+)"', first)[1].replace("&amp;", "&")
    second = registrar.get(older).text

    assert "sb_059" in first
    assert "sb_010" in first
    assert "sb_009" not in first
    assert "sb_009" in second
    assert "sb_000" in second


def test_the_exported_table_runs_no_formula(world: World, registrar: Staff):
    """What somebody typed stands behind an apostrophe; the file opens in Excel as UTF-8."""
    world.house.staff.note("review.returned", who=registrar.member, subject="=HYPERLINK()", detail={"=x": "@y"})
    answer = registrar.get("/console/audit/audit.csv?what=review.returned")
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))

    assert head[:3] == ["序号", "时间", "账号"]
    assert row[5] == "'=HYPERLINK()"
    assert row[6].startswith("'=x")
    assert actions(world)[0] == "staff.audit_exported"


@pytest.mark.parametrize(
    "asked",
    [
        "before=99999999999999999999",
        "before=-1",
        "start=0001-01-01&end=9999-12-31",
        "end=soon",
        "who=%00&subject=a%00b",
    ],
)
def test_no_question_to_the_log_breaks_it(registrar: Staff, asked: str):
    """What is no number, no day and no text of ours is no condition."""
    assert registrar.get(f"/console/audit?{asked}").status_code == 200


def test_what_is_no_login_is_refused_like_any_other(world: World, registrar: Staff):
    """NUL, half a novel, an empty line: the same words, and a row that can be kept."""
    stranger = Staff(world, world.client(), registrar.member)
    for login in ("a\0b", "x" * 64, "林老师", "' OR 1=1"):
        assert stranger.post("/console/login", {"login": login, "password": "wrong wrong"}).status_code == 401
    world.house.staff.note("x" * 100, actor="y" * 100, subject="z\0" * 200, detail={"k": "\ud800\n" * 300})

    assert actions(world, actor="")[0] == "x" * 64
    assert world.house.staff.verify_audit().fault is None


def test_the_registrar_can_have_the_chain_checked(registrar: Staff):
    """One button, one sentence."""
    registrar.post("/console/audit/verify")

    assert "条记录首尾相连" in registrar.get("/console/audit").text
