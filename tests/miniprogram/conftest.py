"""The mini-program's tests run where Node and npm are; its pages are shown by WeChat's engine in a real Chromium."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from handset import Handset, hand_over
from playwright.sync_api import Browser
from web_world import RunningClock, kitchen, made_selfie, make_world, served

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "miniprogram"
INSTALL_S, BUILD_S = 120, 60


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "handset_of" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The client's test tools, installed once; a machine without npm or network skips, saying so."""
    folder = CLIENT / "node_modules"
    if shutil.which("node") is None:
        pytest.skip("no node on this machine: the mini-program's tests need Node 18 or newer")
    if not (folder / "jest").is_dir():
        _install()
    return folder


def _install() -> None:
    if shutil.which("npm") is None:
        pytest.skip("no npm on this machine and miniprogram/node_modules is empty")
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm could not fetch the mini-program's test tools in time")
    if done.returncode:
        pytest.skip("npm could not fetch the mini-program's test tools (no network or registry?)")


@pytest.fixture(scope="session")
def bundle(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, built for a browser."""
    folder = tmp_path_factory.mktemp("miniprogram")
    build = CLIENT / "test" / "screens" / "build.js"
    done = subprocess.run(
        ["node", str(build), str(folder)], capture_output=True, text=True, timeout=BUILD_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def handset_of(chromium: Browser, bundle: Path, tmp_path: Path) -> Iterator[Callable[..., Handset]]:
    """Give handsets: each a world, the real back end, and the mini-program open in a window of its own."""
    handsets: list[Handset] = []
    with ExitStack() as stack:

        def make(**changes: Any) -> Handset:
            world = make_world(tmp_path, clock=RunningClock(), **changes)
            stack.callback(world.house.close)
            cooking = stack.enter_context(kitchen(world))
            address = stack.enter_context(served(world))
            context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
            stack.callback(context.close)
            page = context.new_page()
            handset = Handset(page, address, world=world, kitchen=cooking)
            hand_over(handset, bundle, made_selfie())
            handsets.append(handset)
            return handset

        yield make
    assert [handset.complaints for handset in handsets] == [[] for _ in handsets]
