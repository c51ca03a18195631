"""The fake WeChat keeps Tencent's rules, all of them that we know, and quotes the one that was broken."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.test import Client

from deploy.fake_wechat.account import Account
from deploy.fake_wechat.app import create_app

SECRET = "s" * 32
APP_ID = "wx0123456789abcdef"
LOGIN = {"appid": APP_ID, "secret": SECRET, "grant_type": "authorization_code"}
CREDENTIALS = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}


class Hand:
    """A clock set by hand."""

    time = 1_772_424_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def account() -> Account:
    """A mini-program's account."""
    return Account(APP_ID, SECRET, templates={"t1": ("thing1",)}, pages=frozenset({"pages/a/a"}), clock=Hand())


@pytest.fixture
def web(account: Account) -> Client:
    """The fake's door."""
    return create_app(account).test_client()


def post(web: Client, url: str, body: object) -> Any:
    """Send JSON as the document wants it, in UTF-8."""
    return web.post(url, data=json.dumps(body, ensure_ascii=False).encode())


def token(web: Client) -> str:
    return web.post("/cgi-bin/stable_token", json=CREDENTIALS).json["access_token"]


def test_a_success_of_code2session_has_no_errcode(web: Client, account: Account):
    """As in life; an unknown argument is a bug of the caller's and quoted so."""
    code = account.login_code("alice")

    answer = web.get("/sns/jscode2session", query_string=LOGIN | {"js_code": code, "access_token": "x"}).json
    assert answer["errcode"] == 40097
    assert "没有 access_token" in answer["_rule"]
    assert set(web.get("/sns/jscode2session", query_string=LOGIN | {"js_code": code}).json) == {"openid", "session_key"}


def test_the_stable_token_does_not_change_until_its_end(web: Client, account: Account):
    """普通模式: the same token for whoever asks, a new one five minutes before the end, the old one good till then."""
    first = token(web)
    assert token(web) == first
    account.clock.time += 7200 - 299
    second = token(web)

    assert second != first
    assert len(first) > 100
    account.check_token(first)
    account.check_token(second)


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (CREDENTIALS | {"appid": "wx1"}, 40013),
        (CREDENTIALS | {"secret": "x"}, 40125),
        (CREDENTIALS | {"grant_type": "x"}, 40002),
        (CREDENTIALS | {"force_refresh": "yes"}, 47001),
        (CREDENTIALS | {"more": 1}, 40097),
        ({}, 40097),
    ],
)
def test_a_wrong_token_request_is_refused(web: Client, body: dict, errcode: int):
    """Each fault has its code, and every refusal ends in a rid."""
    answer = web.post("/cgi-bin/stable_token", json=body).json

    assert answer["errcode"] == errcode
    assert "rid: " in answer["errmsg"]


def test_the_token_belongs_into_the_address(web: Client, account: Account):
    """In the body it is a 47001, missing a 41001, unknown a 40001, over a 42001, no token at all a 40014."""
    good, url = token(web), "/cgi-bin/message/subscribe/send"
    body = {"touser": account.openid("alice"), "template_id": "t1", "data": {"thing1": {"value": "x"}}}

    def code(query: str, **more: object) -> int:
        return web.post(url + query, json=body | more).json["errcode"]

    assert code(f"?access_token={good}", access_token=good) == 47001
    assert code("") == 41001
    assert code("?access_token=" + "x" * 100) == 40001
    assert code("?access_token=x") == 40014
    assert code(f"?access_token={good}&a=1") == 40097
    assert code(f"?access_token={good}") == 43101
    account.agree("alice", "t1")
    assert code(f"?access_token={good}") == 0
    assert code(f"?access_token={good}") == 43101
    account.clock.time += 7200
    assert code(f"?access_token={good}") == 42001


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"data": "{}"}, 47001),
        ({"data": {}}, 47003),
        ({"data": {"thing1": "x"}}, 47003),
        ({"data": {"thing1": {"value": "长" * 21}}}, 47003),
        ({"data": {"thing1": {"value": "两\n行"}}}, 47003),
        ({"data": {"thing1": {"value": "x"}, "thing2": {"value": "y"}}}, 47003),
        ({"template_id": "t2"}, 40037),
        ({"touser": "o-stranger"}, 40003),
        ({"page": "pages/b/b"}, 41030),
        ({"page": "/pages/a/a"}, 41030),
        ({"miniprogram_state": "beta"}, 40097),
        ({"lang": "de"}, 40097),
        ({"colour": "red"}, 40097),
    ],
)
def test_a_message_that_breaks_a_rule_is_refused_with_the_rule(web: Client, account: Account, change, errcode):
    """And costs the user nothing."""
    account.agree("alice", "t1")
    body = {"touser": account.openid("alice"), "template_id": "t1", "data": {"thing1": {"value": "x"}}}
    url = f"/cgi-bin/message/subscribe/send?access_token={token(web)}"

    answer = post(web, url, body | change).json

    assert answer["errcode"] == errcode
    assert answer["_rule"]
    assert web.post(url, json=body | {"page": "pages/a/a?x=1"}).json["errcode"] == 0


