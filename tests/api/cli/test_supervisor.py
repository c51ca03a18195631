"""A worker that dies comes back by itself, ever slower while it keeps dying; everything ends together."""

import os
import sys

import pytest

from api.cli.supervisor import HopelessProgram, Program, Supervisor, last_words


class Clock:
    def __init__(self):
        self.time = 100.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(clock, said):
    made = Supervisor(say=said.append, monotonic=clock)
    yield made
    made.end()


def program(tmp_path, code, name="render-1"):
    return Program(name, (sys.executable, "-c", code), tmp_path / f"{name}.log", dict(os.environ))


def look_until(supervisor, condition):
    while not condition():
        supervisor.look()
        os.sched_yield()


def test_a_program_that_dies_is_started_again_after_a_pause(supervisor, clock, said, tmp_path):
    """One line says which, why and when; nothing is started before the pause is over."""
    supervisor.keep(program(tmp_path, "print('no models here'); raise SystemExit(1)"))
    look_until(supervisor, lambda: said)

    assert said == ["render-1 ended (status 1): no models here; starting it again in 0.5 s"]
    clock.time += 0.4
    supervisor.look()
    assert len(said) == 1
    clock.time += 0.2
    look_until(supervisor, lambda: len(said) == 2)
    assert supervisor.deaths() == {"render-1": 2}


def test_the_pause_doubles_up_to_half_a_minute(supervisor, clock, said, tmp_path):
    """A program that cannot run does not eat the machine."""
    supervisor.keep(program(tmp_path, "raise SystemExit(1)"))
    for count in range(1, 9):
        look_until(supervisor, lambda count=count: len(said) == count)
        clock.time += 30

    assert [line.rpartition(" in ")[2] for line in said] == [
        "0.5 s", "1 s", "2 s", "4 s", "8 s", "16 s", "30 s", "30 s",
    ]  # fmt: skip


def test_after_a_good_long_run_the_pause_is_short_again(supervisor, clock, said, tmp_path):
    """A worker that dies once a day is back at once each time."""
    supervisor.keep(program(tmp_path, "raise SystemExit(1)"))
    look_until(supervisor, lambda: len(said) == 1)
    clock.time += 1
    supervisor.look()
    clock.time += 61
    look_until(supervisor, lambda: len(said) == 2)

    assert said[1].endswith("in 0.5 s")


def test_a_program_that_cannot_ever_start_is_not_tried_again(supervisor, tmp_path):
    """Status 2: settings or schema; a person must look."""
    supervisor.keep(program(tmp_path, "print('settings: DATABASE_URL is missing'); raise SystemExit(2)"))

    with pytest.raises(HopelessProgram, match="DATABASE_URL is missing"):
        look_until(supervisor, lambda: False)


def test_everything_ends_together(supervisor, said, tmp_path):
    """No process is left, and ending on purpose is not reported as a death."""
    for name in ("one", "two"):
        supervisor.keep(program(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(60)", name))
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    look_until(supervisor, lambda: all(log.exists() and log.read_text().endswith("\n") for log in logs))
    supervisor.end()

    for log in logs:
        with pytest.raises(ProcessLookupError):
            os.kill(int(log.read_text()), 0)
    assert said == []


def test_the_last_words_of_a_silent_program_are_told_too(tmp_path):
    """No log, an empty log."""
    (tmp_path / "empty").touch()

    assert last_words(tmp_path / "none") == "it left no log"
    assert last_words(tmp_path / "empty") == "it said nothing"
