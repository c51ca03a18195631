"""Approved photos leave the house in a ZIP that holds exactly them, on record, and that can be gone on with."""

import csv
import hashlib
import io
import os
import signal
import subprocess
import sys
import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import openpyxl
import pytest
from house_fakes import JPEG, PROFILE, World

from api.adapters.export_zip import PhotoZip, begun_export
from api.domain.errors import BlobMissing, InvalidRequest, NotFound
from api.domain.export import MANIFEST, Layout
from api.domain.roster import Person, RosterLine
from api.services.export_photos import ExportWish


def approved(world: World, name: str, index: int):
    student, row = world.bound(name, index=index)
    photo = world.ready(student)
    submission = world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    world.house.approve("li", submission.id)
    world.clock.forward(seconds=1)
    return row, submission


def export(world: World, path: Path, wish: ExportWish | None = None):
    begun = world.house.begin_export("office", "hunan-pretco", wish or ExportWish(), reason="四六级报名")
    return world.house.run_export(begun.id, PhotoZip(path, export_id=begun.id, layout=begun.layout))


def test_the_zip_holds_exactly_the_approved_under_their_id_numbers(world: World, tmp_path: Path):
    """Two approved, one waiting, one returned: two files, named as the campaign says, with manifest and checksums."""
    rows = [approved(world, "alice", 0)[0], approved(world, "bob", 2)[0]]
    waiting, _ = world.bound("carol", index=1)
    world.house.confirm(waiting, photo=world.ready(waiting).id, campaign="hunan-pretco", profile=PROFILE)

    done = export(world, tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == [
            *(f"photos/{row.id_number}.jpg" for row in rows),
            "manifest.csv",
            "manifest.xlsx",
            "SHA256SUMS",
        ]
        assert archive.read(names[0]) == JPEG
        listed = list(csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        sums = archive.read("SHA256SUMS").decode().splitlines()
        book = openpyxl.load_workbook(io.BytesIO(archive.read("manifest.xlsx")))
    sheet = [list(row) for row in book.active.iter_rows(values_only=True)]
    digest = hashlib.sha256(JPEG).hexdigest()
    assert listed[0] == list(MANIFEST)
    assert [row[2] for row in listed[1:]] == [row.id_number for row in rows]
    assert sheet == listed
    assert sums == [f"{digest}  photos/{row.id_number}.jpg" for row in rows]
    assert (done.photos, done.sha256) == (2, hashlib.sha256((tmp_path / "out.zip").read_bytes()).hexdigest())


def test_every_export_is_on_record_with_its_reason(world: World, tmp_path: Path):
    """Who, when, why, which; also one that never finished."""
    approved(world, "alice", 0)
    export(world, tmp_path / "out.zip", ExportWish(college="软件学院"))
    world.clock.forward(seconds=1)
    world.house.begin_export("li", "hunan-pretco", ExportWish(), reason="试一下")

    first, second = world.house.list_exports("hunan-pretco")
    assert (first.by, first.reason, first.photos, first.filters) == ("office", "四六级报名", 1, {"college": "软件学院"})
    assert (second.by, second.finished_at) == ("li", None)
    with pytest.raises(InvalidRequest):
        world.house.begin_export("li", "hunan-pretco", ExportWish(), reason=" ")
    with pytest.raises(NotFound):
        world.house.run_export("ex_none", PhotoZip(tmp_path / "x.zip", export_id="x", layout=Layout.PLAIN))


def test_filters_choose_and_an_empty_choice_is_refused(world: World, tmp_path: Path):
    """One college only; nobody at all is no export."""
    approved(world, "alice", 0)
    approved(world, "bob", 2)

    assert export(world, tmp_path / "a.zip", ExportWish(college="陶瓷学院")).photos == 1
    with pytest.raises(InvalidRequest):
        export(world, tmp_path / "b.zip", ExportWish(grade="1999"))
    assert not (tmp_path / "b.zip").exists()


def test_the_cet_layout_has_nothing_inside_but_photos_by_id_number(world: World, tmp_path: Path):
    """Its importer chokes on anything else; manifest and checksums lie beside."""
    row, _ = approved(world, "alice", 0)
    export(world, tmp_path / "cet.zip", ExportWish(layout=Layout.CET))

    with zipfile.ZipFile(tmp_path / "cet.zip") as archive:
        assert archive.namelist() == [f"{row.id_number}.jpg"]
    assert {path.name for path in tmp_path.glob("cet.*")} == {
        "cet.zip",
        "cet.manifest.csv",
        "cet.manifest.xlsx",
        "cet.SHA256SUMS",
    }


class Killed(BaseException):
    """The power went."""


def killed_after(count: int):
    def progress(done: int, _all: int) -> None:
        if done == count:
            raise Killed

    return progress


@pytest.mark.parametrize("torn", [0, 7])
def test_an_interrupted_export_goes_on_where_it_stopped(world: World, tmp_path: Path, torn: int):
    """Killed after one of three, perhaps in the middle of the next: the rest is added, the result is the same."""
    for index, name in enumerate(["alice", "carol", "bob"]):
        approved(world, name, index)
    whole, path = tmp_path / "whole.zip", tmp_path / "out.zip"
    export(world, whole)
    begun = world.house.begin_export("office", "hunan-pretco", ExportWish(), reason="四六级报名")
    sink = PhotoZip(path, export_id=begun.id, layout=begun.layout)
    with pytest.raises(Killed):
        world.house.run_export(begun.id, sink, progress=killed_after(1))
    sink.close()
    with (tmp_path / "out.zip.part").open("ab") as part:
        part.write(b"P" * torn)
    world.clock.forward(seconds=1)
    approved(world, "dave", 3)  # approved later: not in this export

    assert begun_export(path) == begun.id
    told = []
    done = world.house.run_export(
        begun.id,
        PhotoZip(path, export_id=begun.id, layout=begun.layout),
        progress=lambda done, every: told.append((done, every)),
    )

    assert told == [(2, 3), (3, 3)]
    assert done.photos == 3
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(whole) as other:
        assert archive.testzip() is None
        assert archive.namelist() == other.namelist()
        assert [archive.read(name) for name in archive.namelist()[:3]] == [JPEG] * 3
        assert archive.read("SHA256SUMS") == other.read("SHA256SUMS")
    assert list(tmp_path.glob("out.zip.*")) == []


DIES = """
import os, signal, sys
from pathlib import Path
from api.adapters.export_zip import PhotoZip
from api.domain.export import ExportEntry, Layout

class Dying(PhotoZip):
    lists = 0

    def entries(self):
        yield from super().entries()
        self.lists += 1
        if self.lists == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

sink = Dying(Path(sys.argv[1]), export_id="ex_1", layout=Layout.PLAIN)
line = ("张示例", "430000200403120017", *("",) * 10)
sink.add(ExportEntry("sb_1", "a.jpg", 4, "0" * 64, line), b"JPEG")
sink.finish()
"""


@pytest.mark.parametrize("killed_at", [1, 2, 3], ids=["manifest.csv", "manifest.xlsx", "SHA256SUMS"])
def test_a_killed_export_leaves_no_id_numbers_about(tmp_path: Path, killed_at: int):
    """Nobody sweeps a temporary folder: what is written there has no name, and ends with the process."""
    scratch, home = tmp_path / "scratch", tmp_path / "home"
    scratch.mkdir()
    command = [sys.executable, "-c", DIES, str(home / "out.zip"), str(killed_at)]

    died = subprocess.run(command, env={**os.environ, "TMPDIR": str(scratch)}, timeout=30, check=False)

    assert died.returncode == -signal.SIGKILL
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in home.iterdir()) == ["out.zip.part", "out.zip.part.log"]


@pytest.mark.parametrize("lost", ["bytes of the second photo", "the second line"])
def test_what_a_power_cut_left_untrue_is_written_again(world: World, tmp_path: Path, lost: str):
    """The log came to the disk and the photo did not, or half a line did: nothing torn is taken for whole."""
    for index, name in enumerate(["alice", "carol", "bob"]):
        approved(world, name, index)
    whole, path = tmp_path / "whole.zip", tmp_path / "out.zip"
    export(world, whole)
    begun = world.house.begin_export("office", "hunan-pretco", ExportWish(), reason="四六级报名")
    sink = PhotoZip(path, export_id=begun.id, layout=begun.layout)
    with pytest.raises(Killed):
        world.house.run_export(begun.id, sink, progress=killed_after(2))
    sink.close()
    part, log = tmp_path / "out.zip.part", tmp_path / "out.zip.part.log"
    if lost == "the second line":
        log.write_text(log.read_text("utf-8").rstrip("\n")[:-9] + "\n", "utf-8")
    else:
        part.write_bytes(part.read_bytes()[:-8] + bytes(8))

    told = []
    sink = PhotoZip(path, export_id=begun.id, layout=begun.layout)
    world.house.run_export(begun.id, sink, progress=lambda done, every: told.append((done, every)))

    assert told == [(2, 3), (3, 3)]
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(whole) as other:
        assert archive.testzip() is None
        assert archive.read("SHA256SUMS") == other.read("SHA256SUMS")
        assert len(archive.namelist()) == 6


def test_somebody_taken_back_meanwhile_is_not_in_it(world: World, tmp_path: Path):
    """Written before, revoked since: the export starts over without them."""
    row, submission = approved(world, "alice", 0)
    approved(world, "carol", 1)
    path = tmp_path / "out.zip"
    begun = world.house.begin_export("office", "hunan-pretco", ExportWish(), reason="四六级报名")
    sink = PhotoZip(path, export_id=begun.id, layout=begun.layout)
    with pytest.raises(Killed):
        world.house.run_export(begun.id, sink, progress=killed_after(1))
    sink.close()
    world.house.revoke("office", submission.id, "学籍已注销")

    done = world.house.run_export(begun.id, PhotoZip(path, export_id=begun.id, layout=begun.layout))

    assert done.photos == 1
    with zipfile.ZipFile(path) as archive:
        assert f"photos/{row.id_number}.jpg" not in archive.namelist()


def test_a_photo_whose_file_is_gone_stops_the_export(world: World, tmp_path: Path):
    """Better no ZIP than one that silently lacks somebody."""
    _, submission = approved(world, "alice", 0)
    photo = world.house.read_submission("office", submission.id).photo
    world.house.parts.blobs.delete(photo.image_key)

    with pytest.raises(BlobMissing):
        export(world, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_two_people_of_one_name_get_two_files(world: World, tmp_path: Path):
    """Where the pattern is the name, nobody's photo overwrites another's; formulas are defused."""
    approved(world, "alice", 0)
    approved(world, "carol", 1)
    with world.house.parts.database.write() as uow:
        [campaign] = [one for one in uow.campaigns.all() if one.slug == "hunan-pretco"]
        uow.campaigns.save(replace(campaign, file_name="{college}.jpg"))
        uow.commit()

    export(world, tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist()[:2] == ["photos/软件学院.jpg", "photos/软件学院-2.jpg"]


def test_names_that_differ_by_capitals_alone_are_two_files_on_windows_too(world: World, tmp_path: Path):
    """Student numbers s1 and S1 unpack beside each other."""
    rows = [approved(world, "alice", 0)[0], approved(world, "carol", 1)[0]]
    with world.house.parts.database.write() as uow:
        [campaign] = [one for one in uow.campaigns.all() if one.slug == "hunan-pretco"]
        uow.campaigns.save(replace(campaign, file_name="{class}{grade}.jpg"))
        people = [Person(row.name, row.id_number, row.student_number, row.college, row.grade, row.major, class_)
                  for row, class_ in zip(rows, ("a", "A"), strict=True)]  # fmt: skip
        uow.commit()
    lines = [RosterLine(number, asdict(person)) for number, person in enumerate(people, start=2)]
    assert world.house.load_roster("hunan-pretco", lines).changed == 2

    export(world, tmp_path / "out.zip")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist()[:2] == ["photos/a2022.jpg", "photos/A2022-2.jpg"]
