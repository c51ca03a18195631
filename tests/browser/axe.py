"""Hold a page against axe-core: nothing serious or critical may stand."""

from functools import cache
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
"""Every rule runs; what a page passes, which is long, is not described."""


@cache
def _script() -> str:
    return Axe().axe_script


def assert_no_axe_faults(page: Page) -> None:
    """Fail with rule, place and reason of every serious or critical fault on the page as it now stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    found: Any = page.evaluate("(options) => axe.run(options).then((found) => found.violations)", OPTIONS)
    faults = [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} — {node.get('failureSummary', '')[:240]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
