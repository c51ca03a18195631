"""The student page in a real browser: the whole visit, the setbacks, and the way back after each."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pictures import keep_picture
from playwright.sync_api import Route, expect
from student_phone import Phone


@pytest.mark.parametrize("phone", [{"motion": "no-preference"}], indirect=True, ids=["with every movement"])
def test_a_student_goes_all_the_way_from_sign_in_to_approval(phone: Phone) -> None:
    """Every state on the good path, each with its picture."""
    page = phone.page
    page.goto(phone.address)
    phone.at("signin")
    phone.shot("01-signin")
    phone.press("张示例")
    phone.press("进入")
    phone.at("consent")
    phone.press("同意并继续")
    assert page.get_by_text("请阅读并勾选后再继续。").count() == 2
    phone.shot("02-consent")
    for box in page.get_by_role("checkbox").all():
        box.check()
    phone.press("同意并继续")
    phone.at("choose")
    phone.shot("03-choose")
    _prove_identity(phone)
    _take_photo(phone)
    _fill_form(phone)
    _follow_review(phone)


def _prove_identity(phone: Phone) -> None:
    page = phone.page
    page.locator(".pick").first.click()
    phone.at("brief")
    phone.shot("03-brief")
    phone.press("开始拍照")
    phone.at("identity")
    page.get_by_label("身份证号").fill("11010519491231002X")
    assert page.get_by_text("号码校验正确").is_visible()
    page.get_by_label("身份证号").fill("110105194912310021")
    phone.press("核对并继续")
    assert page.locator("#number-error", has_text="最后一位校验码不对").is_visible()
    phone.shot("04-identity-checksum")
    person = phone.world.person("张示例")
    page.get_by_label("身份证号").fill(person.id_number)
    phone.press("核对并继续")
    phone.at("capture")
    phone.shot("05-capture")


ABOVE_THE_HEAD = """() => {
  const box = (name) => document.querySelector(name).getBoundingClientRect();
  return box(".stage .say").bottom <= box(".guide .rim").top;
}"""
"""The words over the camera's picture end where the drawn head begins."""


def _take_photo(phone: Phone) -> None:
    page = phone.page
    phone.press("打开相机拍照")
    page.wait_for_selector("video.mirror")
    phone.shot("06-camera")
    for width in (1440, 768, 360, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(ABOVE_THE_HEAD), f"the camera's words cover the guide at {width}"
    phone.press("拍照")
    page.wait_for_selector(".stage.shot img")
    phone.shot("07-preview")
    phone.kitchen.clear()
    phone.press("用这张照片")
    page.wait_for_selector("text=马上轮到您")
    phone.shot("08-waiting")
    phone.world.renderer.verdict = "warn"
    phone.kitchen.set()
    page.wait_for_selector("text=照片合格", timeout=30000)
    for fact in ("180×240 px", "72 dpi", "白底"):
        assert page.get_by_role("group", name="照片参数").get_by_text(fact).is_visible()
    phone.shot("09-ready")
    with page.expect_download() as saving:
        phone.press("保存照片")
    assert saving.value.suggested_filename == f"{phone.world.person('张示例').id_number}.jpg"


def _fill_form(phone: Phone) -> None:
    page = phone.page
    phone.press("确认提交")
    phone.at("profile")
    phone.press("提交审核")
    assert page.get_by_text("此项必填").count() == 4
    phone.shot("10-profile-missing")
    page.get_by_label("姓名").fill("张大示")
    page.get_by_label("与本人关系").select_option("父亲")
    page.get_by_label("证件类型").select_option("居民身份证")
    page.get_by_label("证件号码").fill("110105194912310021")
    phone.press("添加监护人")
    assert page.get_by_role("group", name="监护人 2").is_visible()
    page.get_by_role("button", name="移除监护人 2").click()
    phone.press("提交审核")
    page.wait_for_selector("text=最后一位校验码不对")
    phone.shot("11-profile-refused")
    page.wait_for_selector("text=草稿已保存")
    page.reload()
    phone.at("profile")
    assert page.get_by_label("姓名").input_value() == "张大示"
    page.get_by_label("证件号码").fill("11010519491231002X")
    phone.press("提交审核")
    phone.at("done")
    phone.shot("12-submitted")


def _follow_review(phone: Phone) -> None:
    page, house = phone.page, phone.world.house
    (submission,) = house.find_submissions()
    house.return_("staff-1", submission.submission.id, "刘海遮住了眉毛，请整理后重拍。")
    phone.press("刷新审核结果")
    page.wait_for_selector("text=刘海遮住了眉毛")
    phone.shot("13-returned")
    phone.press("重新拍照")
    phone.at("capture")
    phone.send_selfie()
    page.wait_for_selector("text=照片合格", timeout=30000)
    phone.press("确认提交")
    phone.at("profile")
    phone.press("提交审核")
    phone.at("done")
    again = next(view.submission for view in house.find_submissions() if view.submission.state.value == "submitted")
    house.approve("staff-1", again.id)
    phone.press("刷新审核结果")
    page.wait_for_selector("text=审核已通过")
    phone.shot("14-approved")
    page.goto(f"{phone.address}/?campaign=hunan-pretco")
    phone.at("brief")
    page.wait_for_selector("text=查看审核状态")
    assert page.get_by_text("还要填写").count() == page.get_by_text("照片要求").count() == 0


def test_a_rejected_photo_shows_three_reasons_first_and_the_rest_on_demand(phone: Phone) -> None:
    """Then a retake, which passes."""
    phone.world.renderer.verdict = "fail"
    phone.sign_in()
    phone.enter_campaign()
    phone.send_selfie()
    phone.page.wait_for_selector("text=这张还不行", timeout=30000)
    assert phone.page.locator(".reason:visible").count() == 3
    phone.shot("20-rejected")
    phone.page.get_by_text("更多（还有 2 条）").click()
    assert phone.page.locator(".reason:visible").count() == 5
    expect(phone.page.get_by_text("照着改了还是不行？请联系辅导员")).to_be_visible()
    phone.shot("21-rejected-more")
    phone.world.renderer.verdict = "pass"
    phone.press("重拍")
    phone.at("capture")
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)


