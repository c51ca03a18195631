"""Staff accounts, their sessions, and the logins that failed."""

from dataclasses import asdict, astuple
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from api.adapters.database.keys import SqlKeys
from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_text, seal_text
from api.adapters.database.staff_tables import login_doors, staff, staff_sessions
from api.adapters.database.tables import roster
from api.domain.login_throttle import Door
from api.domain.ports import Vault
from api.domain.reviewer import Role, Scope
from api.domain.staff import IDLE, StaffMember, StaffSession

_OIDC = "staff.oidc"


class SqlStaff:
    """Accounts; the display name is sealed, an OpenID Connect subject is kept as its keyed digest alone."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, member: StaffMember) -> None:
        own = {"id": member.id, "login": member.login, "created_at": member.created_at}
        self._connection.execute(insert(staff).values(**own, **self._values(member)))

    def save(self, member: StaffMember) -> None:
        self._connection.execute(update(staff).where(staff.c.id == member.id).values(**self._values(member)))

    def get(self, staff_id: str) -> StaffMember | None:
        return self._one(select(staff).where(staff.c.id == staff_id))

    def by_login(self, login: str) -> StaffMember | None:
        return self._one(select(staff).where(staff.c.login == login))

    def by_oidc(self, issuer: str, subject: str) -> StaffMember | None:
        """Find the account bound to a subject, also one that was bound under a key that has retired since."""
        return self._one(select(staff).where(staff.c.oidc_index.in_(self._oidc_ever(issuer, subject))))

    def bind_oidc(self, staff_id: str, *, issuer: str, subject: str) -> None:
        self._connection.execute(
            update(staff).where(staff.c.id == staff_id).values(oidc_index=self._oidc(issuer, subject))
        )

    def unbind_oidc(self, staff_id: str) -> None:
        self._connection.execute(update(staff).where(staff.c.id == staff_id).values(oidc_index=None))

    def all(self) -> tuple[StaffMember, ...]:
        return tuple(self._member(row) for row in self._connection.execute(select(staff).order_by(staff.c.login)))

    def places(self) -> tuple[Scope, ...]:
        columns = (roster.c.college, roster.c.grade, roster.c.major, roster.c.class_name)
        rows = self._connection.execute(select(*columns).distinct().order_by(*columns))
        return tuple(Scope(*(part or None for part in row)) for row in rows)

    def _oidc_ever(self, issuer: str, subject: str) -> list[str]:
        ever = SqlKeys(self._connection, self._vault).ever()
        return [one.index(f"{issuer}\0{subject}", context=_OIDC) for one in ever]

    def _oidc(self, issuer: str, subject: str) -> str:
        return self._vault.index(f"{issuer}\0{subject}", context=_OIDC)

    def _values(self, member: StaffMember) -> dict[str, Any]:
        return {
            "name_sealed": seal_text(self._vault, member.name, _name(member.id)),
            "role": member.role.value,
            "scopes": [astuple(scope) for scope in member.scopes],
            "password_hash": member.password_hash,
            "one_time_until": member.one_time_until,
            "enabled": member.enabled,
            "last_login_at": member.last_login_at,
        }

    def _one(self, query: Select[Any]) -> StaffMember | None:
        row = self._connection.execute(query).one_or_none()
        return self._member(row) if row else None

    def _member(self, row: Row[Any]) -> StaffMember:
        values = row_values(row)
        sealed, bound = values.pop("name_sealed"), values.pop("oidc_index")
        own = {
            "name": open_text(self._vault, sealed, _name(row.id)),
            "role": Role(row.role),
            "scopes": tuple(Scope(*parts) for parts in row.scopes),
            "oidc_bound": bound is not None,
        }
        return StaffMember(**{**values, **own})


class SqlStaffSessions:
    """Logins, by the digest of their token."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: StaffSession) -> None:
        self._connection.execute(insert(staff_sessions).values(**asdict(session)))

    def by_digest(self, digest: str) -> StaffSession | None:
        row = self._connection.execute(select(staff_sessions).where(staff_sessions.c.digest == digest)).one_or_none()
        return StaffSession(**row_values(row)) if row else None

    def touch(self, session_id: str, *, now: datetime) -> None:
        self._connection.execute(update(staff_sessions).where(staff_sessions.c.id == session_id).values(seen_at=now))

    def end(self, session_id: str, *, now: datetime) -> None:
        self._connection.execute(
            update(staff_sessions)
            .where(staff_sessions.c.id == session_id, staff_sessions.c.ended_at.is_(None))
            .values(ended_at=now)
        )

    def end_all(self, staff_id: str, *, now: datetime, but: str | None = None) -> int:
        theirs = (staff_sessions.c.staff_id == staff_id, staff_sessions.c.ended_at.is_(None))
        change = update(staff_sessions).where(*theirs, staff_sessions.c.id != (but or "")).values(ended_at=now)
        return self._connection.execute(change).rowcount

    def open_of(self, staff_id: str, *, now: datetime) -> tuple[StaffSession, ...]:
        query = select(staff_sessions).where(
            staff_sessions.c.staff_id == staff_id,
            staff_sessions.c.ended_at.is_(None),
            staff_sessions.c.ends_at > now,
            staff_sessions.c.seen_at > now - IDLE,
        )
        rows = self._connection.execute(query.order_by(staff_sessions.c.seen_at.desc()))
        return tuple(StaffSession(**row_values(row)) for row in rows)

    def delete_ended(self, *, before: datetime) -> int:
        return self._connection.execute(delete(staff_sessions).where(staff_sessions.c.ends_at < before)).rowcount


class SqlLoginDoors:
    """Failed logins, by keyed digests of what they are counted against."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> Door | None:
        row = self._connection.execute(select(login_doors).where(login_doors.c.key == key)).one_or_none()
        return Door(**row_values(row)) if row else None

    def put(self, door: Door) -> None:
        if self._connection.execute(_changed(door)).rowcount == 0:
            self._connection.execute(insert(login_doors).values(**asdict(door)))

    def forget(self, key: str) -> None:
        self._connection.execute(delete(login_doors).where(login_doors.c.key == key))

    def delete_quiet(self, *, before: datetime) -> int:
        return self._connection.execute(delete(login_doors).where(login_doors.c.last_at < before)).rowcount


def _changed(door: Door) -> Any:
    return update(login_doors).where(login_doors.c.key == door.key).values(**asdict(door))


def _name(staff_id: str) -> str:
    return f"staff.name:{staff_id}"
