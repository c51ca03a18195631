"""The console's words: both languages say the same things, and nothing is said that nobody wrote."""

import re
from pathlib import Path

import pytest

from api.web.console.words import load_words

WEB = Path(__file__).parents[4] / "api" / "web"
USED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[A-Za-z0-9_.-]+)["']\s*[,)]""")
NAV = re.compile(r"""Room\(\s*"[a-z_.]+",\s*"([a-z_.]+)\"""")
NOTED = re.compile(r"""(?:note|note\.within)\((?:uow, |house, )?"([a-z_]+\.[a-z_]+)\"""")
SOURCES = sorted([*(WEB / "console").glob("*.py"), *(WEB / "templates" / "console").rglob("*.html")])


def test_both_languages_have_the_same_keys_with_the_same_facts():
    """A sentence that is missing, or tells another fact, in one language is found here."""
    chinese, english = load_words().values()
    fact = re.compile(r"{(\w+)[^}]*}")

    assert set(chinese) == set(english)
    differing = [key for key in chinese if set(fact.findall(chinese[key])) != set(fact.findall(english[key]))]
    assert differing == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_word_that_a_page_asks_for_exists(source: Path):
    """No page shows a key."""
    words = load_words()["zh-CN"]
    asked = {*USED.findall(source.read_text()), *NAV.findall(source.read_text())}

    assert asked - set(words) == set()


@pytest.mark.parametrize("source", [path for path in SOURCES if path.suffix == ".html"], ids=lambda path: path.name)
def test_no_template_speaks_chinese_by_itself(source: Path):
    """What is read is in the words files, in both languages; and no template styles or scripts inline."""
    text = source.read_text()

    assert not re.search(r"[\u4e00-\u9fff]", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|<style", text)


def test_every_action_that_is_noted_has_words_in_the_audit_log():
    """The registrar reads what was done, and can search for it, without knowing the code's names."""
    sources = [file for folder in ("web/console", "services", "cli") for file in (WEB.parent / folder).rglob("*.py")]
    noted = {action for file in sources for action in NOTED.findall(file.read_text())}
    decided = {f"submission.{state}" for state in ("approved", "returned")}

    assert {"staff.login", "photo.viewed", "export.fetched"} <= noted
    assert {action for action in noted | decided if f"audit.did.{action}" not in load_words()["zh-CN"]} == set()
