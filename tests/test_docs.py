"""What the documents promise exists: commands, make targets, files, links."""

import re
import tomllib
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parent.parent
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCS, ids=ids)
def test_every_make_target_that_is_named_exists(document):
    """`make X` in a document is a target of the Makefile."""
    named = set(re.findall(r"`make ([a-z]+)", document.read_text()))
    named |= set(re.findall(r"^\s*make ([a-z]+)", document.read_text(), re.MULTILINE))

    assert named <= targets()


@pytest.mark.parametrize("document", DOCS, ids=ids)
def test_every_idphoto_command_that_is_named_exists(document):
    """`idphoto X` in a document is a command."""
    from api.cli import main

    named = set(re.findall(r"\bidphoto ([a-z][a-z-]+)\b", document.read_text()))
    known = set(main.list_commands(click.Context(main)))

    assert named <= known


@pytest.mark.parametrize("document", DOCS, ids=ids)
def test_every_link_to_a_file_leads_somewhere(document):
    """Relative links are not broken."""
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text())
    broken = [link for link in links if not (document.parent / link).exists()]

    assert broken == []


def test_every_command_is_named_in_the_readme():
    """A command that nobody can read about does not exist for a newcomer."""
    from api.cli import main

    readme = (ROOT / "README.md").read_text()
    missing = [name for name in main.list_commands(click.Context(main)) if f"idphoto {name}" not in readme]

    assert missing == []


def test_both_readmes_name_the_same_commands():
    """The Chinese README is a translation, not an older version."""
    commands = [
        set(re.findall(r"\b(?:make|idphoto) [a-z][a-z-]+", (ROOT / name).read_text()))
        for name in ("README.md", "README.zh-CN.md")
    ]

    assert commands[0] == commands[1]


def test_every_setting_is_documented_and_every_documented_setting_exists():
    """A variable that an operator may set is in docs/operations.md, and the other way about."""
    code = "".join(
        file.read_text() for folder in ("api", "worker", "photo_service") for file in (ROOT / folder).rglob("*.py")
    )
    read = set(re.findall(r"\"((?:IDPHOTO|WECHAT)_[A-Z_]+|DATABASE_URL|REDIS_URL|BLOB_URL|PHOTO_SERVICE_URL)\"", code))
    told = set(
        re.findall(
            r"`((?:IDPHOTO|WECHAT)_[A-Z_]+|DATABASE_URL|REDIS_URL|BLOB_URL|PHOTO_SERVICE_URL)`",
            (ROOT / "docs/operations.md").read_text(),
        )
    )

    assert read == told


def test_the_console_script_is_the_command_of_the_documents():
    """`idphoto` is on .venv/bin after make setup."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]

    assert scripts == {"idphoto": "api.cli:main"}


@pytest.mark.parametrize("document", DOCS, ids=ids)
def test_an_example_that_is_copied_is_not_refused_for_its_id_number(document):
    """Whoever tries an example word for word gets the answer that the page promises."""
    from api.domain.id_number import check_digit

    numbers = re.findall(r'"([0-9]{17}[0-9X])"', document.read_text())
    assert [number for number in numbers if check_digit(number[:-1]) != number[-1]] == []
