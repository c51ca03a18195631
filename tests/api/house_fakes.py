"""A house whose outside world is made of fakes: a clock that is set by hand, a bell that is only a list, and so on.

The database is real (SQLite in a temporary folder, its schema from the migrations), for its rules are half of ours.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_once import catalogue, lay_empty_database

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.database.database import SqlDatabase
from api.adapters.passwords import Argon2Passwords
from api.adapters.vault import KeyVault
from api.bootstrap import House, Parts, furnish
from api.config import Settings
from api.domain.delivery import Answer
from api.domain.errors import QueueUnavailable
from api.domain.identity import RosterRow
from api.domain.photo import Photo
from api.domain.submission import Submission
from api.domain.trouble import EndpointRefused, Trouble
from api.domain.work import Ring, Work
from api.services.seed import Seeded
from photo_service.contract import Exhibit, Finding, Output, Rendered, Report, Severity, Verdict

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SELFIE = b"a selfie, as far as this house can tell"
JPEG = b"\xff\xd8 a finished photo \xff\xd9"
SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBzYW1wbGUgcmVnaXN0cnkh"
ANSWER_SECRET = "whsec_" + "dGhlIHJlZ2lzdHJ5J3Mgb3duIGFuc3dlciBrZXk="


class FakeClock:
    """Stands still until told; sleeping moves it."""

    def __init__(self, start: datetime = NOON) -> None:
        self.time = start
        self.slept: list[float] = []
        self.on_sleep: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        self.on_sleep()

    def forward(self, **parts: float) -> None:
        """Move on by so much."""
        self.time += timedelta(**parts)


class FakeBell:
    """Remembers what was rung; can go silent or forget everything."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []
        self.silent = False
        self.closed = False

    def ring(self, ring: Ring) -> None:
        self.ping()
        if ring not in self.rings:
            self.rings.append(ring)

    def waiting(self, work: Work) -> frozenset[str]:
        self.ping()
        return frozenset(ring.id for ring in self.rings if ring.work is work)

    def ping(self) -> None:
        if self.silent:
            raise QueueUnavailable

    def close(self) -> None:
        self.closed = True

    def take(self, work: Work) -> str | None:
        """Answer the oldest bell of a kind, as a worker would."""
        ring = next((ring for ring in self.rings if ring.work is work), None)
        if ring is None:
            return None
        self.rings.remove(ring)
        return ring.thing_id


def passing(photo: bytes = JPEG, *, spec: str = "hunan-pretco") -> Rendered:
    """What the photo service gives back for a good selfie."""
    output = Output(
        width=180,
        height=240,
        dpi=72,
        bytes=len(photo),
        format="JPEG",
        mode="RGB",
        sha256=hashlib.sha256(photo).hexdigest(),
        quality=95,
    )
    report = Report(spec=spec, verdict=Verdict.PASS, source="selfie", engine="fake", output=output)
    return Rendered(report=report, photo=photo)


def failing(code: str = "eyes_closed", *, spec: str = "hunan-pretco") -> Rendered:
    """What it gives back for a selfie with a fault."""
    finding = Finding(code=code, severity=Severity.FAIL, message="眼睛闭着", advice="请睁开眼睛再拍")
    return Rendered(
        report=Report(spec=spec, verdict=Verdict.FAIL, source="selfie", engine="fake", findings=(finding,)), photo=None
    )


@dataclass
class FakeRenderer:
    """Gives the next scripted outcome, or a passing photo when there is none; `before` runs inside the render."""

    outcomes: list[Rendered | Exception] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    seen: list[tuple[bytes, str]] = field(default_factory=list)
    warmed: int = 0
    exhibit_error: Exception | None = None

    def render(self, selfie: bytes, *, spec: str, source: str, background: str | None = None) -> Rendered:
        self.seen.append((selfie, spec))
        self.before()
        outcome = self.outcomes.pop(0) if self.outcomes else passing(spec=spec)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def exhibit(self, selfie: bytes, *, spec: str, background: str | None = None) -> Exhibit:
        if self.exhibit_error is not None:
            raise self.exhibit_error
        self.before()
        return Exhibit(b"small selfie", b"drawing", b"thumb")

    def warm(self) -> None:
        self.warmed += 1


@dataclass(frozen=True)
class Posted:
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakePost:
    """A registry at the end of the line: gives scripted answers, 204 when there is none."""

    answers: list[Answer] = field(default_factory=list)
    posted: list[Posted] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        self.before()
        self.posted.append(Posted(url, headers, body))
        return self.answers.pop(0) if self.answers else answer(204)

    def check(self, url: str) -> None:
        if "refused" in url:
            raise EndpointRefused(reason=Trouble.PRIVATE)


def answer(status: int | None, *, retry_after_s: float | None = None) -> Answer:
    """An answer of a registry; None for no answer at all."""
    error = "no answer" if status is None else None
    return Answer(status=status, retry_after_s=retry_after_s, error=error, elapsed_ms=12.0)


