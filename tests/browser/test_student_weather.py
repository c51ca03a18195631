"""Bad networks, closed cameras, desks and keyboards: nothing is lost, and every way to a picture works."""

import base64
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect
from student_phone import Phone, kept_selfie

pytestmark = pytest.mark.browser

UPLOAD = re.compile(r"/v1/photos$")
HAND_OVER = """([kind, name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent("paste", { ...options, clipboardData: transfer })
    : new DragEvent("drop", { ...options, dataTransfer: transfer });
  document.body.dispatchEvent(event);
}"""
"""Drop or paste a file, as a desk does."""


def test_a_selfie_survives_a_dead_network_and_a_reload(phone: Phone) -> None:
    """Kept in the browser until the server has it, sent with the same key, and gone afterwards."""
    keys: list[str] = []

    def listen(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 1 else route.continue_()

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(UPLOAD, listen)
    phone.page.set_input_files("#file", phone.selfie)
    phone.page.context.set_offline(True)
    expect(phone.page.locator("#net")).to_have_text(re.compile("网络断开了。照片和填写的内容都还在"))
    phone.press("用这张照片")
    phone.page.wait_for_selector("text=等待网络恢复")
    phone.shot("60-offline")
    assert kept_selfie(phone.page) == phone.selfie.read_bytes()
    phone.page.context.set_offline(False)
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert keys[0] == keys[1]
    assert len(set(keys)) == 1
    assert kept_selfie(phone.page) is None


def test_an_upload_is_taken_up_again_after_the_page_was_closed(phone: Phone) -> None:
    """From the home page, by the same student; a second photo never comes of it."""
    keys: list[str] = []

    def hold_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            route.continue_()

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(UPLOAD, hold_the_first)
    phone.send_selfie()
    phone.at("waiting")
    phone.page.wait_for_timeout(200)
    phone.page.evaluate("sessionStorage.clear()")
    phone.sign_in_again()
    phone.at("choose")
    expect(phone.page.get_by_text("有一张照片还没有上传")).to_be_visible()
    phone.shot("61-resume")
    phone.press("继续")
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert len(set(keys)) == 1
    assert kept_selfie(phone.page) is None


def test_another_student_on_the_same_computer_never_meets_the_selfie(phone: Phone) -> None:
    """Signing in as somebody else throws it away unseen."""
    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(UPLOAD, lambda route: None)
    phone.send_selfie()
    phone.at("waiting")
    phone.page.wait_for_timeout(200)
    assert kept_selfie(phone.page) is not None
    phone.page.evaluate("sessionStorage.clear()")
    phone.page.goto(phone.address)
    phone.go_in("李示例")
    phone.at("choose")
    assert phone.page.get_by_text("有一张照片还没有上传").count() == 0
    assert kept_selfie(phone.page) is None


def test_what_was_typed_without_a_network_is_saved_when_it_is_back(phone: Phone) -> None:
    """And the page says where it is meanwhile."""
    phone.sign_in()
    phone.enter_campaign()
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    phone.press("确认提交")
    phone.at("profile")
    phone.page.context.set_offline(True)
    phone.page.get_by_label("姓名").fill("张大示")
    phone.page.wait_for_selector("text=暂存在这台设备上")
    phone.shot("62-draft-offline")
    phone.page.context.set_offline(False)
    phone.page.wait_for_selector("text=草稿已保存")


def test_a_full_house_is_waited_for_with_a_countdown(phone: Phone) -> None:
    """503 with Retry-After: the page says how long, and comes back by itself with the same key."""
    keys: list[str] = []
    body = '{"code":"queue_full","title":"满","detail":"排队的人数已满，照片没有保存，请过一会儿再试。"}'

    def full(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        return route.fulfill(
            status=503, headers={"Retry-After": "2"}, content_type="application/problem+json", body=body
        )

    phone.sign_in()
    phone.enter_campaign()
    phone.page.route(UPLOAD, full)
    phone.send_selfie()
    phone.page.wait_for_selector("text=秒后重试")
    expect(phone.page.locator(".card").get_by_text("排队的人数已满")).to_be_visible()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert keys[0] == keys[1]


def test_the_queue_is_told_in_people_and_seconds(phone: Phone) -> None:
    """With the place and the estimate that the server gives."""
    phone.sign_in()
    phone.enter_campaign()
    phone.kitchen.clear()
    others = phone.world.student("李示例")
    for _ in range(3):
        others.upload(spec="one-inch")
    phone.send_selfie()
    phone.page.wait_for_selector("text=前面还有")
    expect(phone.page.locator(".card").get_by_text("大约还需")).to_be_visible()
    phone.shot("63-queue")
    phone.kitchen.set()
    phone.page.wait_for_selector("text=照片合格", timeout=60000)


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_is_dropped_or_pasted_at_a_desk(phone_of: Callable[..., Phone], kind: str) -> None:
    """Anywhere on the page."""
    phone = phone_of(width=1440)
    phone.sign_in()
    phone.enter_campaign()
    _hand_over(phone.page, kind, phone.selfie.read_bytes())
    phone.press("用这张照片")
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert phone.strangers == phone.complaints == []


def test_a_picture_above_the_limit_is_made_smaller_and_keeps_its_date(phone_of: Callable[..., Phone]) -> None:
    """The date is evidence of its age; pixels are turned upright, and nothing under the limit is touched."""
    phone = phone_of(max_upload_bytes=900_000)
    phone.sign_in()
    phone.enter_campaign()
    picture = Image.effect_noise((1400, 1000), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x0132] = "2026:02:01 09:30:00"
    file = BytesIO()
    picture.save(file, "JPEG", quality=97, exif=exif)
    assert len(file.getvalue()) > 900_000
    phone.page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()})
    phone.page.route(UPLOAD, lambda route: None)
    phone.press("用这张照片")
    phone.at("waiting")
    sent = Image.open(BytesIO(kept_selfie(phone.page) or b""))
    assert sent.getexif()[0x0132] == "2026:02:01 09:30:00"
    assert sent.getexif()[0x0112] == 1
    assert sent.size == (1000, 1400)


