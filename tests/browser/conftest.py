"""A real Chromium before the real application, on this machine alone."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from web_world import RunningClock, World, kitchen, made_selfie, make_world, served

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
EXPECTED = "Failed to load resource"
"""Chromium reports every 4xx so; what the page makes of them is what the tests look at."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Phone:
    """A student's phone on the student page, and what it noticed."""

    page: Page
    world: World
    address: str
    kitchen: Event
    shots: Path
    selfie: Path
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def shot(self, name: str) -> None:
        """Keep a picture of the state, and hold it against what every state must be."""
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{name} is wider than the phone"
        )
        assert self.page.evaluate(AUDIT) == [], name

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def at(self, step: str) -> None:
        self.page.wait_for_selector(f"[data-step={step}]", timeout=15000)

    def sign_in(self, name: str = "张示例") -> None:
        """From nothing to the choice of a purpose."""
        self.page.goto(self.address)
        self.at("signin")
        self.press(name)
        self.press("进入")
        self.at("consent")
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        self.press("同意并继续")
        self.at("choose")

    def enter_campaign(self, name: str = "张示例") -> None:
        """From the choice to the camera, by way of the identity."""
        self.page.locator(".pick").first.click()
        self.at("identity")
        person = self.world.person(name)
        self.page.get_by_label("姓名").fill(person.name)
        self.page.get_by_label("身份证号").fill(person.id_number)
        self.press("核对并继续")
        self.at("capture")

    def send_selfie(self) -> None:
        self.page.set_input_files("#file", self.selfie)
        self.press("用这张照片")


AUDIT = """() => {
  const seen = (node) => node.offsetParent !== null && getComputedStyle(node).visibility !== "hidden";
  const named = (node) => node.labels?.length || node.getAttribute("aria-label") || node.textContent.trim();
  const small = (node) => (node.closest("label") ?? node).getBoundingClientRect().height < 44;
  return [...document.querySelectorAll("button, input, select, summary")].filter(seen)
    .filter((node) => !named(node) || small(node)).map((node) => node.outerHTML);
}"""
"""Every control has a name and is tall enough for a thumb."""


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
