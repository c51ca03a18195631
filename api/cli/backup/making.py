"""Make a backup of a running installation."""

import base64
import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, select

from api.adapters.blobs_disk import DiskFiles
from api.adapters.database.dumping import dump, revision
from api.adapters.database.tables import blobs, photos
from api.adapters.sealed_blobs import SealedBlobs
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
    stopped for it.
    """
    now = house.clock.now()
    before = earlier(home)
    folder, final = begin(home, now=now)
    try:
        dump(engine.url, folder / DUMP)
        pictures, linked, gone = _copy_pictures(house, engine, folder, before=before[:1])
        write_pictures(folder, pictures)
        manifest = Manifest(
            made_at=now.isoformat(),
            delete_after=(now + timedelta(days=keep_days)).isoformat(),
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
    ended = end_old(home, now=now)
    forgotten = forget(earlier(home)[1:], erased=_erased(engine), now=now)
    return Made(final, manifest, linked, forgotten, ended)


def _copy_pictures(house: House, engine: Engine, folder: Path, *, before: list[Path]) -> tuple[list[Picture], int, int]:
    """Copy every file that has not reached its end; return the list, how many were linked and how many had ended."""
    source = house.parts.blobs
    if not isinstance(source, SealedBlobs):
        raise TypeError("only sealed files are copied")
    target = DiskFiles(folder / PICTURES)
    with engine.connect() as connection:
        rows = connection.execute(select(blobs.c.key, blobs.c.photo_id, blobs.c.ends_at)).all()
    pictures, linked, gone, now = [], 0, 0, house.clock.now()
    for key, photo_id, ends_at in rows:
        picture = Picture(hashlib.sha256(key.encode()).hexdigest(), photo_id, ends_at)
        if ends_at <= now:
            continue
        if _link(picture.name, before, folder):
            linked += 1
        else:
            try:
                target.write(picture.name, source.read_sealed(key))
            except BlobMissing:
                gone += 1
                continue
        pictures.append(picture)
    return pictures, linked, gone


def _link(name: str, before: list[Path], folder: Path) -> bool:
    """Make a file of an earlier backup also this one's; False where there is none, or the disk cannot."""
    for old in before:
        new = path_of(folder, name)
        new.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            os.link(path_of(old, name), new)
        except OSError:
            continue
        return True
    return False


def _erased(engine: Engine) -> frozenset[str]:
    query = select(photos.c.id).where(photos.c.state == PhotoState.ERASED.value)
    with engine.connect() as connection:
        return frozenset(connection.execute(query).scalars())
