"""A real Chromium before the real application, on this machine alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from chromium_here import CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, Playwright
from student_phone import Phone
from web_world import RunningClock, World, kitchen, made_selfie, make_world, served

EXPECTED = "Failed to load resource"
"""Chromium reports every 4xx so; what the page makes of them is what the tests look at."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(drivers: Playwright) -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    browser = drivers.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def phone_of(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Give phones: each a world, a server and a page of its own."""
    with ExitStack() as stack:

        def make(*, width: int = 390, dark: bool = False, **changes: Any) -> Phone:
            world = make_world(tmp_path, clock=RunningClock(), **changes)
            stack.callback(world.house.close)
            cooking = stack.enter_context(kitchen(world))
            address = stack.enter_context(served(world))
            scheme = "dark" if dark else "light"
            context = chromium.new_context(
                viewport={"width": width, "height": 844}, locale="zh-CN", color_scheme=scheme, permissions=["camera"]
            )
            stack.callback(context.close)
            return _watched(context.new_page(), world, address, cooking, tmp_path)

        yield make


def _watched(page: Page, world: World, address: str, cooking: Event, folder: Path) -> Phone:
    shots = Path(os.environ.get("IDPHOTO_SCREENSHOTS", folder / "shots"))
    shots.mkdir(parents=True, exist_ok=True)
    selfie = folder / "selfie.jpg"
    selfie.write_bytes(made_selfie())
    phone = Phone(page, world, address, cooking, shots, selfie)
    own = (address, "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else phone.strangers.append(request.url))
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.on("console", lambda message: _hear(phone, message.type, message.text))
    return phone


def _hear(phone: Phone, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith(EXPECTED):
        phone.complaints.append(text)


@pytest.fixture
def phone(phone_of: Callable[..., Phone]) -> Iterator[Phone]:
    """A phone whose visit must end without a complaint and without a word to anyone else."""
    one: Phone = phone_of()
    yield one
    assert one.complaints == []
    assert one.strangers == []
