"""Let staff in, know them again, and let them out."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NoReturn

from api.domain.errors import Conflict, NotAuthenticated
from api.domain.errors_staff import LoginDelayed, LoginRefused, NoSuchStaff
from api.domain.ids import new_id
from api.domain.login_throttle import Against, Door, after_failure, forgiven
from api.domain.passwords import Passwords
from api.domain.ports import Clock, Database, Vault
from api.domain.repositories import UnitOfWork
from api.domain.session import digest, new_token
from api.domain.staff import ABSOLUTE, LOGIN, Caller, StaffMember, StaffSession, plain_login
from api.services.audit import Note

_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_PASSWORD = 1024
_LOGIN_CHARS = 64


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who is in: the session's token goes into the cookie and is kept nowhere else."""

    member: StaffMember
    token: str


class SignIn:
    """Let in whoever knows the password, after ever longer waits for whoever does not."""

    def __init__(self, *, database: Database, clock: Clock, vault: Vault, passwords: Passwords, note: Note) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._passwords = passwords
        self._note = note

    def __call__(self, login: str, password: str, *, caller: Caller, device: str | None = None) -> Entered:
        """Open a session. `device` names a browser that has been in this account before.

        Raises LoginRefused, alike and after the same time for an unknown login, or LoginDelayed without looking.
        """
        login = plain_login(login)[:_LOGIN_CHARS]
        doors = self._doors(login, address=caller.address, device=device)
        member = self._knock(login, doors)
        kept = member.password_hash if member is not None and self._may_enter(member) else None
        if not self._passwords.fits(password[:_LONGEST_PASSWORD], kept) or member is None or kept is None:
            self._refuse(member, caller=caller)
        return self._enter(member, password=password, doors=doors, caller=caller)

    def _may_enter(self, member: StaffMember) -> bool:
        until = member.one_time_until
        return member.enabled and (until is None or self._clock.now() < until)

    def _enter(self, member: StaffMember, *, password: str, doors: dict[Against, str], caller: Caller) -> Entered:
        kept = member.password_hash or ""
        renewed = self._passwords.hash(password) if self._passwords.stale(kept) else kept
        with self._database.write() as uow:
            now = uow.staff.get(member.id)
            if now is None or now.password_hash != kept or not now.enabled:
                raise LoginRefused  # it changed while we compared
            entered = open_session(uow, replace(now, password_hash=renewed), clock=self._clock, caller=caller)
            self._forgive(uow, doors)
            self._note.within(uow, "staff.login", who=entered.member, detail={"by": "password"}, caller=caller)
            uow.commit()
        return entered

    def _knock(self, login: str, doors: dict[Against, str]) -> StaffMember | None:
        """Count a failure before the password is looked at, so that many tries at once get no further than one by one.

        Returns whose login it is. Raises LoginDelayed.
        """
        now = self._clock.now()
        with self._database.write() as uow:
            self._check_doors(uow, doors)
            for against, key in doors.items():
                uow.login_doors.put(after_failure(uow.login_doors.get(key), key=key, against=against, now=now))
            member = uow.staff.by_login(login) if LOGIN.fullmatch(login) else None
            uow.commit()
        return member

    def _forgive(self, uow: UnitOfWork, doors: dict[Against, str]) -> None:
        """Take the counted failure back: everything for whoever proved themselves, this once for what others share."""
        for against, key in doors.items():
            door = uow.login_doors.get(key)
            if against in {Against.DEVICE, Against.PAIR}:
                uow.login_doors.forget(key)
            elif door is not None:
                uow.login_doors.put(forgiven(door, now=self._clock.now()))

    def _refuse(self, member: StaffMember | None, *, caller: Caller) -> NoReturn:
        """Note the failure. What was typed as a login is noted only where it is somebody's."""
        with self._database.write() as uow:
            self._note.within(uow, "staff.login_failed", who=member, caller=caller)
            uow.commit()
        raise LoginRefused

    def _check_doors(self, uow: UnitOfWork, doors: dict[Against, str]) -> None:
        now = self._clock.now()
        found = (uow.login_doors.get(key) for key in doors.values())
        waits = [door.until - now for door in found if isinstance(door, Door)]
        longest = max(waits, default=timedelta(0))
        if longest > timedelta(0):
            seconds = int(longest.total_seconds()) + 1
            raise LoginDelayed(retry_after=seconds, seconds=seconds)

    def _doors(self, login: str, *, address: str, device: str | None) -> dict[Against, str]:
        if device is not None:
            return {Against.DEVICE: self._key(Against.DEVICE, login, device)}
        return {
            Against.PAIR: self._key(Against.PAIR, login, address),
            Against.ACCOUNT: self._key(Against.ACCOUNT, login),
            Against.ADDRESS: self._key(Against.ADDRESS, address),
        }

    def _key(self, against: Against, *parts: str) -> str:
        return self._vault.index("\0".join(parts), context=f"login_doors.{against}")


