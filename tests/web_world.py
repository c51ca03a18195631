"""A whole house for the web's tests: real services over a real database, with fakes where the outside world begins.

Photos are rendered when a test says so (`world.render`) or, for browsers, as soon as the bell rings (`Kitchen`).
"""

import hashlib
import io
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from apiflask import APIFlask
from compiled_templates import share_templates
from flask.testing import FlaskClient
from loopback import serving
from made_once import catalogue, lay_empty_database
from PIL import Image, ImageDraw

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.database.database import SqlDatabase
from api.adapters.passwords import Argon2Passwords
from api.adapters.vault import KeyVault
from api.bootstrap import House, Parts, furnish
from api.config import Settings
from api.domain.errors import QueueUnavailable
from api.domain.errors_wechat import WeChatBadCode, WeChatError
from api.domain.identity import RosterRow
from api.domain.reviewer import Role, Scope
from api.domain.staff import Caller, StaffMember
from api.domain.trouble import EndpointRefused
from api.domain.work import Ring, Work
from api.services.seed import Seeded
from api.web.app import create_app
from api.web.limits import make_gauge
from photo_service.contract import Exhibit, Finding, Output, Rendered, Report, Severity, UnreadableImage, Verdict

PASSWORD = "窗外的雨下了一整夜没有停"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')
ANSWER_SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU="
MONDAY = datetime(2026, 3, 2, 2, 0, 0, tzinfo=UTC)


@dataclass
class StillClock:
    """Time that moves only when a test, or a wait, moves it."""

    moment: datetime = MONDAY
    passed: float = 0.0
    on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds
        self.moment += timedelta(seconds=seconds)
        self.on_sleep()


class RunningClock:
    """The machine's time, for browsers."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return self.now().timestamp()

    def sleep(self, seconds: float) -> None:
        threading.Event().wait(seconds)


@dataclass
class Bell:
    """Remembers its rings and passes them on."""

    rings: list[Ring] = field(default_factory=list)
    answer: Callable[[Ring], None] = lambda ring: None
    silent: bool = False

    def ring(self, ring: Ring) -> None:
        if self.silent:
            raise QueueUnavailable
        self.rings.append(ring)
        self.answer(ring)

    def waiting(self, work: Work) -> frozenset[str]:
        return frozenset(ring.id for ring in self.rings if ring.work is work)

    def ping(self) -> None:
        if self.silent:
            raise QueueUnavailable

    def close(self) -> None:
        pass


@dataclass
class WeChat:
    """Vouches for any code that starts with `good-`. With an error it draws no poster code."""

    poster_error: WeChatError | None = None

    def poster_code(self, scene: str, *, page: str) -> bytes:
        if self.poster_error is not None:
            raise self.poster_error
        return made_photo()

    def openid_of(self, code: str) -> str:
        if not code.startswith("good-"):
            raise WeChatBadCode(errcode=40029, rid="test")
        return "openid-" + code

    def phone_of(self, code: str, *, openid: str) -> str:
        if code != f"phone-{openid}":
            raise WeChatBadCode(errcode=40029, rid="test")
        return "13900000000"


REASONS = (
    ("ears_covered", "左耳被头发遮住", "请把头发别到耳后再拍"),
    ("too_dark", "光线太暗", "请到明亮的地方，面向光源"),
    ("head_turned", "头向左转了 14°", "请正对镜头，两耳露出一样多"),
    ("eyes_closed", "眼睛没有睁开", "请睁眼看镜头，不要眨眼"),
    ("blurred", "照片有些模糊", "请拿稳手机，等对焦后再按快门"),
)
WARNING = ("uneven_light", "脸部左右亮度略有不同", "面向窗户或灯光再拍会更好")


@dataclass
class FakeRenderer:
    """Judges as it is told: `pass`, `warn`, `fail` or `garbage`."""

    verdict: str = "pass"

    def warm(self) -> None:
        pass

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        if self.verdict == "garbage":
            raise UnreadableImage
        if self.verdict == "fail":
            findings = tuple(Finding(code, Severity.FAIL, *words) for code, *words in REASONS)
            return Rendered(Report(spec, Verdict.FAIL, source, "fake", findings), None)
        photo = made_photo()
        warnings = (Finding(WARNING[0], Severity.WARN, *WARNING[1:]),) if self.verdict == "warn" else ()
        digest = hashlib.sha256(photo).hexdigest()
        output = Output(180, 240, 72, len(photo), "JPEG", "RGB", digest, 95)
        return Rendered(Report(spec, Verdict.PASS, source, "fake", warnings, output=output), photo)

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        return Exhibit(_jpeg(made_portrait((720, 960))), _jpeg(made_portrait((1200, 900))), made_photo())


class NoPost:
    """No registry is reached from the web's tests, but where a test says what it answers."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.refused: dict[str, Any] = {}
        self.wire: Any = None

    def post(self, url: str, *, headers: Any, body: bytes) -> Any:
        if self.wire is not None:
            return self.wire.post(url, headers=headers, body=body)
        assert self.answers, "the web layer delivers nothing"
        return self.answers.pop(0)

    def check(self, url: str) -> None:
        if url in self.refused:
            raise EndpointRefused(reason=self.refused[url])


