"""`idphoto` starts at once: a command loads what it needs and nothing of the others."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import pytest
from click.testing import CliRunner

from api.cli import main
from api.cli.main import COMMANDS


def loaded_by(*arguments):
    """Run the command in its own interpreter; answer the modules it loaded."""
    program = (
        "import sys\n"
        "from api.cli import main\n"
        f"try:\n    main({list(arguments)!r})\n"
        "except SystemExit:\n    pass\n"
        "print('modules:', *sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(answer.stdout.rpartition("modules:")[2].split())


def test_the_help_loads_neither_the_back_end_nor_the_photo_service():
    """A person who asks for help does not wait for networks and databases."""
    loaded = loaded_by("--help")

    assert not loaded & {"sqlalchemy", "flask", "rq", "redis", "httpx", "numpy", "onnxruntime", "PIL", "rich"}


def test_the_back_end_s_commands_load_no_networks():
    """`idphoto review list` needs a database, not a photo service."""
    loaded = loaded_by("review", "list", "--help")

    assert not loaded & {"numpy", "onnxruntime", "PIL", "flask"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_in_the_list_is_there(name):
    """The list names modules by their dotted names; none is mistyped."""
    module, _, attribute = COMMANDS[name][1].partition(":")
    if find_spec(module) is None:
        pytest.fail(f"{module} does not exist")

    assert isinstance(getattr(import_module(module), attribute), click.Command)


def test_a_command_that_does_not_exist_is_refused():
    """Exit status 2, as for every mistake in usage."""
    result = CliRunner().invoke(main, ["fly"])

    assert result.exit_code == 2
    assert "No such command" in result.output


def test_every_command_is_in_the_help_with_one_line():
    """What there is can be found."""
    shown = CliRunner().invoke(main, ["--help"]).output

    assert all(name in shown and summary.split(":")[0] in shown for name, (_, _, summary) in COMMANDS.items())
