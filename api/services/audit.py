"""Write the audit log: one row at a time, each signed over the one before."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.domain.audit import AuditEntry
from api.domain.ports import Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.staff import Caller, StaffMember
from api.services.deeds import Deed

CONTEXT = "audit"
_WORD_CHARS, _SUBJECT_CHARS, _DETAIL_CHARS, _ADDRESS_CHARS = 64, 120, 200, 45
"""The widths of the columns; no row is ever lost because somebody typed too much."""


class Note:
    """Put one row at the end of the audit log."""

    def __init__(self, *, database: Database, clock: Clock, keep_days: int) -> None:
        self._database = database
        self._clock = clock
        self._keep = timedelta(days=keep_days)

    def __call__(
        self,
        action: str,
        *,
        who: StaffMember | None = None,
        actor: str = "",
        subject: str | None = None,
        detail: Mapping[str, str] | None = None,
        caller: Caller | None = None,
    ) -> None:
        """Write it in a unit of work of its own; `actor` names whoever acts without an account (the command line)."""
        with self._database.write() as uow:
            self.within(uow, action, who=who, actor=actor, subject=subject, detail=detail, caller=caller)
            uow.commit()

    def deed(
        self,
        action: str,
        *,
        who: StaffMember | None = None,
        actor: str = "",
        subject: str | Callable[[Any], str] | None = None,
        detail: Mapping[str, str] | Callable[[Any], Mapping[str, str]] | None = None,
        caller: Caller | None = None,
    ) -> Deed:
        """Return the row as a deed for a service to put on record; `subject` and `detail` may be made of its result."""

        def put(uow: UnitOfWork, done: object) -> None:
            about = subject(done) if callable(subject) else subject
            told = detail(done) if callable(detail) else detail
            self.within(uow, action, who=who, actor=actor, subject=about, detail=told, caller=caller)

        return put

    def within(
        self,
        uow: UnitOfWork,
        action: str,
        *,
        who: StaffMember | None = None,
        actor: str = "",
        subject: str | None = None,
        detail: Mapping[str, str] | None = None,
        caller: Caller | None = None,
    ) -> None:
        """Write it in the given unit of work, so that the deed and its row are kept together or not at all."""
        head, now, where = uow.audit.head(), self._clock.now(), caller or Caller()
        entry = AuditEntry(
            seq=head.seq + 1,
            at=now,
            actor_id=who.id if who else None,
            actor=who.login if who else _storable(actor, _WORD_CHARS),
            action=_storable(action, _WORD_CHARS),
            subject=None if subject is None else _storable(subject, _SUBJECT_CHARS),
            detail={key: _storable(value, _DETAIL_CHARS) for key, value in (detail or {}).items()},
            address=_storable(where.address, _ADDRESS_CHARS),
            request_id=_storable(where.request_id, _WORD_CHARS),
            keep_until=now + self._keep,
            previous=head.mark,
        )
        uow.audit.append(replace(entry, mark=uow.keys.sign(entry.text(), context=CONTEXT)))


def _storable(text: str, most: int) -> str:
    """Return what every database can keep: without NUL, half characters and control characters, and not too long."""
    return "".join(char for char in str(text) if char.isprintable())[:most]
