"""Clock and keys as an operator meets them: what commands, doctor and backup say, and what they do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from installations import KEY, OTHER_KEY, Installation, install, ready_photo, sign_in

from api.adapters.embedded_redis import EmbeddedRedis
from api.cli.backup.folder import earlier, read_manifest
from api.cli.doctor.installation import examine_installation
from photo_service.doctor import Symptom


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedRedis(tmp_path_factory.mktemp("redis")) as redis:
        yield redis.url


@pytest.fixture
def school(tmp_path: Path, redis_url: str) -> Installation:
    """A school with one photo."""
    made = install(tmp_path, redis_url=redis_url)
    house = made.house()
    ready_photo(house, sign_in(house, "alice"))
    house.close()
    return made


def look(school: Installation, **changes: str) -> dict[str, Symptom]:
    return {one.part: one for one in examine_installation(school.env | changes)}


def believed(school: Installation, moment: datetime) -> None:
    """Let `moment` be the latest time that was believed."""
    house = school.house()
    with house.parts.database.write() as uow:
        uow.clock_mark.set(moment)
        uow.commit()
    house.close()


def days_ago(days: float) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


class TestClock:
    """The machine's clock beside the last purge's."""

    def test_a_purge_that_is_refused_says_both_times_and_what_to_do(self, school: Installation):
        """And after the operator's word it runs, then and ever after."""
        believed(school, days_ago(40))

        told = school.run("purge", expect=2).output
        assert "clock_ahead" in told
        assert f"{datetime.now(UTC):%Y-%m-%d}" in told
        assert f"{days_ago(40):%Y-%m-%d}" in told
        assert "idphoto purge --clock-is-right" in told
        assert "is believed" in school.run("purge", "--clock-is-right").output
        school.run("purge")

    @pytest.mark.parametrize(("days", "word"), [(40, "refused"), (-40, "behind")])
    def test_the_doctor_tells_of_a_clock_that_leapt(self, school: Installation, days: float, word: str):
        """Both times, what comes of it and the command."""
        believed(school, days_ago(days))

        found = look(school)["purge"]

        assert not found.well
        assert word in found.found
        assert "--clock-is-right" in found.advice

    def test_a_purge_by_a_clock_that_is_behind_says_so(self, school: Installation):
        """It runs, and deletes less than it should."""
        believed(school, days_ago(-40))
        assert "behind the last purge" in school.run("purge").output

    def test_a_doctor_finds_nothing_after_a_purge(self, school: Installation):
        """The everyday case."""
        school.run("purge")
        assert look(school)["purge"].well

    def test_a_backup_under_a_clock_that_leapt_keeps_everything(self, school: Installation, tmp_path: Path):
        """A year ahead no picture would be in it, and every earlier copy would have had its day."""
        home = tmp_path / "backups"
        school.run("backup", str(home), "--keep-days", "1")
        [first] = earlier(home)
        first.rename(home / "20260101T000000Z")
        before = days_ago(4)
        believed(school, before)

        school.run("backup", str(home), "--keep-days", "1")

        newest, oldest = earlier(home)
        assert read_manifest(newest).pictures == read_manifest(oldest).pictures == 2
        assert read_manifest(newest).delete_after == (before + timedelta(days=1)).isoformat()


class TestKeys:
    """A new data key in front of the old one."""

    def test_everything_is_sealed_anew_and_counted(self, school: Installation):
        """Status before and after, the doctor's word, then the old key is gone and the picture opens."""
        both = school.with_env(IDPHOTO_DATA_KEYS=f"{OTHER_KEY},{KEY}")
        assert "photos.report_sealed" in both.run("keys", "status", expect=1).output
        found = look(both)["old data keys"]
        assert not found.well
        assert found.advice == "idphoto keys reseal"

        told = both.run("keys", "reseal").output

        assert "Everything lies under the first key" in told
        assert look(both)["old data keys"].well
        both.run("keys", "status")
        alone = school.with_env(IDPHOTO_DATA_KEYS=OTHER_KEY)
        assert look(alone)["stored data"].well
        assert look(alone)["old data keys"].well
        alone.run("staff", "audit", "--verify")

    def test_backups_after_it_open_with_the_new_key_alone(self, school: Installation, tmp_path: Path):
        """A picture that an earlier copy holds under the old key is copied again; one under the new key is shared."""
        home, both = tmp_path / "backups", school.with_env(IDPHOTO_DATA_KEYS=f"{OTHER_KEY},{KEY}")
        school.run("backup", str(home))
        earlier(home)[0].rename(home / "20260101T000000Z")
        both.run("keys", "reseal")
        assert "2 pictures (0 unchanged)" in both.run("backup", str(home)).output
        earlier(home)[0].rename(home / "20260102T000000Z")

        alone = school.with_env(IDPHOTO_DATA_KEYS=OTHER_KEY)
        assert "2 pictures (2 unchanged)" in alone.run("backup", str(home)).output
        assert "2 pictures, each opened" in alone.run("restore", "--replace", str(home)).output

    def test_one_key_from_the_beginning_leaves_nothing_to_do(self, school: Installation):
        """Of most installations."""
        assert "Everything lies under the first key" in school.run("keys", "status").output
        assert look(school)["old data keys"].well

    def test_a_key_that_was_taken_away_too_early_is_missed(self, school: Installation):
        """The doctor names what does not open, and which key is wanted back."""
        alone = school.with_env(IDPHOTO_DATA_KEYS=OTHER_KEY)

        found = look(alone)["old data keys"]

        assert not found.well
        assert "IDPHOTO_DATA_KEYS" in found.advice
