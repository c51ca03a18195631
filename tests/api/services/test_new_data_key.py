"""A new data key, and everything sealed anew with it while the school goes on; then the old key is taken away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from house_fakes import JPEG, PROFILE, World
from sqlalchemy import Connection, LargeBinary

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.database.database import SqlDatabase
from api.adapters.database.resealing import COLUMNS
from api.adapters.database.staff_tables import audit_log
from api.adapters.database.tables import metadata
from api.adapters.vault import KeyVault
from api.bootstrap import House, furnish
from api.domain.audit import AuditFilter
from api.domain.consent import Guardian
from api.domain.errors import BlobMissing, VaultError
from api.domain.errors_clock import ClockAhead
from api.domain.record_error import RecordField
from api.domain.reviewer import Role
from api.domain.staff import Caller
from api.services.export_photos import ExportWish

OLD, NEW = b"k" * 32, b"n" * 32
ISSUER = "https://sso.school.example"
PERSON = (
    "姓名,身份证号,学号,院系,年级,专业,班级\n王小明,11010519491231002X,20260001,软件学院,2026,软件技术,软件2601班\n"
)


@contextmanager
def under(world: World, *keys: bytes) -> Iterator[House]:
    """Open the same installation as a process does that was started with these keys."""
    vault = KeyVault(keys)
    database = SqlDatabase(world.house.settings.database_url, vault=vault)
    parts = replace(
        world.house.parts, vault=vault, database=database, blobs=DiskBlobs(world.house.settings.blob_dir, vault=vault)
    )
    yield furnish(world.house.settings, parts)
    database.close()


@dataclass
class School:
    """A collection under way, with something sealed in every corner."""

    world: World
    student: str
    submission: Any
    export: str
    upload: str

    def check(self, house: House) -> None:
        """Read everything that is sealed, and find everybody again."""
        assert house.login_as_developer("alice").student.id == self.student
        assert house.read_image(self.student, self.submission.photo_id).bytes == JPEG
        told = house.export_me(self.student)
        assert told
        bob = house.login_as_developer("bob").student.id
        assert house.read_draft(bob, campaign="cqwu-xuegong").profile == {"phone": "13900000000"}
        assert house.list_record_errors(bob, campaign="cqwu-xuegong")[0].message == "名字写错了"
        assert house.list_registries()[0].secrets
        assert house.list_deliveries()[0].data
        assert {one.name for one in house.staff.find()} == {"赵老师"}
        with house.parts.database.read() as uow:
            assert uow.submissions.get(self.submission.id).profile == PROFILE
            assert uow.consents.of(bob)
            assert uow.staff.by_oidc(ISSUER, "subject-1").login == "zhao"
            row = uow.roster.get(self.submission.roster_row_id)
            assert uow.roster.by_id_number(row.campaign_id, row.id_number) == row
            assert uow.roster.by_student_number(row.campaign_id, row.student_number) == row
        assert house.staff.verify_audit().fault is None


@pytest.fixture
def school(world: World) -> School:
    house = world.house
    student, submission = world.submitted()
    bob, _ = world.bound("bob", campaign="cqwu-xuegong", index=1)
    house.save_draft(bob, campaign="cqwu-xuegong", profile={"phone": "13900000000"})
    house.report_record_error(bob, campaign="cqwu-xuegong", about=RecordField.NAME, message="名字写错了")
    with house.parts.database.write() as uow:
        consent = replace(uow.consents.of(bob)[0], id="co_guardian", guardian=Guardian("张家长", "父亲"))
        uow.consents.add(consent)
        uow.commit()
    member = house.staff.add("zhao", name="赵老师", role=Role.REGISTRAR).member
    house.staff.sign_in_with_school(issuer=ISSUER, subject="subject-1", login="zhao", caller=Caller())
    house.approve("赵老师", submission.id, deed=house.staff.note.deed("submission.approved", who=member))
    export = house.office.ask_for_export("赵老师", "hunan-pretco", ExportWish(), reason="报名").id
    house.office.work(export)
    upload = house.office.upload_roster("赵老师", "hunan-pretco", PERSON.encode(), remove_missing=False).id
    return School(world, student, submission, export, upload)


@pytest.mark.both_databases
def test_the_old_key_can_be_taken_away(school: School):
    """Counted before and after; with the new key alone everything opens, everybody is found, the audit log holds."""
    with under(school.world, NEW, OLD) as house:
        before = house.look_under_keys()
        done = house.reseal()
        again = house.reseal()

        school.check(house)
    assert before.count == done.values + done.files - 4  # the upload and the three lists of an export are files too
    assert before.index
    assert done.unopened == 0
    assert done.left.nothing
    assert (again.values, again.files, again.indexed) == (0, 0, 0)
    with under(school.world, NEW) as house:
        school.check(house)
        house.office.work(school.upload)
        taken = house.office.take_roster_in("hunan-pretco", school.upload)
        assert taken.added == 1
        assert house.office.fetch_export("hunan-pretco", school.export).export.photos == 1


def test_the_old_key_opens_nothing_any_more(school: School):
    """Whoever has the old key alone neither opens a value nor finds a number."""
    with under(school.world, NEW, OLD) as house:
        house.reseal()
    with under(school.world, OLD) as thief, thief.parts.database.read() as uow:
        with pytest.raises(VaultError):
            uow.registries.all()
        with pytest.raises(VaultError):
            uow.roster.by_id_number(school.submission.campaign_id, "430000197001010019")


@pytest.mark.both_databases
def test_a_run_that_was_killed_is_begun_again(school: School):
    """Killed after each step in turn, nothing is lost and nothing done twice."""

    class Killed(BaseException):
        pass

    with under(school.world, NEW, OLD) as house:
        total = house.look_under_keys().count
        kills, done = 0, 0
        for stop in range(1, 60, 4):
            steps = 0

            def tell(_done: int, stop: int = stop) -> None:
                nonlocal steps
                steps += 1
                if steps == stop:
                    raise Killed

            try:
                done += house.reseal(progress=tell).left.nothing
            except Killed:
                kills += 1
            if done:
                break

        school.check(house)
        assert kills > 1
        assert house.look_under_keys().nothing
        assert total > 10
    with under(school.world, NEW) as house:
        school.check(house)


@pytest.mark.both_databases
def test_students_and_staff_go_on_meanwhile(school: School):
    """Between all steps others read, log in, are found, hand in; a process with both keys notices nothing."""
    with under(school.world, NEW, OLD) as house, under(school.world, NEW, OLD) as web:
        seen = []

        def go_on(_done: int) -> None:
            if len(seen) % 5 == 0:
                school.check(web)
            seen.append(web.login_as_developer(f"new-{len(seen)}").student.id)

        house.reseal(progress=go_on)
        house.reseal()

        assert len(set(seen)) == len(seen) > 3
        assert house.look_under_keys().nothing
    with under(school.world, NEW) as house:
        assert [house.login_as_developer(f"new-{place}").student.id for place in range(len(seen))] == seen


def test_a_photo_that_is_erased_meanwhile_stays_erased(school: School):
    """Its file is on the way when the student asks for it: no copy of it is left behind."""
    with under(school.world, NEW, OLD) as house:
        blobs = house.parts.blobs
        real = blobs.reseal
        with house.parts.database.read() as uow:
            keys = [row.key for row in uow.blobs.of_photo(school.submission.photo_id)]

        def erased_on_the_way(key: str) -> bool:
            plain = blobs.get(key)
            if key.startswith("image/") and not erased:
                erased.append(key)
                house.erase_me(school.student)
                blobs.put(key, plain)  # what was read before lands after
                return True
            return real(key)

        erased: list[str] = []
        blobs.reseal = erased_on_the_way
        house.reseal()
        house.purge()

        assert erased
        for key in keys:
            with pytest.raises(BlobMissing):
                blobs.get(key)


def test_a_photo_that_is_erased_as_the_run_is_killed_stays_erased(school: School):
    """Written anew after it was erased, and nobody left to see it: the next run knows which files were on the way."""

    class Killed(BaseException):
        pass

    with under(school.world, NEW, OLD) as house:
        blobs = house.parts.blobs
        real = blobs.reseal

        def killed_on_the_way(key: str) -> bool:
            if not key.startswith("image/"):
                return real(key)
            plain = blobs.get(key)
            house.erase_me(school.student)
            blobs.put(key, plain)
            lost.append(key)
            raise Killed

        lost: list[str] = []
        blobs.reseal = killed_on_the_way
        with pytest.raises(Killed):
            house.reseal()
        assert blobs.get(lost[0]) == JPEG
        blobs.reseal = real

        house.reseal()

        with pytest.raises(BlobMissing):
            blobs.get(lost[0])


def test_a_clock_that_leapt_makes_no_photo_an_erased_one(school: School):
    """A year ahead every file has reached its end: the run is refused, and counts what is left by the time before."""
    school.world.house.purge()
    with under(school.world, NEW, OLD) as house:
        before, files = house.look_under_keys(), school.world.files()
        school.world.clock.forward(days=366)

        assert house.look_under_keys() == before
        with pytest.raises(ClockAhead):
            house.reseal()

        assert school.world.files() == files


def test_the_audit_log_tells_of_it_and_holds_over_it(school: School):
    """The row is the first that the new key signed."""
    with under(school.world, NEW, OLD) as house:
        house.reseal()
        [row] = house.staff.find_audit.every(AuditFilter(action="keys.replaced"))
        assert row.actor == "command line"
        school.check(house)

    with under(school.world, NEW) as house, house.parts.database.read() as uow:
        assert uow.keys.signing(row.seq).secrets == KeyVault((NEW,)).keyed(uow.keys.in_force).secrets
        assert uow.keys.signing(row.seq - 1).secrets == KeyVault((OLD,)).keyed(KeyVault((OLD,)).newest).secrets


def test_who_rewrites_the_log_with_the_old_key_is_found_out(school: School):
    """Every row before the change is signed anew with the leaked key, so that the chain holds up to the change."""
    with under(school.world, NEW, OLD) as house:
        house.reseal()
        [replaced] = house.staff.find_audit.every(AuditFilter(action="keys.replaced"))
    thief = KeyVault((OLD,))
    with under(school.world, NEW) as house:
        entries = sorted(house.staff.find_audit.every(AuditFilter()), key=lambda entry: entry.seq)
        previous = entries[0].previous
        with house.parts.database.engine.begin() as connection:
            _without_triggers(connection)
            for entry in entries[: replaced.seq - 1]:
                forged = replace(entry, actor="nobody", previous=previous, mark="")
                previous = thief.sign(forged.text(), context="audit")
                row = audit_log.update().where(audit_log.c.seq == entry.seq)
                connection.execute(row.values(actor="nobody", previous=forged.previous, mark=previous))

        proof = house.staff.verify_audit()

    assert (proof.fault, proof.at) == ("changed", replaced.seq)


def _without_triggers(connection: Connection) -> None:
    """As somebody with the server's disk could."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE audit_log DISABLE TRIGGER ALL")
    else:
        connection.exec_driver_sql("DROP TRIGGER audit_log_no_update")


def test_a_second_new_key_is_taken_as_the_first_was(school: School):
    """What the first retired is sealed anew with it; the log holds over both changes."""
    with under(school.world, NEW, OLD) as house:
        house.reseal()
    with under(school.world, b"x" * 32, NEW) as house:
        assert house.reseal().left.nothing
    with under(school.world, b"x" * 32) as house:
        school.check(house)


def test_a_damaged_value_is_told_and_keeps_nothing_else(school: School, tmp_path: Path):
    """Somebody changed a report below the database: it is counted as not opening, and the rest is sealed anew."""
    with school.world.house.parts.database.write() as uow:
        photos = metadata.tables["photos"]
        uow._connection.execute(photos.update().where(photos.c.report_sealed.is_not(None)).values(report_sealed=b"no"))
        uow.commit()
    with under(school.world, NEW, OLD) as house:
        done = house.reseal()

    assert done.unopened == 1
    assert done.left.values == {"photos.report_sealed": 1}


def test_every_sealed_column_is_known(school: School):
    """A new one that nobody would seal anew does not get in."""
    sealed = {
        column for table in metadata.tables.values() for column in table.c if isinstance(column.type, LargeBinary)
    }
    assert sealed == COLUMNS.keys()
