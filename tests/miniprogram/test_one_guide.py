"""The student page and the mini-program guide the student before the camera by the same numbers and the same words."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE, PHONE = ROOT / "api" / "web" / "static" / "js", ROOT / "miniprogram" / "client" / "lib"


def rules(code: str) -> str:
    """Answer a file without the way it hands its functions out: modules there, `require` here."""
    lines = (line.removeprefix("export ") for line in code.splitlines() if not line.startswith("module.exports"))
    return "\n".join(lines).strip()


@pytest.mark.parametrize("name", ["frame.js", "hints.js"])
def test_the_two_copies_are_one(name: str):
    """What a frame tells, and what is said of it: whoever changes one changes the other."""
    assert rules((PAGE / name).read_text()) == rules((PHONE / name).read_text())


def test_neither_says_more_than_it_knows():
    """No face is looked for in the live picture, so no position is called right; the server looks at the photo."""
    for folder in (PAGE, PHONE):
        assert "位置合适" not in (folder / "hints.js").read_text()
        assert not re.search(r'"[^"]*[\u4e00-\u9fff]', (folder / "guide.js").read_text()), "all words are the hints'"
