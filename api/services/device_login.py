"""Let a student's phone sign a browser in; see `api.domain.device_login` for the way it goes."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from api.domain.device_login import INTERVAL, LIFE, SESSION_LIFE, Answer, DeviceLogin, DeviceState, new_code, plain_code
from api.domain.errors import Conflict, NotAuthenticated
from api.domain.errors_student import (
    AskedTooSoon,
    AuthorizationPending,
    DeviceCodeExpired,
    DeviceCodeUnknown,
    DeviceDenied,
)
from api.domain.ids import new_id
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.session import Session, digest, new_token
from api.services.sessions import open_session


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a browser gets: the code to show, the secret to keep; seconds of life and between questions."""

    code: str = field(repr=False)
    secret: str = field(repr=False)
    expires_in: int
    interval: int


class BeginDeviceLogin:
    """Give a browser a code to show."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, client: str) -> DeviceCode:
        """Return code and secret; `client` is what the phone will call this browser (64 characters at most)."""
        now = self._clock.now()
        code, secret = new_code(), new_token()
        login = DeviceLogin(
            id=new_id("dl", now=now),
            secret_digest=digest(secret),
            code_digest=digest(plain_code(code)),
            client=client[:64],
            created_at=now,
            expires_at=now + LIFE,
        )
        with self._database.write() as uow:
            uow.device_logins.add(login)
            uow.commit()
        return DeviceCode(
            code=code,
            secret=secret,
            expires_in=int(LIFE.total_seconds()),
            interval=int(INTERVAL.total_seconds()),
        )


class FindDeviceLogin:
    """Show a student which browser shows a code."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, code: str) -> DeviceLogin:
        """Return it while it waits for an answer. Raises DeviceCodeUnknown."""
        with self._database.read() as uow:
            return _waiting(uow, code, now=self._clock.now())


class AnswerDeviceLogin:
    """Let a browser in as the student who asks, or turn it away; once."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str, code: str, answer: Answer) -> DeviceLogin:
        """Return the login as it is now. Raises DeviceCodeUnknown, also where somebody was faster."""
        with self._database.write() as uow:
            login = _waiting(uow, code, now=self._clock.now())
            after = login.answered(answer, student_id=student_id)
            if not uow.device_logins.swap(after, state=DeviceState.PENDING):
                raise DeviceCodeUnknown
            uow.commit()
        return after


class TakeDeviceSession:
    """Trade a browser's secret for the session that the phone allowed; once."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, secret: str) -> Session:
        """Return the session, shorter than a phone's.

        Raises AuthorizationPending, AskedTooSoon, DeviceDenied, DeviceCodeExpired; the last also for a second time.
        """
        now = self._clock.now()
        with self._database.write() as uow:
            login = uow.device_logins.by_secret(digest(secret))
            if login is None or now >= login.expires_at or login.state is DeviceState.TAKEN:
                raise DeviceCodeExpired
            if login.state is DeviceState.DENIED:
                raise DeviceDenied
            if login.state is DeviceState.PENDING:
                self._ask_again(uow, login, now)
            session = self._take(uow, login)
            uow.commit()
        return session

    def _ask_again(self, uow: UnitOfWork, login: DeviceLogin, now: datetime) -> None:
        early = login.asked_at is not None and now - login.asked_at < INTERVAL / 2
        uow.device_logins.swap(replace(login, asked_at=now), state=DeviceState.PENDING)
        uow.commit()
        if early:
            raise AskedTooSoon(retry_after=2 * int(INTERVAL.total_seconds()))
        raise AuthorizationPending

    def _take(self, uow: UnitOfWork, login: DeviceLogin) -> Session:
        student = uow.students.get(login.student_id or "")
        if student is None or student.erased_at is not None:
            raise NotAuthenticated
        if not uow.device_logins.swap(replace(login, state=DeviceState.TAKEN), state=DeviceState.APPROVED):
            raise Conflict
        return open_session(uow, student, family=None, now=self._clock.now(), life=SESSION_LIFE)


def _waiting(uow: UnitOfWork, code: str, *, now: datetime) -> DeviceLogin:
    login = uow.device_logins.by_code(digest(plain_code(code)))
    if login is None or login.state is not DeviceState.PENDING or now >= login.expires_at:
        raise DeviceCodeUnknown
    return login
