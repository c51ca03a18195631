"""The move from one machine's file to a server: everything arrives, proved the same, or nothing does."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from house_fakes import World
from made_once import lay_empty_database
from sqlalchemy import func, select, update

from api.adapters.database.copying import CopyRefused, copy_database
from api.adapters.database.database import SqlDatabase
from api.adapters.database.tables import identity_attempts, metadata, photos, roster
from api.bootstrap import furnish
from api.cli import main
from api.domain.errors import AppError, SchemaBehind
from api.domain.reviewer import Role
from api.domain.work import Work


@pytest.fixture
def target(world: World, postgres_database: str) -> Iterator[SqlDatabase]:
    """An empty, migrated database on a server, under the same key."""
    made = SqlDatabase(postgres_database, vault=world.house.parts.vault)
    yield made
    made.close()


def copied(world: World, target: SqlDatabase) -> World:
    """Move, and open the same house over the other database."""
    parts = world.house.parts
    copy_database(parts.database, target, vault=parts.vault, tell=lambda table: None)
    return replace(world, house=furnish(world.house.settings, replace(parts, database=target)))


def rows(database: SqlDatabase) -> int:
    with database.engine.connect() as connection:
        tables = (select(func.count()).select_from(table) for table in metadata.sorted_tables)
        return sum(connection.execute(one).scalar_one() for one in tables)


def test_a_school_goes_on_where_it_stopped(world: World, target: SqlDatabase):
    """Alice's approved photo, Bob's half-done one, rosters, registry, accounts and log: nothing tells that it moved."""
    alice, submission = world.submitted()
    world.house.staff.add("lin", name="林老师", role=Role.REGISTRAR, scopes=())
    world.house.approve("lin", submission.id)
    world.house.staff.note("review.viewed", actor="lin", subject=submission.id, detail={"姓名": "无"})
    bob, _ = world.bound("bob", index=1)
    waiting = world.submit(bob)
    before = world.house.find_submissions(), world.house.export_me(alice)

    there = copied(world, target)

    assert (there.house.find_submissions(), there.house.export_me(alice)) == before
    assert there.house.staff.verify_audit() == world.house.staff.verify_audit()
    there.work_off(Work.RENDER)
    there.work_off(Work.DELIVER)
    assert there.house.read_photo(bob, waiting.id).photo.state == "ready"
    assert b'"photo.approved"' in world.post.posted[-1].body
    there.house.staff.note("review.viewed", actor="lin", subject="sb_2", detail={})
    assert there.house.staff.verify_audit().fault is None


def test_numbers_the_server_gives_go_on_after_the_last(world: World, target: SqlDatabase):
    """A failed attempt to prove who one is has a number; the next one there does not meet it."""
    student = world.student()
    world.seed()
    for database in (world.house, None):
        there = world if database else copied(world, target)
        with pytest.raises(AppError):
            there.house.bind_identity(student, campaign="hunan-pretco", name="没有", id_number="11010119900307100X")
        with there.house.parts.database.write() as uow:
            uow.identity_attempts.add(student, now=world.clock.now())
            uow.commit()

    with target.engine.connect() as connection:
        numbers = connection.execute(select(identity_attempts.c.id).order_by(identity_attempts.c.id)).scalars().all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_filled_database_is_left_alone(world: World, target: SqlDatabase):
    """Whoever names the wrong one loses nothing there."""
    world.seed()
    with target.write() as uow:
        uow.leases.take("sweep", holder="h", now=world.clock.now(), until=world.clock.now() + timedelta(minutes=1))
        uow.commit()
    before = rows(target)

    with pytest.raises(CopyRefused, match="not empty: there are rows in leases"):
        copied(world, target)
    assert rows(target) == before


@pytest.mark.parametrize("words", ["x" * 300, "half\0whole"], ids=["too long", "NUL"])
def test_what_does_not_fit_there_stops_the_move_by_name(world: World, target: SqlDatabase, words: str):
    """SQLite keeps texts of any length: the table is named, no row's content is, and nothing is kept."""
    world.seed()
    engine = world.house.parts.database.engine
    with engine.begin() as connection:
        connection.execute(update(roster).values(college=words))

    with pytest.raises(CopyRefused, match="a row of roster does not fit") as refusal:
        copied(world, target)
    assert words not in str(refusal.value)
    assert rows(target) == 1  # the log's first head


