"""The backup's dump of a PostgreSQL server, and its way back."""

import os
from pathlib import Path

import pytest
from house_fakes import World, make_world
from postgres_here import PostgresServer
from sqlalchemy import make_url

from api.adapters.database.database import SqlDatabase
from api.adapters.database.dumping import dump, is_empty, load

SHOW = '#!/bin/sh\nprintf "%s\\n" "$@" "$PGPASSWORD" > "$TOLD"\n'


def test_the_password_goes_by_the_environment_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Everybody on the machine can read a command line: user, host and TLS stand in it, the password does not."""
    program = tmp_path / "pg_dump"
    program.write_text(SHOW)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))

    dump(make_url("postgresql+psycopg://u:ge%40heim@host:5433/name?sslmode=verify-full"), tmp_path / "dump")

    *arguments, password = (tmp_path / "told").read_text().splitlines()
    assert arguments[0] == "--dbname=postgresql://u@host:5433/name?sslmode=verify-full"
    assert password == "ge@heim"
    assert "heim" not in " ".join(arguments)


def test_what_was_dumped_comes_back(
    tmp_path: Path,
    postgres: PostgresServer,
    postgres_database: str,
    bare_postgres_database: str,
    monkeypatch: pytest.MonkeyPatch,
):
    """Into an empty database, audit log and all: the same house."""
    monkeypatch.setenv("PATH", f"{postgres.binaries}:{os.environ['PATH']}")
    world: World = make_world(tmp_path, database_url=postgres_database)
    alice, _ = world.submitted()
    world.house.staff.note("review.viewed", actor="lin", subject="sb_1", detail={})
    there = SqlDatabase(bare_postgres_database, vault=world.house.parts.vault)
    assert is_empty(there.engine)

    dump(world.house.parts.database.engine.url, tmp_path / "dump")
    load(there.engine.url, tmp_path / "dump")

    with there.read() as uow, world.house.parts.database.read() as here:
        assert uow.photos.of_student(alice) == here.photos.of_student(alice)
        assert uow.audit.end() == here.audit.end()
    there.close()
    world.house.close()
