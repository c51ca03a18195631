"""`idphoto doctor` over an installation: every fault is named, with what comes of it and what to do."""

import json
from pathlib import Path

import pytest
from installations import OTHER_KEY, Installation, install, ready_photo, sign_in

from api.adapters.embedded_redis import EmbeddedRedis
from api.cli.doctor.installation import examine_installation
from photo_service.doctor import Symptom


@pytest.fixture
def school(tmp_path: Path):
    """A school with a Redis of its own and nobody at work yet."""
    with EmbeddedRedis(tmp_path / "redis") as redis:
        yield install(tmp_path, redis_url=redis.url)


def look(school: Installation, **changes: str) -> dict[str, Symptom]:
    return {one.part: one for one in examine_installation(school.env | changes)}


def test_what_is_well_is_said_to_be_well(school: Installation):
    """Settings, database, Redis, files, keys and clocks of a fresh installation."""
    found = look(school)

    for part in ("settings", "database", "queue server", "files", "data keys", "clocks", "stored data", "deliveries"):
        assert found[part].well, str(found[part])


@pytest.mark.parametrize(
    ("changes", "part", "advice"),
    [
        ({"IDPHOTO_LEASE_S": "soon"}, "settings", "Set the variables named"),
        ({"IDPHOTO_PUBLIC_URL": "http://id.school.example"}, "public address", "https"),
        ({"IDPHOTO_PUBLIC_URL": "https://127.0.0.1"}, "public address", "domain"),
        ({"IDPHOTO_TRUSTED_PROXIES": "0"}, "reverse proxy", "IDPHOTO_TRUSTED_PROXIES=1"),
        ({"REDIS_URL": "unix:///nowhere/redis.sock"}, "queue server", "REDIS_URL"),
        ({"IDPHOTO_DATA_KEYS": "A" * 43 + "="}, "data keys", "openssl rand -base64 32"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "database", "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////nowhere-idphoto.db"}, "database", "idphoto database upgrade"),
    ],
)
def test_a_fault_is_named_with_what_to_do(school: Installation, tmp_path: Path, changes, part, advice):
    """One fault at a time."""
    changed = {name: value.replace("/nowhere-idphoto", f"{tmp_path}/fresh") for name, value in changes.items()}
    found = look(school, **changed)[part]

    assert not found.well
    assert advice in found.advice


def test_workers_that_are_not_there_are_missed(school: Installation):
    """Each kind by its command."""
    found = look(school)["workers"]

    assert not found.well
    assert "idphoto worker render, idphoto worker deliver, idphoto worker office" in found.advice


def test_another_key_than_the_pictures_were_sealed_with(school: Installation):
    """The commonest mistake of a restore."""
    house = school.house()
    ready_photo(house, sign_in(house, "alice"))
    house.close()

    assert look(school)["stored data"].well
    assert "IDPHOTO_DATA_KEYS" in look(school, IDPHOTO_DATA_KEYS=OTHER_KEY)["stored data"].advice


def test_a_program_reads_the_same_as_json(school: Installation):
    """With exit status 1, since nobody works here."""
    told = json.loads(school.run("doctor", "--json", expect=1).output)

    assert {"part", "ok", "found", "why", "advice"} == set(told[0])
    assert any(one["part"] == "workers" and not one["ok"] and one["why"] for one in told)
