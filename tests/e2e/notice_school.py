"""A school for the notices: the product over real HTTP, a real registry that receives, an office at its command line.

Students speak to `/v1` alone, with an HTTP client. Staff act by `idphoto …`, as they do until the console stands.
"""

import base64
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner
from web_world import FakeRenderer, RunningClock, World, kitchen, made_selfie, make_world
from werkzeug.serving import make_server

from api.adapters.registry_http import HttpRegistryPost
from api.bootstrap import furnish
from api.cli import main
from api.cli.stack import free_port
from api.domain.ports import Renderer
from api.domain.work import Work
from api.web.app import create_app
from api.web.limits import RATES, make_gauge
from deploy.sample_registry.app import create_app as create_registry

KEY = bytes(range(32))
"""The data key of `make_world`, put where the command line finds it."""


@dataclass
class School:
    """Everything running, and short ways to what people do."""

    world: World
    var: Path
    url: str
    registry_url: str

    def office(self, *arguments: str, expect: int = 0) -> str:
        """Run `idphoto …` as staff do."""
        result = CliRunner().invoke(main, [*arguments, "--var", str(self.var)])
        assert result.exit_code == expect, result.output
        return result.output

    def rows(self, *arguments: str) -> list[dict[str, str]]:
        head, *lines = self.office(*arguments).splitlines()
        return [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]

    def student(self, name: str) -> "Phone":
        return Phone(self, name)

    def deliver(self) -> None:
        """Be the worker that delivers: everything that is due, once."""
        self.world.house.sweep()
        for ring in list(self.world.bell.rings):
            if ring.work is Work.DELIVER:
                self.world.house.deliver(ring.thing_id)
        self.world.bell.rings.clear()

    def received(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.registry_url}/received", trust_env=False).json()["events"]
        return found


class Phone:
    """A student with a phone, signed in and agreed to everything."""

    def __init__(self, school: School, name: str) -> None:
        self.http = httpx.Client(base_url=school.url, trust_env=False, timeout=60)
        token = self.http.post("/v1/auth/dev", json={"name": name}).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        for text in self.http.get("/v1/consents").json()["consents"]:
            self.http.post("/v1/consents", json={"id": text["id"]})

    def bind(self, campaign: str, name: str, id_number: str) -> httpx.Response:
        return self.http.post("/v1/me/identity", json={"campaign": campaign, "name": name, "id_number": id_number})

    def selfie(self, campaign: str, content: bytes | None = None) -> httpx.Response:
        file = {"selfie": ("selfie.jpg", content or made_selfie(), "image/jpeg")}
        return self.http.post("/v1/photos", data={"campaign": campaign}, files=file)

    def photo(self, campaign: str, content: bytes | None = None) -> dict[str, Any]:
        """Take a selfie and wait for what comes of it."""
        sent = self.selfie(campaign, content)
        assert sent.status_code == 202, sent.text
        answer: dict[str, Any] = {"state": "queued"}
        while answer["state"] in {"queued", "rendering"}:
            answer = self.http.get(sent.json()["status_url"], params={"wait": 20}).json()
        return answer

    def confirm(self, campaign: str, photo: str, profile: dict[str, Any]) -> httpx.Response:
        return self.http.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": profile})


@contextmanager
def open_school(folder: Path, *, renderer: Renderer | None = None) -> Iterator[School]:
    """Open everything under a folder; it ends with the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (folder / "data.key").write_bytes(base64.b64encode(KEY))
    made = make_world(
        folder,
        clock=RunningClock(),
        public_url=url,
        database_url=f"sqlite:///{folder}/idphoto.db",
        blob_dir=folder / "blobs",
    )
    post = HttpRegistryPost(5, allow_private=True)
    parts = replace(made.house.parts, post=post, renderer=renderer or made.renderer)
    house = furnish(made.house.settings, parts)
    rates = dict.fromkeys(RATES, "100000/minute")
    app = create_app(house, limits=make_gauge(None, made.clock, rates=rates))
    world = replace(made, house=house, app=app)
    secrets = folder / "registry" / "secrets"
    secrets.parent.mkdir()
    secrets.write_text("\n".join(world.seeded.registry.secrets))
    registry = create_registry(directory=secrets.parent, secret_file=secrets)
    with ExitStack() as stack:
        stack.callback(house.close)
        stack.enter_context(_serving(app, port))
        registry_url = stack.enter_context(_serving(registry, 0))
        stack.enter_context(kitchen(world))
        house.change_registry(world.seeded.registry.id, url=f"{registry_url}/hook")
        yield School(world, folder, url, registry_url)


def fake_renderer(school: School) -> FakeRenderer:
    """The renderer that judges as it is told."""
    return school.world.renderer


@contextmanager
def _serving(app: Any, port: int) -> Iterator[str]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()
