"""No process is left behind, and nobody has to look for process ids."""

import os
import signal
import sys
from pathlib import Path

import pytest

from api.adapters.tethered import Tethered


@pytest.fixture
def start(tmp_path):
    """Start Python programs on a tether; none is left when the story is over."""
    started = []

    def run(program, **how):
        started.append(Tethered([sys.executable, "-c", program], log=tmp_path / "log", **how))
        return started[-1]

    yield run
    for tethered in started:
        tethered.end()


def told(tmp_path, words):
    """Wait for the program to say something."""
    log = tmp_path / "log"
    while words not in log.read_text():
        os.sched_yield()
    return log.read_text()


def test_a_program_that_ends_by_itself_is_noticed_with_its_status(start):
    """The supervisor restarts what died; for that it must know."""
    tethered = start("raise SystemExit(7)")
    while tethered.poll() is None:
        os.sched_yield()

    assert tethered.poll() == 7


def test_a_program_killed_by_a_signal_is_noticed_as_a_shell_would(start):
    """137 is SIGKILL: usually the kernel, short of memory."""
    tethered = start("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    while tethered.poll() is None:
        os.sched_yield()

    assert tethered.poll() == 137


@pytest.mark.skipif(sys.platform != "linux", reason="looks a process's state up in /proc")
def test_a_program_that_is_stopped_for_a_while_is_not_ended(start, tmp_path):
    """SIGSTOP and SIGCONT, by a debugger or an operator: the program goes on and ends when it wants to."""
    tethered = start(
        "import os, signal\n"
        "signal.signal(signal.SIGCONT, lambda *_: print('goes on', flush=True))\n"
        "print('pid', os.getpid(), flush=True)\n"
        "signal.pause()\n"
        "raise SystemExit(7)"
    )
    pid = int(told(tmp_path, "\n").split()[1])
    os.kill(pid, signal.SIGSTOP)
    while state_of(pid) != "T":
        os.sched_yield()
    settle(tethered.pid)
    os.kill(pid, signal.SIGCONT)
    while tethered.poll() is None:
        os.sched_yield()

    assert tethered.poll() == 7
    assert "goes on" in (tmp_path / "log").read_text()


def state_of(pid):
    """Answer the kernel's letter: R running, S waiting, T stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def settle(pid):
    """Wait until a process has dealt with what it was told and waits again."""
    while state_of(pid) != "S":
        os.sched_yield()


def test_a_program_is_asked_before_it_is_made_to_end(start, tmp_path):
    """SIGTERM first: a worker finishes its photo, a server its answers."""
    tethered = start(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('tidy', flush=True)))\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)"
    )
    told(tmp_path, "ready")

    assert tethered.end() == 0
    assert "tidy" in told(tmp_path, "tidy")
    assert tethered.end() == 0


def test_signals_reach_the_program_as_if_it_had_no_lifeline(start, tmp_path):
    """The lifeline ignores SIGTERM and SIGINT for itself, not on behalf of the program."""
    start(
        "import signal; print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,"
        " signal.getsignal(signal.SIGINT) == signal.default_int_handler, flush=True)"
    )

    assert told(tmp_path, "\n") == "True True\n"


def test_the_environment_can_be_given(start, tmp_path):
    """Workers are told where Redis and the database are by their environment, not by files."""
    start("import os; print('url is', os.environ['REDIS_URL'], flush=True)", env={"REDIS_URL": "unix:///x"})

    assert told(tmp_path, "\n") == "url is unix:///x\n"


def test_a_program_that_does_not_exist_ends_at_once_with_the_reason_in_the_log(tmp_path):
    """Nothing hangs, and the log says what was missing."""
    tethered = Tethered([str(tmp_path / "missing")], log=tmp_path / "log")
    while tethered.poll() is None:
        os.sched_yield()

    assert tethered.end() == 1
    assert "No such file" in (tmp_path / "log").read_text()
