"""A program that does not fit its installation says so in a line: the code, what is wrong, what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gunicorn.arbiter import Arbiter
from sqlalchemy import create_engine, text

from api import wsgi
from api.cli.surroundings import embedded


@pytest.fixture
def newer(desk) -> Path:
    """An installation whose database a later version has changed."""
    engine = create_engine(f"sqlite:///{desk.var}/idphoto.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_from_the_future'"))
    engine.dispose()
    return desk.var


def run(*command: str, home: Path, **env: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME"}}
    return subprocess.run(
        [sys.executable, *command],
        env=plain | {"IDPHOTO_EMBEDDED": "1", "IDPHOTO_HOME": str(home), "REDIS_URL": "unix:///nowhere"} | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_older_program_refuses_a_newer_database_in_words(desk, newer):
    """No migration is tried, and nothing of Alembic shows."""
    told = desk.run("campaign", "list", expect=2)

    assert "schema_ahead" in told
    assert "9999_from_the_future" in told
    assert "start that newer version" in told
    assert "Can't locate revision" not in told


def test_a_worker_and_a_server_of_an_older_program_refuse_as_well(newer: Path):
    """One line on standard error, so that the last line of a log is the reason."""
    for work in ("deliver", "render", "office"):
        answer = run("-m", "worker", work, home=newer)
        assert answer.returncode == 2
        assert answer.stderr.splitlines()[-1].startswith("schema_ahead: a newer version of this program")
        assert "Traceback" not in answer.stderr
    answer = run("-c", "from api.cli import main; main()", "serve", home=newer)
    assert answer.returncode == 2
    assert "schema_ahead" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_gunicorn_itself_ends_in_words_on_a_newer_database(newer: Path):
    """Started by a school's own unit file, without `idphoto serve`: one line, no traceback, no endless restarts."""
    answer = run("-m", "gunicorn", "api.wsgi:app()", "--bind=127.0.0.1:0", "--workers=1", home=newer)

    assert answer.returncode == 3
    assert "\nschema_ahead: a newer version of this program" in answer.stderr
    assert "start that newer version" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [("IDPHOTO_LEASE_S", "soon", "config_error: "), ("DATABASE_URL", "sqlite:///.", "database_unavailable: ")],
)
def test_a_server_names_bad_settings_and_a_silent_database_likewise(
    setting, value, words, tmp_path, monkeypatch, capsys
):
    """One line on standard error, and the status that gunicorn does not try again."""
    monkeypatch.chdir(tmp_path)
    for name, given in embedded({}, home=tmp_path).items():
        monkeypatch.setenv(name, given)
    monkeypatch.setenv(setting, value)
    with pytest.raises(SystemExit) as ended:
        wsgi.app()

    [line] = capsys.readouterr().err.splitlines()
    assert ended.value.code == wsgi.CANNOT_START == Arbiter.WORKER_BOOT_ERROR
    assert line.startswith(words)
    assert setting in line


def test_a_worker_without_its_networks_says_which_command_fetches_them(tmp_path: Path):
    """Not a dictionary: a sentence that ends with what to do."""
    answer = run("-m", "worker", "render", home=tmp_path, IDPHOTO_MODELS=str(tmp_path / "none"))
    last = answer.stderr.splitlines()[-1]

    assert answer.returncode == 2
    assert last.startswith("renderer_away: photos cannot be made here: ")
    assert "`idphoto models install`" in last
    assert "{" not in last
