"""Everything that is sealed, column by column: how much the newest key has not sealed, and sealing it anew."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from api.adapters.database.collection_tables import export_entries, profile_drafts, record_errors, roster_staging
from api.adapters.database.sealing import open_text
from api.adapters.database.staff_tables import staff
from api.adapters.database.tables import blobs, consents, deliveries, photos, registries, roster, students, submissions
from api.adapters.database.upkeep_tables import files_on_the_way, retired_keys
from api.adapters.database.wechat_tables import notices, wechat_pushes
from api.adapters.vault import HEAD_BYTES, NAMED
from api.domain.errors import VaultError
from api.domain.ports import Vault
from api.domain.upkeep_repositories import Resealed

Context = Callable[[Any], str]
"""Of a row, the name its value is bound to."""


def _by_id(prefix: str, key: str = "id") -> Context:
    return lambda row: f"{prefix}:{getattr(row, key)}"


def _by_two(prefix: str, first: str, second: str) -> Context:
    return lambda row: f"{prefix}:{getattr(row, first)}:{getattr(row, second)}"


COLUMNS: dict[Column[Any], Context] = {
    students.c.subject_sealed: _by_id("students.subject"),
    consents.c.guardian_sealed: _by_id("consents.guardian"),
    registries.c.secrets_sealed: _by_id("registries.secrets"),
    registries.c.answer_secrets_sealed: _by_id("registries.answer_secrets"),
    roster.c.name_sealed: _by_id("roster.name"),
    roster.c.id_number_sealed: _by_id("roster.id_number"),
    roster.c.student_number_sealed: _by_id("roster.student_number"),
    roster_staging.c.name_sealed: _by_id("roster.name", "row_id"),
    roster_staging.c.id_number_sealed: _by_id("roster.id_number", "row_id"),
    roster_staging.c.student_number_sealed: _by_id("roster.student_number", "row_id"),
    photos.c.report_sealed: _by_id("photos.report"),
    submissions.c.profile_sealed: _by_id("submissions.profile"),
    deliveries.c.data_sealed: _by_id("deliveries.data"),
    profile_drafts.c.profile_sealed: _by_two("profile_drafts.profile", "student_id", "campaign_id"),
    record_errors.c.message_sealed: _by_id("record_errors.message"),
    export_entries.c.entry_sealed: _by_two("export_entries.entry", "export_id", "place"),
    staff.c.name_sealed: _by_id("staff.name"),
    notices.c.facts_sealed: _by_id("notices.facts"),
    wechat_pushes.c.message_sealed: _by_id("wechat_pushes.message"),
    retired_keys.c.secrets_sealed: _by_id("retired_keys.secrets", "name"),
}
"""What each sealed value is bound to, as its repository binds it."""


@dataclass(frozen=True, slots=True)
class _Index:
    """A digest, and the sealed value it is made of."""

    digest: Column[Any]
    sealed: Column[Any]
    context: str


_INDEXES = (
    _Index(students.c.subject_index, students.c.subject_sealed, "students.subject"),
    _Index(roster.c.id_number_index, roster.c.id_number_sealed, "roster.id_number"),
    _Index(roster.c.student_number_index, roster.c.student_number_sealed, "roster.student_number"),
    _Index(roster_staging.c.id_number_index, roster_staging.c.id_number_sealed, "roster.id_number"),
    _Index(roster_staging.c.student_number_index, roster_staging.c.student_number_sealed, "roster.student_number"),
)
"""Those whose value is at hand. The school's logins are found under every key (`SqlStaff.by_oidc`); who failed to log
in, and which messages WeChat pushed, is counted anew."""


class SqlSealed:
    """Sealed values as rows, whatever they mean."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def left(self) -> dict[str, int]:
        counts = {str(column): self._count(column) for column in COLUMNS}
        return {name: count for name, count in counts.items() if count}

    def strangers(self) -> int:
        return sum(self._count(column, _begins(column, 1) == literal(NAMED, LargeBinary())) for column in COLUMNS)

    def reseal(self, column: str, *, after: tuple[Any, ...] | None, limit: int) -> Resealed:
        found = next(one for one in COLUMNS if str(one) == column)
        keys = tuple(found.table.primary_key)
        query = select(*keys, found, *_row_id(found.table)).where(self._old(found)).order_by(*keys).limit(limit)
        if after is not None:
            query = query.where(tuple_(*keys) > tuple_(*(literal(value) for value in after)))
        rows = self._connection.execute(query).all()
        fresh = list(self._fresh(found, rows))
        if fresh:
            where = [key == bindparam(f"key_{place}") for place, key in enumerate(keys)]
            change = update(found.table).where(*where).values({found: bindparam("fresh")})
            self._connection.execute(change, fresh)
        last = tuple(rows[-1][: len(keys)]) if len(rows) == limit else None
        return Resealed(done=len(fresh), unopened=len(rows) - len(fresh), after=last)

    def reindex(self) -> int:
        tables = dict.fromkeys(index.digest.table for index in _INDEXES)
        return sum(self._reindex(table, [one for one in _INDEXES if one.digest.table is table]) for table in tables)

    def files_left(self, *, now: datetime) -> int:
        query = select(func.count()).select_from(blobs).where(self._old_file(), blobs.c.ends_at > now)
        return self._connection.execute(query).scalar_one()

    def old_files(self, *, after: str, now: datetime, limit: int) -> tuple[str, ...]:
        rows = (blobs.c.key > after, blobs.c.ends_at > now, self._old_file())
        query = select(blobs.c.key).where(*rows).order_by(blobs.c.key).limit(limit)
        return tuple(self._connection.execute(query).scalars())

    def begin_files(self, keys: Sequence[str]) -> None:
        self.end_files(keys)
        self._connection.execute(insert(files_on_the_way), [{"key": key} for key in keys])

    def begun_files(self) -> tuple[str, ...]:
        return tuple(self._connection.execute(select(files_on_the_way.c.key)).scalars())

    def end_files(self, keys: Sequence[str]) -> None:
        self._connection.execute(delete(files_on_the_way).where(files_on_the_way.c.key.in_(keys)))

    def note_file(self, key: str, *, now: datetime) -> bool:
        rows = (blobs.c.key == key, blobs.c.ends_at > now)
        change = update(blobs).where(*rows).values(sealed_with=self._vault.newest)
        return self._connection.execute(change).rowcount == 1

    def _count(self, column: Column[Any], *more: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(column.table).where(self._old(column), *more)
        return self._connection.execute(query).scalar_one()

    def _old(self, column: Column[Any]) -> ColumnElement[bool]:
        """Select what is there and does not begin as the newest key's does."""
        return _begins(column, HEAD_BYTES) != literal(self._vault.prefix, LargeBinary())

    def _old_file(self) -> ColumnElement[bool]:
        return or_(blobs.c.sealed_with.is_(None), blobs.c.sealed_with != self._vault.newest)

    def _fresh(self, column: Column[Any], rows: Any) -> Iterator[dict[str, Any]]:
        for row in rows:
            context = COLUMNS[column](row)
            try:
                plain = self._vault.open(getattr(row, column.name), context=context)
            except VaultError:
                continue
            keys = {f"key_{place}": row[place] for place in range(len(column.table.primary_key))}
            yield keys | {"fresh": self._vault.seal(plain, context=context)}

    def _reindex(self, table: Table, indexes: list[_Index]) -> int:
        """Make the digests of one table anew, each row in one step; what is empty or erased has none."""
        keys = tuple(table.primary_key)
        query = select(*keys, *(index.sealed for index in indexes), *_row_id(table))
        fresh = []
        for row in self._connection.execute(query):
            values = {f"key_{place}": row[place] for place in range(len(keys))}
            fresh.append(values | {f"new_{index.digest.name}": self._digest(row, index) for index in indexes})
        if fresh:
            where = [key == bindparam(f"key_{place}") for place, key in enumerate(keys)]
            change: dict[Any, Any] = {index.digest: bindparam(f"new_{index.digest.name}") for index in indexes}
            self._connection.execute(update(table).where(*where).values(change), fresh)
        return len(fresh)

    def _digest(self, row: Any, index: _Index) -> str | None:
        sealed = getattr(row, index.sealed.name)
        plain = open_text(self._vault, sealed, COLUMNS[index.sealed](row)) if sealed is not None else ""
        return self._vault.index(plain, context=index.context) if plain else None


def _begins(column: Column[Any], length: int) -> ColumnElement[bytes]:
    return func.substr(column, 1, length, type_=LargeBinary())


def _row_id(table: Table) -> tuple[Column[Any], ...]:
    """Return the row of the roster that a staged person is sealed for."""
    return (roster_staging.c.row_id,) if table is roster_staging else ()
