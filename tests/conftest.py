"""Makes the modules beside this file (`web_world`) importable for every test below."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright


@pytest.fixture(scope="session")
def drivers() -> Iterator[Playwright]:
    """The one Playwright of a run: a second one in the same thread refuses to start beside it."""
    with sync_playwright() as playwright:
        yield playwright
