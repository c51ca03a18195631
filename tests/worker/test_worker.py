"""The worker's own parts; what it does as a whole is in tests/integration."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer
from structlog.testing import capture_logs

from api.adapters.embedded_redis import EmbeddedRedis
from api.adapters.logging import configure_logging
from api.adapters.queue_rq import RqBell, connect
from api.domain.errors_clock import ClockAhead
from api.domain.work import Purged, Ring, Swept, Work
from worker import context, jobs
from worker.chores import Chores
from worker.rounds import QUEUES, worker_on


def house(**services: Callable[..., object]) -> SimpleNamespace:
    """Something with the services a test needs."""
    settings = SimpleNamespace(sweep_every_s=0.01, purge_every_s=60.0)
    clock = SimpleNamespace(look=lambda: SimpleNamespace(behind=False))
    return SimpleNamespace(
        settings=settings,
        clock=SimpleNamespace(monotonic=time.monotonic),
        **{
            "office": SimpleNamespace(sweep=lambda: 0, forget=lambda: 0),
            "sweep": Swept,
            "purge": Purged,
            "trusted_clock": clock,
        }
        | services,
    )


def test_a_bell_starts_the_service_of_the_house():
    """RQ hands over an id; the job finds the house of its process."""
    asked = []
    context.enter(
        house(
            render_photo=lambda id_, held_by: asked.append(("render", id_, held_by)),
            deliver=lambda id_: asked.append(("deliver", id_)),
        )
    )

    jobs.render("ph_1")
    jobs.deliver("dl_1")
    context.leave()

    assert asked == [("render", "ph_1", None), ("deliver", "dl_1")]


def test_pictures_for_reviewers_are_drawn_when_no_student_waits():
    """The render worker takes them last: their queue is asked only when its own is empty."""
    drawn = []
    context.enter(house(review=SimpleNamespace(make_exhibit=drawn.append)))

    jobs.make_exhibit("ph_1")
    context.leave()

    assert drawn == ["ph_1"]
    assert QUEUES[Work.RENDER] == (Work.RENDER, Work.EXHIBIT)
    assert {work for queues in QUEUES.values() for work in queues} == set(Work)


def test_a_delivery_overtakes_a_long_export(tmp_path: Path):
    """In the middle of the export the delivery is made by its own worker, though it was asked for afterwards."""
    done = []
    with EmbeddedRedis(tmp_path / "redis") as server, connect(server.url) as redis:
        bell = RqBell(redis, timeouts_s=dict.fromkeys(Work, 30))

        def export(thing: str) -> None:
            done.append(f"{thing} begun")
            bell.ring(Ring(Work.DELIVER, "dl_1", 1))
            worker_on(redis, Work.DELIVER).work(burst=True)  # what the process beside this one does meanwhile
            done.append(f"{thing} ended")

        context.enter(house(deliver=done.append, office=SimpleNamespace(work=export)))
        bell.ring(Ring(Work.OFFICE, "ex_1", 1))
        bell.ring(Ring(Work.OFFICE, "ex_2", 1))
        worker_on(redis, Work.DELIVER).work(burst=True)
        assert done == [], "no delivery worker takes an export, which it could not put down again"
        worker_on(redis, Work.OFFICE).work(burst=True, max_jobs=1)
        context.leave()

    assert done == ["ex_1 begun", "dl_1", "ex_1 ended"]


def test_a_job_that_breaks_off_tells_where_and_nobodys_name(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """A database that refuses a row quotes the row: neither the log nor Redis may hold what it says."""

    def refuse(_: str) -> None:
        raise RuntimeError("王小明 cannot be kept") from ValueError("[parameters: ('王小明', '430000200403120013')]")

    with EmbeddedRedis(tmp_path / "redis") as server, connect(server.url) as redis:
        context.enter(house(deliver=refuse))
        configure_logging("json")
        RqBell(redis, timeouts_s=dict.fromkeys(Work, 30)).ring(Ring(Work.DELIVER, "dl_1", 1))
        worker_on(redis, Work.DELIVER).work(burst=True)
        context.leave()
        failed = Job.fetch("dl_1-1", connection=redis, serializer=JSONSerializer)
        kept = failed.latest_result().exc_string

    logged = capfd.readouterr().err
    assert '"error": "RuntimeError", "cause": "ValueError"' in logged
    assert "test_worker.py" in logged
    assert "王小明" not in logged
    assert not kept


def test_outside_a_worker_a_job_has_no_house():
    """A job run anywhere else is refused by name."""
    with pytest.raises(context.NoHouse):
        jobs.render("ph_1")


def test_chores_go_on_after_a_failure():
    """The database is away for one turn: the next turn sweeps again."""
    third = threading.Event()
    turns = []

    def sweep() -> Swept:
        turns.append(len(turns))
        if len(turns) == 1:
            raise ConnectionError
        if len(turns) >= 3:
            third.set()
        return Swept(photos_released=1)

    chores = Chores(house(sweep=sweep))
    chores.start()
    assert third.wait(timeout=5)
    chores.stop()
    seen = len(turns)

    assert seen >= 3
    assert len(turns) == seen


def test_purging_is_rarer_than_sweeping():
    """Once at the start, then only every few minutes."""
    fifth = threading.Event()
    sweeps, purges = [], []

    def sweep() -> Swept:
        sweeps.append(1)
        if len(sweeps) == 5:
            fifth.set()
        return Swept()

    def purge() -> Purged:
        purges.append(1)
        return Purged(blobs=1)

    chores = Chores(house(sweep=sweep, purge=purge))
    chores.start()
    assert fifth.wait(timeout=5)
    chores.stop()

    assert len(purges) == 1


@pytest.mark.parametrize(("behind", "event"), [(False, "deletes_nothing"), (True, "clock_behind")])
def test_a_clock_that_is_wrong_is_in_the_log_with_both_times(behind: bool, event: str):
    """Refused by the guard, or told by it; the sweep goes on."""
    swept = threading.Event()

    def purge() -> Purged:
        if not behind:
            raise ClockAhead(now="2027-11-22", latest="2026-11-22", days=365)
        return Purged()

    times = {"now": datetime(2025, 11, 22, tzinfo=UTC), "latest": datetime(2026, 11, 22, tzinfo=UTC)}
    clock = SimpleNamespace(look=lambda: SimpleNamespace(behind=behind, **times))
    with capture_logs() as logs:
        chores = Chores(house(purge=purge, trusted_clock=clock, sweep=lambda: swept.set() or Swept()))
        chores.start()
        assert swept.wait(timeout=5)
        chores.stop()

    [told] = [one for one in logs if one["event"] == event]
    assert {"now", "latest"} <= told.keys()


@pytest.mark.parametrize("arguments", [["nonsense"], ["render", "deliver"], ["render", "--place"]])
def test_odd_arguments_are_answered_with_the_usage(arguments: list[str]):
    """Status 2 and one line."""
    answer = subprocess.run(
        [sys.executable, "-m", "worker", *arguments], capture_output=True, text=True, check=False, timeout=60
    )

    assert answer.returncode == 2
    assert answer.stderr.startswith("usage:")


def test_a_worker_without_settings_says_what_is_missing():
    """All of it, in one go, and no traceback. The crew of both gives up as well, for a person must look."""
    bare = {key: value for key, value in os.environ.items() if key in {"PATH", "PYTHONPATH", "HOME"}}
    for arguments in (["render"], []):
        answer = subprocess.run(
            [sys.executable, "-m", "worker", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=bare,
        )

        assert answer.returncode == 2
        assert "DATABASE_URL is missing" in answer.stderr
        assert "Traceback" not in answer.stderr


CREW = """
import sys
from worker import crew
commands = [[sys.executable, "-c", sys.argv[1], name] for name in sys.argv[2:]]
sys.exit(crew.keep_crew(commands, look_every_s=0.05, not_sooner_s=0.2))
"""
MEMBER = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(60)
"""


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not what():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


def test_who_dies_is_started_again_and_all_end_together(tmp_path: Path):
    """One of two is killed: it comes back, the other never notices. SIGTERM ends both."""
    one, two = tmp_path / "one", tmp_path / "two"
    crew = subprocess.Popen([sys.executable, "-c", CREW, MEMBER, str(one), str(two)])
    until(lambda: len(pids(one)) == 1 and len(pids(two)) == 1)

    os.kill(pids(one)[0], signal.SIGKILL)
    until(lambda: len(pids(one)) == 2)
    crew.terminate()

    assert crew.wait(timeout=10) == 0
    assert len(pids(two)) == 1
    for pid in (pids(one)[1], pids(two)[0]):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
