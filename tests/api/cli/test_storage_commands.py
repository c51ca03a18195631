"""`idphoto storage`: is the store as it must be, and take everything to another."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from store_here import s3_store

from api.adapters.blobs_disk import DiskBlobs
from api.cli import main


@pytest.fixture(scope="module")
def buckets():
    """A store for this file's tests."""
    with s3_store() as make:
        yield make


@pytest.fixture
def bucket(buckets, monkeypatch):
    """An empty bucket, and the credentials for it in the environment."""
    made = buckets()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush hush")
    yield made
    made.store.behave()


def url_of(bucket) -> str:
    return f"s3://{bucket.address.bucket}/{bucket.address.prefix}?endpoint={bucket.address.endpoint}"


def test_a_folder_that_can_be_written_is_well(desk):
    """One line."""
    assert desk.run("storage", "check") == "✓ files: can be written, read and deleted\n"


def test_a_folder_that_cannot_is_told_with_what_to_do(desk):
    """Exit status 1, what is wrong, why that matters and what to do."""
    (desk.var / "blobs").write_text("in the way")

    assert desk.run("storage", "check", expect=1).startswith("✗ files: E")


def test_a_bucket_is_checked_as_the_services_would_use_it(bucket, desk, monkeypatch):
    """moto lets anybody list: that is told, and exit status 1."""
    monkeypatch.setenv("BLOB_URL", url_of(bucket))
    told = desk.run("storage", "check", expect=1)

    assert "✓ files: can be written, read and deleted" in told
    assert "✓ old versions: none are kept" in told
    assert "✗ strangers: anybody may list files" in told
    assert "hush" not in told


def copied(desk, target: str) -> list[str]:
    """Copy; return how many were copied, there already, and missing. The progress bar stands before it."""
    return desk.run("storage", "copy", "--to", target).splitlines()[-1].split("\t")


def test_files_are_copied_and_the_house_moves(bucket, desk, monkeypatch, tmp_path: Path):
    """Out to the bucket, checked, and back to another folder, where the photo opens."""
    photo = desk.world.ready(desk.world.student())
    assert copied(desk, url_of(bucket)) == ["2", "0", "0"]
    assert copied(desk, url_of(bucket)) == ["0", "2", "0"]

    monkeypatch.setenv("BLOB_URL", url_of(bucket))
    assert copied(desk, f"file:{tmp_path}/new") == ["2", "0", "0"]
    assert DiskBlobs(tmp_path / "new", vault=desk.house.parts.vault).get(photo.image_key)


def test_a_file_that_is_missing_is_named(bucket, desk):
    """Exit status 2, and the key."""
    photo = desk.world.ready(desk.world.student())
    desk.house.parts.blobs.delete(photo.image_key)

    assert photo.image_key in desk.run("storage", "copy", "--to", url_of(bucket), expect=2)


@pytest.mark.parametrize("target", ["ftp://x", "s3://UPPER/x", "s3://user:pass@bucket/x", "s3://bucket/x?secret=y"])
def test_a_target_that_is_no_store_is_refused(desk, target: str):
    """In words, never with its value."""
    told = desk.run("storage", "copy", "--to", target, expect=2)

    assert told.startswith("Error: config_error: settings:\n  --to ")
    assert "pass@" not in told


def test_copying_a_store_onto_itself_is_refused(desk):
    """Which would read and write the same files."""
    told = desk.run("storage", "copy", "--to", f"file:{desk.var}/blobs", expect=2)

    assert "already" in told


def test_a_store_that_is_away_is_told_in_two_lines(bucket, desk):
    """The reason, and where to look."""
    desk.world.ready(desk.world.student())
    bucket.store.mode = "denied"
    told = desk.run("storage", "copy", "--to", url_of(bucket), expect=2)

    assert "storage_unavailable: the store of files does not do what it is asked (denied)" in told
    assert "idphoto storage check" in told


def test_the_help_names_both():
    """`idphoto storage`."""
    told = CliRunner().invoke(main, ["storage", "--help"]).output

    assert "check" in told
    assert "copy" in told


def test_the_doctor_looks_at_the_bucket_too(bucket, desk, monkeypatch):
    """What `idphoto storage check` finds, the doctor tells as well."""
    monkeypatch.setenv("BLOB_URL", url_of(bucket))

    assert "✗ files: strangers: anybody may list files" in desk.run("doctor", expect=1)
    assert bucket.objects() == {}
