"""The console's shell: who gets in, what a form must carry, how a refusal looks."""

import re
from pathlib import Path

import pytest
from web_world import CSRF, PASSWORD, Staff, World, make_world

from api.domain.audit import AuditFilter


def test_a_stranger_is_sent_to_the_login_and_back_to_where_they_wanted_to_go(world: World):
    """A bookmark still works after the night."""
    someone = world.client()
    asked = someone.get("/console/account?x=1")
    world.account("registrar", login="zhao")
    page = someone.get(asked.location)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    entered = someone.post(asked.location, data={"login": " Zhao ", "password": PASSWORD, "csrf_token": token})

    assert asked.location == "/console/login?next=/console/account?x%3D1"
    assert entered.location == "/console/account?x=1"
    assert someone.get("/console/account").status_code == 200


def test_a_form_without_its_token_does_nothing_and_says_so(world: World):
    """Another site cannot press a button in a counsellor's name."""
    counsellor = world.staff()
    answer = counsellor.http.post("/console/logout")

    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert "页面已过期" in answer.text
    assert counsellor.get("/console/account").status_code == 200


def test_the_api_knows_no_cookie_and_asks_for_no_token(world: World):
    """A student's call is as it was: bearer token alone, no cookie back."""
    answer = world.client().post("/v1/auth/dev", json={"name": "张示例"})

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_what_goes_wrong_on_the_console_is_a_page_and_elsewhere_a_problem_document(world: World):
    """People read pages, programs read JSON; a script of the console says that it is one."""
    registrar = world.staff("registrar")

    assert registrar.get("/console/nowhere").mimetype == "text/html"
    assert registrar.get("/console/nowhere").status_code == 404
    assert registrar.get("/console/nowhere", headers={"Accept": "application/json"}).is_json
    assert world.client().get("/v1/nowhere").is_json


def test_console_pages_may_use_data_pictures_and_are_kept_nowhere(world: World):
    """The policy is as strict as everywhere else but for Bootstrap's own icons."""
    page = world.client().get("/console/login")

    assert "img-src 'self' data: blob:" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "style=" not in page.text
    assert "data:" not in world.client().get("/").headers["Content-Security-Policy"]


def test_a_batch_of_500_and_a_roster_of_5_mb_fit_into_a_form_of_staff_but_not_of_strangers(world: World):
    """Limits are per person: 64 KiB before the login, a whole school's roster after it."""
    registrar = world.staff("registrar")
    token = registrar.token()
    ids = {f"id-{n}": "x" * 40 for n in range(500)}
    large = {"csrf_token": token, "back": "/console/account", "lang": "en", "roster": "x" * 1_500_000}

    assert registrar.post("/console/language", ids).status_code == 302
    assert registrar.http.post("/console/language", data=large).status_code == 302
    assert world.client().post("/console/language", data=large).status_code == 413


def test_the_language_switch_is_remembered(world: World):
    """Operators read English, everyone else Chinese from the first page."""
    counsellor = world.staff()
    before = counsellor.get("/console/account").text
    back = counsellor.post("/console/language", {"lang": "en", "back": "/console/account"})
    after = counsellor.get("/console/account").text

    assert 'lang="zh-CN"' in before
    assert "我的账号" in before
    assert back.location == "/console/account"
    assert 'lang="en"' in after
    assert "My account" in after


def test_a_login_never_leads_to_another_host(world: World):
    """`next` cannot be used to send somebody from our login to a page that looks like it."""
    counsellor = world.staff()
    for wanted in (
        "https://evil.example/console/x",
        "//evil.example/console/",
        "/\\evil.example",
        "javascript:alert(1)",
    ):
        assert counsellor.post("/console/language", {"lang": "en", "back": wanted}).location == "/console/"


