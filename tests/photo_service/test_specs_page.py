"""The page in docs/ says what the files say, because it is written from them."""

import os
import subprocess
import sys
import time
from pathlib import Path

from click.testing import CliRunner

from photo_service.cli import main
from photo_service.spec_page import page
from photo_service.specs import load_catalogue

ROOT = Path(__file__).resolve().parents[2]
SLOWEST_S = 0.4


def test_the_page_is_what_the_files_give_today():
    """Whoever changes a spec writes the page anew: idphoto specs --markdown > docs/specs.md."""
    assert (ROOT / "docs" / "specs.md").read_text(encoding="utf-8") == page(load_catalogue())


def test_the_command_writes_the_same_page():
    """To stdout and nothing else."""
    result = CliRunner().invoke(main, ["specs", "--markdown"])

    assert (result.exit_code, result.stdout) == (0, page(load_catalogue()))


def test_every_spec_stands_in_it_with_its_source_and_its_note(catalogue):
    """A school's engineer can look up where each number comes from."""
    text = page(catalogue)

    for spec in catalogue.values():
        assert f"`{spec.id}`" in text
        assert f'<a id="{spec.id}"></a>' in text
        assert spec.source in text
        assert spec.note.strip() in text


def test_the_list_is_there_before_anybody_waits():
    """Under 0.4 s of work from the command to the whole table: the processor's time, so that a busy machine passes."""
    script = "from photo_service.cli import main; main(['specs'])"
    before = os.times()
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, timeout=60)
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system

    assert min(spent, time.monotonic() - started) < SLOWEST_S
