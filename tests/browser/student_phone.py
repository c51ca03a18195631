"""A student's phone on the student page, and what it noticed."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from axe import assert_no_axe_faults
from pictures import keep_picture, settle
from playwright.sync_api import Page
from web_world import World

WIDTHS = (360, 768, 1440)


@dataclass
class Phone:
    """A student's phone on the student page, and what it noticed."""

    page: Page
    world: World
    address: str
    kitchen: Event
    selfie: Path
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def shot(self, name: str) -> None:
        """Hold the state against what every state must be, at every width; with IDPHOTO_SCREENSHOTS keep pictures."""
        settle(self.page)
        own = self.page.viewport_size or {"width": 390, "height": 844}
        assert_no_axe_faults(self.page)
        for width in {own["width"], *WIDTHS}:
            self.page.set_viewport_size({**own, "width": width})
            keep_picture(self.page, f"{name}-{width}")
            assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at {width}"
            assert self.page.evaluate(AUDIT) == [], f"{name} at {width}"
        self.page.set_viewport_size(own)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def at(self, step: str) -> None:
        self.page.wait_for_selector(f"[data-step={step}]", timeout=15000)

    def sign_in(self, name: str = "张示例") -> None:
        """From nothing to the choice of a purpose."""
        self.page.goto(self.address)
        self.go_in(name)
        self.at("choose")

    def go_in(self, name: str = "张示例") -> None:
        """Sign in and agree, wherever that leads."""
        self.at("signin")
        self.press(name)
        self.press("进入")
        self.at("consent")
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        self.press("同意并继续")

    def sign_in_again(self, name: str = "张示例") -> None:
        """On another device, where everything was agreed to before."""
        self.page.goto(self.address)
        self.at("signin")
        self.press(name)
        self.press("进入")

    def enter_campaign(self, name: str = "张示例", *, at: int = 0) -> None:
        """From the choice to the camera, by way of the identity."""
        self.page.locator(".pick").nth(at).click()
        self.at("brief")
        self.press("开始拍照")
        self.at("identity")
        person = self.world.person(name)
        self.page.get_by_label("姓名").fill(person.name)
        self.page.get_by_label("身份证号").fill(person.id_number)
        self.press("核对并继续")
        self.at("capture")

    def send_selfie(self) -> None:
        self.page.set_input_files("#file", self.selfie)
        self.press("用这张照片")


KEPT = """() => new Promise((resolve) => {
  const request = indexedDB.open("campus-id-photo", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("selfie");
  request.onsuccess = () => {
    const asked = request.result.transaction("selfie").objectStore("selfie").get("selfie");
    asked.onsuccess = async () => {
      request.result.close();
      resolve(asked.result ? [...new Uint8Array(await asked.result.file.arrayBuffer())] : null);
    };
  };
})"""


def kept_selfie(page: Page) -> bytes | None:
    """Return the selfie that the browser keeps until the server has it, None where it keeps none."""
    found = page.evaluate(KEPT)
    return bytes(found) if found is not None else None


AUDIT = """() => {
  const seen = (node) => node.offsetParent !== null && getComputedStyle(node).visibility !== "hidden";
  const named = (node) => node.labels?.length || node.getAttribute("aria-label") || node.textContent.trim();
  const small = (node) => (node.closest("label") ?? node).getBoundingClientRect().height < 44;
  return [...document.querySelectorAll("button, input, select, summary")].filter(seen)
    .filter((node) => !named(node) || small(node)).map((node) => node.outerHTML);
}"""
"""Every control has a name and is tall enough for a thumb."""
