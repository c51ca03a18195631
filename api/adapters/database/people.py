"""Students, their sessions, their consents and their attempts to prove who they are."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, open_text, seal_json, seal_text
from api.adapters.database.tables import consents, identity_attempts, sessions, students
from api.domain.consent import ConsentKind, ConsentRow, Guardian
from api.domain.identity import Channel, Student
from api.domain.ports import Vault
from api.domain.session import SessionRow


class SqlStudents:
    """Logins; an openid is sealed, and found by its keyed digest."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, student: Student) -> None:
        self._connection.execute(
            insert(students).values(
                id=student.id,
                channel=student.channel.value,
                subject_index=self._vault.index(student.subject, context="students.subject"),
                subject_sealed=seal_text(self._vault, student.subject, _subject(student.id)),
                created_at=student.created_at,
            )
        )

    def get(self, student_id: str) -> Student | None:
        row = self._connection.execute(select(students).where(students.c.id == student_id)).one_or_none()
        return self._student(row) if row else None

    def by_subject(self, channel: Channel, subject: str) -> Student | None:
        index = self._vault.index(subject, context="students.subject")
        query = select(students).where(students.c.channel == channel.value, students.c.subject_index == index)
        row = self._connection.execute(query).one_or_none()
        return self._student(row) if row else None

    def erase(self, student_id: str, *, now: datetime) -> None:
        self._connection.execute(
            update(students)
            .where(students.c.id == student_id)
            .values(subject_index=None, subject_sealed=None, erased_at=now)
        )

    def _student(self, row: Row[Any]) -> Student:
        sealed = row.subject_sealed
        return Student(
            id=row.id,
            channel=Channel(row.channel),
            subject=open_text(self._vault, sealed, _subject(row.id)) if sealed is not None else "",
            created_at=row.created_at,
            erased_at=row.erased_at,
        )


class SqlSessions:
    """Token pairs, by digest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: SessionRow) -> None:
        self._connection.execute(insert(sessions).values(**asdict(row)))

    def by_access(self, digest: str) -> SessionRow | None:
        return self._one(select(sessions).where(sessions.c.access_digest == digest))

    def by_refresh(self, digest: str) -> SessionRow | None:
        return self._one(select(sessions).where(sessions.c.refresh_digest == digest))

    def mark_used(self, session_id: str, *, now: datetime) -> bool:
        change = (
            update(sessions)
            .where(sessions.c.id == session_id, sessions.c.used_at.is_(None), sessions.c.ended_at.is_(None))
            .values(used_at=now)
        )
        return self._connection.execute(change).rowcount == 1

    def mark_heard(self, session_id: str, *, now: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.id == session_id).values(heard_at=now))

    def displace_heirs(self, row: SessionRow, *, now: datetime) -> bool:
        heirs = (sessions.c.family == row.family, sessions.c.id != row.id, sessions.c.created_at >= row.used_at)
        arrived = or_(sessions.c.used_at.is_not(None), sessions.c.heard_at.is_not(None))
        if self._connection.execute(select(sessions.c.id).where(*heirs, arrived)).first():
            return False
        self._connection.execute(update(sessions).where(*heirs).values(ended_at=now))
        return True

    def end_family(self, family: str, *, now: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.family == family).values(ended_at=now))

    def end_all(self, student_id: str, *, now: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.student_id == student_id).values(ended_at=now))

    def delete_expired(self, *, before: datetime) -> int:
        return self._connection.execute(delete(sessions).where(sessions.c.refresh_until < before)).rowcount

    def _one(self, query: Select[Any]) -> SessionRow | None:
        row = self._connection.execute(query).one_or_none()
        return SessionRow(**row_values(row)) if row else None


class SqlConsents:
    """Consents given and withdrawn; none is ever deleted, for they are proof. A guardian's name is sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, row: ConsentRow) -> None:
        values = asdict(row)
        guardian = values.pop("guardian")
        sealed = seal_json(self._vault, guardian, _guardian(row.id)) if guardian else None
        self._connection.execute(insert(consents).values(**values, guardian_sealed=sealed))

    def of(self, student_id: str) -> tuple[ConsentRow, ...]:
        query = select(consents).where(consents.c.student_id == student_id).order_by(consents.c.id)
        return tuple(self._consent(row) for row in self._connection.execute(query))

    def _consent(self, row: Row[Any]) -> ConsentRow:
        values = row_values(row)
        sealed = values.pop("guardian_sealed")
        guardian = Guardian(**open_json(self._vault, sealed, _guardian(row.id))) if sealed else None
        return ConsentRow(**{**values, "kind": ConsentKind(row.kind), "guardian": guardian})

    def withdraw(self, student_id: str, text_id: str, *, now: datetime) -> bool:
        change = (
            update(consents)
            .where(
                consents.c.student_id == student_id,
                consents.c.text_id == text_id,
                consents.c.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now)
        )
        return self._connection.execute(change).rowcount > 0


class SqlIdentityAttempts:
    """When a student tried to prove who they are."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, student_id: str, *, now: datetime) -> None:
        self._connection.execute(insert(identity_attempts).values(student_id=student_id, made_at=now))

    def count(self, student_id: str, *, since: datetime) -> int:
        query = (
            select(func.count())
            .select_from(identity_attempts)
            .where(identity_attempts.c.student_id == student_id, identity_attempts.c.made_at > since)
        )
        return self._connection.execute(query).scalar_one()

    def delete_before(self, before: datetime) -> int:
        return self._connection.execute(delete(identity_attempts).where(identity_attempts.c.made_at < before)).rowcount


def _guardian(consent_id: str) -> str:
    return f"consents.guardian:{consent_id}"


def _subject(student_id: str) -> str:
    return f"students.subject:{student_id}"
