"""The two members of staff of the sample world: one who reviews, one who runs the campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.domain.errors import NotFound
from api.domain.ids import new_id
from api.domain.passwords import Passwords, one_time_password
from api.domain.ports import Clock, Database
from api.domain.reviewer import Role, Scope
from api.domain.staff import StaffMember


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """One login to print. `password` is None where its owner has chosen another since."""

    login: str
    role: Role
    scopes: tuple[Scope, ...]
    password: str | None = field(repr=False)


_SAMPLES = (
    ("counsellor", "示例辅导员", Role.COUNSELLOR, (Scope(college="软件学院"), Scope(college="教育学院"))),
    ("registrar", "示例教务处", Role.REGISTRAR, ()),
)
"""The ceramics students of the sample rosters are nobody's: what a counsellor does not see can be seen."""


class SeedStaff:
    """Open the sample accounts, with passwords made at random; for the embedded mode only."""

    def __init__(self, *, database: Database, clock: Clock, passwords: Passwords, allowed: bool) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._allowed = allowed

    def __call__(self, kept: Mapping[str, str]) -> tuple[SampleLogin, ...]:
        """Return the logins; `kept` are the passwords of an earlier call. Raises NotFound outside the embedded mode."""
        if not self._allowed:
            raise NotFound(kind="sample staff")
        return tuple(self._one(*sample, kept=kept) for sample in _SAMPLES)

    def _one(
        self, login: str, name: str, role: Role, scopes: tuple[Scope, ...], *, kept: Mapping[str, str]
    ) -> SampleLogin:
        with self._database.read() as uow:
            member = uow.staff.by_login(login)
        if member is not None:
            before = kept.get(login, "")
            still = bool(before) and self._passwords.fits(before, member.password_hash)
            return SampleLogin(login, member.role, member.scopes, before if still else None)
        password, now = one_time_password(), self._clock.now()
        member = StaffMember(
            id=new_id("sf", now=now),
            login=login,
            name=name,
            role=role,
            scopes=scopes,
            created_at=now,
            password_hash=self._passwords.hash(password),
        )
        with self._database.write() as uow:
            uow.staff.add(member)
            uow.commit()
        return SampleLogin(login, role, scopes, password)
