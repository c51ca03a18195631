"""The whole product on one machine: Redis, sample registry, web, workers, over one directory."""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx

from api.adapters.embedded_redis import EmbeddedRedis
from api.bootstrap import House, build
from api.cli import fake_wechat
from api.cli.refusal import Refusal
from api.cli.sample_secrets import SampleSecrets
from api.cli.sample_staff import sample_staff
from api.cli.supervisor import HopelessProgram, Program, Supervisor, last_words
from api.cli.surroundings import embedded
from api.config import Settings
from api.services.seed import Seeded
from api.services.seed_staff import SampleLogin

_HOST = "127.0.0.1"
_READY_WITHIN_S = 60.0
_STEP_S = 0.05
_BODIES = ("--max-request-body-size=21000000", "--inbuf-overflow=21000000")
"""waitress takes a gigabyte otherwise, and writes what is longer than half a megabyte, a face, to a file in /tmp."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start. `port` 0 takes a free one; `renderers` is the number of worker processes that make photos.

    `fake_wechat` is for tests: the mini-program's login then works without WeChat.
    """

    home: Path
    port: int
    env: Mapping[str, str]
    renderers: int = 1
    fake_wechat: bool = False


class Stack:
    """Everything running inside a `with` block, each part its own process, nothing left behind after it.

    Inside the block: `url` of the product, `registry_url` of the sample registry, `house` on the same data (what a
    counsellor's command line would open), `seeded` sample world, `staff` with their logins, and `supervisor` to look
    after the processes.
    """

    def __init__(self, plan: Plan, *, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._say = say
        self._open = ExitStack()
        self._logs = plan.home / "log"
        self._registry_home = plan.home / "registry"
        self._crew = uuid4().hex
        self.supervisor = Supervisor(say=say)
        self.fake_wechat_url: str | None = None
        self.house: House
        self.seeded: Seeded
        self.staff: tuple[SampleLogin, ...] = ()

    def __enter__(self) -> Self:
        """Start everything and wait until it answers. Raises Refusal, EmbeddedRedisUnavailable, ConfigError."""
        with ExitStack() as opening:
            self._start(opening)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def look(self) -> None:
        """Start again whatever died, Redis included, and tell the sample registry of a secret that was changed.

        Raises HopelessProgram, EmbeddedRedisUnavailable.
        """
        self.supervisor.look()
        self._secrets.look()
        if self._redis.revive():
            self._say("redis ended; it was started again, and what waited is rung for anew")

    def _start(self, opening: ExitStack) -> None:
        port = self._plan.port or free_port()
        refuse_taken(port)
        self.url = f"http://{_HOST}:{port}"
        for folder in (self._plan.home, self._logs, self._registry_home):
            folder.mkdir(parents=True, exist_ok=True)
        self._redis = redis = opening.enter_context(EmbeddedRedis(self._plan.home / "redis"))
        opening.callback(self.supervisor.end)
        env = self._environment(redis.url)
        if self._plan.fake_wechat:
            env |= self._start_fake_wechat(env)
        self._start_registry(env, near=port)
        self.house = build(Settings.from_env(env))
        opening.callback(self.house.close)
        self._start_product(env, port=port)
        self.registry_url = f"http://{_HOST}:{self._registry_port()}"
        self._settle()
        self._wait_until(lambda: _answers(f"{self.url}/readyz"), what="the web server", log="web")

    def _environment(self, redis_url: str) -> dict[str, str]:
        return {
            **embedded(self._plan.env, home=self._plan.home.absolute()),
            "REDIS_URL": redis_url,
            "IDPHOTO_PUBLIC_URL": self.url,
            "PYTHONUNBUFFERED": "1",
        }

    def _start_registry(self, env: Mapping[str, str], *, near: int) -> None:
        """Start the registry beside the product's port if that is free, so that its page keeps its address.

        The port is chosen here, so that a registry that died and was started again is where events are sent to.
        """
        self._port_file.unlink(missing_ok=True)
        self._secret_file.touch(mode=0o600)
        wanted = near + 1 if self._plan.port and is_free(near + 1) else free_port()
        self._keep(
            "registry",
            ("-m", "deploy.sample_registry", "--port", str(wanted), "--directory", str(self._registry_home),
             "--secret-file", str(self._secret_file), "--port-file", str(self._port_file)),
            env,
        )  # fmt: skip

    def _start_fake_wechat(self, env: Mapping[str, str]) -> dict[str, str]:
        """Put a stand-in in WeChat's place, which lets anyone in as anyone; the login by name stays."""
        port_file = self._plan.home / "fake-wechat.port"
        port_file.unlink(missing_ok=True)
        arguments = fake_wechat.arguments(port_file=str(port_file), product_url=self.url)
        self._keep("fake-wechat", arguments, env)
        self._wait_until(port_file.exists, what="the fake WeChat", log="fake-wechat")
        self.fake_wechat_url = f"http://{_HOST}:{int(port_file.read_text('ascii'))}"
        return fake_wechat.settings(self.fake_wechat_url)

    def _start_product(self, env: Mapping[str, str], *, port: int) -> None:
        web = ("-m", "waitress", f"--listen={_HOST}:{port}", "--threads=12", *_BODIES, "--call", "api.wsgi:app")
        self._keep("web", web, env)
        for number in range(self._plan.renderers):
            name = f"render-{number + 1}"
            self._keep(name, ("-m", "worker", "render", "--place", f"{self._crew}:{name}"), env)
        for work in ("deliver", "office"):
            self._keep(work, ("-m", "worker", work), env)

    def _settle(self) -> None:
        """Make the sample world and give the registry its secrets, which it reads anew for every event."""
        self.seeded = self.house.seed_sample(registry_url=f"{self.registry_url}/hook")
        self.staff = sample_staff(self.house, home=self._plan.home)
        self._secrets = SampleSecrets(self._secret_file, house=self.house, registry_id=self.seeded.registry.id)
        self._secrets.write()

    def _registry_port(self) -> int:
        self._wait_until(self._port_file.exists, what="the sample registry", log="registry")
        return int(self._port_file.read_text("ascii"))

    def _keep(self, name: str, arguments: tuple[str, ...], env: Mapping[str, str]) -> None:
        log = self._logs / f"{name}.log"
        self.supervisor.keep(Program(name, (sys.executable, *arguments), log, env))

    def _wait_until(self, ready: Callable[[], bool], *, what: str, log: str) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not ready():
            try:
                self.supervisor.look()
            except HopelessProgram as fault:
                raise Refusal(f"cannot_start: {fault}") from fault
            if time.monotonic() > deadline:
                file = self._logs / f"{log}.log"
                raise Refusal(f"cannot_start: {what} does not answer: {last_words(file)}\nSee {file}")
            time.sleep(_STEP_S)

    @property
    def _port_file(self) -> Path:
        return self._registry_home / "port"

    @property
    def _secret_file(self) -> Path:
        return self._registry_home / "secrets"


def refuse_taken(port: int) -> None:
    """Raise Refusal where another program listens on the port."""
    if not is_free(port):
        raise Refusal(f"port_taken: port {port} is taken by another program\nChoose another: --port {port + 10}")


def is_free(port: int) -> bool:
    """Tell whether we could listen on a loopback port."""
    with socket.socket() as probe:
        if os.name == "posix":
            # As the servers do: a port whose last connections are still closing is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def free_port() -> int:
    """Answer a loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
