"""Redis, files, disk and clocks: is what the settings name there, and as it must be."""

import shutil
import time
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, text

from api.adapters.parts import open_blobs
from api.adapters.queue_rq import connect
from api.adapters.store_examination import examine_store
from api.adapters.vault import KEY_BYTES, KeyVault
from api.config import Settings
from photo_service.doctor import Symptom

_OLDEST_REDIS = (5, 0)
"""RQ's own floor; see `api.adapters.embedded_redis`."""

_LEAST_FREE = 0.05
_LEAST_FREE_BYTES = 2_000_000_000
"""Some seven hundred selfies of 3 MB: an evening's work for one person, and time to act."""

_MOST_SKEW_S = 5.0
"""A lease is 30 s long; clocks that differ by a fraction of it release photos that are being worked on."""


def redis_server(settings: Settings) -> Symptom:
    """Look whether Redis is new enough, and whether it would throw bells away when its memory is full."""
    redis = connect(settings.redis_url)
    try:
        told: dict[str, Any] = redis.info()
    except RedisError as fault:
        why = "Photos are still taken in, and wait in the database until it is back"
        return Symptom("queue server", f"Redis: {type(fault).__name__}", "Start it, or check REDIS_URL", why)
    finally:
        redis.close()
    version, policy = str(told.get("redis_version", "0")), str(told.get("maxmemory_policy", "noeviction"))
    if _version(version) < _OLDEST_REDIS:
        return Symptom("queue server", f"version {version}", "Install Redis 5 or newer", "The queue needs it")
    if policy != "noeviction":
        why = "Bells and counted limits would be thrown away when memory is short; photos would wait for a sweep"
        return Symptom("queue server", f"maxmemory-policy {policy}", "CONFIG SET maxmemory-policy noeviction", why)
    return Symptom("queue server", f"Redis {version}, noeviction (it need not keep anything on disk)")


def _version(text_: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text_.split(".")[:2] if part.isdigit())


def files(settings: Settings) -> Symptom:
    """Look whether a picture could be kept, and in a bucket whether it could be deleted, and no stranger may read.

    None is opened, so any key will do; a bucket is tried with a file of a few bytes. Raises StorageUnavailable.
    """
    blobs = open_blobs(settings.bucket or settings.blob_dir, vault=KeyVault((bytes(KEY_BYTES),)))
    try:
        blobs.ping()
        seen = tuple(examine_store(blobs, settings.bucket)) if settings.bucket else ()
    finally:
        blobs.close()
    ill = next((one for one in seen if not one.well), None)
    if ill is not None:
        return Symptom("files", f"{ill.part}: {ill.found}", ill.advice, ill.why)
    return Symptom("files", f"{'the bucket' if settings.bucket else settings.blob_dir} can be written")


def disk(settings: Settings) -> Symptom:
    """Look how much room is left where pictures lie, or beside a bucket whatever else is kept here."""
    folder = settings.home.absolute() if settings.bucket else settings.blob_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    part = usage.free / usage.total
    found = f"{usage.free / 1e9:.1f} GB ({part:.0%}) free at {folder}"
    if part < _LEAST_FREE or usage.free < _LEAST_FREE_BYTES:
        return Symptom("disk", found, "Make room, or a larger disk; idphoto purge", "Uploads fail when it is full")
    return Symptom("disk", found)


def clocks(settings: Settings, engine: Engine) -> Symptom:
    """Compare our clock with the database's and Redis's. Raises SQLAlchemyError."""
    skews = {"Redis": _redis_skew(settings)}
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            asked = time.time()
            then = float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
            skews["the database"] = then - (asked + time.time()) / 2
    wrong = {name: skew for name, skew in skews.items() if abs(skew) > _MOST_SKEW_S}
    if wrong:
        found = ", ".join(f"{name} is {skew:+.0f} s from here" for name, skew in wrong.items())
        why = "Leases, windows and signatures are judged by the clock"
        return Symptom("clocks", found, "Have every machine keep time (chrony, systemd-timesyncd)", why)
    return Symptom("clocks", "agree")


def _redis_skew(settings: Settings) -> float:
    """Return the seconds Redis's clock is ahead of ours; 0 where it does not answer, which is told elsewhere."""
    redis: Redis = connect(settings.redis_url)
    try:
        asked = time.time()
        seconds, micros = redis.time()
        return float(seconds) + micros / 1e6 - (asked + time.time()) / 2
    except RedisError:
        return 0.0
    finally:
        redis.close()
