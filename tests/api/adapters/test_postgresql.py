"""What holds on every connection to a PostgreSQL server, and what its rules say to whoever breaks them."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from postgres_here import PostgresServer
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError

from api.adapters.database.database import SqlDatabase
from api.adapters.database.engine import open_engine, to_read
from api.adapters.database.postgresql import POOL_KEPT, POOL_MORE, process_name
from api.adapters.database.schema import require_schema, upgrade_schema
from api.adapters.database.staff_tables import login_doors
from api.adapters.database.tables import metadata, students, submissions
from api.adapters.vault import KeyVault
from api.domain.errors import InvalidRequest, SchemaAhead
from api.domain.errors_database import DatabaseUnavailable
from api.domain.identity import Channel, Student
from api.domain.login_throttle import Door

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
HASTY = "&options=-c%20lock_timeout%3D150"


@pytest.fixture
def database(postgres_database: str) -> Iterator[SqlDatabase]:
    """An empty database whose writers lose patience after 150 ms."""
    made = SqlDatabase(postgres_database + HASTY, vault=KeyVault((b"k" * 32,)))
    yield made
    made.close()


def ask(database: SqlDatabase, statement: str) -> object:
    with database.engine.connect() as connection:
        return connection.exec_driver_sql(statement).scalar()


def keep(database: SqlDatabase, student_id: str, *, subject: str | None = None) -> None:
    with database.write() as uow:
        uow.students.add(Student(student_id, Channel.DEVELOPER, subject or student_id, NOON))
        uow.commit()


def test_every_connection_is_set_up(database: SqlDatabase):
    """UTC, patience in seconds, READ COMMITTED; what the address asks for wins over ours."""
    names = ("TimeZone", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "client_encoding")
    told = [ask(database, f"SHOW {name}") for name in (*names, "transaction_isolation", "transaction_read_only")]

    assert told == ["UTC", "1min", "150ms", "1min", "UTF8", "read committed", "off"]
    assert str(ask(database, "SHOW application_name")).startswith("idphoto ")


def test_who_looks_sees_one_state_and_writes_nothing(database: SqlDatabase):
    """A reader's second look shows what its first did, whatever others keep meanwhile; writing there is refused."""
    with database.read() as uow:
        assert uow.students.get("st_1") is None
        keep(database, "st_1")
        assert uow.students.get("st_1") is None
    with pytest.raises(InternalError, match="read-only"), database.read() as uow:
        uow.students.add(Student("st_2", Channel.DEVELOPER, "b", NOON))

    with to_read(database.engine) as connection:
        shown = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
    assert shown == "repeatable read"


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["/usr/bin/worker/__main__.py", "render", "--place", "x:1"], "idphoto worker render app-1 4711"),
        (["/srv/.venv/bin/gunicorn", "api.wsgi:app()"], "idphoto gunicorn app-1 4711"),
        (["/srv/.venv/bin/idphoto", "roster", "import", "张三.xlsx"], "idphoto roster import app-1 4711"),
        (["idphoto", "roster", "名单/张三.csv"], "idphoto roster app-1 4711"),
        ([], "idphoto python app-1 4711"),
    ],
)
def test_a_process_is_known_to_the_server_by_what_it_does(command: list[str], name: str):
    """Plain words of its command line, its machine and its number; never a file's name."""
    assert process_name(command, host="app-1", pid=4711) == name
    assert len(process_name(command, host="h" * 90, pid=4711)) <= 63


def test_text_is_ordered_by_code_point_on_a_server_that_sorts_by_pinyin(
    postgres: PostgresServer, database: SqlDatabase
):
    """赵 comes after 张 in Unicode and in SQLite, before it by pinyin; capitals come before small letters."""
    words = ["赵", "张", "a", "B", "阿", "0", "_"]
    doors = [Door(key=word, failures=1, last_at=NOON, until=NOON) for word in words]
    with database.write() as uow:
        for door in doors:
            uow.login_doors.put(door)
        uow.commit()

    with database.engine.connect() as connection:
        ours = connection.execute(select(login_doors.c.key).order_by(login_doors.c.key)).scalars().all()
    theirs = [
        row[0] for row in postgres.ask("SELECT x FROM unnest(ARRAY['赵', '张', 'a', 'B', '阿', '0', '_']) x ORDER BY x")
    ]
    assert ours == sorted(words)
    assert theirs != sorted(words)


def test_every_column_of_text_has_that_order(database: SqlDatabase):
    """Whoever adds a table or a column need not think of it."""
    query = text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('character varying', 'text') AND collation_name IS DISTINCT FROM 'C'"
    )
    with database.engine.connect() as connection:
        others = connection.execute(query).scalars().all()
        tables = set(inspect(connection).get_table_names())

    assert [name for name in others if not name.startswith("alembic_version.")] == []
    assert set(metadata.tables) <= tables


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET actor = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log", "TRUNCATE audit_log CASCADE"],
)
def test_the_audit_log_refuses_to_be_changed(database: SqlDatabase, statement: str):
    """Row by row and all at once."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO audit_log VALUES"
            " (1, now(), NULL, 'a', 'b', NULL, '{}', '', '', now() + interval '1 day', 'p', 'm')"
        )
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_one_live_submission_a_student(database: SqlDatabase):
    """The partial index is the database's own rule here too."""
    index = next(one for one in inspect(database.engine).get_indexes("submissions") if "one_live" in one["name"])

    assert index["unique"]
    assert "submitted" in index["dialect_options"]["postgresql_where"]
    assert index["column_names"] == [submissions.c.student_id.name, submissions.c.campaign_id.name]