def test_a_log_that_was_tampered_with_moves_as_it_is(world: World, target: SqlDatabase):
    """It is evidence: the fault shows there as it does here."""
    for n in range(3):
        world.house.staff.note("review.viewed", actor="lin", subject=f"sb_{n}", detail={})
    with world.house.parts.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_log_no_update")
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'wang' WHERE seq = 2")

    assert copied(world, target).house.staff.verify_audit().fault == "changed"


def test_a_target_without_the_schema_is_refused(world: World, bare_postgres_database: str):
    """`idphoto database upgrade` comes first."""
    target = SqlDatabase(bare_postgres_database, vault=world.house.parts.vault)
    with pytest.raises(SchemaBehind):
        copied(world, target)
    target.close()


def test_the_move_leads_back_as_well(world: World, target: SqlDatabase, tmp_path: Path):
    """From the server into a file again: the same rows."""
    alice, _ = world.submitted()
    there = copied(world, target)
    lay_empty_database(tmp_path / "back.db")
    back = SqlDatabase(f"sqlite:///{tmp_path}/back.db", vault=world.house.parts.vault)
    again = copied(there, back)

    assert again.house.export_me(alice) == world.house.export_me(alice)
    back.close()


def idphoto(*arguments: str, expect: int = 0, **env: str) -> str:
    """Run `idphoto …` in an environment; answer what it printed."""
    result = CliRunner().invoke(main, arguments, env={"IDPHOTO_EMBEDDED": "", "DATABASE_URL": "", **env})
    assert result.exit_code == expect, result.output
    return result.output


def test_the_commands_of_the_move(world: World, bare_postgres_database: str, tmp_path: Path):
    """status, upgrade, copy, status: as docs/postgresql.md tells an operator to do it."""
    world.submitted()
    address = tmp_path / "address"
    address.write_text(bare_postgres_database + "\n")
    server = {"DATABASE_URL_FILE": str(address)}
    here = {"IDPHOTO_DATA_KEYS": base64.b64encode(b"k" * 32).decode()}

    assert "schema\tnone" in idphoto("database", "status", expect=1, **server)
    assert idphoto("database", "upgrade", **server).startswith("nothing -> ")
    before, after = idphoto("database", "upgrade", **server).strip().split(" -> ")
    assert before == after
    assert "encoding\tUTF8" in idphoto("database", "status", **server)
    move = ("database", "copy", "--to-file", str(address), "--var", str(world.house.settings.home))
    told = idphoto(*move, **here)
    assert "photos\t1\n" in told
    assert "audit log: " in told
    assert "copy_refused: the target is not empty" in idphoto(*move, expect=2, **here)


@pytest.mark.parametrize("wrong", ["mysql://u:geheim@h/n", "postgresql://u:geheim@h:x/n", "postgresql://u:geheim@h"])
def test_another_kind_of_address_is_refused_without_its_password(wrong: str):
    """What is allowed is said; the password is not."""
    told = idphoto("database", "copy", "--to", wrong, expect=2)
    refused = idphoto("database", "upgrade", expect=2, DATABASE_URL=wrong)

    for output in (told, refused):
        assert "postgresql://user:password@host" in output
        assert "geheim" not in output


def test_photos_are_counted_once(world: World, target: SqlDatabase):
    """What is told afterwards is what is there."""
    world.submitted()
    parts = world.house.parts
    told = copy_database(parts.database, target, vault=parts.vault, tell=lambda table: None).rows

    with target.engine.connect() as connection:
        assert told["photos"] == connection.execute(select(func.count()).select_from(photos)).scalar_one() == 1
    assert sum(told.values()) == rows(target)
