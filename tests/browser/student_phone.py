"""A student's phone on the student page, and what it noticed."""

from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from playwright.sync_api import Page
from web_world import World


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
