"""The memory of the house."""

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from made_once import lay_empty_database
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, StatementError

from api.adapters.database.database import SqlDatabase
from api.adapters.database.engine import open_engine
from api.adapters.database.schema import alembic_config, require_schema, upgrade_schema
from api.adapters.database.tables import leases, sessions
from api.adapters.vault import KeyVault
from api.domain.errors import Conflict, SchemaBehind
from api.domain.identity import Channel, Student

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty, migrated database of either kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_database")
    lay_empty_database(tmp_path / "test.db")
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of either kind with nothing in it."""
    if request.param == "postgresql":
        return request.getfixturevalue("bare_postgres_database")
    return f"sqlite:///{tmp_path}/bare.db"


@pytest.fixture
def database(address: str) -> Iterator[SqlDatabase]:
    """An empty database."""
    made = SqlDatabase(address, vault=KeyVault((b"k" * 32,)))
    yield made
    made.close()


def student(student_id: str = "st_1", subject: str = "alice") -> Student:
    return Student(id=student_id, channel=Channel.DEVELOPER, subject=subject, created_at=NOON)


def keep(database: SqlDatabase, one: Student) -> None:
    with database.write() as uow:
        uow.students.add(one)
        uow.commit()


def start_and_break_off(database: SqlDatabase) -> None:
    with suppress(RuntimeError), database.write() as uow:
        uow.students.add(student())
        raise RuntimeError


def test_models_and_migrations_are_in_step(database: SqlDatabase):
    """`alembic check` finds nothing to migrate."""
    with database.engine.connect() as connection:
        try:
            command.check(alembic_config(connection))
        except CommandError as fault:
            pytest.fail(str(fault))


def test_migrations_lead_back_as_well(database: SqlDatabase):
    """Down to nothing and up again."""
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    with pytest.raises(SchemaBehind):
        require_schema(database.engine)
    upgrade_schema(database.engine)

    require_schema(database.engine)


def test_a_database_without_the_schema_is_refused(bare: str):
    """The refusal says where it is and where it should be."""
    engine = open_engine(bare)

    with pytest.raises(SchemaBehind) as refusal:
        require_schema(engine)

    engine.dispose()
    assert refusal.value.facts["at"] is None
    assert refusal.value.facts["needed"]


def test_two_processes_may_bring_the_schema_up_at_once(bare: str):
    """API and worker start together on the first day: both find the schema."""
    faults = []

    def start() -> None:
        engine = open_engine(bare)
        try:
            upgrade_schema(engine)
            require_schema(engine)
        except Exception as fault:  # noqa: BLE001 - the test wants to see any
            faults.append(fault)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []


def test_sqlite_is_set_up_for_several_processes(tmp_path: Path):
    """WAL, a patient lock and foreign keys, on every connection."""
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    with closing(engine.connect()) as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "foreign_keys")
        }
    engine.dispose()

    assert values == {"journal_mode": "wal", "busy_timeout": 10_000, "foreign_keys": 1}


def test_what_is_not_committed_is_not_kept(database: SqlDatabase):
    """Leaving without a commit, by the door or by an error, keeps nothing."""
    with database.write() as uow:
        uow.students.add(student())
    start_and_break_off(database)

    with database.read() as uow:
        assert uow.students.get("st_1") is None


def test_a_commit_keeps(database: SqlDatabase):
    """What is committed is there for the next, exactly as it was."""
    with database.write() as uow:
        uow.students.add(student())
        uow.commit()

    with database.read() as uow:
        assert uow.students.get("st_1") == student()
        assert uow.students.by_subject(Channel.DEVELOPER, "alice") == student()
        assert uow.students.by_subject(Channel.WECHAT, "alice") is None


def test_a_broken_unique_rule_is_a_conflict(database: SqlDatabase):
    """By name, not as an error of the library."""
    with database.write() as uow:
        uow.students.add(student())
        uow.commit()

    with pytest.raises(Conflict):
        keep(database, student("st_2"))


def test_rows_that_point_nowhere_are_refused(database: SqlDatabase):
    """Foreign keys are on."""
    nobodys = {"family": "f", "student_id": "st_nobody", "access_digest": "d", "refresh_digest": "e"}
    with pytest.raises(Conflict), database.write() as uow:
        uow.roster._connection.execute(
            insert(sessions).values(id="a", access_until=NOON, refresh_until=NOON, created_at=NOON, **nobodys)
        )


def test_a_statement_that_is_wrong_is_not_a_database_that_is_away(database: SqlDatabase):
    """Our own mistake must be seen: whoever comes back in five seconds would meet it again."""
    with pytest.raises(DBAPIError, match="no_such_table"), database.read() as uow:
        uow.roster._connection.exec_driver_sql("SELECT 1 FROM no_such_table")


def test_times_come_back_in_utc(database: SqlDatabase):
    """Noon in Beijing goes in, four in the morning UTC comes out: the same instant."""
    beijing = NOON.astimezone(timezone(timedelta(hours=8)))
    with database.engine.begin() as connection:
        connection.execute(insert(leases).values(name="x", holder="h", until=beijing))
        until = connection.execute(select(leases.c.until)).scalar_one()

    assert (until, until.tzinfo) == (NOON, UTC)


def test_a_time_without_a_zone_is_refused(database: SqlDatabase):
    """Nobody knows when it is."""
    with pytest.raises(StatementError, match="without a zone"), database.engine.begin() as connection:
        connection.execute(insert(leases).values(name="x", holder="h", until=NOON.replace(tzinfo=None)))


def test_writers_wait_for_each_other(database: SqlDatabase):
    """Eight threads count to 400 together: nobody is refused, nothing is lost."""
    with database.write() as uow:
        uow.students.add(student())
        uow.commit()

    def work() -> None:
        for _ in range(50):
            with database.write() as uow:
                count = uow.identity_attempts.count("st_1", since=NOON - timedelta(days=1))
                uow.identity_attempts.add("st_1", now=NOON)
                seen.append(count)
                uow.commit()

    seen: list[int] = []
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == list(range(400))


def test_a_reader_does_not_wait_for_a_writer(database: SqlDatabase):
    """While one writes, another reads what was before."""
    with database.write() as writing:
        writing.students.add(student())
        with database.read() as reading:
            assert reading.students.get("st_1") is None
        writing.commit()


def test_a_lease_is_one_holders(database: SqlDatabase):
    """Taken by one, refused to the other, kept by the one, free when it ends or is given back."""
    minute = timedelta(minutes=1)

    def take(holder: str, now: datetime) -> bool:
        with database.write() as uow:
            taken = uow.leases.take("sweep", holder=holder, now=now, until=now + minute)
            uow.commit()
        return taken

    assert [take("a", NOON), take("b", NOON), take("a", NOON), take("b", NOON + minute)] == [True, False, True, True]
    with database.write() as uow:
        uow.leases.release("sweep", holder="a")
        uow.leases.release("sweep", holder="b")
        uow.commit()
    assert take("a", NOON + minute)
