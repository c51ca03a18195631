"""The page in docs/ says what the files say, because it is written from them."""

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from photo_service.catalogue.page import page
from photo_service.cli import main
from photo_service.specs import load_catalogue

ROOT = Path(__file__).resolve().parents[3]
LIGHT = {"photo_service", "click", "rich"}
MOST_MODULES = 250
"""They are 152, and 0.2 s of a processor."""


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
    """What a command imports is what it makes people wait for: no image library, no networks, few modules at all."""
    script = """
import json, sys
had = set(sys.modules)
from photo_service.cli import main
try:
    main(["specs"])
finally:
    sys.stderr.write(json.dumps(sorted(set(sys.modules) - had)))
"""
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    imported = json.loads(told.stderr)

    assert len(told.stdout.splitlines()) > len(list((ROOT / "photo_service" / "specs").glob("*.toml")))
    assert {name.partition(".")[0] for name in imported} - sys.stdlib_module_names <= LIGHT
    assert len(imported) <= MOST_MODULES