class SignInWithSchool:
    """Let in whom the school's own login vouches for, if they have an account here."""

    def __init__(self, *, database: Database, clock: Clock, note: Note) -> None:
        self._database = database
        self._clock = clock
        self._note = note

    def __call__(self, *, issuer: str, subject: str, login: str, caller: Caller) -> Entered:
        """Open a session for whoever is bound to the subject; the first time, for whoever has this `login`, and bind.

        Raises NoSuchStaff: no account, a disabled one, or one that is bound to somebody else.
        """
        try:
            with self._database.write() as uow:
                member = self._known(uow, issuer=issuer, subject=subject, login=plain_login(login))
                if member is None or not member.enabled:
                    self._note.within(uow, "staff.login_failed", who=member, detail={"by": "oidc"}, caller=caller)
                    uow.commit()
                    raise NoSuchStaff
                if member.must_change_password:  # the slip of paper is not needed any more, and opens nothing
                    member = replace(member, password_hash=None, one_time_until=None)
                entered = open_session(uow, member, clock=self._clock, caller=caller)
                self._note.within(uow, "staff.login", who=entered.member, detail={"by": "oidc"}, caller=caller)
                uow.commit()
        except Conflict as fault:  # two first logins met
            raise NoSuchStaff from fault
        return entered

    def _known(self, uow: UnitOfWork, *, issuer: str, subject: str, login: str) -> StaffMember | None:
        bound = uow.staff.by_oidc(issuer, subject)
        if bound is not None:
            return bound
        member = uow.staff.by_login(login) if LOGIN.fullmatch(login) else None
        if member is None or member.oidc_bound or not member.enabled:
            return None
        uow.staff.bind_oidc(member.id, issuer=issuer, subject=subject)
        return replace(member, oidc_bound=True)


class KnowStaff:
    """Know a member of staff by the session's token."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, token: str) -> tuple[StaffMember, StaffSession]:
        """Return whose it is, and put the idle end off. Raises NotAuthenticated when the session is over."""
        now = self._clock.now()
        with self._database.read() as uow:
            session = uow.staff_sessions.by_digest(digest(token))
            if session is None or not session.open_at(now):
                raise NotAuthenticated
            member = uow.staff.get(session.staff_id)
        if member is None or not member.enabled:
            raise NotAuthenticated
        if now - session.seen_at >= _TOUCH_EVERY:
            with self._database.write() as uow:
                uow.staff_sessions.touch(session.id, now=now)
                uow.commit()
        return member, session


def open_session(uow: UnitOfWork, member: StaffMember, *, clock: Clock, caller: Caller) -> Entered:
    """Keep a new session and the moment of the login; return the member as it now is, and the token."""
    now, token = clock.now(), new_token()
    member = replace(member, last_login_at=now)
    uow.staff.save(member)
    uow.staff_sessions.add(
        StaffSession(
            id=new_id("sn", now=now),
            staff_id=member.id,
            digest=digest(token),
            created_at=now,
            seen_at=now,
            ends_at=now + ABSOLUTE,
            address=caller.address[:45],
            agent=caller.agent[:200],
        )
    )
    return Entered(member=member, token=token)
