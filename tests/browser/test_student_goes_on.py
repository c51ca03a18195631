"""A tab was closed, the network comes back, a gateway answers for the server, letters are large: the way goes on."""

import re

import pytest
from playwright.sync_api import Route, expect
from student_phone import Phone

pytestmark = pytest.mark.browser

UPLOAD = re.compile(r"/v1/photos$")


def test_a_finished_photo_is_found_again_after_the_tab_was_closed(phone: Phone) -> None:
    """The home page leads on to it, the student's own corner shows it, and handing it in ends that."""
    phone.sign_in()
    phone.enter_campaign()
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    phone.page.evaluate("sessionStorage.clear()")
    phone.sign_in_again()
    phone.at("choose")
    expect(phone.page.get_by_text("有一张照片还没有完成")).to_be_visible()
    phone.press("我的数据")
    phone.page.get_by_role("button", name="查看 20").click()
    phone.at("result")
    phone.page.go_back()
    phone.page.go_back()
    phone.at("choose")
    phone.press("继续")
    phone.at("result")
    phone.press("确认提交")
    _fill_and_hand_in(phone)
    phone.press("回到首页")
    phone.at("choose")
    assert phone.page.get_by_text("有一张照片还没有完成").count() == 0
    phone.press("我的数据")
    phone.page.get_by_role("button", name="查看 20").click()
    expect(phone.page.get_by_text("这张照片已经提交过")).to_be_visible()
    assert phone.page.get_by_role("button", name="确认提交").count() == 0
    phone.shot("64-handed-in-again")
    phone.press("查看审核状态")
    phone.at("done")


def _fill_and_hand_in(phone: Phone) -> None:
    phone.at("profile")
    phone.page.get_by_label("姓名").fill("张大示")
    phone.page.get_by_label("与本人关系").select_option("父亲")
    phone.page.get_by_label("证件类型").select_option("护照")
    phone.page.get_by_label("证件号码").fill("E12345678")
    phone.press("提交审核")
    phone.at("done")


def test_a_page_that_could_not_be_loaded_comes_by_itself_when_the_network_is_back(phone: Phone) -> None:
    """As the line at the top promises."""
    phone.sign_in()
    phone.page.context.set_offline(True)
    phone.press("我的数据")
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("网络不通")
    phone.page.context.set_offline(False)
    phone.at("me")


def test_a_gateway_that_answers_for_the_server_is_waited_out(phone: Phone) -> None:
    """502 with a page of its own: tried again with the same key; and where it stays so, no number that is not there."""
    keys: list[str] = []

    def gateway(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 2:
            return route.continue_()
        return route.fulfill(status=502, content_type="text/html", body="<html>Bad gateway</html>")

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(UPLOAD, gateway)
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert len(set(keys)) == 1
    phone.page.unroute(UPLOAD)
    phone.page.route("**/v1/me/export", lambda route: route.fulfill(status=502, body="<html>Bad gateway</html>"))
    phone.press("我的数据")
    phone.press("导出我的数据")
    expect(phone.page.get_by_text("服务器没有正常应答")).to_be_visible()
    assert phone.page.get_by_text("undefined").count() == 0


def test_words_grow_with_the_letters_the_student_has_set(phone: Phone) -> None:
    """Large letters in the browser's settings: buttons, labels and hints alike, with nothing pushed off the screen."""
    phone.page.goto(phone.address)
    phone.at("signin")
    phone.page.evaluate("document.documentElement.style.fontSize = '24px'")
    size = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    sizes = [phone.page.eval_on_selector(where, size) for where in ("label", "button.primary", ".hint")]
    assert sizes[0] == sizes[1] == 24
    assert sizes[2] < sizes[0]
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_is_not_on_the_list_is_led_on_when_no_try_is_left(phone: Phone) -> None:
    """Minutes instead of seconds, and still the way to tell the teacher; digits of any width are digits."""
    phone.sign_in()
    phone.page.locator(".pick").first.click()
    phone.press("开始拍照")
    phone.at("identity")
    phone.page.get_by_label("姓名").fill("赵示例")
    phone.page.get_by_label("身份证号").fill("１１０１０５１９４９１２３１００２ｘ")
    expect(phone.page.get_by_text("号码校验正确")).to_be_visible()
    for _ in range(6):
        phone.press("核对并继续")
        expect(phone.page.locator("button[aria-busy]")).to_have_count(0)
    expect(phone.page.get_by_text("约 60 分钟后再试")).to_be_visible()
    phone.press("名单里没有我")
    phone.at("record")
