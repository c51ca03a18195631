"""What a collection keeps beside roster and submissions: extensions, drafts, record errors, exports."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, select, update

from api.adapters.database.collection_tables import campaign_extensions, exports, profile_drafts, record_errors
from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, open_text, seal_json, seal_text
from api.adapters.database.submissions import within
from api.adapters.database.tables import campaigns, roster
from api.domain.campaign import Draft, Extension
from api.domain.export import Export, Layout
from api.domain.ports import Vault
from api.domain.record_error import RecordError, RecordField
from api.domain.reviewer import Scope


class SqlExtensions:
    """Later last seconds, one per person of a roster."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, extension: Extension) -> None:
        same = campaign_extensions.c.roster_row_id == extension.roster_row_id
        self._connection.execute(delete(campaign_extensions).where(same))
        self._connection.execute(insert(campaign_extensions).values(**asdict(extension)))

    def get(self, roster_row_id: str) -> Extension | None:
        query = select(campaign_extensions).where(campaign_extensions.c.roster_row_id == roster_row_id)
        row = self._connection.execute(query).one_or_none()
        return Extension(**row_values(row)) if row else None

    def of_campaign(self, campaign_id: str) -> tuple[Extension, ...]:
        query = select(campaign_extensions).where(campaign_extensions.c.campaign_id == campaign_id)
        rows = self._connection.execute(query.order_by(campaign_extensions.c.given_at))
        return tuple(Extension(**row_values(row)) for row in rows)


class SqlDrafts:
    """Unfinished profiles, sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def put(self, draft: Draft) -> None:
        self.forget(draft.student_id, draft.campaign_id)
        sealed = seal_json(self._vault, dict(draft.profile), _draft(draft.student_id, draft.campaign_id))
        values = {name: value for name, value in asdict(draft).items() if name != "profile"}
        self._connection.execute(insert(profile_drafts).values(**values, profile_sealed=sealed))

    def get(self, student_id: str, campaign_id: str) -> Draft | None:
        query = select(profile_drafts).where(
            profile_drafts.c.student_id == student_id, profile_drafts.c.campaign_id == campaign_id
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        profile = open_json(self._vault, row.profile_sealed, _draft(student_id, campaign_id))
        return Draft(student_id=student_id, campaign_id=campaign_id, profile=profile, saved_at=row.saved_at)

    def forget(self, student_id: str, campaign_id: str | None = None) -> None:
        change = delete(profile_drafts).where(profile_drafts.c.student_id == student_id)
        if campaign_id is not None:
            change = change.where(profile_drafts.c.campaign_id == campaign_id)
        self._connection.execute(change)

    def end(self, *, closed_before: datetime, limit: int) -> int:
        closed = select(campaigns.c.id).where(campaigns.c.ends_at < closed_before)
        longer = (
            exists()
            .where(roster.c.student_id == profile_drafts.c.student_id)
            .where(roster.c.campaign_id == profile_drafts.c.campaign_id)
            .where(campaign_extensions.c.roster_row_id == roster.c.id)
            .where(campaign_extensions.c.until >= closed_before)
        )
        ended = select(profile_drafts.c.student_id, profile_drafts.c.campaign_id)
        ended = ended.where(profile_drafts.c.campaign_id.in_(closed), ~longer).limit(limit)
        found = self._connection.execute(ended).all()
        for student_id, campaign_id in found:
            self.forget(student_id, campaign_id)
        return len(found)


class SqlRecordErrors:
    """Reports of wrong records; the student's words are sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, report: RecordError) -> None:
        self._connection.execute(insert(record_errors).values(**self._values(report)))

    def save(self, report: RecordError) -> None:
        change = update(record_errors).where(record_errors.c.id == report.id)
        self._connection.execute(change.values(**self._values(report)))

    def get(self, report_id: str) -> RecordError | None:
        row = self._connection.execute(select(record_errors).where(record_errors.c.id == report_id)).one_or_none()
        return self._report(row) if row else None

    def of_student(self, student_id: str) -> tuple[RecordError, ...]:
        query = select(record_errors).where(record_errors.c.student_id == student_id)
        return tuple(self._report(row) for row in self._connection.execute(query.order_by(record_errors.c.id)))

    def find(
        self, *, campaign_id: str | None, only_open: bool, scopes: tuple[Scope, ...] | None
    ) -> tuple[RecordError, ...]:
        query = select(record_errors).outerjoin(roster, roster.c.id == record_errors.c.roster_row_id)
        if campaign_id is not None:
            query = query.where(record_errors.c.campaign_id == campaign_id)
        if only_open:
            query = query.where(record_errors.c.settled_at.is_(None))
        if scopes is not None:
            query = query.where(within(scopes))
        return tuple(self._report(row) for row in self._connection.execute(query.order_by(record_errors.c.id)))

    def forget_messages(self, student_id: str) -> None:
        change = update(record_errors).where(record_errors.c.student_id == student_id)
        self._connection.execute(change.values(message_sealed=None))

    def end_messages(self, *, until: datetime, limit: int) -> int:
        kept = select(record_errors.c.id).where(record_errors.c.message_sealed.is_not(None))
        ended = kept.where(record_errors.c.created_at <= until).order_by(record_errors.c.created_at).limit(limit)
        change = update(record_errors).where(record_errors.c.id.in_(ended)).values(message_sealed=None)
        return self._connection.execute(change).rowcount

    def _values(self, report: RecordError) -> dict[str, Any]:
        values = {**asdict(report), "about": report.about.value}
        message = values.pop("message")
        return values | {"message_sealed": seal_text(self._vault, message, _message(report.id)) if message else None}

    def _report(self, row: Row[Any]) -> RecordError:
        values = row_values(row)
        sealed = values.pop("message_sealed")
        message = open_text(self._vault, sealed, _message(row.id)) if sealed is not None else ""
        return RecordError(**{**values, "about": RecordField(row.about), "message": message})


class SqlExports:
    """Who took photos out, when, why and which."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, export: Export) -> None:
        self._connection.execute(insert(exports).values(**_export_values(export)))

    def save(self, export: Export) -> None:
        self._connection.execute(update(exports).where(exports.c.id == export.id).values(**_export_values(export)))

    def get(self, export_id: str) -> Export | None:
        row = self._connection.execute(select(exports).where(exports.c.id == export_id)).one_or_none()
        return _export(row) if row else None

    def of_campaign(self, campaign_id: str) -> tuple[Export, ...]:
        return self.all(select(exports).where(exports.c.campaign_id == campaign_id).order_by(exports.c.id))

    def all(self, query: Select[Any]) -> tuple[Export, ...]:
        """Return the records of a query over this table."""
        return tuple(_export(row) for row in self._connection.execute(query))


def _export_values(export: Export) -> dict[str, Any]:
    return {**asdict(export), "layout": export.layout.value, "filters": dict(export.filters)}


def _export(row: Row[Any]) -> Export:
    return Export(**{**row_values(row), "layout": Layout(row.layout)})


def _draft(student_id: str, campaign_id: str) -> str:
    return f"profile_drafts.profile:{student_id}:{campaign_id}"


def _message(report_id: str) -> str:
    return f"record_errors.message:{report_id}"
