"""Makes the modules beside this file (`web_world`) importable for every test below; one browser for all of a run."""

from collections.abc import Iterator

import pytest
from chromium_here import CHROMIUM, FLAGS
from playwright.sync_api import Browser, Playwright, sync_playwright


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first: at the end none is left over to which the other processes of a run could give no hand."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


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
