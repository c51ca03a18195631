"""Take the screenshots of docs/screens: `make screenshots`, or one room: `make screenshots ARGS=review`."""

import io
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

import structlog
from chromium_here import CHROMIUM, FLAGS
from desk import desk_at
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from student_phone import Phone
from web_world import RunningClock, World, kitchen, make_world, served

from api.domain.reviewer import Role, Scope
from api.domain.staff import StaffMember
from gallery.school import DrawnRenderer, settle_in
from gallery.stops import STOPS, Stop, facts_of
from gallery.student import LOOKING_AT, VISITORS, student_pages

WIDTHS: Final = {360: 780, 768: 1024, 1440: 900}
"""CSS pixels of the three screens: width, and height."""
QUALITY: Final = 82
"""Of the WebP files; text stays sharp, and all of them together stay below a few megabytes."""
OUT: Final = Path(__file__).resolve().parents[2] / "docs" / "screens"
INDEX: Final = OUT.parent / "screens.md"


STAFF: Final = {
    Role.COUNSELLOR: ("lin", "林老师", (Scope(college="软件学院"), Scope(college="陶瓷学院"))),
    Role.REGISTRAR: ("wang", "王主任", ()),
}


@dataclass(frozen=True, slots=True)
class Tour:
    """A walk through the product: the browser, the school, and the part of the house that was asked for."""

    browser: Browser
    world: World
    address: str
    cooking: Event
    folder: Path
    part: str

    def wants(self, name: str) -> bool:
        """Tell whether this picture was asked for."""
        return name.startswith(self.part)

    @contextmanager
    def screen(self, width: int) -> Iterator[Page]:
        """Give a page on a screen of that width."""
        size: ViewportSize = {"width": width, "height": WIDTHS[width]}
        context = self.browser.new_context(
            viewport=size, locale="zh-CN", permissions=["camera"], reduced_motion="reduce"
        )
        yield context.new_page()
        context.close()


def main() -> None:
    """Fill a school, walk through every page, keep a picture of each."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    OUT.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        renderer = DrawnRenderer()
        world = make_world(folder, clock=RunningClock(), renderer=renderer)
        stack.callback(world.house.close)
        settle_in(world, renderer)
        cooking = stack.enter_context(kitchen(world))
        address = stack.enter_context(served(world))
        browser = stack.enter_context(_chromium(_film(folder, renderer)))
        part = sys.argv[1] if len(sys.argv) > 1 else ""
        titles = {}
        for name, page in _pages(Tour(browser, world, address, cooking, folder, part)):
            _keep(name, page)
            titles[name.rsplit("-", 1)[0]] = page.title()
        if not part:
            INDEX.write_text(index_of(titles), encoding="utf-8")


def index_of(titles: dict[str, str]) -> str:
    """Return the page that shows the pictures, each with the title of its page, at three widths."""
    lines = ["# 界面一览", "", "以下画面由 `make screenshots` 生成：人物均为虚构，照片均为绘制。", ""]
    for name, title in titles.items():
        lines += [f"## {title}（{name}）", ""]
        lines += [f"![{title}，{width} 像素宽](screens/{name}-{width}.webp)" for width in WIDTHS]
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def _film(folder: Path, renderer: DrawnRenderer) -> Path:
    """Film a drawn student for the camera: one picture, over and over."""
    film = folder / "camera.mjpeg"
    with Image.open(io.BytesIO(renderer.selfie(LOOKING_AT))) as selfie:
        selfie.crop((60, 140, 660, 940)).save(film, "JPEG", quality=92)
    return film


@contextmanager
def _chromium(film: Path) -> Iterator[Browser]:
    with sync_playwright() as drivers:
        flags = [*FLAGS, f"--use-file-for-fake-video-capture={film}"]
        browser = drivers.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser
        browser.close()


def _pages(tour: Tour) -> Iterator[tuple[str, Page]]:
    """Give every page as it is to be pictured, with its name and width."""
    accounts = {role: _member(tour.world, role) for role in STAFF}
    for width in WIDTHS:
        if tour.wants("student"):
            yield from _student(tour, width)
        for role, account in accounts.items():
            yield from _staff(tour, width, [stop for stop in STOPS if stop.who == role], account)


def _member(world: World, role: Role) -> StaffMember:
    login, name, scopes = STAFF[role]
    member = world.account(role, scopes, login=login)
    return world.house.staff.change(member.id, name=name)


def _student(tour: Tour, width: int) -> Iterator[tuple[str, Page]]:
    with tour.screen(width) as page:
        phone = Phone(page, tour.world, tour.address, tour.cooking, tour.folder / "selfie.jpg")
        for name in student_pages(phone, VISITORS[width]):
            yield f"{name}-{width}", page


def _staff(tour: Tour, width: int, stops: list[Stop], member: StaffMember) -> Iterator[tuple[str, Page]]:
    wanted = [stop for stop in stops if tour.wants(stop.name)]
    if not wanted:
        return
    with tour.screen(width) as page:
        desk = desk_at(page, tour.world, tour.address)
        desk.sign_in(member)
        for stop in wanted:
            desk.open(stop.path.format(**facts_of(tour.world)))
            stop.then(page)
            page.wait_for_load_state("networkidle")
            yield f"{stop.name}-{width}", page


def _keep(name: str, page: Page) -> None:
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(OUT / f"{name}.webp", quality=QUALITY, method=6)
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
