"""A backup that can be restored: everything is lost, and comes back; what was erased does not."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from installations import OTHER_KEY, PROFILE, Installation, install, ready_photo, sign_in
from web_world import made_photo

from api.cli.backup.folder import MANIFEST, earlier, path_of, read_pictures
from api.domain.photo import PhotoState
from api.domain.submission import SubmissionState


@pytest.fixture(params=["sqlite", "postgresql"])
def school(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """A school on either database."""
    url = ""
    if request.param == "postgresql":
        if not shutil.which("pg_dump"):
            pytest.skip("no pg_dump is installed here")
        url = request.getfixturevalue("postgres_database")
    return install(tmp_path, database_url=url)


@pytest.fixture
def small(tmp_path: Path) -> Installation:
    """A school on SQLite, for what does not depend on the database."""
    return install(tmp_path)


def submit(school: Installation) -> tuple[str, str]:
    """Alice's photo goes all the way to an approval; return her id and the photo's."""
    house = school.house()
    seeded = house.seed_sample(registry_url="https://registry.school.example/hook")
    alice, person = sign_in(house, "alice"), seeded.roster[0]
    house.bind_identity(alice, campaign="hunan-pretco", name=person.name, id_number=person.id_number)
    photo = ready_photo(house, alice)
    submission = house.confirm(alice, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    house.approve("cli:ops", submission.id)
    house.close()
    return alice, photo.id


def lose_everything(school: Installation) -> None:
    """The machine burns: neither the database nor a picture is left."""
    shutil.rmtree(school.folder / "blobs")
    for file in school.folder.glob("idphoto.db*"):
        file.unlink()


class TestEverythingIsLostAndComesBack:
    """On SQLite and on PostgreSQL alike."""

    def test_a_submitted_photo_opens_again_and_the_audit_log_holds(self, school: Installation, tmp_path: Path):
        """Nobody who had handed a photo in has to come back."""
        alice, photo_id = submit(school)
        school.run("staff", "add", "zhao", "--name", "赵老师", "--role", "registrar")
        before = school.run("staff", "audit", "--verify").output
        made = school.run("backup", str(tmp_path / "backups")).output
        assert "2 pictures (0 unchanged)" in made

        lose_everything(school)
        told = school.run("restore", str(tmp_path / "backups"), "--replace").output

        house = school.house()
        image = house.read_image(alice, photo_id)
        [submission] = house.list_submissions(alice)
        house.close()
        assert image.bytes == made_photo()
        assert submission.state is SubmissionState.APPROVED
        assert school.run("staff", "audit", "--verify").output == before
        assert "each opened" in told
        assert "赵老师" in school.run("staff", "list").output

    def test_nothing_that_is_there_is_overwritten_unasked(self, school: Installation, tmp_path: Path):
        """A restore on the wrong machine stops before it has changed anything."""
        alice, photo_id = submit(school)
        school.run("backup", str(tmp_path / "backups"))

        told = school.run("restore", str(tmp_path / "backups"), expect=2).output

        assert "not_empty" in told
        assert "--replace" in told
        house = school.house()
        assert house.read_image(alice, photo_id).bytes == made_photo()
        house.close()

    def test_the_audit_log_is_guarded_after_a_restore_too(self, school: Installation, tmp_path: Path):
        """The triggers that let nobody rewrite it come back with it."""
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError

        from api.adapters.database.engine import open_engine
        from api.config import Settings

        school.run("staff", "add", "zhao", "--name", "赵老师", "--role", "registrar")
        school.run("backup", str(tmp_path / "backups"))
        school.run("restore", str(tmp_path / "backups"), "--replace")

        engine = open_engine(Settings.from_env(school.env).database_url)
        with pytest.raises(SQLAlchemyError), engine.begin() as connection:
            connection.execute(text("UPDATE audit_log SET actor = 'nobody'"))
        engine.dispose()


class TestWhatIsErased:
    """A face that was erased leaves the backups too."""

    def test_an_erased_face_is_taken_out_of_earlier_backups(self, small: Installation, tmp_path: Path):
        """By the next backup, not when the old one ends."""
        alice, photo_id = submit(small)
        home = tmp_path / "backups"
        small.run("backup", str(home))
        [first] = earlier(home)
        mine = [path_of(first, one.name) for one in read_pictures(first) if one.photo_id == photo_id]
        assert mine
        assert all(file.exists() for file in mine)

        house = small.house()
        house.erase_me(alice)
        house.close()
        age(first, seconds=2)
        told = small.run("backup", str(home)).output

        assert not any(file.exists() for file in mine)
        assert f"{len(mine)} pictures that were erased" in told

    def test_restoring_such_a_backup_erases_the_photo_again(self, small: Installation, tmp_path: Path):
        """The row comes back, its files do not; the next purge makes an erased photo of it once more."""
        alice, photo_id = submit(small)
        home = tmp_path / "backups"
        small.run("backup", str(home))
        house = small.house()
        house.erase_me(alice)
        house.close()
        first = age(earlier(home)[0], seconds=2)
        small.run("backup", str(home))

        small.run("restore", str(first), "--replace")
        small.run("purge")

        house = small.house()
        with house.parts.database.read() as uow:
            photo = uow.photos.get(photo_id)
        house.close()
        assert photo is not None
        assert photo.state is PhotoState.ERASED

    def test_a_picture_past_its_end_date_does_not_come_back(self, small: Installation, tmp_path: Path):
        """An old backup holds selfies that would be gone by now."""
        from sqlalchemy import update

        from api.adapters.database.engine import open_engine
        from api.adapters.database.tables import blobs

        submit(small)
        engine = open_engine(small.env["DATABASE_URL"])
        with engine.begin() as connection:
            soon = datetime.now(UTC) + timedelta(seconds=0.4)
            connection.execute(update(blobs).where(blobs.c.kind == "selfie").values(ends_at=soon))
        engine.dispose()
        small.run("backup", str(tmp_path / "backups"))
        Event().wait(max(0.0, (soon - datetime.now(UTC)).total_seconds()) + 0.01)

        told = small.run("restore", str(tmp_path / "backups"), "--replace").output

        assert "1 pictures have ended since" in told

    def test_a_backup_ends_on_its_day(self, small: Installation, tmp_path: Path):
        """Names and numbers in the database's copy leave with it."""
        submit(small)
        home = tmp_path / "backups"
        small.run("backup", str(home), "--keep-days", "3")
        [first] = earlier(home)
        told = json.loads((first / MANIFEST).read_text())
        life = datetime.fromisoformat(told["delete_after"]) - datetime.fromisoformat(told["made_at"])
        assert life == timedelta(days=3)

        old = age(first, seconds=3 * 86400 + 5)
        told = small.run("backup", str(home), "--keep-days", "3").output

        assert f"Deleted: {old.name}" in told
        assert len(earlier(home)) == 1
        assert not old.exists()


