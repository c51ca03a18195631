"""What a school hands in to WeChat says what the client does: WeChat fails a call that was not declared."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "miniprogram/client"
SCHOOLS = (ROOT / "docs/wechat.md").read_text()
DECLARED = {
    "chooseMedia": "选中的照片或视频信息",
    "createCameraContext": "摄像头",
    "saveImageToPhotosAlbum": "相册（仅写入）权限",
    "AccelerometerChange": "加速度传感器",
    "ClipboardData": "剪切板",
    "getPhoneNumber": "手机号",
    "getLocation": "位置信息",
    "startRecord": "麦克风",
    "chooseMessageFile": "选中的文件",
    "chooseAddress": "通讯地址",
    "BluetoothAdapter": "蓝牙",
    "getWeRunData": "微信运动步数",
}
"""Calls that need a declaration, by the console's names."""


def section(number: str) -> str:
    return re.split(r"^## ", SCHOOLS.partition(f"\n## {number}、")[2], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("call", DECLARED)
def test_the_guideline_declares_what_the_client_uses_and_nothing_else(call: str):
    """Both ways: an undeclared call fails on every phone, and a declared one that is not used fails the review."""
    code = "".join(path.read_text() for path in CLIENT.rglob("*") if path.suffix in {".js", ".wxml"})

    assert (f"| {DECLARED[call]} |" in section("六")) == (call in code)


def test_the_review_notes_name_every_page():
    """By the title the reviewer sees; the first page by its place."""
    pages = json.loads((CLIENT / "app.json").read_text())["pages"]
    titles = [json.loads((CLIENT / f"{page}.json").read_text())["navigationBarTitleText"] for page in pages[1:]]
    line = next(line for line in section("七").splitlines() if "每个页面" in line)
    named = line.partition("：")[2].rstrip("。").split("、")

    assert named[0] == "首页"
    assert sorted(named[1:]) == sorted(titles)