def made_portrait(size: tuple[int, int] = (600, 800)) -> Image.Image:
    """Draw a person: enough for a page to look right, nobody's face."""
    width, height = size
    picture = Image.new("RGB", size, "#ffffff")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.08, height * 0.72, width * 0.92, height * 1.4), fill="#2f4858")
    draw.rectangle((width * 0.41, height * 0.58, width * 0.59, height * 0.78), fill="#e2b08f")
    draw.ellipse((width * 0.27, height * 0.14, width * 0.73, height * 0.68), fill="#f0c3a4")
    draw.pieslice((width * 0.25, height * 0.1, width * 0.75, height * 0.62), 180, 360, fill="#2b211d")
    for eye in (0.4, 0.6):
        draw.ellipse((width * (eye - 0.025), height * 0.4, width * (eye + 0.025), height * 0.425), fill="#2b211d")
    draw.arc((width * 0.42, height * 0.48, width * 0.58, height * 0.57), 20, 160, fill="#a65f4e", width=4)
    return picture


def made_photo() -> bytes:
    """Return a finished photo of 180×240 at 72 dpi."""
    return _jpeg(made_portrait().resize((180, 240), Image.Resampling.LANCZOS))


def made_selfie() -> bytes:
    """Return what a phone's camera might send."""
    return _jpeg(made_portrait((900, 1200)))


def _jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=95, dpi=(72, 72))
    return file.getvalue()


@dataclass
class World:
    """The house, its web application, and the hands that move both."""

    house: House
    app: APIFlask
    bell: Bell
    renderer: FakeRenderer
    clock: Any
    seeded: Seeded

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def student(self, name: str = "张示例", *, consents: bool = True) -> "Student":
        """Sign a student in; unless told otherwise they have agreed to everything."""
        one = Student(self, self.client(), {})
        one.sign_in(name)
        if consents:
            one.agree()
        return one

    def staff(self, role: Role | str = Role.COUNSELLOR, scopes: Sequence[Scope] = (), *, login: str = "") -> "Staff":
        """Open an account and sign it in, with a password of its own: a counsellor, or `"registrar"`."""
        member = self.account(role, scopes, login=login)
        one = Staff(self, self.client(), member)
        one.sign_in()
        return one

    def account(
        self, role: Role | str = Role.COUNSELLOR, scopes: Sequence[Scope] = (), *, login: str = ""
    ) -> StaffMember:
        """Open an account whose password is `PASSWORD`; sign nobody in."""
        rooms = self.house.staff
        login = login or f"{Role(role)}{len(rooms.find()) + 1}"
        issued = rooms.add(login, name=f"测试{login}", role=Role(role), scopes=tuple(scopes))
        entered = rooms.sign_in(login, issued.password, caller=Caller())
        _, session = rooms.know(entered.token)
        rooms.change_password(entered.member, current=issued.password, new=PASSWORD, session_id=session.id)
        rooms.end_sessions.others(entered.member, "")
        return rooms.find.one(issued.member.id)

    def person(self, name: str = "张示例") -> RosterRow:
        return next(row for row in self.seeded.roster if row.name == name)

    def render(self, photo_id: str) -> None:
        """Be the worker for one photo."""
        self.house.render_photo(photo_id)

    def render_all(self) -> None:
        for ring in self.bell.rings:
            if ring.work is Work.RENDER:
                self.render(ring.thing_id)


@dataclass
class Staff:
    """Somebody at the console: a browser with its cookies, its forms always carrying their token."""

    world: World
    http: FlaskClient
    member: StaffMember

    def sign_in(self, password: str = "") -> None:
        answer = self.post("/console/login", {"login": self.member.login, "password": password or PASSWORD})
        assert answer.status_code == 302, answer.text

    def get(self, path: str, **more: Any) -> Any:
        return self.http.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.http.post(path, data={**(data or {}), "csrf_token": self.token()}, **more)

    def token(self) -> str:
        """Return the token that the forms of this session carry."""
        page = self.http.get("/console/login").text
        found = CSRF.search(page) or CSRF.search(self.http.get("/console/account", follow_redirects=True).text)
        assert found is not None, page
        return found[1]


