"""What the registrar's desk keeps and asks: uploaded rosters, the contents of exports, people by name."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, or_, select, update

from api.adapters.database.collection import SqlExports
from api.adapters.database.collection_tables import export_entries, exports
from api.adapters.database.office_checks import SqlRosterChecks
from api.adapters.database.roster import SqlRoster
from api.adapters.database.sealing import open_json, open_text, seal_json
from api.adapters.database.stand import missing_query
from api.adapters.database.submissions import within
from api.adapters.database.tables import roster, students, submissions
from api.adapters.database.wechat_tables import notice_credits, notices
from api.domain.export import Export, ExportFile
from api.domain.id_number import LENGTH
from api.domain.identity import Channel, RosterRow
from api.domain.notice import NoticeKind
from api.domain.office_repositories import Reach
from api.domain.ports import Vault
from api.domain.reviewer import Scope
from api.domain.standing import lack_of
from api.domain.submission import SubmissionState

_PART = 500


class SqlExportFiles:
    """The files inside exports; their names, which may be ID numbers, are sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._exports = SqlExports(connection)

    def add(self, export_id: str, files: Sequence[ExportFile]) -> None:
        if files:
            self._connection.execute(insert(export_entries), [self._values(export_id, one) for one in files])

    def of(self, export_id: str, *, place: int = 0) -> Iterator[ExportFile]:
        while True:
            query = select(export_entries).where(
                export_entries.c.export_id == export_id, export_entries.c.place >= place
            )
            part = self._connection.execute(query.order_by(export_entries.c.place).limit(_PART)).all()
            yield from (self._file(row) for row in part)
            if len(part) < _PART:
                return
            place = part[-1].place + 1

    def count(self, export_id: str) -> int:
        query = select(func.count()).where(export_entries.c.export_id == export_id)
        return self._connection.execute(query).scalar_one()

    def first_at(self, export_id: str, offset: int) -> int:
        query = select(func.max(export_entries.c.place)).where(
            export_entries.c.export_id == export_id, export_entries.c.at <= offset
        )
        return self._connection.execute(query).scalar_one() or 0

    def taken_back(self, export_id: str) -> int:
        gone = (
            select(func.count())
            .select_from(export_entries)
            .join(submissions, submissions.c.id == export_entries.c.submission_id)
            .where(export_entries.c.export_id == export_id, submissions.c.state != SubmissionState.APPROVED.value)
        )
        return self._connection.execute(gone).scalar_one()

    def forget(self, export_id: str) -> None:
        self._connection.execute(delete(export_entries).where(export_entries.c.export_id == export_id))

    def due(self, *, now: datetime, limit: int) -> tuple[Export, ...]:
        return self._exports.all(select(exports).where(exports.c.next_at <= now).order_by(exports.c.id).limit(limit))

    def ended(self, *, now: datetime, limit: int) -> tuple[Export, ...]:
        holds = select(export_entries.c.export_id).where(export_entries.c.export_id == exports.c.id).exists()
        return self._exports.all(select(exports).where(exports.c.ends_at <= now, holds).limit(limit))

    def swap(self, export: Export, *, attempts: int) -> bool:
        same = (exports.c.id == export.id, exports.c.attempts == attempts)
        values = {**asdict(export), "layout": export.layout.value, "filters": dict(export.filters)}
        return self._connection.execute(update(exports).where(*same).values(**values)).rowcount == 1

    def _values(self, export_id: str, one: ExportFile) -> dict[str, Any]:
        sealed = {"name": one.name, "crc": one.crc, "key": one.key, "sha256": one.sha256, "line": one.line}
        return {
            "export_id": export_id,
            "place": one.place,
            "at": one.at,
            "submission_id": one.submission_id,
            "bytes": one.bytes,
            "entry_sealed": seal_json(self._vault, sealed, _entry(export_id, one.place)),
        }

    def _file(self, row: Row[Any]) -> ExportFile:
        sealed = open_json(self._vault, row.entry_sealed, _entry(row.export_id, row.place))
        line = tuple(sealed.pop("line"))
        return ExportFile(
            place=row.place, at=row.at, bytes=row.bytes, submission_id=row.submission_id, line=line, **sealed
        )


