"""What we ask of WeChat, over real HTTP, of a WeChat that is stricter than the real one."""

import io
import os

import pytest
from PIL import Image
from structlog.testing import capture_logs
from wechat_world import RETURNED, Line, serving_wechat

from api.domain.errors import InvalidRequest
from api.domain.errors_wechat import (
    WeChatBadCode,
    WeChatMisconfigured,
    WeChatNoCredit,
    WeChatUnavailable,
    WeChatUserBlocked,
)

HELLO = {"thing1": "照片采集", "phrase2": "未通过", "time3": "2026年3月2日 12:00"}


def test_a_code_is_good_once(line: Line):
    """Alice is let in; whoever saw her code is not."""
    code = line.account.login_code("alice")

    assert line.wechat.openid_of(code) == line.account.openid("alice")
    with pytest.raises(WeChatBadCode) as refusal:
        line.wechat.openid_of(code)
    assert refusal.value.facts["errcode"] == 40163
    assert refusal.value.facts["rid"]


def test_a_stale_code_and_a_blocked_user_are_told_apart(line: Line):
    """Five minutes and a second later; and a user WeChat does not trust."""
    stale, blocked = line.account.login_code("alice"), line.account.login_code("mallory")
    line.account.blocked.add("mallory")

    with pytest.raises(WeChatUserBlocked):
        line.wechat.openid_of(blocked)
    line.account.clock.time += 301
    with pytest.raises(WeChatBadCode) as refusal:
        line.wechat.openid_of(stale)
    assert refusal.value.facts["errcode"] == 40029


def test_a_login_fetches_no_token(line: Line):
    """One request in all."""
    line.wechat.openid_of(line.account.login_code("alice"))

    assert line.account.calls == {"/sns/jscode2session": 1}


def test_a_phone_number_belongs_to_who_asks(line: Line):
    """Alice gets her number; with Bob's code she gets nothing, and a login code is no phone code."""
    openid = line.account.openid("alice")

    number = line.wechat.phone_of(line.account.phone_code("alice"), openid=openid)

    assert number.startswith("139")
    assert len(number) == 11
    with pytest.raises(WeChatMisconfigured):
        line.wechat.phone_of(line.account.phone_code("bob"), openid=openid)
    with pytest.raises(WeChatBadCode):
        line.wechat.phone_of(line.account.login_code("alice"), openid=openid)


def test_a_notice_costs_what_the_student_agreed_to(line: Line):
    """Two taps, two messages; the third is refused by its name."""
    openid = line.account.openid("alice")
    line.account.agree("alice", RETURNED, times=2)

    for _ in range(2):
        line.wechat.send_notice(openid, template_id=RETURNED, data=HELLO)
    with pytest.raises(WeChatNoCredit):
        line.wechat.send_notice(openid, template_id=RETURNED, data=HELLO)

    first = line.account.sent[0]
    assert first["data"] == {key: {"value": value} for key, value in HELLO.items()}
    assert first["page"] == "pages/home/home"
    assert first["miniprogram_state"] == "formal"


@pytest.mark.parametrize(
    ("change", "errcode", "field"),
    [
        ({"thing1": "长" * 21}, 47003, "thing1"),
        ({"phrase2": "NO"}, 47003, "phrase2"),
        ({"time3": "noon"}, 47003, "time3"),
        ({"thing9": "x"}, 47003, None),
    ],
)
def test_a_field_that_does_not_fit_is_named(line: Line, change: dict, errcode: int, field: str | None):
    """WeChat says which, and so do we: an administrator must mend the template."""
    line.account.agree("alice", RETURNED)

    with pytest.raises(WeChatMisconfigured) as refusal:
        line.wechat.send_notice(line.account.openid("alice"), template_id=RETURNED, data=HELLO | change)

    assert refusal.value.facts["errcode"] == errcode
    assert refusal.value.facts.get("field") == field


def test_an_unknown_template_or_user_is_a_setting_at_fault(line: Line):
    """40037 and 40003: trying again changes nothing."""
    for openid, template in ((line.account.openid("alice"), "nothing"), ("o-stranger", RETURNED)):
        with pytest.raises(WeChatMisconfigured) as refusal:
            line.wechat.send_notice(openid, template_id=template, data=HELLO)
        assert refusal.value.retry_after is None


