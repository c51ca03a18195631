"""`idphoto up` serves the whole product, looks after its parts, and leaves nothing behind however it ends."""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.cli.stack import free_port, is_free

ROOT = Path(__file__).parents[2]
UP = [sys.executable, "-c", "from api.cli import main; main()", "up"]

pytestmark = pytest.mark.slow


class Running:
    """One `idphoto up`, ready."""

    def __init__(self, var, log):
        self.var = var
        self.port = free_port()
        self.process = subprocess.Popen(
            [*UP, "--port", str(self.port), "--var", str(var)],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        self.printed = ""
        while "Ctrl-C ends everything" not in self.printed:
            line = self.process.stdout.readline()
            assert line, "idphoto up ended before it was ready"
            self.printed += line
        self.url = f"http://127.0.0.1:{self.port}"

    def family(self):
        """Every process that has something to do with this run, by its process id: children and theirs."""
        parents = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = {self.process.pid}
        while grown := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= grown
        return found - {self.process.pid}

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def until(see, *, within_s=30):
    """Look again and again until there is something to see."""
    ends, pause = time.monotonic() + within_s, threading.Event()
    while not see():
        assert time.monotonic() < ends, "waited in vain"
        pause.wait(0.02)


def ended(pids, *, within_s=20):
    """Wait on the kernel's own notice until every process is gone."""
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            if not select.select([handle], [], [], within_s)[0]:
                return False
        finally:
            os.close(handle)
    return True


def answers(url):
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def up_in(folder):
    with (folder / "stderr").open("w") as log:
        up = Running(folder / "var", log)
        yield up
        up.close()


@pytest.fixture
def running(tmp_path):
    """One to be ended: nobody else's."""
    with up_in(tmp_path) as up:
        yield up


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One that several tests visit: each leaves it running."""
    with up_in(tmp_path_factory.mktemp("up")) as up:
        yield up


def test_it_serves_the_student_page_and_the_registry_s(shared):
    """Addresses, people and the counsellor's commands are printed, and the addresses work."""
    registry = next(line.split()[-1] for line in shared.printed.splitlines() if "Sample registry" in line)

    assert httpx.get(f"{shared.url}/", trust_env=False).status_code == 200
    assert httpx.get(f"{shared.url}/readyz", trust_env=False).json()["status"] == "ready"
    for expected in (
        shared.url,
        "张示例",
        "hunan-pretco",
        "cqwu-xuegong",
        f"idphoto review list --var {shared.var}",
        "    counsellor   password ",
        "    registrar    password ",
    ):
        assert expected in shared.printed
    assert httpx.get(f"{registry}received", trust_env=False).json().keys() == {"events"}


def test_the_registry_can_be_pinged_from_another_terminal(shared):
    """Outbox, worker, signature and registry work together, also after its secret was changed while it runs."""
    idphoto = [sys.executable, "-c", "from api.cli import main; main()", "registry"]
    listed = subprocess.run([*idphoto, "list", "--var", str(shared.var)], capture_output=True, text=True, check=True)
    registry = listed.stdout.splitlines()[1].split("\t")[0]
    pinged = subprocess.run([*idphoto, "ping", registry, "--var", str(shared.var)], capture_output=True, text=True,
                            check=False)  # fmt: skip

    assert "taken, 204" in pinged.stdout, pinged.stderr

    rotate = [*idphoto, "rotate-secret", registry, "--var", str(shared.var)]
    fresh = subprocess.run(rotate, capture_output=True, text=True, check=True).stdout.strip()
    secrets = shared.var / "registry" / "secrets"
    until(lambda: fresh in secrets.read_text())
    subprocess.run([*rotate, "--finish"], capture_output=True, text=True, check=True)
    pinged = subprocess.run([*idphoto, "ping", registry, "--var", str(shared.var)], capture_output=True, text=True,
                            check=False)  # fmt: skip

    assert "taken, 204" in pinged.stdout, pinged.stderr


def test_a_taken_port_is_told_in_two_lines(shared, tmp_path):
    """Nothing else is started, and what runs is left alone."""
    second = subprocess.run(
        [*UP, "--port", str(shared.port), "--var", str(tmp_path / "second")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )

    assert second.returncode == 2
    assert second.stderr.startswith(f"Error: port_taken: port {shared.port} is taken by another program\n")
    assert len(second.stderr.splitlines()) == 2
    assert httpx.get(f"{shared.url}/readyz", trust_env=False).status_code == 200


def test_two_of_them_over_one_directory_are_told_apart(shared):
    """Another port but the same var: one line, and what runs is left alone."""
    second = subprocess.run(
        [*UP, "--port", str(free_port()), "--var", str(shared.var)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )

    assert second.returncode == 2
    assert "another program already runs its Redis" in second.stderr
    assert httpx.get(f"{shared.url}/readyz", trust_env=False).status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_when_asked(running, number):
    """Ctrl-C or a service manager: status 0, every child gone, the port free."""
    family = running.family()
    assert len(family) >= 8
    running.process.send_signal(number)

    assert running.process.wait(30) == 0
    assert ended(family)
    assert is_free(running.port)


def test_nothing_is_left_when_it_is_killed(running):
    """SIGKILL gives no time to end anybody: they end by themselves."""
    family = running.family()
    running.process.kill()

    assert ended(family)


def test_a_part_that_dies_comes_back(shared):
    """The registry is killed: it is reported, started again, and answers at the same address."""
    [registry] = [
        pid for pid in shared.family()
        if b"deploy.sample_registry" in Path(f"/proc/{pid}/cmdline").read_bytes()
        and b"lifeline.py" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]  # fmt: skip
    os.kill(registry, signal.SIGKILL)
    assert ended([registry])
    stderr = shared.var.parent / "stderr"
    until(lambda: "starting it again" in stderr.read_text())

    assert "registry ended (status 137)" in stderr.read_text()
    address = next(line.split()[-1] for line in shared.printed.splitlines() if "Sample registry" in line)
    until(lambda: answers(address))
