"""The mini-program lets a PC in: both real, both before the same back end."""

from collections.abc import Callable

import pytest
from handset import Handset
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser


def test_a_student_scans_the_pcs_code_checks_it_and_lets_it_in(
    handset_of: Callable[..., Handset], chromium: Browser
) -> None:
    """The code on the phone is the PC's; after the yes the PC goes on by itself as this student."""
    handset = handset_of(dev_login=False)
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    pc = context.new_page()
    pc.goto(handset.address)
    code = pc.locator(".code .big").inner_text(timeout=10000)
    handset.start()
    handset.sees("进行中")
    handset.tap_cell("登录电脑网页版")
    handset.at("device")
    handset.shot("30-device")
    handset.set("scanned", f"http://127.0.0.1:8000/?device={code.replace('-', '')}")
    handset.tap("扫一扫")
    handset.sees(code)
    handset.sees("Linux · Chrome")
    handset.shot("31-device-ask")
    handset.tap("是我，允许登录")
    handset.sees("已允许登录")
    handset.shot("32-device-done")
    expect(pc.get_by_role("heading", name="使用前，请先阅读")).to_be_visible(timeout=15000)
    context.close()
