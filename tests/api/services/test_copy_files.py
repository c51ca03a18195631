"""Moving house: every file that the database knows goes to another store, sealed as it lies, and back again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house_fakes import JPEG, PROFILE, World
from store_here import Bucket

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.blobs_s3 import S3Blobs
from api.adapters.sealed_blobs import SealedBlobs
from api.adapters.vault import KeyVault
from api.domain.errors import BlobMissing
from api.domain.errors_storage import StorageUnavailable
from api.domain.work import Work
from api.services.copy_files import Copied, CopyFiles
from api.services.export_photos import ExportWish


@pytest.fixture
def there(bucket: Bucket) -> Iterator[S3Blobs]:
    """The bucket's files, under the keys of the house."""
    made = S3Blobs(bucket.address, vault=KeyVault((b"k" * 32,)))
    yield made
    made.close()


@pytest.fixture
def here(world: World) -> DiskBlobs:
    """The files of the house as they lie on its disk."""
    return DiskBlobs(world.house.settings.blob_dir, vault=KeyVault((b"k" * 32,)))


def copying(world: World) -> CopyFiles:
    return CopyFiles(database=world.house.parts.database)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def full(world: World) -> World:
    """A house with every kind of file: selfie, photo, review pictures, a roster that waits, a prepared export."""
    student, _ = world.bound("alice")
    photo = world.ready(student)
    submission = world.house.confirm(student, photo=photo.id, campaign="hunan-pretco", profile=PROFILE)
    world.house.approve("li", submission.id)
    world.clock.forward(seconds=1)
    world.house.sweep()
    world.house.review.make_exhibit(world.bell.take(Work.EXHIBIT))
    asked = world.house.office.ask_for_export("wang", "hunan-pretco", ExportWish(), reason="四六级报名")
    world.house.office.work(asked.id)
    world.house.office.upload_roster("wang", "hunan-pretco", "学号,姓名\n".encode(), remove_missing=False)
    return world


def test_everything_goes_and_comes_back(full: World, here: DiskBlobs, there: S3Blobs, bucket: Bucket, tmp_path: Path):
    """To the bucket and from there to another disk: the same sealed bytes, nothing missing, nothing besides."""
    before = files(full.house.settings.blob_dir)
    steps: list[int] = []

    gone = copying(full)(here, there, progress=steps.append)
    back = copying(full)(there, DiskBlobs(tmp_path / "new", vault=KeyVault((b"k" * 32,))))

    assert len(before) == 9
    assert gone == back == Copied(copied=9, already=0, missing=())
    assert {name.rpartition("/")[2]: data for name, data in bucket.objects().items()} == before
    assert files(tmp_path / "new") == before == files(full.house.settings.blob_dir)
    assert steps[-1] == 9


def test_what_is_there_is_not_sent_again(full: World, here: DiskBlobs, there: S3Blobs, bucket: Bucket):
    """A second run compares; one file that was changed there is put right."""
    copying(full)(here, there)
    name = next(iter(bucket.objects()))
    bucket.client.put_object(Bucket=bucket.address.bucket, Key=name, Body=b"changed")
    bucket.store.asked.clear()

    assert copying(full)(here, there) == Copied(copied=1, already=8, missing=())
    assert [method for method, _ in bucket.store.asked].count("PUT") == 1


def test_a_copy_that_was_cut_short_goes_on(full: World, here: DiskBlobs, there: S3Blobs, bucket: Bucket):
    """The store went away in the middle: said, and begun again it copies the rest."""
    passing_on, written = bucket.store.store, []

    def three_then_none(environ, start):
        if environ["REQUEST_METHOD"] == "PUT":
            written.append(1)
            if len(written) > 3:
                bucket.store.mode = "denied"
        return passing_on(environ, start)

    bucket.store.store = three_then_none
    with pytest.raises(StorageUnavailable, match="denied"):
        copying(full)(here, there)
    bucket.store.store = passing_on
    bucket.store.behave()

    done = copying(full)(here, there)
    assert done.already >= 3
    assert done.copied + done.already == 9


def test_a_file_that_is_gone_is_named(full: World, here: DiskBlobs, there: S3Blobs):
    """The database knows it and the source has it not: the rest is copied, and its key is told."""
    key = next(key for key in known(full) if key.startswith("image/"))
    here.delete(key)

    done = copying(full)(here, there)

    assert done == Copied(copied=8, already=0, missing=(key,))


def test_who_erases_a_photo_meanwhile_leaves_no_copy(full: World, here: DiskBlobs, there: S3Blobs, bucket: Bucket):
    """Alice deletes everything while her files are on the way: they are in neither store."""
    (alice,) = {row.student_id for row in roster(full) if row.student_id}

    class Source:
        """The disk, but after the first file was read Alice has everything deleted."""

        erased = False

        def read_sealed(self, key: str) -> bytes:
            sealed = here.read_sealed(key)
            if not self.erased:
                Source.erased = True
                full.house.erase_me(alice)
            return sealed

    copying(full)(Source(), there)

    assert [key for key in known(full) if not key.startswith(("roster-import/", "export/"))] == []
    assert len(bucket.objects()) == 4


def test_a_store_that_gives_back_something_else_is_not_believed(full: World, here: DiskBlobs, tmp_path: Path):
    """What was written is read again."""

    class Forgetful(SealedBlobs):
        """Keeps nothing."""

        def write_sealed(self, key: str, sealed: bytes) -> None:
            pass

        def read_sealed(self, key: str) -> bytes:
            raise BlobMissing(key=key)

    with pytest.raises(StorageUnavailable, match="read_back"):
        copying(full)(here, Forgetful(None, vault=KeyVault((b"k" * 32,))))


def test_a_house_moves_in_over_there(full: World, here: DiskBlobs, there: S3Blobs):
    """After the move the photo opens out of the bucket: its key and the data keys are all it takes."""
    copying(full)(here, there)
    key = next(key for key in known(full) if key.startswith("image/"))

    assert there.get(key) == JPEG


def known(world: World) -> tuple[str, ...]:
    with world.house.parts.database.read() as uow:
        return uow.blobs.keys(after="", limit=100)


def roster(world: World):
    with world.house.parts.database.read() as uow:
        campaign = world.seed().campaigns[0].id
        return tuple(uow.roster.of_campaign(campaign))
