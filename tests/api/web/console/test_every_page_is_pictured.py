"""`make screenshots` goes to every page of the console: a page without a picture is a page that nobody looked at."""

import re
from pathlib import Path

import pytest
from gallery.stops import STOPS
from web_world import make_world

DOCS = Path(__file__).resolve().parents[4] / "docs"
NO_PAGE = {
    "console.home": "leads on to where work begins",
    "console.login": "pictured by the story of the login",
    "console.password": "shown once, after the first login",
    "review.start": "leads on to the first photo",
    "review.find_again": "leads back to the queue, where a search has no address",
    "review.picture": "a picture itself",
    "campaigns.roster_check": "exists after an upload only",
    "school_login.begin": "leads to the school",
    "school_login.callback": "comes back from the school",
    "campaigns.revealed": "leads back, where a page that was posted to is opened again",
    "campaigns.unbound": "as above",
    "campaigns.find_again": "as above",
    "campaigns.search_again": "as above",
    "campaigns.form_preview_again": "as above",
    "registries.add": "the form of registries.edit, empty",
    "registries.ask_replay": "a question that a list of deliveries asks",
    "staff.new": "the form of staff.person, empty",
}
FILE = re.compile(r"\.(csv|zip|xlsx)$|\.<ending>$|exports/<export_id>/<name>$")


def test_every_page_has_its_picture_or_a_reason(tmp_path: Path) -> None:
    """Compared by the paths that the walk takes."""
    world = make_world(tmp_path)
    rules = {
        rule.endpoint: rule.rule
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/console") and "GET" in (rule.methods or ()) and not FILE.search(rule.rule)
    }
    world.house.close()
    walked = {re.sub(r"\{\w+\}", "<>", stop.path.split("?")[0]) for stop in STOPS}
    missing = {end for end, rule in rules.items() if re.sub(r"<[^>]+>", "<>", rule) not in walked}
    assert missing == NO_PAGE.keys()


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_every_stop_of_the_walk_has_a_picture_in_the_documents(width: int) -> None:
    """And the page that shows them names it."""
    index = (DOCS / "screens.md").read_text(encoding="utf-8")
    for stop in STOPS:
        picture = f"screens/{stop.name}-{width}.webp"
        assert (DOCS / picture).is_file(), f"{picture}: run make screenshots"
        assert picture in index
