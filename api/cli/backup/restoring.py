"""Bring an installation back from a backup."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, select, update

from api.adapters.blobs_disk import DiskFiles
from api.adapters.database.dumping import clear, is_empty, load
from api.adapters.database.engine import to_write
from api.adapters.database.schema import alembic_config, upgrade_schema
from api.adapters.database.tables import blobs
from api.adapters.parts import open_blobs
from api.adapters.queue_rq import connect
from api.adapters.sealed_blobs import SealedBlobs
from api.adapters.vault import KeyVault, key_from_file
from api.adapters.worker_watch import living_workers
from api.cli.backup.folder import CONTEXT, DUMP, PICTURES, Manifest, read_manifest, sha256_of
from api.cli.refusal import Refusal
from api.config import Settings
from api.domain.errors import BlobMissing, QueueUnavailable, SchemaAhead, VaultError


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: how many files, how many that ended meanwhile and stay away, how many that do not open.

    `strays` are files of the store that this database does not know; they were deleted.
    """

    manifest: Manifest
    pictures: int = 0
    ended: int = 0
    damaged: int = 0
    strays: int = 0


@dataclass(slots=True)
class _Brought:
    """The files so far: the names of those that came back, the keys of those that did not."""

    names: set[str] = field(default_factory=set)
    ended: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def restore_backup(settings: Settings, engine: Engine, folder: Path, *, replace: bool) -> Restored:
    """Fill database and store from `folder`. Raises Refusal before anything is changed, DumpFailed, StorageUnavailable.

    Files past their end date stay away, and those that later backups took out of this one, since they were erased.
    Every other one is opened once, so that what comes back is known to be whole.
    """
    manifest = _fitting(folder)
    vault = _right_key(settings, manifest)
    _nobody_at_work(settings)
    if not is_empty(engine):
        if not replace:
            raise Refusal("not_empty: there is a database already\nIf it is to be replaced: --replace")
        clear(engine.url, engine)
    engine.dispose()  # SQLite's copy takes the file for itself
    load(engine.url, folder / DUMP)
    upgrade_schema(engine)
    store = open_blobs(settings.bucket or settings.blob_dir, vault=vault)
    try:
        brought = _bring_pictures(engine, folder, store=store, vault=vault)
    finally:
        store.close()
    strays = 0 if settings.bucket else _clear_strays(settings.blob_dir, brought.names)
    return Restored(manifest, len(brought.names), ended=len(brought.ended), damaged=len(brought.damaged), strays=strays)


def _fitting(folder: Path) -> Manifest:
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError, TypeError) as fault:
        raise Refusal(f"no_backup: {folder} holds no backup of ours") from fault
    if sha256_of(folder / DUMP) != manifest.sha256:
        raise Refusal(f"damaged: {folder / DUMP} is not what was written\nTake an earlier backup")
    scripts = ScriptDirectory.from_config(alembic_config(None))
    try:
        scripts.get_revision(manifest.revision)
    except CommandError as fault:
        raise SchemaAhead(at=manifest.revision, needed=scripts.get_current_head()) from fault
    return manifest


def _right_key(settings: Settings, manifest: Manifest) -> KeyVault:
    file = settings.home / "data.key"
    if not settings.data_keys and not file.exists():
        raise Refusal(f"no_key: put the data key back first, as {file}")
    vault = KeyVault(settings.data_keys or (key_from_file(file),))
    try:
        vault.open(manifest.sealed_proof(), context=CONTEXT)
    except VaultError as fault:
        raise Refusal("wrong_key: this backup was sealed with another data key\nSet IDPHOTO_DATA_KEYS to it") from fault
    return vault


def _nobody_at_work(settings: Settings) -> None:
    redis = connect(settings.redis_url)
    try:
        alive = sum(living_workers(redis).values())
    except QueueUnavailable:
        return
    finally:
        redis.close()
    if alive:
        raise Refusal(f"still_running: {alive} workers are signed in\nStop every service first")


def _bring_pictures(engine: Engine, folder: Path, *, store: SealedBlobs, vault: KeyVault) -> _Brought:
    source = SealedBlobs(DiskFiles(folder / PICTURES), vault=vault)
    brought, now = _Brought(), datetime.now(UTC)
    with engine.connect() as connection:
        rows = connection.execute(select(blobs.c.key, blobs.c.ends_at)).all()
    for key, ends_at in rows:
        if ends_at > now:
            _bring(key, source, store, brought)
        else:
            brought.ended.append(key)
    _end(engine, brought.ended, now=now)
    return brought


def _bring(key: str, source: SealedBlobs, store: SealedBlobs, brought: _Brought) -> None:
    try:
        source.get(key)
    except BlobMissing:
        brought.ended.append(key)
    except VaultError:
        brought.damaged.append(key)
    else:
        store.write_sealed(key, source.read_sealed(key))
        brought.names.add(hashlib.sha256(key.encode()).hexdigest())


def _end(engine: Engine, keys: list[str], *, now: datetime) -> None:
    """End the life of files that were erased since: the next purge then erases what rests on them, as it once was."""
    with to_write(engine) as connection, connection.begin():
        for key in keys:
            connection.execute(update(blobs).where(blobs.c.key == key).values(ends_at=now))


def _clear_strays(root: Path, names: set[str]) -> int:
    """Delete files that the restored database does not know: nothing would ever delete them."""
    strays = [file for file in root.glob("??/??/*") if file.name not in names]
    for file in strays:
        file.unlink()
    return len(strays)
