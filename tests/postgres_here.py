"""A PostgreSQL server of the tests' own: made for one run, on a socket nobody else knows, gone with it.

Nothing is kept safe (`fsync` is off): a crash of the machine costs a database that no longer matters. The server
sorts by Chinese rules (ICU, zh), so that what relies on an order proves to bring its own.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from api.adapters.database.engine import open_engine
from api.adapters.database.schema import upgrade_schema

ROLE = "idphoto"
_PR_SET_PDEATHSIG = 1
_STALE_S = 86_400.0
_START_WITHIN_S = 30.0
_ROOM_BYTES = 1_000_000_000
"""Far more than a run leaves lying: a database is 9 MB and goes with its test."""
_SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "max_connections=60",
    "shared_buffers=16MB",
    "log_min_messages=fatal",
)


def server_binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`; the newest of those that a Debian keeps side by side."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    folders += reversed(packaged)
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _other_user() -> Mapping[str, Any]:
    """Return as whom to run the server: PostgreSQL refuses to be root, whom continuous integration runs as."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _die_with_the_tests() -> None:
    """Have the kernel end the server when the run is killed and ends nothing itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


@dataclass
class PostgresServer:
    """One server over a folder of its own."""

    binaries: Path
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self._user = _other_user()
        self._numbers = count(1)

    def start(self) -> None:
        """Make the cluster where there is none, start it and wait until it answers."""
        data = self.folder / "data"
        if not data.exists():
            self._own_folder()
            words = f"-D {data} -U {ROLE} -A trust --encoding=UTF8 --locale=C --no-sync --no-instructions"
            icu = ("--locale-provider=icu", "--icu-locale=zh")
            self._run("initdb", *words.split(), *icu)
        settings = [part for one in (*_SETTINGS, f"unix_socket_directories={self.folder}") for part in ("-c", one)]
        with (self.folder / "log").open("ab") as log:
            command = [str(self.binaries / "postgres"), "-D", str(data), *settings]
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=_die_with_the_tests,  # noqa: PLW1509 - one system call, in a child that then becomes the server
                **self._user,
            )
        end = time.monotonic() + _START_WITHIN_S
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end, "PostgreSQL does not answer"
            time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT cuts every connection off in order, SIGQUIT as a crash does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=30)

    def remove(self) -> None:
        """End it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str, *, user: str = ROLE) -> str:
        """Return a database's address, as an operator would write it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def ask(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the server's owner, outside any transaction; return what it gives."""
        with psycopg.connect(host=str(self.folder), user=ROLE, dbname=database, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def bare(self) -> str:
        """Make a database with nothing in it; return its name."""
        name = f"t{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name}")
        return name

    def migrated(self) -> str:
        """Make a database whose schema is brought up; return its name."""
        name = f"t{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is still in it."""
        self.ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        self.ask("CREATE DATABASE made")
        engine = open_engine(self.url("made"))
        upgrade_schema(engine)
        engine.dispose()
        return "made"

    def _own_folder(self) -> None:
        if self._user:
            os.chown(self.folder, self._user["user"], self._user["group"])
        self.folder.chmod(0o711)  # the tests' own user comes in through the socket

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments], cwd="/", capture_output=True, check=False, **self._user
        )
        assert done.returncode == 0, done.stderr.decode()

    def _answers(self) -> bool:
        try:
            self.ask("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


def new_server(binaries: Path) -> PostgresServer:
    """Start a server in a folder that its user may enter, which pytest's own are not, and whose socket's path fits.

    In memory where Linux has such a folder: a database for each test is hundreds of small files.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_BYTES
    home = memory if roomy else Path(tempfile.gettempdir())
    for left in home.glob("idphoto-pg-*"):  # by a run that was killed
        if left.stat().st_mtime < time.time() - _STALE_S:
            shutil.rmtree(left, ignore_errors=True)
    server = PostgresServer(binaries, Path(tempfile.mkdtemp(prefix="idphoto-pg-", dir=home)))
    server.start()
    return server
