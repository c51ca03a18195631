"""Text is compared by code point in every database, as SQLite and Python do."""

from collections.abc import Iterator

from sqlalchemy import Connection, MetaData, text

_OTHERS = text("""
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    JOIN pg_collation o ON o.oid = a.attcollation AND o.collname <> 'C'
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname = ANY(:tables)
    ORDER BY c.relname, a.attnum
""")


def order_by_code_point(connection: Connection, metadata: MetaData) -> None:
    """Give every text column of our PostgreSQL tables the collation C; the migrations' last step, a no-op elsewhere.

    A server's own collation comes from its C library or ICU and from whoever made the database: pages and merged lists
    would be in another order on another server, and an upgrade of that library silently breaks indexes over text
    (https://wiki.postgresql.org/wiki/Locale_data_changes). Ids and digests need no language; people's names are sealed.
    """
    if connection.dialect.name != "postgresql":
        return
    for table, changes in _by_table(connection, metadata):
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(changes)}')


def _by_table(connection: Connection, metadata: MetaData) -> Iterator[tuple[str, list[str]]]:
    changes: dict[str, list[str]] = {}
    for table, column, kind in connection.execute(_OTHERS, {"tables": list(metadata.tables)}):
        changes.setdefault(table, []).append(f'ALTER "{column}" TYPE {kind} COLLATE "C"')
    yield from changes.items()
