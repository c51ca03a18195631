"""The mini-program's unit and page tests, Tencent's compilers, and its contract with the API, from pytest."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from web_world import make_world

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "miniprogram"
JEST_S = 80


def test_every_test_of_the_client_passes_and_tencents_compilers_take_every_page(
    node_modules: Path, tmp_path: Path
) -> None:
    """Jest with miniprogram-simulate; wcc and wcsc are among its tests (`gate.test.js`)."""
    outcome = tmp_path / "jest.json"
    done = subprocess.run(
        ["node", str(node_modules / "jest" / "bin" / "jest.js"), "--json", f"--outputFile={outcome}"],
        cwd=CLIENT,
        capture_output=True,
        text=True,
        timeout=JEST_S,
        check=False,
    )
    assert outcome.is_file(), done.stderr[-2000:]
    told = json.loads(outcome.read_text())
    failed = [one["message"] for one in told["testResults"] if one["status"] != "passed"]
    assert failed == []
    assert told["numPassedTests"] > 150


def test_every_call_of_the_client_is_a_route_of_the_api(tmp_path: Path) -> None:
    """Method and path, held against the API's own OpenAPI document; needs no Node."""
    world = make_world(tmp_path)
    with world.app.app_context():
        paths = world.app.spec["paths"]
    known = {(method.upper(), re.sub(r"\{[^}]+\}", "*", path)) for path, ways in paths.items() for method in ways}
    world.house.close()

    called = _calls()

    assert called - known == set()
    assert len(called) > 20


def _calls() -> set[tuple[str, str]]:
    """Every method and path that the client asks for, with what is filled in as a star."""
    code = "".join((CLIENT / "client" / "services" / name).read_text() for name in ("api.js", "session.js"))
    asked = re.findall(r"call(?:Open)?\(\"([A-Z]+)\", [`\"]([^`\"]+)[`\"]", code)
    asked += [("POST", path) for path in re.findall(r"(?:upload|enter)\(\"([^\"]+)\"", code)]
    asked += [("GET", path) for path in re.findall(r"download\(`([^`]+)`", code)]
    asked += re.findall(r"method: \"([A-Z]+)\", path: \"([^\"]+)\"", code)
    return {(method, re.sub(r"\$\{[^}]+\}", "*", path)) for method, path in asked}


def test_the_package_for_wechat_holds_nothing_but_the_client() -> None:
    """DevTools uploads `client/` alone, with the test appid that everyone may use."""
    project = json.loads((CLIENT / "project.config.json").read_text())

    assert project["miniprogramRoot"] == "client/"
    assert project["appid"] == "touristappid"
    assert {file.suffix for file in (CLIENT / "client").rglob("*") if file.is_file()} <= {
        ".js",
        ".json",
        ".wxml",
        ".wxss",
    }


def test_every_interface_that_touches_privacy_is_named_for_the_schools_declaration() -> None:
    """What the guideline in WeChat's console does not name fails on the phone, or the review."""
    guarded = re.compile(
        r"wx\.(choose\w+|createCameraContext|saveImageToPhotosAlbum|saveVideoToPhotosAlbum|getLocation|getFuzzyLocation"
        r"|(?:start|on)(?:Accelerometer|Compass|DeviceMotion|Gyroscope)\w*|[sg]etClipboardData|getRecorderManager"
        r"|addPhone\w+|openBluetoothAdapter|getWeRunData|createVKSession)\b"
    )
    code = "".join(file.read_text() for file in (CLIENT / "client").rglob("*.js"))
    used = {f"wx.{name}" for name in guarded.findall(code)}
    document = (ROOT / "docs" / "miniprogram.md").read_text()

    assert [name for name in used if f"`{name}`" not in document] == []
    assert "wx.chooseMedia" in used


@pytest.mark.parametrize("name", ["dependencies", "devDependencies"])
def test_every_tool_of_the_client_is_pinned(name: str) -> None:
    """What is installed today is installed tomorrow."""
    wanted = json.loads((CLIENT / "package.json").read_text()).get(name, {})

    assert [tool for tool, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
