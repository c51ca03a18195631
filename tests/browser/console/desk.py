"""A desk of the school's: one browser before the console, and what it noticed."""

from dataclasses import dataclass, field

from axe import assert_no_axe_faults
from pictures import keep_picture, settle
from playwright.sync_api import Page
from web_world import PASSWORD, World

from api.domain.staff import StaffMember

EXPECTED = "Failed to load resource"
"""Chromium reports every 4xx so; what the page makes of them is what the tests look at."""


@dataclass
class Desk:
    """A browser before the console. `strangers` are addresses of others it asked, `complaints` what it grumbled."""

    page: Page
    world: World
    address: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a path of the console."""
        self.page.goto(self.address + path)

    def sign_in(self, member: StaffMember, password: str = PASSWORD) -> None:
        """Log in as a person would; afterwards the page is where this member's work begins."""
        self.open("/console/login")
        self.page.get_by_label("账号").fill(member.login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(lambda url: "/console/login" not in url)

    def shot(self, name: str) -> None:
        """Hold the page against axe and its window; with IDPHOTO_SCREENSHOTS keep a picture."""
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        settle(self.page)
        keep_picture(self.page, f"{name}-{width}")
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide"
        assert_no_axe_faults(self.page)


def desk_at(page: Page, world: World, address: str) -> Desk:
    """Sit down, and listen."""
    desk = Desk(page, world, address)
    own = (address, "blob:", "data:")
    page.on("request", lambda request: None if request.url.startswith(own) else desk.strangers.append(request.url))
    page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    page.on("console", lambda message: _hear(desk, message.type, message.text))
    return desk


def _hear(desk: Desk, kind: str, text: str) -> None:
    if kind in {"error", "warning"} and not text.startswith(EXPECTED):
        desk.complaints.append(text)
