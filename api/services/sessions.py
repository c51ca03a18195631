"""Let a student in, keep them in, and know them again."""

from dataclasses import replace
from datetime import datetime, timedelta

from api.domain.errors import NotAuthenticated, NotAvailable, TokenExpired
from api.domain.identity import Channel, Student
from api.domain.ids import new_id
from api.domain.ports import Clock, Database, WeChat
from api.domain.repositories import UnitOfWork
from api.domain.session import ACCESS_LIFE, ANSWER_LOST_WITHIN, REFRESH_LIFE, Session, SessionRow, digest, new_token


class LoginWithWeChat:
    """Let in whoever WeChat vouches for."""

    def __init__(self, *, database: Database, clock: Clock, wechat: WeChat) -> None:
        self._database = database
        self._clock = clock
        self._wechat = wechat

    def __call__(self, code: str) -> Session:
        """Trade a `wx.login` code for a session. Raises WeChatError."""
        openid = self._wechat.openid_of(code)
        with self._database.write() as uow:
            student = _student(uow, Channel.WECHAT, openid, clock=self._clock)
            session = open_session(uow, student, family=None, now=self._clock.now())
            uow.commit()
        return session


class LoginAsDeveloper:
    """Let anyone in under a name of their choice; for an installation on one's own machine only."""

    def __init__(self, *, database: Database, clock: Clock, allowed: bool) -> None:
        self._database = database
        self._clock = clock
        self._allowed = allowed

    def __call__(self, name: str) -> Session:
        """Open a session. Raises NotAvailable unless this is the embedded mode without WeChat credentials."""
        if not self._allowed:
            raise NotAvailable
        with self._database.write() as uow:
            student = _student(uow, Channel.DEVELOPER, name.strip(), clock=self._clock)
            session = open_session(uow, student, family=None, now=self._clock.now())
            uow.commit()
        return session


class RefreshSession:
    """Trade a refresh token for a new pair; a token that comes twice ends every session grown from its login.

    Who never heard the answer may ask again for half a minute, until what they were given is used for anything. The
    pair that was on its way then ends: whoever holds it after all shows, by refreshing it, that two parties held the
    token, and every session ends as before.
    """

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, refresh_token: str) -> Session:
        """Return the new pair. Raises NotAuthenticated."""
        now = self._clock.now()
        with self._database.write() as uow:
            row = uow.sessions.by_refresh(digest(refresh_token))
            if row is None:
                raise NotAuthenticated
            if not (uow.sessions.mark_used(row.id, now=now) or _answer_was_lost(uow, row, now=now)):
                uow.sessions.end_family(row.family, now=now)
                uow.commit()
                raise NotAuthenticated
            student = uow.students.get(row.student_id)
            if student is None or student.erased_at is not None or now >= row.refresh_until:
                raise NotAuthenticated
            life = row.refresh_until - row.created_at  # what began short stays short
            session = open_session(uow, student, family=row.family, now=now, life=life)
            uow.commit()
        return session


class EndSession:
    """Log out: the session, and every other that grew from the same login, opens nothing any more."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, access_token: str) -> None:
        """End it. Raises NotAuthenticated for a token that opens nothing already."""
        with self._database.write() as uow:
            row = uow.sessions.by_access(digest(access_token))
            if row is None or row.ended_at is not None:
                raise NotAuthenticated
            uow.sessions.end_family(row.family, now=self._clock.now())
            uow.commit()


class EndAllSessions:
    """Log a student out everywhere."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, student_id: str) -> None:
        """End every session, and every login of a browser that was allowed and not yet taken."""
        with self._database.write() as uow:
            uow.sessions.end_all(student_id, now=self._clock.now())
            uow.device_logins.delete_of(student_id)
            uow.commit()


class Authenticate:
    """Know a student by the access token."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, access_token: str) -> Student:
        """Return whose token it is. Raises TokenExpired, or NotAuthenticated for anything else that is wrong."""
        now = self._clock.now()
        with self._database.read() as uow:
            row = uow.sessions.by_access(digest(access_token))
            if row is None or row.used_at is not None or row.ended_at is not None:
                raise NotAuthenticated
            if now >= row.access_until:
                raise TokenExpired
            student = uow.students.get(row.student_id)
        if student is None or student.erased_at is not None:
            raise NotAuthenticated
        if row.may_be_lost(now):
            self._remember(row, now=now)
        return student

    def _remember(self, row: SessionRow, *, now: datetime) -> None:
        """Keep that the answer arrived: who brings the token before it again has stolen it. Once per refresh."""
        with self._database.write() as uow:
            uow.sessions.mark_heard(row.id, now=now)
            uow.commit()


def _answer_was_lost(uow: UnitOfWork, row: SessionRow, *, now: datetime) -> bool:
    """Tell whether a used token may be traded in once more; what it was traded for before then ends."""
    if row.used_at is None or row.ended_at is not None or now - row.used_at > ANSWER_LOST_WITHIN:
        return False
    return uow.sessions.displace_heirs(row, now=now)


def _student(uow: UnitOfWork, channel: Channel, subject: str, *, clock: Clock) -> Student:
    known = uow.students.by_subject(channel, subject)
    if known is not None:
        return known
    now = clock.now()
    student = Student(id=new_id("st", now=now), channel=channel, subject=subject, created_at=now)
    uow.students.add(student)
    return student


def open_session(
    uow: UnitOfWork, student: Student, *, family: str | None, now: datetime, life: timedelta = REFRESH_LIFE
) -> Session:
    """Add a pair of tokens to the unit of work and return it; `life` is the refresh token's."""
    access, refresh = new_token(), new_token()
    row = SessionRow(
        id=new_id("ss", now=now),
        family="",
        student_id=student.id,
        access_digest=digest(access),
        access_until=now + ACCESS_LIFE,
        refresh_digest=digest(refresh),
        refresh_until=now + life,
        created_at=now,
    )
    uow.sessions.add(replace(row, family=family or row.id))
    return Session(
        access_token=access,
        expires_in=int(ACCESS_LIFE.total_seconds()),
        refresh_token=refresh,
        student=student,
    )
