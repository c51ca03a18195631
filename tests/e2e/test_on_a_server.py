"""A school's own server, part by part: PostgreSQL, Redis, `idphoto serve`, its workers. Nothing is embedded.

WeChat's place is taken by the strict fake, the camera's by the scripted photo service; everything else is what runs.
"""

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from loopback import serving
from photo_service_script import ScriptedStudio, selfie
from postgres_here import PostgresServer
from product import IDPHOTO, ROOT, _free_port, until

from api.adapters.embedded_redis import EmbeddedRedis
from api.bootstrap import House, build
from api.cli import main
from api.config import Settings
from api.services.seed import Seeded
from deploy.fake_wechat.account import Account
from deploy.fake_wechat.app import create_app as create_wechat
from deploy.sample_registry.app import create_app as create_registry
from photo_service.server import create_app as create_studio

pytestmark = pytest.mark.slow

APP_ID, SECRET = "wxfa4e000000000001", "fake-secret-of-the-fake-wechat-00"
GUARDIAN = {"name": "家长示例", "relation": "母亲", "id_type": "居民身份证", "id_number": "430000197001010019"}


@dataclass
class Site:
    """What an operator has started, and the house on the same data for what a command line would do."""

    url: str
    wechat_url: str
    registry_url: str
    env: dict[str, str]
    logs: Path
    house: House
    seeded: Seeded
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self, *arguments: str) -> None:
        """Start `idphoto …` as a service."""
        with (self.logs / f"{'-'.join(arguments[:2])}.log").open("wb") as log:
            process = subprocess.Popen([*IDPHOTO, *arguments], stdout=log, stderr=log, cwd=ROOT, env=self.env)
        self.processes.append(process)

    def end(self) -> None:
        """Ask every service to end, as a service manager would."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)

    def said(self) -> str:
        return "".join(path.read_text() for path in self.logs.glob("*.log"))

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def site(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Bring everything up as docs/postgresql.md says."""
    home = tmp_path_factory.mktemp("server")
    secrets = home / "secrets"
    secrets.touch()
    database = postgres.bare()
    with ExitStack() as stack:
        account = Account(app_id=APP_ID, secret=SECRET)
        wechat_url = stack.enter_context(serving(create_wechat(account)))
        studio_url = stack.enter_context(serving(create_studio(ScriptedStudio())))
        registry_url = stack.enter_context(serving(create_registry(directory=home / "registry", secret_file=secrets)))
        redis = stack.enter_context(EmbeddedRedis(home / "redis"))
        port = _free_port()
        settings = {
            "DATABASE_URL": postgres.url(database).replace("postgresql://", "postgres://"),
            "REDIS_URL": redis.url,
            "BLOB_URL": f"file:{home}/blobs",
            "PHOTO_SERVICE_URL": studio_url,
            "IDPHOTO_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "IDPHOTO_DATA_KEYS": base64.b64encode(b"k" * 32).decode(),
            "IDPHOTO_REGISTRY_ALLOW_PRIVATE": "1",
            "IDPHOTO_SWEEP_EVERY_S": "0.5",
            "IDPHOTO_LEASE_S": "5",
            "WECHAT_APP_ID": APP_ID,
            "WECHAT_APP_SECRET": SECRET,
            "WECHAT_BASE_URL": wechat_url,
        }
        env = {**os.environ, **settings, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        upgraded = CliRunner().invoke(main, ["database", "upgrade"], env=settings)
        assert upgraded.output.startswith("nothing -> "), upgraded.output
        house = build(Settings.from_env(env))
        stack.callback(house.close)
        seeded = house.seed_sample(registry_url=f"{registry_url}/hook")
        secrets.write_text(seeded.registry.secrets[0])
        one = Site(f"http://127.0.0.1:{port}", wechat_url, registry_url, env, home, house, seeded)
        stack.callback(one.end)
        one.start("serve", "--port", str(port), "--processes", "1", "--threads", "4")
        one.start("worker", "render")
        one.start("worker", "deliver")
        until(one.answers)
        yield one
    postgres.drop(database)


@pytest.fixture
def phone(site: Site) -> Iterator[httpx.Client]:
    """A student who signed in with WeChat and agreed to everything."""
    with httpx.Client(base_url=site.url, trust_env=False, timeout=40) as http:
        code = httpx.post(f"{site.wechat_url}/_fake/login/alice", trust_env=False).json()["code"]
        session = http.post("/v1/auth/wechat", json={"code": code}).json()
        http.headers["Authorization"] = f"Bearer {session['access_token']}"
        for text in http.get("/v1/consents").json()["consents"]:
            assert http.post("/v1/consents", json={"id": text["id"]}).status_code == 201
        yield http


def upload(phone: httpx.Client, number: int, **target: str) -> str:
    sent = phone.post("/v1/photos", data=target, files={"selfie": ("s.jpg", selfie(number), "image/jpeg")})
    assert sent.status_code == 202, sent.text
    photo: str = sent.json()["id"]
    return photo


def settled(phone: httpx.Client, photo: str) -> str:
    """Wait until a photo is through; answer its state."""

    def look() -> str | None:
        answer = phone.get(f"/v1/photos/{photo}?wait=10")
        state = answer.json().get("state") if answer.status_code == 200 else None
        return None if state in {None, "queued", "rendering"} else state

    state: str = until(look, within_s=60)
    return state


def test_from_login_to_delivery(site: Site, phone: httpx.Client):
    """Alice signs in with WeChat, takes her photo, hands it in; it is approved, and the registry takes it."""
    campaign = site.seeded.campaigns[0]
    person = next(row for row in site.seeded.roster if row.campaign_id == campaign.id)
    identity = {"campaign": campaign.id, "name": person.name, "id_number": person.id_number}
    assert phone.post("/v1/me/identity", json=identity).status_code == 200
    photo = upload(phone, 1, campaign=campaign.id)
    assert settled(phone, photo) == "ready"
    body = {"photo": photo, "campaign": campaign.id, "profile": {"guardians": [GUARDIAN]}}
    handed_in = phone.post("/v1/submissions", json=body)
    assert handed_in.status_code == 201, handed_in.text
    site.house.approve("registrar", handed_in.json()["id"])

    def approved() -> bool:
        events = httpx.get(f"{site.registry_url}/received", trust_env=False).json()["events"]
        return "photo.approved" in {one["type"] for one in events}

    assert until(approved, within_s=60)
    assert phone.get("/v1/submissions").json()["submissions"][0]["state"] == "approved"
    assert person.name not in site.said()


def test_everybody_comes_back_after_the_database_was_restarted(
    site: Site, phone: httpx.Client, postgres: PostgresServer
):
    """No service is touched: while the server is away callers are told to come back, then all of it goes on."""
    before = upload(phone, 2, spec="one-inch")
    postgres.stop()
    try:
        told = phone.get(f"/v1/photos/{before}")
        ready = phone.get("/readyz")
    finally:
        postgres.start()
    after = upload(phone, 3, spec="one-inch")

    assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
    assert ready.status_code == 503
    assert (settled(phone, before), settled(phone, after)) == ("ready", "ready")
    assert [process.poll() for process in site.processes] == [None] * len(site.processes)


def test_the_server_knows_who_is_connected(site: Site, postgres: PostgresServer):
    """`pg_stat_activity` tells the API from the workers, and nobody holds more than documented."""
    names = [row[0] for row in postgres.ask("SELECT application_name FROM pg_stat_activity WHERE usename = 'idphoto'")]

    assert {"gunicorn", "worker render", "worker deliver"} <= {
        kind for kind in ("gunicorn", "worker render", "worker deliver") for name in names if f"idphoto {kind}" in name
    }
    assert len(names) < 16