class TestABackupThatMustNotBeBelieved:
    """Told before anything is changed."""

    def test_without_its_key_nothing_is_restored(self, small: Installation, tmp_path: Path):
        """The key is not in the backup: who keeps only the one has neither."""
        submit(small)
        small.run("backup", str(tmp_path / "backups"))
        kept = b"".join(file.read_bytes() for file in (tmp_path / "backups").rglob("*") if file.is_file())
        assert small.env["IDPHOTO_DATA_KEYS"].encode() not in kept

        told = small.with_env(IDPHOTO_DATA_KEYS=OTHER_KEY).run(
            "restore", str(tmp_path / "backups"), "--replace", expect=2
        )

        assert "wrong_key" in told.output
        assert small.run("staff", "audit", "--verify").exit_code == 0

    def test_a_damaged_copy_of_the_database_is_refused(self, small: Installation, tmp_path: Path):
        """One flipped byte."""
        submit(small)
        small.run("backup", str(tmp_path / "backups"))
        dump = earlier(tmp_path / "backups")[0] / "database.dump"
        content = bytearray(dump.read_bytes())
        content[len(content) // 2] ^= 1
        dump.write_bytes(content)

        assert "damaged" in small.run("restore", str(tmp_path / "backups"), "--replace", expect=2).output

    def test_a_damaged_picture_is_counted_and_the_rest_comes_back(self, small: Installation, tmp_path: Path):
        """Exit status 1, so that nobody takes it for whole."""
        submit(small)
        small.run("backup", str(tmp_path / "backups"))
        newest = earlier(tmp_path / "backups")[0]
        pictures = list(read_pictures(newest))
        path_of(newest, pictures[0].name).write_bytes(b"noise")

        told = small.run("restore", str(newest), "--replace", expect=1).output

        assert "1 pictures are damaged" in told
        assert f"{len(pictures) - 1} pictures, each opened" in told

    def test_a_folder_that_is_no_backup(self, small: Installation, tmp_path: Path):
        """A word, not a traceback."""
        (tmp_path / "empty").mkdir()

        assert "no_backup" in small.run("restore", str(tmp_path / "empty"), "--replace", expect=2).output


def test_the_second_night_costs_only_what_the_day_brought(small: Installation, tmp_path: Path):
    """A file that the backup before holds is the same file."""
    submit(small)
    home = tmp_path / "backups"
    small.run("backup", str(home))
    first = age(earlier(home)[0], seconds=2)
    small.run("backup", str(home))
    second = earlier(home)[0]

    names = [one.name for one in read_pictures(second)]
    assert names
    assert all(path_of(first, name).stat().st_ino == path_of(second, name).stat().st_ino for name in names)


def test_nobody_else_can_read_a_backup(small: Installation, tmp_path: Path):
    """Names and numbers are sealed; colleges and classes are not."""
    submit(small)
    small.run("backup", str(tmp_path / "backups"))
    newest = earlier(tmp_path / "backups")[0]

    assert (tmp_path / "backups").stat().st_mode & 0o077 == 0
    assert newest.stat().st_mode & 0o077 == 0
    assert (newest / "database.dump").stat().st_mode & 0o077 == 0


def age(folder: Path, *, seconds: float) -> Path:
    """Make a backup older, its name included; return where it lies now."""
    told = json.loads((folder / MANIFEST).read_text())
    made, ends = (datetime.fromisoformat(told[name]) for name in ("made_at", "delete_after"))
    shift = timedelta(seconds=seconds)
    told |= {"made_at": (made - shift).isoformat(), "delete_after": (ends - shift).isoformat()}
    (folder / MANIFEST).write_text(json.dumps(told))
    older = folder.with_name(f"{made - shift:%Y%m%dT%H%M%SZ}")
    folder.rename(older)
    return older