class SqlPeople:
    """The roster as the office asks for it. Names are sealed, so a name is found by opening them one after another."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._roster = SqlRoster(connection, vault)

    def search(
        self, campaign_id: str, words: str, *, scopes: tuple[Scope, ...] | None, limit: int
    ) -> tuple[RosterRow, ...]:
        wanted = "".join(words.split()).upper()
        if not wanted:
            return ()
        within_sight = self._where(campaign_id, Scope(), scopes)
        if len(wanted) == LENGTH and wanted[:-1].isdigit():
            index = self._vault.index(wanted, context="roster.id_number")
            ids = list(
                self._connection.execute(_ids().where(*within_sight, roster.c.id_number_index == index)).scalars()
            )
        else:
            ids = self._scan(within_sight, wanted, limit=limit)
        found = self._roster.many(ids)
        return tuple(found[row_id] for row_id in ids)

    def page(
        self, campaign_id: str, *, place: Scope, scopes: tuple[Scope, ...] | None, after_id: str, limit: int
    ) -> tuple[RosterRow, ...]:
        query = _ids().where(*self._where(campaign_id, place, scopes), roster.c.id > after_id).limit(limit)
        ids = list(self._connection.execute(query).scalars())
        found = self._roster.many(ids)
        return tuple(found[row_id] for row_id in ids)

    def reach(
        self, campaign_id: str, *, place: Scope, scopes: tuple[Scope, ...] | None, template_id: str
    ) -> tuple[Reach, ...]:
        person = (roster.c.id, roster.c.student_id, students.c.channel, students.c.erased_at)
        columns = (*person, notice_credits.c.credits, submissions.c.state)
        credit = (notice_credits.c.student_id == roster.c.student_id) & (notice_credits.c.template_id == template_id)
        beside = (students, students.c.id == roster.c.student_id), (notice_credits, credit)
        rows = self._connection.execute(missing_query(columns, campaign_id, scopes, place=place, beside=beside))
        return tuple(
            Reach(row_id, student, Channel(channel) if channel else None, gone is not None, left, lack_of(state))
            for row_id, student, channel, gone, left, state in rows
        )

    def told_since(self, campaign_id: str, *, since: datetime) -> frozenset[str]:
        about = or_(notices.c.once.startswith(f"{campaign_id}:"), notices.c.once.startswith(f"remind:{campaign_id}:"))
        query = select(notices.c.student_id).where(
            notices.c.kind == NoticeKind.CLOSING.value, notices.c.created_at > since, about
        )
        return frozenset(self._connection.execute(query).scalars())

    def count_submissions(self, campaign_id: str) -> int:
        query = select(func.count()).select_from(submissions).where(submissions.c.campaign_id == campaign_id)
        return self._connection.execute(query).scalar_one()

    def _scan(self, where: Sequence[ColumnElement[bool]], wanted: str, *, limit: int) -> list[str]:
        found: list[str] = []
        columns = (roster.c.id, roster.c.name_sealed, roster.c.student_number_sealed)
        query = select(*columns).where(*where).order_by(roster.c.id).execution_options(yield_per=1000)
        for row_id, name, number in self._connection.execute(query):
            told = (self._open(row_id, "name", name), self._open(row_id, "student_number", number))
            if any(wanted in "".join(text.split()).upper() for text in told):
                found.append(row_id)
                if len(found) == limit:
                    break
        return found

    def _open(self, row_id: str, column: str, sealed: bytes) -> str:
        return open_text(self._vault, sealed, f"roster.{column}:{row_id}")

    def _where(
        self, campaign_id: str, place: Scope, scopes: tuple[Scope, ...] | None
    ) -> tuple[ColumnElement[bool], ...]:
        seen = () if scopes is None else (within(scopes),)
        return (roster.c.campaign_id == campaign_id, within((place,)), *seen)


class SqlOfficeWork:
    """The desk's repositories, for the unit of work to inherit."""

    _connection: Connection
    _vault: Vault

    @cached_property
    def roster_checks(self) -> SqlRosterChecks:
        return SqlRosterChecks(self._connection, self._vault)

    @cached_property
    def export_files(self) -> SqlExportFiles:
        return SqlExportFiles(self._connection, self._vault)

    @cached_property
    def people(self) -> SqlPeople:
        return SqlPeople(self._connection, self._vault)


def _ids() -> Select[Any]:
    return select(roster.c.id).order_by(roster.c.id)


def _entry(export_id: str, place: int) -> str:
    return f"export_entries.entry:{export_id}:{place}"
