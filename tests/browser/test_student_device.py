"""A PC in a school's installation, where names open nothing: the phone lets it in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from student_phone import Phone
from web_world import Student

pytestmark = pytest.mark.browser


@pytest.fixture
def pc(phone_of: Callable[..., Phone]) -> Iterator[Phone]:
    one: Phone = phone_of(width=1440, dev_login=False)
    yield one
    assert one.complaints == []
    assert one.strangers == []


@pytest.fixture
def wechat(pc: Phone) -> Student:
    """The student's phone: signed in through WeChat, everything agreed to."""
    session = pc.world.client().post("/v1/auth/wechat", json={"code": "good-1"}).get_json()
    one = Student(pc.world, pc.world.client(), {"Authorization": f"Bearer {session['access_token']}"}, session)
    one.agree()
    return one


def _code(pc: Phone) -> str:
    pc.page.goto(pc.address)
    pc.at("signin")
    shown: str = pc.page.locator(".code .big").inner_text(timeout=10000)
    return shown


def _say(wechat: Student, code: str, answer: str) -> None:
    assert wechat.post("/v1/auth/device/answer", json={"user_code": code, "answer": answer}).status_code == 200


def test_a_pc_is_signed_in_by_the_phone_and_goes_on_by_itself(pc: Phone, wechat: Student) -> None:
    """No name can be typed and nobody is named; the QR code is there; after the phone's yes the campaigns are."""
    code = _code(pc)
    assert pc.page.get_by_role("textbox").count() == 0
    assert pc.page.get_by_alt_text("登录用的二维码").evaluate("image => image.naturalWidth") > 100
    pc.shot("80-device")
    _say(wechat, code, "approve")
    pc.at("choose")
    expect(pc.page.get_by_text("学校的采集批次")).to_be_visible()


def test_a_refused_pc_is_told_and_may_ask_anew(pc: Phone, wechat: Student) -> None:
    """With another code."""
    code = _code(pc)
    _say(wechat, code, "deny")
    expect(pc.page.locator(".note").get_by_text("手机上选择了不允许")).to_be_visible(timeout=10000)
    pc.shot("81-device-denied")
    pc.press("换一个新的登录码")
    fresh = pc.page.locator(".code .big")
    expect(fresh).to_be_visible()
    assert fresh.inner_text() != code


def test_an_expired_code_is_replaced_on_request(pc: Phone) -> None:
    """A tab left open over lunch says so, and does not ask for ever."""
    _code(pc)
    pc.page.route(
        "**/v1/auth/device/token",
        lambda route: route.fulfill(
            status=410,
            content_type="application/problem+json",
            body='{"code":"device_code_expired","title":"登录码已过期","detail":"请换一个新的登录码。"}',
        ),
    )
    expect(pc.page.locator(".note").get_by_text("登录码已过期")).to_be_visible(timeout=10000)
    pc.page.unroute("**/v1/auth/device/token")
    pc.press("换一个新的登录码")
    expect(pc.page.locator(".code .big")).to_be_visible()