def test_a_refused_camera_says_how_to_allow_it_and_leaves_the_album(phone_of: Callable[..., Phone]) -> None:
    """In words for this very browser."""
    phone = phone_of()
    phone.page.context.clear_permissions()
    phone.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); }"
    )
    phone.sign_in()
    phone.enter_campaign()
    phone.press("打开相机拍照")
    expect(phone.page.get_by_text("还没有允许使用相机")).to_be_visible()
    expect(phone.page.get_by_text("选“始终允许”")).to_be_visible()
    phone.shot("64-camera-refused")
    phone.send_selfie()
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    assert phone.complaints == []


def test_the_whole_way_is_walked_by_keyboard(phone: Phone) -> None:
    """Search, choose, start the camera, wait for the timer, use the picture, save it: Tab, Enter and Escape alone."""
    phone.sign_in()
    phone.page.get_by_label("搜索规格").focus()
    phone.page.keyboard.type("ycz")
    _tab_to(phone.page, "一寸照")
    phone.page.keyboard.press("Enter")
    phone.at("brief")
    _tab_to(phone.page, "开始拍照")
    phone.page.keyboard.press("Enter")
    phone.at("capture")
    _tab_to(phone.page, "打开相机拍照")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_selector("video.mirror")
    phone.page.keyboard.press("Escape")
    phone.page.wait_for_selector(".drop")
    _tab_to(phone.page, "打开相机拍照")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_selector("video.mirror")
    _tab_to(phone.page, "3 秒定时")
    phone.page.keyboard.press("Space")
    phone.page.keyboard.press("Shift+Tab")
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_selector(".count")
    phone.shot("65-countdown")
    phone.page.wait_for_selector(".stage.shot img", timeout=15000)
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_selector("text=照片合格", timeout=30000)
    _tab_to(phone.page, "保存照片")
    with phone.page.expect_download() as saving:
        phone.page.keyboard.press("Enter")
    assert saving.value.suggested_filename.endswith(".jpg")


def test_the_page_stays_light(phone: Phone) -> None:
    """Everything a student loads before the first photo, as it comes over the line: under 160 kB."""
    loaded: list[int] = []
    phone.page.on("response", lambda answer: loaded.append(len(answer.body())) if "/v1/" not in answer.url else None)
    phone.page.goto(phone.address)
    phone.at("signin")
    phone.page.wait_for_load_state("networkidle")
    assert 20_000 < sum(loaded) < 160_000


def _tab_to(page: Page, words: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent + (document.activeElement.ariaLabel ?? '')"):
            return
    raise AssertionError(f"the keyboard never reaches {words}")


def _hand_over(page: Page, kind: str, data: bytes) -> None:
    page.evaluate(HAND_OVER, [kind, "selfie.jpg", "image/jpeg", base64.b64encode(data).decode()])
