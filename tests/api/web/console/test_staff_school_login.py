"""The school's own login, against a real provider in a process of its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from flask.testing import FlaskClient
from provider import provider, settings_for
from web_world import World, make_world

from api.domain.audit import AuditFilter
from api.web.limits import RATES

USERS = (
    {"sub": "u-1", "preferred_username": "Lin", "email": "lin@school.example", "email_verified": True},
    {"sub": "u-2", "preferred_username": "stranger"},
    {"sub": "u-3", "preferred_username": "lin"},
    {"sub": "u-4", "email": "wang@school.example", "email_verified": False},
)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Give worlds whose school has a provider."""
    with ExitStack() as stack:

        def make(claim: str = "preferred_username") -> World:
            issuer = stack.enter_context(provider(tmp_path, USERS))
            world = make_world(tmp_path, oidc=settings_for(issuer, claim=claim))
            stack.callback(world.house.close)
            return world

        yield make


def vouch(browser: FlaskClient, subject: str, *, path: str = "/console/login/school") -> str:
    """Press the button, be `subject` at the provider; return the path that the provider sends the browser back to."""
    away = browser.get(path)
    assert away.status_code == 302, away.text
    back = httpx.post(away.location, data={"sub": subject}, trust_env=False)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    return f"{parts.path}?{parts.query}"


def test_somebody_with_an_account_comes_in_and_is_known_by_the_subject_from_then_on(school: Callable[..., World]):
    """The first login finds the account by the claim; a second person with the same claim does not get it."""
    world = school()
    member = world.account("registrar", login="lin")
    browser = world.client()
    entered = browser.get(vouch(browser, "u-1", path="/console/login/school?next=/console/account"))
    thief = world.client()
    refused = thief.get(vouch(thief, "u-3"))

    assert entered.location == "/console/account"
    assert browser.get("/console/account").status_code == 200
    assert world.house.staff.find.one(member.id).oidc_bound
    assert refused.status_code == 403
    assert "没有开通账号" in refused.text


def test_a_stranger_reads_what_to_do_and_the_log_says_that_somebody_tried(school: Callable[..., World]):
    """The provider vouches for half a town; only staff have accounts."""
    world = school()
    browser = world.client()
    answer = browser.get(vouch(browser, "u-2"))
    with world.house.parts.database.read() as uow:
        [row] = uow.audit.find(AuditFilter(), before=None, limit=1)

    assert answer.status_code == 403
    assert "请联系教务处开通" in answer.text
    assert browser.get("/console/account").status_code == 302
    assert (row.action, row.actor, row.detail) == ("staff.login_failed", "", {"by": "oidc"})


def test_the_request_carries_state_nonce_and_a_proof_key(school: Callable[..., World]):
    """And our own address, whatever Host the browser names."""
    world = school()
    away = world.client().get("/console/login/school", headers={"Host": "evil.example"})
    asked = parse_qs(urlsplit(away.location).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/console/login/school/callback"]


@pytest.mark.parametrize("spoil", ["state", "code"])
def test_an_answer_that_is_not_to_our_question_opens_nothing(school: Callable[..., World], spoil: str):
    """Neither a foreign state nor a foreign code."""
    world = school()
    world.account(login="lin")
    browser = world.client()
    path, query = vouch(browser, "u-1").split("?")
    parts = {key: values[0] for key, values in parse_qs(query).items()}
    answer = browser.get(path, query_string={**parts, spoil: "forged"}, follow_redirects=True)

    assert "统一认证被取消、已超时或校验没有通过" in answer.text
    assert browser.get("/console/account").status_code == 302


def test_the_same_answer_opens_once_and_in_one_browser_only(school: Callable[..., World]):
    """Whoever finds the address in a history has nothing."""
    world = school()
    world.account(login="lin")
    browser, thief = world.client(), world.client()
    back = vouch(browser, "u-1")

    assert thief.get(back).location == "/console/login"
    assert browser.get(back).location == "/console/"
    assert browser.get(back).location == "/console/login"


def test_an_address_that_nobody_has_verified_proves_nothing(school: Callable[..., World]):
    """Whoever may type any address at the provider does not become a colleague by it."""
    world = school("email")
    world.account(login="wang@school.example")
    world.account(login="lin@school.example")
    unverified, verified = world.client(), world.client()

    assert unverified.get(vouch(unverified, "u-4")).status_code == 403
    assert verified.get(vouch(verified, "u-1")).status_code == 302


def test_a_disabled_account_stays_shut_whatever_the_provider_says(school: Callable[..., World]):
    """Leaving the school's console does not wait for the school's directory."""
    world = school()
    member = world.account(login="lin")
    browser = world.client()
    assert browser.get(vouch(browser, "u-1")).status_code == 302
    world.house.staff.change(member.id, enabled=False)

    assert browser.get("/console/account").status_code == 302
    assert browser.get(vouch(browser, "u-1")).status_code == 403


def test_while_the_provider_is_away_the_login_says_so_and_passwords_still_work(tmp_path: Path):
    """A clear sentence above the form that is still there."""
    world = make_world(tmp_path, oidc=settings_for("http://127.0.0.1:9"))
    browser = world.client()
    page = browser.get("/console/login/school", follow_redirects=True)

    assert "学校统一认证没有应答" in page.text
    assert "统一认证登录" in page.text
    assert world.staff(login="lin").get("/console/account").status_code == 200
    world.house.close()


def test_without_a_provider_there_is_no_button_and_no_way_round(tmp_path: Path):
    """Most schools start with passwords alone."""
    world = make_world(tmp_path, rates={**RATES})

    assert "/console/login/school" not in world.client().get("/console/login").text
    assert world.client().get("/console/login/school").status_code == 404
    assert world.client().get("/console/login/school/callback?state=x&code=y").status_code == 404
    world.house.close()
