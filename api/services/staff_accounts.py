"""Staff accounts: add, change, disable; passwords and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.domain.errors import Conflict, NotFound
from api.domain.errors_staff import BadLogin, LastRegistrar, LoginRefused, LoginTaken
from api.domain.ids import new_id
from api.domain.passwords import Passwords, check_password, one_time_password
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.reviewer import Role, Scope
from api.domain.staff import LOGIN, ONE_TIME_LIFE, StaffMember, StaffSession, plain_login
from api.services.deeds import Deed, unrecorded

_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class Issued:
    """An account and the one-time password that opens it, shown once and kept nowhere."""

    member: StaffMember
    password: str


class AddStaff:
    """Open an account."""

    def __init__(self, *, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    def __call__(
        self, login: str, *, name: str, role: Role, scopes: Sequence[Scope] = (), deed: Deed = unrecorded
    ) -> Issued:
        """Return it with its one-time password. Raises BadLogin or LoginTaken."""
        password = one_time_password()
        member = self._member(login, name=name, role=role, scopes=scopes, password=password)
        issued = Issued(member, password)
        try:
            with self._database.write() as uow:
                uow.staff.add(member)
                deed(uow, issued)
                uow.commit()
        except Conflict as fault:
            raise LoginTaken from fault
        return issued

    def _member(self, login: str, *, name: str, role: Role, scopes: Sequence[Scope], password: str) -> StaffMember:
        login, now = plain_login(login), self._clock.now()
        if not LOGIN.fullmatch(login):
            raise BadLogin
        return StaffMember(
            id=new_id("sf", now=now),
            login=login,
            name=name.strip()[:_NAME_CHARS] or login,
            role=role,
            scopes=tuple(scopes),
            created_at=now,
            password_hash=self._passwords.hash(password),
            one_time_until=now + ONE_TIME_LIFE,
        )


class ChangeStaff:
    """Change an account: name, role, scopes, whether it opens anything."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(
        self,
        staff_id: str,
        *,
        name: str | None = None,
        role: Role | None = None,
        scopes: Sequence[Scope] | None = None,
        enabled: bool | None = None,
        deed: Deed = unrecorded,
    ) -> StaffMember:
        """Keep what is given, leave the rest. Disabling ends every session. Raises NotFound, LastRegistrar."""
        with self._database.write() as uow:
            member = known(uow, staff_id)
            changed = replace(
                member,
                name=member.name if name is None else name.strip()[:_NAME_CHARS] or member.login,
                role=member.role if role is None else role,
                scopes=member.scopes if scopes is None else tuple(scopes),
                enabled=member.enabled if enabled is None else enabled,
            )
            _keep_a_registrar(uow, changed)
            uow.staff.save(changed)
            if not changed.enabled:
                uow.staff_sessions.end_all(staff_id, now=self._clock.now())
            deed(uow, changed)
            uow.commit()
        return changed


class ResetPassword:
    """Give an account a new one-time password and end every session of it."""

    def __init__(self, *, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    def __call__(self, staff_id: str, *, deed: Deed = unrecorded) -> Issued:
        """Return it. The binding to the school's login is loosed too. Raises NotFound."""
        password = one_time_password()
        kept, now = self._passwords.hash(password), self._clock.now()
        with self._database.write() as uow:
            member = replace(known(uow, staff_id), password_hash=kept, one_time_until=now + ONE_TIME_LIFE)
            uow.staff.save(member)
            uow.staff.unbind_oidc(staff_id)
            uow.staff_sessions.end_all(staff_id, now=now)
            issued = Issued(member, password)
            deed(uow, issued)
            uow.commit()
        return issued


class ChangePassword:
    """Let a member choose a password; every other session of theirs ends."""

    def __init__(self, *, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords

    def __call__(
        self, member: StaffMember, *, current: str, new: str, session_id: str, deed: Deed = unrecorded
    ) -> None:
        """Raises LoginRefused where `current` is not the password, WeakPassword."""
        if not self._passwords.fits(current, member.password_hash):
            raise LoginRefused
        check_password(new, login=member.login)
        kept = self._passwords.hash(new)
        with self._database.write() as uow:
            now = known(uow, member.id)
            if now.password_hash != member.password_hash or not now.enabled:
                raise LoginRefused  # it was reset while we compared
            uow.staff.save(replace(now, password_hash=kept, one_time_until=None))
            uow.staff_sessions.end_all(member.id, now=self._clock.now(), but=session_id)
            deed(uow, member)
            uow.commit()


class EndStaffSessions:
    """Log out: one session, or all but one."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self, member: StaffMember, session_id: str, *, deed: Deed = unrecorded) -> None:
        """End one of the member's own. Raises NotFound."""
        now = self._clock.now()
        with self._database.write() as uow:
            if session_id not in {session.id for session in uow.staff_sessions.open_of(member.id, now=now)}:
                raise NotFound(kind="session")
            uow.staff_sessions.end(session_id, now=now)
            deed(uow, session_id)
            uow.commit()

    def others(self, member: StaffMember, session_id: str, *, deed: Deed = unrecorded) -> int:
        """End all but this one; return how many that were."""
        with self._database.write() as uow:
            count = uow.staff_sessions.end_all(member.id, now=self._clock.now(), but=session_id)
            deed(uow, count)
            uow.commit()
        return count


class FindStaff:
    """Look accounts up."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def __call__(self) -> tuple[StaffMember, ...]:
        """Return every account, by login."""
        with self._database.read() as uow:
            return uow.staff.all()

    def places(self) -> tuple[Scope, ...]:
        """Return what a scope can be made of: every place that some roster knows."""
        with self._database.read() as uow:
            return uow.staff.places()

    def one(self, staff_id: str) -> StaffMember:
        """Return one. Raises NotFound."""
        with self._database.read() as uow:
            return known(uow, staff_id)

    def by_login(self, login: str) -> StaffMember:
        """Return one. Raises NotFound."""
        with self._database.read() as uow:
            member = uow.staff.by_login(plain_login(login)) if LOGIN.fullmatch(plain_login(login)) else None
        if member is None:
            raise NotFound(kind="staff")
        return member

    def sessions(self, member: StaffMember) -> tuple[StaffSession, ...]:
        """Return the open sessions of one, the latest used first."""
        with self._database.read() as uow:
            return uow.staff_sessions.open_of(member.id, now=self._clock.now())


def known(uow: UnitOfWork, staff_id: str) -> StaffMember:
    """Return the account. Raises NotFound."""
    member = uow.staff.get(staff_id)
    if member is None:
        raise NotFound(kind="staff")
    return member


def _keep_a_registrar(uow: UnitOfWork, changed: StaffMember) -> None:
    """Raise LastRegistrar where the change would leave nobody who manages accounts."""
    before = known(uow, changed.id)
    if not _manages(before) or _manages(changed):
        return
    if not any(_manages(member) for member in uow.staff.all() if member.id != changed.id):
        raise LastRegistrar


def _manages(member: StaffMember) -> bool:
    return member.enabled and member.role is Role.REGISTRAR
