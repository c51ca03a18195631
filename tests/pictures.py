"""Pictures of pages as a test left them: kept in the folder of IDPHOTO_SCREENSHOTS, and without it not even taken."""

import os
from pathlib import Path

from playwright.sync_api import Page

SETTLED = """() => Promise.all(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => {})))"""
"""Every movement that ends has ended, or was broken off; one that never ends, as a spinner's, is not waited for."""


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page if somebody asked for pictures."""
    folder = os.environ.get("IDPHOTO_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def settle(page: Page) -> None:
    """Wait until the page is loaded and has moved into place, its letters too."""
    page.wait_for_load_state()
    page.evaluate(SETTLED)
    page.evaluate("() => document.fonts.ready.then(() => null)")