@dataclass
class FakeWeChat:
    """Knows which openid is behind which code."""

    openids: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None

    phones: dict[str, str] = field(default_factory=dict)
    notices: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)

    def openid_of(self, code: str) -> str:
        self.check_account()
        return self.openids[code]

    def phone_of(self, code: str, *, openid: str) -> str:
        self.check_account()
        return self.phones[f"{code}/{openid}"]

    def send_notice(self, openid: str, *, template_id: str, data: Mapping[str, str]) -> None:
        self.check_account()
        self.notices.append((openid, template_id, data))

    def poster_code(self, scene: str, *, page: str) -> bytes:
        self.check_account()
        return f"{scene}@{page}".encode()

    def check_image(self, url: str, *, openid: str) -> str:
        self.check_account()
        self.checks.append((url, openid))
        return f"trace-{len(self.checks)}"

    def check_account(self) -> None:
        if self.error is not None:
            raise self.error


def settings_for(home: Path, database_url: str | None = None) -> Settings:
    """Settings of an embedded house under a temporary folder, its memory there too unless an address is given."""
    return Settings(
        embedded=True,
        home=home,
        database_url=database_url or f"sqlite:///{home}/idphoto.db",
        redis_url="unix:///nowhere/redis.sock",
        blob_dir=home / "blobs",
        public_url="http://127.0.0.1:8000",
        dev_login=True,
        max_queued=20,
        max_waiters=2,
    )


@dataclass(frozen=True)
class World:
    """A house with its fakes at hand, and short ways to the situations that tests start from."""

    house: House
    clock: FakeClock
    bell: FakeBell
    renderer: FakeRenderer
    post: FakePost
    wechat: FakeWeChat

    def student(self, name: str = "alice", *, consented: bool = True) -> str:
        """Log someone in; return the student's id."""
        student = self.house.login_as_developer(name).student
        if consented:
            for text in self.house.list_consents(student.id):
                self.house.give_consent(student.id, text.id)
        return student.id

    def seed(self) -> Seeded:
        """Set up the sample registry, campaigns and roster."""
        return self.house.seed_sample(
            registry_url="http://registry.example/hook", secret=SECRET, answer_secret=ANSWER_SECRET
        )

    def bound(self, name: str = "alice", *, campaign: str = "hunan-pretco", index: int = 0) -> tuple[str, RosterRow]:
        """Log someone in who proved to be a person of the sample roster."""
        seeded = self.seed()
        wanted = next(one for one in seeded.campaigns if one.slug == campaign)
        person = [row for row in seeded.roster if row.campaign_id == wanted.id][index]
        student = self.student(name)
        row = self.house.bind_identity(student, campaign=campaign, name=person.name, id_number=person.id_number)
        return student, row

    def submit(self, student: str, *, spec: str | None = "hunan-pretco", **more: str | None) -> Photo:
        """Send a selfie in."""
        wanted = {"campaign": None, "idempotency_key": None} | more
        return self.house.submit_selfie(student, selfie=SELFIE, spec=spec, **wanted).photo

    def ready(self, student: str, *, spec: str = "hunan-pretco") -> Photo:
        """Send a selfie in and render it."""
        photo = self.submit(student, spec=spec)
        self.house.render_photo(photo.id)
        return self.house.read_photo(student, photo.id).photo

    def submitted(self, name: str = "alice") -> tuple[str, Submission]:
        """Bring a student's photo all the way to review."""
        student, _ = self.bound(name)
        photo = self.ready(student)
        return student, self.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)

    def work_off(self, what: Work) -> int:
        """Answer every bell of a kind."""
        do = self.house.render_photo if what is Work.RENDER else self.house.deliver
        count = 0
        while (thing := self.bell.take(what)) is not None:
            do(thing)
            count += 1
        return count

    def files(self) -> int:
        """How many files the blob store holds."""
        return sum(1 for path in self.house.settings.blob_dir.rglob("*") if path.is_file())


PROFILE = {
    "guardians": [{"name": "张家长", "relation": "父亲", "id_type": "居民身份证", "id_number": "430000197001010019"}]
}


def make_world(home: Path, *, database_url: str | None = None) -> World:
    """Build a house on an empty, migrated database."""
    settings = settings_for(home, database_url)
    if database_url is None:
        lay_empty_database(home / "idphoto.db")
    clock, bell, renderer, post, wechat = FakeClock(), FakeBell(), FakeRenderer(), FakePost(), FakeWeChat()
    vault = KeyVault((b"k" * 32,))
    parts = Parts(
        database=SqlDatabase(settings.database_url, vault=vault),
        clock=clock,
        blobs=DiskBlobs(settings.blob_dir, vault=vault),
        bell=bell,
        vault=vault,
        wechat=wechat,
        renderer=renderer,
        post=post,
        specs=catalogue(),
        passwords=Argon2Passwords(memory_kib=64, passes=1),
    )
    return World(furnish(settings, parts), clock, bell, renderer, post, wechat)


def with_settings(world: World, **changes: object) -> World:
    """Return the same world under other settings."""
    settings = replace(world.house.settings, **changes)
    return replace(world, house=furnish(settings, world.house.parts))
