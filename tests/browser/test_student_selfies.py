"""Real pictures before the whole product: `idphoto up`, the real photo service, a file and a fake camera's stream."""

import io
import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe import assert_no_axe_faults
from chromium_here import CHROMIUM, FLAGS
from pictures import keep_picture, settle
from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps, ImageStat
from playwright.sync_api import Browser, Page, Playwright, expect
from student_phone import kept_selfie

from api.cli.demo.portrait import NoPortrait, portrait_jpeg
from api.cli.stack import free_port

UP = [sys.executable, "-c", "from api.cli import main; main()", "up"]
STREAM = (960, 720)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    try:
        return Image.open(io.BytesIO(portrait_jpeg())).convert("RGB")
    except NoPortrait as fault:
        pytest.skip(str(fault))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`idphoto up`, ready; ended by its own process."""
    folder = tmp_path_factory.mktemp("up")
    port = free_port()
    with (folder / "stderr").open("w") as log:
        up = subprocess.Popen(
            [*UP, "--port", str(port), "--var", str(folder / "var")], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert up.stdout is not None
        for line in up.stdout:
            if "Ctrl-C ends everything" in line:
                break
        yield f"http://127.0.0.1:{port}"
        up.terminate()
        up.wait(timeout=30)
        up.stdout.close()


@pytest.fixture(scope="module")
def filmed(drivers: Playwright, portrait: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium whose camera sees the portrait."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    film = tmp_path_factory.mktemp("film") / "portrait.y4m"
    film.write_bytes(_film(portrait))
    browser = drivers.chromium.launch(
        executable_path=str(CHROMIUM), args=[*FLAGS, f"--use-file-for-fake-video-capture={film}"]
    )
    yield browser
    browser.close()


def _scene(portrait: Image.Image) -> Image.Image:
    """What the camera sees: head and shoulders, across."""
    width, height = portrait.size
    return portrait.crop((10, 0, width - 62, height - 182)).resize(STREAM, Image.Resampling.LANCZOS)


def _film(portrait: Image.Image) -> bytes:
    """Return a raw film of one still scene (YUV4MPEG2, 4:2:0)."""
    luma, blue, red = _scene(portrait).convert("YCbCr").split()
    half = (STREAM[0] // 2, STREAM[1] // 2)
    frame = luma.tobytes() + blue.resize(half).tobytes() + red.resize(half).tobytes()
    return f"YUV4MPEG2 W{STREAM[0]} H{STREAM[1]} F15:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + frame) * 4


def _spoiled(portrait: Image.Image) -> bytes:
    """Return the same person in the dark, out of focus."""
    file = io.BytesIO()
    ImageEnhance.Brightness(portrait).enhance(0.3).filter(ImageFilter.GaussianBlur(2)).save(file, "JPEG", quality=90)
    return file.getvalue()


def _open(browser: Browser, address: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="zh-CN",
        permissions=["camera"],
        accept_downloads=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("[data-step=signin]", timeout=30000)
    page.get_by_label("姓名").fill("试用同学")
    page.get_by_role("button", name="进入").click()
    page.wait_for_selector("[data-step=consent], [data-step=choose]")
    for box in page.get_by_role("checkbox").all():
        box.check()
    if page.get_by_role("button", name="同意并继续").count():
        page.get_by_role("button", name="同意并继续").click()
    page.wait_for_selector("[data-step=choose]")
    page.get_by_label("搜索规格").fill("ycz")
    page.locator(".pick", has=page.get_by_text("一寸照", exact=True)).click()
    page.get_by_role("button", name="开始拍照").click()
    page.wait_for_selector("[data-step=capture]")
    return page


def _shot(page: Page, name: str) -> None:
    settle(page)
    keep_picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert_no_axe_faults(page)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_a_bad_selfie_is_explained_and_the_next_one_passes(
    filmed: Browser, portrait: Image.Image, address: str, width: int
) -> None:
    """In the dark and out of focus first: reasons beside the selfie, three at most. Then the good one is saved."""
    page = _open(filmed, address, width)
    page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _spoiled(portrait)})
    page.get_by_role("button", name="用这张照片").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这张还不行，再拍一张", timeout=60000)
    reasons = page.get_by_role("list", name="没有通过的原因", exact=True)
    expect(reasons.get_by_text("脸太暗")).to_be_visible()
    expect(reasons.get_by_text("照片模糊")).to_be_visible()
    assert page.locator(".reason:visible").count() <= 3
    assert page.locator(".reason:visible").first.locator(".muted").inner_text()
    assert page.locator(".selfie img").evaluate("image => image.naturalWidth") == portrait.width
    _shot(page, f"70-bad-{width}")
    page.get_by_role("button", name="重拍").click()
    page.wait_for_selector("[data-step=capture]")
    page.set_input_files("#file", {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": portrait_jpeg()})
    page.get_by_role("button", name="用这张照片").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("照片合格", timeout=60000)
    _shot(page, f"71-good-{width}")
    with page.expect_download() as saving:
        page.get_by_role("button", name="保存照片").click()
    with Image.open(saving.value.path()) as photo:
        assert (photo.size, photo.format, photo.info["dpi"]) == ((295, 413), "JPEG", (300, 300))
    page.context.close()


def test_the_camera_takes_a_photo_that_is_no_mirror_image(filmed: Browser, portrait: Image.Image, address: str) -> None:
    """The preview is mirrored, as in a mirror; the picture is not, and passes the real checks."""
    page = _open(filmed, address, 390)
    page.get_by_role("button", name="打开相机拍照").click()
    page.wait_for_selector("video.mirror, .note", timeout=60000)
    expect(page.locator(".note")).to_have_count(0)
    page.wait_for_function("document.querySelector('video').videoWidth > 0")
    _shot(page, "72-camera")
    page.get_by_role("button", name="拍照", exact=True).click()
    page.wait_for_selector(".stage.shot img")
    page.route("**/v1/photos", lambda route: route.abort())
    page.get_by_role("button", name="用这张照片").click()
    page.wait_for_selector("text=秒后重试")
    taken = Image.open(io.BytesIO(kept_selfie(page) or b""))
    page.unroute("**/v1/photos")
    scene = _scene(portrait).resize(taken.size)
    apart, mirrored = (_difference(taken.convert("RGB"), one) for one in (scene, ImageOps.mirror(scene)))
    assert apart < 0.5 * mirrored
    expect(page.get_by_role("heading", level=1)).to_have_text("照片合格", timeout=60000)
    _shot(page, "73-from-camera")
    page.context.close()


def _difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)