def test_a_poster_carries_the_campaign(line: Line):
    """A picture large enough to print, different for each campaign."""
    one = line.wechat.poster_code("cp_01jb2k000000000000000000aa", page="pages/home/home")
    other = line.wechat.poster_code("cp_01jb2k000000000000000000bb", page="pages/home/home")

    assert one != other
    assert Image.open(io.BytesIO(one)).size == (1280, 1280)


def test_a_poster_of_no_page_or_too_long_a_scene_is_refused(line: Line):
    """A page that is not released is WeChat's word, the scene ours: 32 characters and no more."""
    with pytest.raises(WeChatMisconfigured):
        line.wechat.poster_code("cp_1", page="pages/away/away")
    for scene in ("x" * 33, "", "两", "a b"):
        with pytest.raises(InvalidRequest):
            line.wechat.poster_code(scene, page="")


@pytest.mark.parametrize("mood", ["busy", "silent"])
def test_a_wechat_in_a_bad_mood_is_tried_later(line: Line, mood: str):
    """-1 and a gateway's 502: the same error, and after a while all is well."""
    code = line.account.login_code("alice")
    setattr(line.account.mood, mood, 1)

    with pytest.raises(WeChatUnavailable) as refusal:
        line.wechat.openid_of(code)
    line.account.mood.silent = False

    assert refusal.value.retry_after == 5
    assert line.wechat.openid_of(code)


def test_the_log_says_what_support_needs_and_nothing_else(line: Line):
    """Call, errcode and rid; no code, no openid, no secret, no token."""
    code = line.account.login_code("alice")
    with capture_logs() as said:
        line.wechat.openid_of(code)
        with pytest.raises(WeChatBadCode):
            line.wechat.openid_of(code)
        with pytest.raises(WeChatNoCredit):
            line.wechat.send_notice(line.account.openid("alice"), template_id=RETURNED, data=HELLO)

    assert [(event["call"], event["errcode"]) for event in said] == [
        ("jscode2session", 40163),
        ("subscribe_send", 43101),
    ]
    assert all(event["rid"] for event in said)
    for secret in (code, line.account.openid("alice"), "the-mini-programs-secret", line.tokens.get()):
        assert secret not in str(said)


def test_every_thread_and_every_fork_has_a_line_of_its_own(line: Line):
    """A connection pool carried over a fork would mix two answers up; RQ and gunicorn fork."""
    first = line.wechat.openid_of(line.account.login_code("alice"))
    read, write = os.pipe()
    code = line.account.login_code("bob")
    child = os.fork()
    if child == 0:
        try:
            os.write(write, line.wechat.openid_of(code).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(read, 100).decode() == line.account.openid("bob") != first
    os.close(read)
    os.close(write)


def test_the_fake_can_be_served_twice():
    """Nothing of it is global."""
    from wechat_world import new_account

    one, other = new_account(), new_account()
    with serving_wechat(one) as first, serving_wechat(other) as second:
        assert first != second


def test_wechat_is_asked_to_look_at_a_picture_by_the_rules(line: Line):
    """Version 2, a picture, its user; the answer is the trace that the push will carry."""
    openid = line.account.openid("alice")
    trace = line.wechat.check_image("https://photo.example.edu.cn/v1/registry/photos/t", openid=openid)

    asked = {"media_url": "https://photo.example.edu.cn/v1/registry/photos/t", "openid": openid}
    assert line.account.checks == {trace: {"media_type": 2, "version": 2, "scene": 1} | asked}


def test_wechat_looks_at_nothing_of_a_stranger_nor_without_an_address(line: Line):
    """Both are refusals that asking again does not change."""
    with pytest.raises(WeChatMisconfigured):
        line.wechat.check_image("https://photo.example.edu.cn/t", openid="o-stranger")
    with pytest.raises(WeChatMisconfigured):
        line.wechat.check_image("blob:nowhere", openid=line.account.openid("alice"))
