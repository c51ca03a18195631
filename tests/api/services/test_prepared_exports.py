"""An export of the console: prepared by a worker, fetched from any byte on, gone in time, and no ZIP lies anywhere."""

import csv
import hashlib
import io
import zipfile

import pytest
from house_fakes import JPEG, PROFILE, World

from api.adapters.export_zip import PhotoZip
from api.domain.errors import InvalidRequest, NotFound
from api.domain.errors_office import ExportNotReady, ExportStale
from api.domain.export import ExportState, Layout
from api.domain.work import Work
from api.services.export_photos import ExportWish


def approved(world: World, name: str, index: int):
    student, row = world.bound(name, index=index)
    photo = world.ready(student)
    submission = world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    world.house.approve("li", submission.id)
    world.clock.forward(seconds=1)
    return student, row, submission


@pytest.fixture
def school(world: World) -> World:
    for index, name in enumerate(("alice", "bob", "carol")):
        approved(world, name, index)
    return world


def prepared(world: World, **wish):
    asked = world.house.office.ask_for_export("wang", "hunan-pretco", ExportWish(**wish), reason="四六级报名")
    world.house.office.work(asked.id)
    return record(world, asked.id)


def record(world: World, export_id: str):
    return next(one for one in world.house.list_exports("hunan-pretco") if one.id == export_id)


def fetched(world: World, export_id: str, start: int = 0, stop: int | None = None) -> bytes:
    download = world.house.office.fetch_export("hunan-pretco", export_id)
    return b"".join(download.read(start, download.export.bytes if stop is None else stop))


def test_the_zip_that_is_fetched_is_the_one_the_command_line_writes(school: World, tmp_path):
    """Same names, same photos, same lists; its digest is on record before it was ever fetched."""
    done = prepared(school)
    body = fetched(school, done.id)
    begun = school.house.begin_export("office", "hunan-pretco", ExportWish(), reason="对照")
    school.house.run_export(begun.id, PhotoZip(tmp_path / "o.zip", export_id=begun.id, layout=Layout.PLAIN))

    assert (len(body), hashlib.sha256(body).hexdigest()) == (done.bytes, done.sha256)
    assert done.state(school.clock.now()) is ExportState.READY
    with zipfile.ZipFile(io.BytesIO(body)) as ours, zipfile.ZipFile(tmp_path / "o.zip") as theirs:
        assert ours.testzip() is None
        assert ours.namelist() == theirs.namelist()
        assert all(ours.read(name) == theirs.read(name) for name in ours.namelist() if not name.endswith("xlsx"))
        assert ours.read(ours.namelist()[0]) == JPEG


def test_a_download_goes_on_from_any_byte(school: World):
    """Whatever piece is asked for is that piece of the whole: every edge of a file in it, and what lies between."""
    done = prepared(school)
    whole = fetched(school, done.id)
    edges = sorted({0, 1, len(whole) // 2, len(whole) - 1, len(whole), *range(0, len(whole), len(whole) // 23)})

    for start in edges:
        for stop in (edge for edge in edges if edge >= start):
            assert fetched(school, done.id, start, stop) == whole[start:stop]


def test_no_zip_and_no_face_is_stored_a_second_time(school: World):
    """What is kept of an export are its lists, sealed; the photos stay where they were."""
    before = school.files()
    prepared(school)

    assert school.files() == before + 3


def test_a_preparation_that_was_interrupted_goes_on(school: World):
    """The worker dies after one photo; the next one, after the lease, finishes, and nobody is in it twice."""
    asked = school.house.office.ask_for_export("wang", "hunan-pretco", ExportWish(), reason="报名")
    get, calls = school.house.parts.blobs.get, []

    class Dying:
        def get(self, key: str) -> bytes:
            calls.append(key)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return get(key)

    worker = school.house.office.work._prepare_export
    run = worker._run
    run._blobs, kept = Dying(), run._blobs
    with pytest.raises(KeyboardInterrupt):
        school.house.office.work(asked.id)
    run._blobs = kept
    assert record(school, asked.id).state(school.clock.now()) is ExportState.WRITING
    school.house.office.work(asked.id)
    assert record(school, asked.id).finished_at is None

    school.clock.forward(minutes=6)
    school.bell.rings.clear()
    assert school.house.office.sweep() == 1
    school.house.office.work(school.bell.take(Work.OFFICE))

    with zipfile.ZipFile(io.BytesIO(fetched(school, asked.id))) as archive:
        assert len(archive.namelist()) == 6
        assert archive.testzip() is None


def test_an_export_ends(school: World):
    """After a week its lists and its plan are gone; that it was made, by whom and why, stays."""
    done = prepared(school)
    files = school.files()
    school.clock.forward(days=7)

    with pytest.raises(ExportNotReady):
        school.house.office.fetch_export("hunan-pretco", done.id)
    school.house.office.forget()

    assert school.files() == files - 3
    kept = record(school, done.id)
    assert (kept.by, kept.reason, kept.state(school.clock.now())) == ("wang", "四六级报名", ExportState.ENDED)
    assert school.house.office.forget() == 0


def test_what_stops_an_export_is_told(school: World):
    """Nobody approved in this college; a photo whose file is gone: stopped, so that nobody silently lacks."""
    nobody = prepared(school, college="没有的学院")
    assert (nobody.trouble, nobody.state(school.clock.now())) == ("nothing_to_export", ExportState.FAILED)

    with school.house.parts.database.read() as uow:
        key = next(one.photo.image_key for one in school.house.find_submissions(campaign="hunan-pretco"))
        assert uow is not None
    school.house.parts.blobs.delete(key)
    broken = prepared(school)
    assert broken.trouble == "blob_missing"
    with pytest.raises(ExportNotReady):
        school.house.office.fetch_export("hunan-pretco", broken.id)


def test_who_was_taken_back_leaves_the_house_in_no_copy(school: World):
    """Bob has himself erased after the export was made: it is not given out any more, a new one is without him."""
    done = prepared(school)
    school.house.erase_me(school.student("bob"))

    with pytest.raises(ExportStale):
        school.house.office.fetch_export("hunan-pretco", done.id)
    with pytest.raises(ExportStale):
        school.house.office.fetch_export.list("hunan-pretco", done.id, "manifest.csv")
    assert prepared(school).photos == 2


def test_the_cet_layout_has_its_lists_beside_it(school: World):
    """Inside nothing but photos; the manifest is fetched by itself."""
    done = prepared(school, layout=Layout.CET)
    with zipfile.ZipFile(io.BytesIO(fetched(school, done.id))) as archive:
        assert all(name.endswith(".jpg") and "/" not in name for name in archive.namelist())
    told = school.house.office.fetch_export.list("hunan-pretco", done.id, "manifest.csv").decode("utf-8-sig")

    assert len(list(csv.reader(io.StringIO(told)))) == 4


def test_an_export_needs_its_reason_and_its_own_campaign(school: World):
    """No reason, no export; under another campaign's address there is none."""
    with pytest.raises(InvalidRequest):
        school.house.office.ask_for_export("wang", "hunan-pretco", ExportWish(), reason=" ")
    done = prepared(school)
    with pytest.raises(NotFound):
        school.house.office.fetch_export("cqwu-xuegong", done.id)