def test_chinese_goes_as_utf_8(web: Client, account: Account):
    """Escaped Chinese slips past content checks: it is refused here."""
    account.agree("alice", "t1")
    url = f"/cgi-bin/message/subscribe/send?access_token={token(web)}"
    body = {"touser": account.openid("alice"), "template_id": "t1", "data": {"thing1": {"value": "照"}}}
    text = json.dumps(body, ensure_ascii=True).encode()

    assert web.post(url, data=text).json["errcode"] == 47001
    assert web.post(url, data=b"").json["errcode"] == 44002
    assert web.post(url, data=b"[]").json["errcode"] == 47001


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"scene": "x" * 33, "check_path": False}, 40129),
        ({"scene": "班", "check_path": False}, 40129),
        ({"scene": "a", "page": "pages/b/b"}, 41030),
        ({"scene": "a", "width": 200}, 40097),
        ({"scene": "a", "width": "430"}, 47001),
        ({"scene": "a", "env_version": "beta"}, 40097),
    ],
)
def test_a_code_that_breaks_a_rule_is_refused_in_json(web: Client, body: dict, errcode: int):
    """A picture otherwise."""
    url = f"/wxa/getwxacodeunlimit?access_token={token(web)}"

    assert post(web, url, body).json["errcode"] == errcode
    assert web.post(url, json={"scene": "a", "check_path": False, "page": "x"}).mimetype == "image/jpeg"


def test_the_mood_is_set_from_outside(web: Client):
    """Busy twice, then well; what came is counted."""
    web.post("/_fake/mood", json={"busy": 2})
    codes = [web.post("/cgi-bin/stable_token", json=CREDENTIALS).json.get("errcode") for _ in range(3)]

    assert codes == [-1, -1, None]
    assert web.get("/_fake/seen").json["calls"] == {"/cgi-bin/stable_token": 3}


def test_it_runs_as_a_process_of_its_own(tmp_path: Path):
    """As `idphoto up --fake-wechat` starts it; it ends when asked, and writes no secret to its log."""
    port_file = tmp_path / "port"
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.fake_wechat", "--port-file", str(port_file), "--template", "t1:thing1,time2"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until = time.monotonic() + 20
        while not port_file.exists() and time.monotonic() < until:
            assert process.poll() is None
            time.sleep(0.02)
        url = f"http://127.0.0.1:{int(port_file.read_text())}"
        with httpx.Client(base_url=url, trust_env=False) as client:
            code = client.post("/_fake/login/alice").json()["code"]
            query = {
                "appid": "wxfa4e000000000001",
                "secret": "fake-secret-of-the-fake-wechat-00",
                "js_code": code,
                "grant_type": "authorization_code",
            }
            assert client.get("/sns/jscode2session", params=query).json()["openid"].startswith("o")
    finally:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=10)

    assert process.returncode == 0
    assert "fake-secret" not in said


@pytest.mark.parametrize(
    ("fault", "errcode"),
    [
        ({"media_type": 3}, 40097),
        ({"media_type": "2"}, 47001),
        ({"version": 1}, 40097),
        ({"scene": 9}, 40097),
        ({"openid": "o-stranger"}, 40003),
        ({"media_url": "file:///etc/passwd"}, 40097),
        ({"more": 1}, 40097),
    ],
)
def test_a_picture_is_looked_at_only_when_asked_by_the_document(
    web: Client, account: Account, fault: dict, errcode: int
):
    """Version 2 alone, a picture or a sound, an address over HTTP, a known user, nothing besides."""
    url = f"/wxa/media_check_async?access_token={token(web)}"
    body = {"media_url": "https://a/b.jpg", "media_type": 2, "version": 2, "scene": 1, "openid": account.openid("a")}

    assert post(web, url, body | fault).json["errcode"] == errcode
    answer = post(web, url, body).json
    assert set(answer) == {"errcode", "errmsg", "trace_id"}
    assert answer["errcode"] == 0