@dataclass
class Student:
    """A person with a phone."""

    world: World
    http: FlaskClient
    headers: dict[str, str]
    session: dict[str, Any] = field(default_factory=dict)

    def sign_in(self, name: str) -> None:
        answer = self.http.post("/v1/auth/dev", json={"name": name})
        assert answer.status_code == 200, answer.text
        self.session = answer.get_json()
        self.headers = {"Authorization": f"Bearer {self.session['access_token']}"}

    def agree(self) -> None:
        for text in self.get("/v1/consents").get_json()["consents"]:
            self.post("/v1/consents", json={"id": text["id"]})

    def get(self, path: str, **more: Any) -> Any:
        return self._send("GET", path, more)

    def post(self, path: str, **more: Any) -> Any:
        return self._send("POST", path, more)

    def put(self, path: str, **more: Any) -> Any:
        return self._send("PUT", path, more)

    def delete(self, path: str, **more: Any) -> Any:
        return self._send("DELETE", path, more)

    def upload(self, selfie: bytes | None = None, *, key: str | None = None, **form: Any) -> Any:
        """Send a selfie; without a target it is for one-inch."""
        fields = form or {"spec": "one-inch"}
        headers = {"Idempotency-Key": key} if key else {}
        file = (io.BytesIO(made_selfie() if selfie is None else selfie), "selfie.jpg", "image/jpeg")
        return self.post("/v1/photos", data={**fields, "selfie": file}, headers=headers)

    def bind(self, name: str = "张示例") -> str:
        """Prove to be someone on the sample roster; return the campaign's id."""
        person = self.world.person(name)
        body = {"campaign": person.campaign_id, "name": person.name, "id_number": person.id_number}
        answer = self.post("/v1/me/identity", json=body)
        assert answer.status_code == 200, answer.text
        return person.campaign_id

    def ready_photo(self, **form: Any) -> str:
        """Upload a selfie and have it rendered; return the photo's id."""
        answer = self.upload(**form)
        assert answer.status_code == 202, answer.text
        photo_id: str = answer.get_json()["id"]
        self.world.render(photo_id)
        return photo_id

    def submit(self) -> dict[str, Any]:
        """Go all the way to a submission."""
        campaign = self.bind()
        photo = self.ready_photo(campaign=campaign)
        answer = self.post("/v1/submissions", json={"photo": photo, "campaign": campaign, "profile": PROFILE})
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.get_json()
        return body

    def _send(self, method: str, path: str, more: dict[str, Any]) -> Any:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.http.open(path, method=method, headers=headers, **more)


PROFILE = {"guardians": [{"name": "张大示", "relation": "父亲", "id_type": "护照", "id_number": "E12345678"}]}


def make_world(
    folder: Path,
    *,
    clock: Any = None,
    rates: dict[str, str] | None = None,
    renderer: FakeRenderer | None = None,
    **changes: Any,
) -> World:
    """Build a seeded world under `folder`; `changes` are settings that differ."""
    clock = clock or StillClock()
    vault = KeyVault((bytes(range(32)),))
    settings = _settings(folder, changes)
    lay_empty_database(folder / "test.db")
    database = SqlDatabase(settings.database_url, vault=vault)
    bell, renderer = Bell(), renderer or FakeRenderer()
    house = furnish(
        settings,
        Parts(
            database=database,
            clock=clock,
            blobs=DiskBlobs(settings.blob_dir, vault=vault),
            bell=bell,
            vault=vault,
            wechat=WeChat(),
            renderer=renderer,
            post=NoPost(),
            specs=catalogue(),
            passwords=Argon2Passwords(memory_kib=64, passes=1),
        ),
    )
    seeded = house.seed_sample(registry_url="http://127.0.0.1:9/inbox", answer_secret=ANSWER_SECRET)
    limits = make_gauge(None, clock, rates=rates) if rates else None
    app = create_app(house, limits=limits)
    share_templates(app)
    return World(house, app, bell, renderer, clock, seeded)


def _settings(folder: Path, changes: dict[str, Any]) -> Settings:
    given: dict[str, Any] = {
        "embedded": True,
        "home": folder,
        "database_url": f"sqlite:///{folder}/test.db",
        "redis_url": "",
        "blob_dir": folder / "blobs",
        "public_url": "http://127.0.0.1:8000",
        "dev_login": True,
    }
    return Settings(**(given | changes))


def served(world: World, *, port: int = 0) -> AbstractContextManager[str]:
    """Serve the application on a loopback port of its own, or on the given one; give its address."""
    return serving(world.app, port=port)


@contextmanager
def kitchen(world: World) -> Iterator[threading.Event]:
    """Render every photo whose bell rings, while the given event is set; a worker in a thread."""
    orders: SimpleQueue[Ring | None] = SimpleQueue()
    is_open = threading.Event()
    is_open.set()

    def cook() -> None:
        while (ring := orders.get()) is not None:
            is_open.wait(timeout=60)
            if ring.work is Work.RENDER:
                world.render(ring.thing_id)

    world.bell.answer = orders.put
    thread = threading.Thread(target=cook, daemon=True)
    thread.start()
    try:
        yield is_open
    finally:
        is_open.set()
        orders.put(None)
        thread.join(timeout=10)
