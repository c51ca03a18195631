"""A phone with the mini-program open: the real pages under WeChat's engine in Chromium, before the real back end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

from pictures import keep_picture, settle
from playwright.sync_api import Locator, Page, Route
from web_world import World

TYPES: Mapping[str, str] = {".html": "text/html", ".js": "text/javascript", ".jpg": "image/jpeg"}
EXPECTED = "Failed to load resource"
"""Chromium reports every 4xx so; what the pages make of them is what the tests look at."""

AUDIT = """() => {
  const seen = (node) => node.getClientRects().length > 0;
  const small = (node) => node.getBoundingClientRect().height < 43.5 || node.getBoundingClientRect().width < 43.5;
  const named = (node) => node.getAttribute("aria-label") || node.textContent.trim();
  return [...document.querySelectorAll("wx-button, wx-input, wx-picker, .cell")].filter(seen)
    .filter((node) => small(node) || !named(node)).map((node) => node.outerHTML.slice(0, 120));
}"""
"""Every control has a name and is large enough for a thumb: 44 px."""

WIDE = """() => [...document.querySelectorAll("main:not([hidden]) *")]
  .filter((node) => node.getClientRects().length && !node.closest(".stage"))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1).map((node) => node.outerHTML.slice(0, 120))"""
"""What reaches over the right edge of the phone."""


@dataclass(frozen=True)
class Look:
    """One kind of phone: px wide, px of the system's text, light or dark."""

    name: str
    width: int
    text_px: int = 16
    dark: bool = False


LOOKS = (
    Look("390", 390),
    Look("320", 320),
    Look("768", 768),
    Look("390-dark", 390, dark=True),
    Look("320-large", 320, 23),
)


@dataclass
class Handset:
    """The mini-program in a student's hand."""

    page: Page
    address: str
    world: World | None = None
    kitchen: Event | None = None
    complaints: list[str] = field(default_factory=list)

    def start(self, query: str = "") -> None:
        """Open the mini-program on its home page."""
        self.page.goto(f"{self.address}/mp/index.html{query}")
        self.at("home")

    def at(self, name: str) -> None:
        self.page.wait_for_selector(f"body[data-page={name}]", timeout=15000)

    @property
    def front(self) -> Locator:
        return self.page.locator("main:not([hidden])")

    def sees(self, text: str) -> None:
        self.front.get_by_text(text).first.wait_for(timeout=20000)

    def tap(self, words: str) -> None:
        self.front.locator("wx-button", has_text=words).first.click()

    def tap_cell(self, words: str) -> None:
        self.front.locator(".cell", has_text=words).first.click()

    def type(self, label: str, text: str) -> None:
        self.front.locator("wx-input").get_by_label(label).first.fill(text)

    def pick(self, label: str, option: str) -> None:
        self.front.locator("wx-picker").get_by_label(label).first.select_option(label=option)

    def answer(self, words: str) -> None:
        """Press a button of WeChat's own dialog."""
        self.page.locator("dialog").get_by_role("button", name=words).click()

    def phone(self, name: str) -> Any:
        """What the phone was asked to do."""
        return self.page.evaluate("(name) => window.phone[name]", name)

    def set(self, name: str, value: Any) -> None:
        self.page.evaluate("([name, value]) => { window.phone[name] = value; }", [name, value])

    def shot(self, name: str) -> None:
        """Hold the page in every look against what every page must be; with IDPHOTO_SCREENSHOTS keep pictures."""
        for look in LOOKS:
            self.wear(look)
            settle(self.page)
            keep_picture(self.page, f"{name}-{look.name}")
            assert self.page.evaluate(WIDE) == [], f"{name} is wider than the phone at {look.name}"
            assert self.page.evaluate(AUDIT) == [], f"{name} at {look.name}"
        self.wear(LOOKS[0])

    def wear(self, look: Look) -> None:
        """Turn this phone into another: its width, its theme, the size of its text."""
        self.page.set_viewport_size({"width": look.width, "height": 844})
        self.page.emulate_media(color_scheme="dark" if look.dark else "light")
        self.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", f"{look.text_px}px")

    def agree(self) -> None:
        """Tick every text and go on."""
        self.at("consent")
        self.front.locator(".tick").first.wait_for()
        for tick in self.front.locator(".tick").all():
            tick.click()
        self.tap("同意并继续")

    def prove(self, name: str, number: str) -> None:
        self.at("identity")
        self.type("姓名", name)
        self.type("身份证号", number)
        self.tap("核对并继续")

    def shoot(self) -> None:
        """Take the selfie with the camera, agreeing to WeChat's privacy question where it comes."""
        self.at("capture")
        self.tap("打开相机")
        self.page.wait_for_selector("wx-camera")
        self.page.wait_for_timeout(300)
        self.page.locator(".shutter__take").click()
        self.page.wait_for_selector(".preview, .sheet")
        if self.page.locator(".sheet").count():
            self.page.locator("#privacy-agree, wx-button[open-type=agreePrivacyAuthorization]").first.click()
        self.page.wait_for_selector(".preview")

    def use(self) -> None:
        self.tap("用这张照片")


def hand_over(handset: Handset, bundle: Path, selfie: bytes) -> None:
    """Serve the built client from the back end's own address, and listen to what goes wrong in the pages."""

    def serve(route: Route) -> None:
        name = route.request.url.partition("/mp/")[2].partition("?")[0]
        if name == "selfie.jpg":
            route.fulfill(body=selfie, content_type=TYPES[".jpg"])
        else:
            file = bundle / name
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])

    def hear(kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(EXPECTED):
            handset.complaints.append(text)

    handset.page.route("**/mp/**", serve)
    handset.page.on("pageerror", lambda error: handset.complaints.append(str(error)))
    handset.page.on("console", lambda message: hear(message.type, message.text))