@pytest.mark.parametrize("value", ["a\0b", "x" * 41], ids=["NUL", "too long"])
def test_a_value_no_column_holds_is_the_callers_fault(database: SqlDatabase, value: str):
    """What slipped through the checks at the door is refused by name, and never an error of ours."""
    with pytest.raises(InvalidRequest) as refusal:
        keep(database, value)

    assert value not in str(refusal.value)


def test_a_number_beyond_the_column_is_the_callers_fault(database: SqlDatabase):
    """The same for integers."""
    with pytest.raises(InvalidRequest), database.write() as uow:
        uow.login_doors.put(Door(key="k", failures=2**31, last_at=NOON, until=NOON))


def test_bytes_and_chinese_come_back_as_they_went(database: SqlDatabase):
    """A sealed openid is bytes of every value; rare characters outside the basic plane too."""
    keep(database, "st_1", subject="𠮷野家 张三 \x7f\x01")

    with database.read() as uow:
        assert uow.students.get("st_1").subject == "𠮷野家 张三 \x7f\x01"


def test_a_writer_that_takes_too_long_costs_the_next_one_seconds_not_forever(database: SqlDatabase):
    """Whoever waits longer than the lock's patience is told to come back, as with SQLite; readers do not wait."""
    with database.write() as slow:
        slow.students.get("st_1")
        with pytest.raises(DatabaseUnavailable) as refusal:
            keep(database, "st_2")
        with database.read() as uow:
            assert uow.students.get("st_2") is None

    assert refusal.value.retry_after == 5
    assert type(refusal.value.__cause__).__name__ == "LockNotAvailable"
    keep(database, "st_2")


def test_a_connection_cut_in_the_middle_is_told_and_the_next_one_works(postgres: PostgresServer, database: SqlDatabase):
    """An administrator ends the session: nothing is kept, and the pool brings a new connection by itself."""

    def be_cut_off() -> None:
        with database.write() as uow:
            uow.students.add(Student("st_1", Channel.DEVELOPER, "a", NOON))
            postgres.ask(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'idphoto%'"
            )
            uow.commit()

    with pytest.raises(DatabaseUnavailable):
        be_cut_off()
    with database.read() as uow:
        assert uow.students.get("st_1") is None
    keep(database, "st_1")


def test_a_server_that_a_newer_version_was_on_is_left_alone(database: SqlDatabase):
    """Neither a start nor an upgrade touches it."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_later'")

    for step in (require_schema, upgrade_schema):
        with pytest.raises(SchemaAhead):
            step(database.engine)


def test_after_a_fail_over_to_a_server_that_only_reads_writers_come_back_later(postgres_database: str):
    """A standby takes no writes: no fault of the program, and over when the address leads to the new primary."""
    made = SqlDatabase(
        postgres_database + "&options=-c%20default_transaction_read_only%3Don", vault=KeyVault((b"k" * 32,))
    )
    with pytest.raises(DatabaseUnavailable):
        keep(made, "st_1")
    made.close()


def test_more_hands_than_connections(postgres_database: str):
    """A process never holds more connections than documented; whoever gets none in time is told to come back."""
    made = SqlDatabase(postgres_database, vault=KeyVault((b"k" * 32,)))
    made.engine.pool._timeout = 0.05
    held = [made.engine.connect() for _ in range(POOL_KEPT + POOL_MORE)]
    with pytest.raises(DatabaseUnavailable), made.read() as uow:
        uow.students.get("st_1")
    for connection in held:
        connection.close()
    with made.read() as uow:
        assert uow.students.get("st_1") is None
    made.close()


def test_a_password_appears_in_no_error(postgres: PostgresServer):
    """Neither in the address as it is printed nor in what the server's refusal says."""
    engine = open_engine(postgres.url("no_such_database").replace("idphoto@", "idphoto:geheim@"))
    with pytest.raises(DBAPIError) as refusal:
        engine.connect()

    assert "geheim" not in f"{refusal.value!r} {refusal.value} {engine!r} {engine.url}"
    engine.dispose()


def test_two_who_read_the_same_state_do_not_both_win(database: SqlDatabase):
    """Compare and swap over two real connections, the writer's lock apart: the second sees what the first has done."""
    keep(database, "st_1")
    first, second = database.engine.connect(), database.engine.connect()
    change = update(students).where(students.c.id == "st_1", students.c.erased_at.is_(None)).values(erased_at=NOON)
    won: list[int] = [first.execute(change).rowcount]

    def late() -> None:
        second.exec_driver_sql("SET LOCAL lock_timeout = 0")
        won.append(second.execute(change).rowcount)
        second.rollback()

    thread = threading.Thread(target=late)
    thread.start()
    first.commit()
    thread.join()
    first.close()
    second.close()

    assert won == [1, 0]


def test_times_of_any_zone_are_the_same_instant(database: SqlDatabase):
    """Midnight in Beijing on the server's side of the date line is the day before in UTC, to the microsecond."""
    moment = datetime(2026, 3, 2, 0, 0, 0, 123456, tzinfo=UTC) - timedelta(hours=8)
    with database.write() as uow:
        uow.students.add(Student("st_1", Channel.DEVELOPER, "a", moment.astimezone()))
        uow.commit()

    with database.read() as uow:
        kept = uow.students.get("st_1").created_at
    assert (kept, kept.tzinfo) == (moment, UTC)
