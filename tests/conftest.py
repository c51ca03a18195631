"""Makes the modules beside this file (`web_world`) importable for every test below; one browser for all of a run."""

from collections.abc import Iterator

import pytest
import structlog
from chromium_here import CHROMIUM, FLAGS
from hypothesis import settings
from playwright.sync_api import Browser, Playwright, sync_playwright


def pytest_configure() -> None:
    """Give examples the time they need: a busy machine is no fault of ours, and speed is measured by `make bench`."""
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first: at the end none is left over to which the other processes of a run could give no hand."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Let no test log into what an earlier one set up: its stream is closed by now."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def drivers() -> Iterator[Playwright]:
    """The one Playwright of a run: a second one in the same thread refuses to start beside it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """The one Chromium of a run; a test asks it for a context of its own. Where there is none, that is said."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    drivers: Playwright = request.getfixturevalue("drivers")
    browser = drivers.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield browser
    browser.close()
