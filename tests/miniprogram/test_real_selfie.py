"""The mini-program before the whole product: a real selfie, the real pipeline, nothing made up but the phone."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from handset import Handset, hand_over
from playwright.sync_api import Browser

from api.cli.demo.portrait import NoPortrait, portrait_jpeg
from api.cli.stack import free_port

ROOT = Path(__file__).parents[2]
UP = [sys.executable, "-c", "from api.cli import main; main()", "up"]

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """`idphoto up`, ready; ended by its own process."""
    port = free_port()
    with (tmp_path / "stderr").open("w") as log:
        up = subprocess.Popen(
            [*UP, "--port", str(port), "--var", str(tmp_path / "var")], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert up.stdout is not None
        for line in up.stdout:
            if "Ctrl-C ends everything" in line:
                break
        yield f"http://127.0.0.1:{port}"
        up.terminate()
        up.wait(timeout=30)
        up.stdout.close()


def test_a_real_selfie_becomes_a_photo_that_is_saved(chromium: Browser, bundle: Path, address: str) -> None:
    """From the sign-in by name to the album."""
    try:
        selfie = portrait_jpeg()
    except NoPortrait as fault:
        pytest.skip(str(fault))
    handset = Handset(chromium.new_page(locale="zh-CN"), address)
    hand_over(handset, bundle, selfie)
    handset.start()
    handset.page.wait_for_selector(".chip, wx-button:has-text('进入')")
    if handset.front.get_by_text("本机试用").count():
        handset.type("姓名", "张示例")
        handset.tap("进入")
    handset.sees("进行中")
    handset.type("搜索规格", "yicun")
    handset.front.locator(".spec").get_by_text("一寸照", exact=True).click()
    handset.at("campaign")
    handset.tap("开始拍照")
    handset.agree()
    handset.shoot()
    handset.use()
    handset.at("result")
    handset.sees("照片合格")
    handset.page.wait_for_selector(".mat__photo")
    handset.sees("295×413 px")
    handset.shot("20-real")
    handset.tap("保存到相册")
    handset.sees("已保存到相册")
    (saved,) = handset.phone("album")
    assert saved["bytes"] > 5000
    assert handset.complaints == []