def test_the_audit_log_knows_who_came_and_went(world: World):
    """Login and logout are rows, with the address they came from."""
    counsellor = world.staff(login="lin")
    counsellor.post("/console/logout")
    with world.house.parts.database.read() as uow:
        rows = uow.audit.find(AuditFilter(actor="lin"), before=None, limit=10)

    assert [row.action for row in rows] == ["staff.logout", "staff.login", "staff.login"]
    assert rows[0].address == "127.0.0.1"
    assert counsellor.get("/console/account").status_code == 302


@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_the_audit_log_knows_the_caller_behind_as_many_proxies_as_are_ours(tmp_path: Path, proxies: int, address: str):
    """What a caller writes into the header counts only where a proxy of ours has written behind it."""
    world = make_world(tmp_path, trusted_proxies=proxies)
    world.account(login="lin")
    browser = Staff(world, world.client(), world.house.staff.find.by_login("lin"))
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    browser.post("/console/login", {"login": "lin", "password": "wrong wrong wrong"}, headers=forwarded)
    with world.house.parts.database.read() as uow:
        [row] = uow.audit.find(AuditFilter(action="staff.login_failed"), before=None, limit=9)
    world.house.close()

    assert row.address == address


def test_over_https_the_cookies_are_secure_and_a_form_comes_from_our_own_pages(tmp_path: Path):
    """Behind a proxy that ends TLS: Secure, HttpOnly, SameSite, the console's path; a foreign referrer is refused."""
    world = make_world(tmp_path, trusted_proxies=1, public_url="https://photo.school.example")
    world.account(login="lin")
    browser = world.client()
    over = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7", "Host": "photo.school.example"}
    page = browser.get("/console/login", headers=over, base_url="https://photo.school.example")
    form = {"csrf_token": CSRF.search(page.text)[1], "login": "lin", "password": PASSWORD}
    answers = [
        browser.post(
            "/console/login", data=form, headers={**over, "Referer": referrer}, base_url="https://photo.school.example"
        )
        for referrer in ("https://evil.example/", "https://photo.school.example/console/login")
    ]
    cookies = {cookie.split("=")[0]: cookie for cookie in answers[1].headers.getlist("Set-Cookie")}
    world.house.close()

    assert page.headers["Referrer-Policy"] == "same-origin"
    assert [answer.status_code for answer in answers] == [400, 302]
    for name, path in (("idphoto_console", "/console"), ("idphoto_device", "/console/login")):
        assert {"Secure", "HttpOnly", "SameSite=Lax", f"Path={path}"} <= set(cookies[name].split("; "))


def test_a_login_begins_a_fresh_session_and_a_logout_ends_it_for_good(world: World):
    """A cookie from before the login is worth nothing after it, nor one from before the logout."""
    counsellor = world.staff(login="lin")
    stolen = counsellor.http.get_cookie("idphoto_console", path="/console").value
    before = counsellor.token()
    counsellor.post("/console/logout")
    counsellor.sign_in()
    thief = world.client()
    thief.set_cookie("idphoto_console", stolen, path="/console")

    assert counsellor.token() != before
    assert thief.get("/console/account").status_code == 302


def test_a_browser_that_was_in_before_is_not_slowed_down_by_strangers(world: World):
    """The device cookie goes to the login alone and opens nothing by itself."""
    lin = world.staff(login="lin")
    lin.post("/console/logout")
    stranger = Staff(world, world.client(), lin.member)
    wrong = {"login": "lin", "password": "wrong wrong wrong"}
    statuses = [stranger.post("/console/login", wrong).status_code for _ in range(8)]
    told = stranger.post("/console/login", wrong)
    slowed = stranger.post("/console/login", {"login": "lin", "password": PASSWORD})

    assert statuses[:6] == [401] * 6
    assert told.status_code == slowed.status_code == 429
    assert int(told.headers["Retry-After"]) >= 1
    assert "秒后再试" in told.text
    assert lin.get("/console/account").status_code == 302
    lin.sign_in()
    assert lin.get("/console/account").status_code == 200