def test_a_photo_for_a_spec_alone_is_saved_and_not_submitted(phone: Phone) -> None:
    """Found with the search box."""
    phone.sign_in()
    phone.page.get_by_label("搜索规格").fill("一寸")
    phone.shot("22-search")
    phone.page.locator(".rows .pick").first.click()
    phone.at("brief")
    phone.press("开始拍照")
    phone.at("capture")
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert phone.page.get_by_role("button", name="确认提交").count() == 0
    phone.shot("23-spec-ready")


def test_a_broken_network_repeats_the_upload_with_the_same_key(phone: Phone) -> None:
    """The student presses once; one photo exists in the end."""
    keys: list[str] = []

    def flaky(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 1 else route.continue_()

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(re.compile(r"/v1/photos$"), flaky)
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_an_upload_that_stands_still_is_begun_again(phone: Phone) -> None:
    """A minute without a byte is a dead line; it is not waited for for ever, and the key stays the same."""
    keys: list[str] = []
    held: list[Route] = []

    def dead_line(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        held.append(route) if len(keys) == 1 else route.continue_()

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(re.compile(r"/v1/photos$"), dead_line)
    phone.page.clock.install()
    phone.send_selfie()
    phone.at("waiting")
    phone.page.clock.run_for(59_000)
    assert len(keys) == 1
    phone.page.clock.run_for(5_000)
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert keys[0] == keys[1]
    assert len(keys) == 2


def test_a_reload_while_waiting_finds_the_photo_again(phone: Phone) -> None:
    """The server has the selfie; the tab remembers which."""
    phone.sign_in()
    phone.enter_campaign()
    phone.kitchen.clear()
    phone.send_selfie()
    phone.page.wait_for_selector("text=马上轮到您")
    phone.page.reload()
    phone.page.wait_for_selector("text=马上轮到您")
    phone.kitchen.set()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)


def test_the_back_button_leads_back(phone: Phone) -> None:
    """As on every phone; a step that is done is not walked through again."""
    phone.sign_in()
    phone.enter_campaign()
    phone.page.go_back()
    phone.at("brief")
    phone.page.go_back()
    phone.at("choose")
    phone.page.go_forward()
    phone.at("brief")


def test_a_lost_session_asks_to_sign_in_and_keeps_the_work(phone: Phone) -> None:
    """The same student comes back to where they were."""
    phone.sign_in()
    phone.enter_campaign()
    phone.page.evaluate(
        """() => {
          const state = JSON.parse(sessionStorage["campus-id-photo"]);
          state.session = { ...state.session, access_token: "gone", refresh_token: "gone" };
          sessionStorage["campus-id-photo"] = JSON.stringify(state);
        }"""
    )
    phone.page.reload()
    phone.at("capture")
    phone.send_selfie()
    phone.at("signin")
    assert phone.page.get_by_text("登录已过期").is_visible()
    phone.press("张示例")
    phone.press("进入")
    phone.page.wait_for_selector("[data-step=capture], [data-step=waiting], [data-step=result]")


def test_a_file_that_is_no_picture_ends_in_words(phone: Phone) -> None:
    """Chosen by mistake, explained, tried again."""
    phone.world.renderer.verdict = "garbage"
    phone.sign_in()
    phone.enter_campaign()
    phone.page.set_input_files("#file", {"name": "cv.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    phone.press("用这张照片")
    phone.page.wait_for_selector("text=照片打不开", timeout=30000)
    phone.shot("24-unreadable")


def test_a_student_can_export_and_erase(phone: Phone) -> None:
    """The rights are two presses away."""
    phone.sign_in()
    phone.press("我的数据")
    phone.at("me")
    with phone.page.expect_download() as saving:
        phone.press("导出我的数据")
    assert "student" in json.loads(Path(saving.value.path()).read_text())
    phone.shot("25-me")
    phone.press("删除我的全部数据")
    phone.press("全部删除")
    phone.at("signin")
    assert phone.page.get_by_text("已全部删除").is_visible()


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False)])
def test_the_page_fits_small_phones_dark_rooms_and_desks(
    phone_of: Callable[..., Phone], width: int, dark: bool
) -> None:
    """Nothing is cut off, nothing is too small to press."""
    phone = phone_of(width=width, dark=dark)
    name = f"{width}{'-dark' if dark else ''}"
    phone.sign_in()
    phone.shot(f"30-choose-{name}")
    phone.enter_campaign()
    phone.shot(f"31-capture-{name}")
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    phone.shot(f"32-ready-{name}")
    phone.press("确认提交")
    phone.at("profile")
    phone.shot(f"33-profile-{name}")
    assert phone.strangers == phone.complaints == []


def test_the_docs_page_loads_nothing_from_elsewhere(phone: Phone) -> None:
    """Also for a school's engineer without internet."""
    phone.page.goto(phone.address + "/docs")
    assert phone.page.get_by_role("heading", name="错误一览").is_visible()
    keep_picture(phone.page, "40-docs")
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
