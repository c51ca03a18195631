"""Hold a page against axe-core: nothing serious or critical may stand."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = {"serious", "critical"}


def assert_no_axe_faults(page: Page) -> None:
    """Fail with rule, place and reason of every serious or critical fault on the page as it now stands."""
    found: Any = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    faults = [
        f"{fault['id']} ({fault['impact']}): {node['html'][:160]} — {node.get('failureSummary', '')[:240]}"
        for fault in found.response["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
    assert not faults, f"{page.url}\n" + "\n".join(faults)
