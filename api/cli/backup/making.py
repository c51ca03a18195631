"""Make a backup of a running installation."""

import base64
import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, select

from api.adapters.blobs_disk import DiskFiles
from api.adapters.database.dumping import dump, revision
from api.adapters.database.tables import blobs, photos
from api.adapters.sealed_blobs import SealedBlobs
from api.adapters.vault import HEAD_BYTES, sealed_by
from api.bootstrap import House
from api.cli.backup.folder import (
    CONTEXT,
    DUMP,
    MANIFEST,
    PICTURES,
    Manifest,
    Picture,
    begin,
    earlier,
    end_old,
    forget,
    path_of,
    sha256_of,
    write_pictures,
)
from api.domain.errors import BlobMissing
from api.domain.photo import PhotoState

PROOF = b"campus-id-photo"


@dataclass(frozen=True, slots=True)
class Made:
    """What one run did."""

    folder: Path
    manifest: Manifest
    linked: int
    forgotten: int
    ended: list[str]


def make_backup(house: House, engine: Engine, home: Path, *, keep_days: int) -> Made:
    """Write a new backup into `home` and end what is over in the old ones. Raises DumpFailed, StorageUnavailable.

    The database first, then the files that it names now: one that was erased in between is gone from both. Nothing is
    stopped for it. Where the clock leapt ahead, nothing ends by it: neither pictures nor earlier backups.
    """
    stand = house.trusted_clock.look()
    now, ended_by = stand.now, stand.believed
    before = earlier(home)
    folder, final = begin(home, now=now)
    try:
        dump(engine.url, folder / DUMP)
        pictures, linked, gone = _copy_pictures(house, engine, folder, before=before[:1], now=ended_by)
        write_pictures(folder, pictures)
        manifest = Manifest(
            made_at=now.isoformat(),
            delete_after=(ended_by + timedelta(days=keep_days)).isoformat(),
            program=version("campus-id-photo"),
            revision=revision(engine) or "",
            database=engine.dialect.name,
            sha256=sha256_of(folder / DUMP),
            pictures=len(pictures),
            gone=gone,
            proof=base64.b64encode(house.parts.vault.seal(PROOF, context=CONTEXT)).decode(),
        )
        (folder / MANIFEST).write_text(manifest.to_json(), "utf-8")
        folder.replace(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    ended = end_old(home, now=ended_by)
    forgotten = forget(earlier(home)[1:], erased=_erased(engine), now=ended_by)
    return Made(final, manifest, linked, forgotten, ended)


def _copy_pictures(
    house: House, engine: Engine, folder: Path, *, before: list[Path], now: datetime
) -> tuple[list[Picture], int, int]:
    """Copy every file that has not reached its end; return the list, how many were linked and how many had ended."""
    source = house.parts.blobs
    if not isinstance(source, SealedBlobs):
        raise TypeError("only sealed files are copied")
    target = DiskFiles(folder / PICTURES)
    with engine.connect() as connection:
        rows = connection.execute(select(blobs.c.key, blobs.c.photo_id, blobs.c.ends_at, blobs.c.sealed_with)).all()
    pictures, linked, gone = [], 0, 0
    for key, photo_id, ends_at, sealed_with in rows:
        picture = Picture(hashlib.sha256(key.encode()).hexdigest(), photo_id, ends_at)
        if ends_at <= now:
            continue
        if _link(picture.name, before, folder, sealed_with=sealed_with):
            linked += 1
        else:
            try:
                target.write(picture.name, source.read_sealed(key))
            except BlobMissing:
                gone += 1
                continue
        pictures.append(picture)
    return pictures, linked, gone


def _link(name: str, before: list[Path], folder: Path, *, sealed_with: str | None) -> bool:
    """Make a file of an earlier backup also this one's; False where there is none, or the disk cannot.

    One that another key has sealed there is not the same file any more: that key is to leave the backups too.
    """
    for old in before:
        if _sealed_there(path_of(old, name)) != sealed_with:
            continue
        new = path_of(folder, name)
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(path_of(old, name), new)
        except OSError:
            continue
        return True
    return False


def _sealed_there(file: Path) -> str | None:
    """Return which key sealed a copy; a name that no key has where it is not there."""
    try:
        with file.open("rb") as opened:
            return sealed_by(opened.read(HEAD_BYTES))
    except OSError:
        return ""


def _erased(engine: Engine) -> frozenset[str]:
    query = select(photos.c.id).where(photos.c.state == PhotoState.ERASED.value)
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())
