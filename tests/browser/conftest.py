"""A real Chromium before the real application, on this machine alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page
from student_phone import Phone
from web_world import RunningClock, World, kitchen, made_selfie, make_world, served

Motion = Literal["no-preference", "reduce"]
EXPECTED = "Failed to load resource"
"""Chromium reports every 4xx so; what the page makes of them is what the tests look at."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def phone_of(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    """Give phones: each a world, a server and a page of its own.

    Pages move as for people who asked their system for less motion, which is quicker; `motion` says otherwise.
    """
    with ExitStack() as stack:

        def make(*, width: int = 390, dark: bool = False, motion: Motion = "reduce", **changes: Any) -> Phone:
            world = make_world(tmp_path, clock=RunningClock(), **changes)
            stack.callback(world.house.close)
            cooking = stack.enter_context(kitchen(world))
            address = stack.enter_context(served(world))
            scheme = "dark" if dark else "light"
            context = chromium.new_context(
                viewport={"width": width, "height": 844},
                locale="zh-CN",
                color_scheme=scheme,
                permissions=["camera"],
                reduced_motion=motion,
            )
            stack.callback(context.close)
            return _watched(context.new_page(), world, address, cooking, tmp_path)

        yield make


def _watched(page: Page, world: World, address: str, cooking: Event, folder: Path) -> Phone:
    selfie = folder / "selfie.jpg"
    selfie.write_bytes(made_selfie())
    phone = Phone(page, world, address, cooking, selfie)
    own = (address, "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else phone.strangers.append(request.url))
    page.on("pageerror", lambda error: phone.complaints.append(str(error)))
    page.on("console", lambda message: _hear(phone, message.type, message.text))
    return phone


def _hear(phone: Phone, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith(EXPECTED):
        phone.complaints.append(text)


@pytest.fixture
def phone(phone_of: Callable[..., Phone], request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone whose visit must end without a complaint and without a word to anyone else.

    What differs of it comes as the fixture's parameter (`indirect=True`).
    """
    one: Phone = phone_of(**getattr(request, "param", {}))
    yield one
    assert one.complaints == []
    assert one.strangers == []
