"""What the mini-program asks for, and the door WeChat pushes through, seen from outside."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from web_world import StillClock, Student, World, make_world

from api.adapters.wechat.push_door import SecurePushDoor
from api.bootstrap import furnish
from api.config import WeChatCredentials
from api.config_wechat import WeChatPush
from api.domain.notice import NoticeKind, NoticeTemplate, NoticeWord
from api.domain.work import Work
from api.web.app import create_app
from deploy.fake_wechat.pushing import PushSecrets, seal

TOKEN, KEY, APP_ID = "AAAAA", "A" * 43, "wxba5fad812f8e6fb9"
SECRETS = PushSecrets(APP_ID, TOKEN, KEY)
TEMPLATES = (NoticeTemplate(NoticeKind.RETURNED, "tmpl-1", {"thing1": NoticeWord.REASON}),)


@pytest.fixture
def school(tmp_path: Path) -> Iterator[World]:
    """A school with a mini-program, its message push set up."""
    clock = StillClock()
    account = WeChatCredentials(APP_ID, "s", push=WeChatPush(TOKEN, (KEY,)), templates=TEMPLATES)
    world = make_world(tmp_path, clock=clock, wechat=account)
    door = SecurePushDoor(TOKEN, (KEY,), app_id=APP_ID, clock=clock)
    house = furnish(world.house.settings, replace(world.house.parts, push_door=door))
    yield replace(world, house=house, app=create_app(house))
    house.close()


def in_by_wechat(world: World, name: str = "alice") -> Student:
    client = world.client()
    session = client.post("/v1/auth/wechat", json={"code": f"good-{name}"}).get_json()
    one = Student(world, client, {"Authorization": f"Bearer {session['access_token']}"}, session)
    one.agree()
    return one


def event(name: str, **more: object) -> dict:
    base = {"ToUserName": "gh_1", "FromUserName": "openid-good-alice", "CreateTime": 1, "MsgType": "event"}
    return base | {"Event": name} | more


def push(world: World, message: dict, *, as_xml: bool = False, **query: str):
    sealed = seal(SECRETS, message, at=int(world.clock.now().timestamp()), as_xml=as_xml)
    return world.client().post(
        "/wechat/push", query_string={**sealed.query, **query}, data=sealed.body, content_type=sealed.content_type
    )


def work_off(world: World) -> None:
    for ring in world.bell.rings:
        if ring.work is Work.PUSH:
            world.house.handle_push(ring.thing_id)


@pytest.mark.parametrize("as_xml", [False, True])
def test_a_push_is_answered_at_once_and_done_later(school: World, as_xml: bool) -> None:
    """`success`, in the clear; the erasure itself happens in the queue."""
    alice = in_by_wechat(school)

    answer = push(school, event("user_authorization_cancellation", OpenID="openid-good-alice"), as_xml=as_xml)

    assert (answer.status_code, answer.text) == (200, "success")
    assert alice.get("/v1/consents").status_code == 200
    work_off(school)
    assert alice.get("/v1/consents").status_code == 401


def test_a_repeated_push_is_success_too(school: World) -> None:
    """WeChat is content, and nothing happens twice."""
    alice = in_by_wechat(school)
    message = event("subscribe_msg_popup_event", List=[{"TemplateId": "tmpl-1", "SubscribeStatusString": "accept"}])

    assert [push(school, message).text for _ in range(3)] == ["success"] * 3
    work_off(school)

    assert alice.get("/v1/me/notices").get_json()["notices"] == [
        {"kind": "returned", "template_id": "tmpl-1", "credits": 1}
    ]


def test_a_captured_push_is_refused_later(school: World) -> None:
    """Sent again eleven minutes after, word for word."""
    sealed = seal(SECRETS, event("debug_demo"), at=int(school.clock.now().timestamp()))

    def send() -> int:
        return school.client().post("/wechat/push", query_string=dict(sealed.query), data=sealed.body).status_code

    assert send() == 200
    school.clock.sleep(660)
    assert send() == 403


@pytest.mark.parametrize(
    "change",
    [
        {"msg_signature": "0" * 40},
        {"nonce": "1"},
        {"timestamp": "1"},
        {"timestamp": "x"},
        {"encrypt_type": "raw"},
        {"msg_signature": "长"},
    ],
)
def test_a_forged_push_is_refused_in_words(school: World, change: dict, capsys: pytest.CaptureFixture[str]) -> None:
    """403, a problem document, no traceback in the log."""
    answer = push(school, event("debug_demo"), **change)

    assert (answer.status_code, answer.get_json()["code"]) == (403, "push_refused")
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("body", [b"", b"{", b"<xml>", b'{"Encrypt": "AAAA"}', b"\xff", b"[" * 9000])
def test_a_malformed_push_is_refused(school: World, body: bytes) -> None:
    """Whatever the body."""
    sealed = seal(SECRETS, event("debug_demo"), at=int(school.clock.now().timestamp()))

    assert school.client().post("/wechat/push", query_string=dict(sealed.query), data=body).status_code == 403


def test_a_push_of_another_mini_program_is_refused(school: World) -> None:
    """Right token, right key, wrong AppID."""
    foreign = PushSecrets("wx0000000000000000", TOKEN, KEY)
    sealed = seal(foreign, event("debug_demo"), at=int(school.clock.now().timestamp()))

    answer = school.client().post("/wechat/push", query_string=dict(sealed.query), data=sealed.body)

    assert answer.status_code == 403


def test_an_over_long_push_is_not_read(school: World) -> None:
    """64 KB are more than any event has."""
    answer = school.client().post("/wechat/push?encrypt_type=aes", data=b"x" * 100_000)

    assert answer.status_code in {403, 413}


def test_plaintext_is_refused(school: World) -> None:
    """Even an event that WeChat itself would send in 明文模式."""
    assert school.client().post("/wechat/push", data=json.dumps(event("debug_demo"))).status_code == 403


def test_the_address_is_checked(school: World) -> None:
    """GET with the right signature is answered with its echo alone."""
    from api.adapters.wechat.push_door import signature_of

    now = str(int(school.clock.now().timestamp()))
    query = {"timestamp": now, "nonce": "7", "echostr": "437512", "signature": signature_of(TOKEN, now, "7")}

    assert school.client().get("/wechat/push", query_string=query).text == "437512"
    assert school.client().get("/wechat/push", query_string=query | {"nonce": "8"}).status_code == 403
    assert school.client().get("/wechat/push").status_code == 403


def test_without_push_settings_the_address_does_not_exist(world: World) -> None:
    """404 like any other unknown page."""
    assert world.client().get("/wechat/push?echostr=x").status_code == 404
    assert world.client().post("/wechat/push", data=b"{}").status_code == 404


def test_a_phone_number_fills_in_the_form(school: World) -> None:
    """Alice gets her own; a wrong code is told so; who came in by name has none."""
    alice = in_by_wechat(school)

    answer = alice.post("/v1/me/phone", json={"code": "phone-openid-good-alice"})

    assert answer.get_json() == {"phone_number": "13900000000"}
    assert alice.post("/v1/me/phone", json={"code": "phone-openid-good-bob"}).get_json()["code"] == "wechat_bad_code"
    assert school.student().post("/v1/me/phone", json={"code": "x"}).get_json()["code"] == "wechat_bad_code"


def test_a_tap_on_an_unknown_template_is_refused(school: World) -> None:
    """Only the school's own are counted."""
    alice = in_by_wechat(school)

    assert alice.post("/v1/me/notices", json={"accepted": ["tmpl-1"]}).status_code == 204
    assert alice.post("/v1/me/notices", json={"accepted": ["other"]}).status_code == 404
    assert alice.post("/v1/me/notices", json={"accepted": []}).status_code == 422


def test_logging_out_ends_the_session(world: World, zhang: Student) -> None:
    """Its token and its refresh token are dead at once."""
    assert zhang.delete("/v1/auth/session").status_code == 204
    assert zhang.get("/v1/consents").status_code == 401
    assert zhang.delete("/v1/auth/session").status_code == 401
    refresh = {"refresh_token": zhang.session["refresh_token"]}
    assert world.client().post("/v1/auth/refresh", json=refresh).status_code == 401


def test_a_guardians_consent_has_a_shape(zhang: Student) -> None:
    """Name and relation, with that text alone."""
    guardian = {"name": "张家长", "relation": "父亲"}

    assert zhang.post("/v1/consents", json={"id": "guardian-1", "guardian": guardian}).status_code == 201
    assert zhang.post("/v1/consents", json={"id": "guardian-1"}).status_code == 422
    assert zhang.post("/v1/consents", json={"id": "privacy-1", "guardian": guardian}).status_code == 422
