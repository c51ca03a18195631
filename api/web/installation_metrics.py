"""What `/metrics` tells of the whole installation, the same whichever process is asked: read anew for every scrape."""

import shutil

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from api.adapters.queue_rq import connect
from api.adapters.worker_watch import living_workers
from api.bootstrap import House
from api.domain.delivery import DeliveryState
from api.domain.errors import AppError
from api.services.backlog import ReadBacklog


def installation_gauges(house: House) -> CollectorRegistry:
    """Measure the installation now.

    What cannot be measured is left out, so that no alert takes silence for an empty queue; `idphoto_part_up` says
    which part is to blame.
    """
    registry = CollectorRegistry()
    parts = Gauge("idphoto_part_up", "1 while database, redis or blobs answer", ("part",), registry=registry)
    for part, state in house.ping().items():
        parts.labels(part).set(state == "ok")
    limit = Gauge("idphoto_photos_queued_limit", "Photos that may wait (IDPHOTO_MAX_QUEUED)", registry=registry)
    limit.set(house.settings.max_queued)
    for measure in (_backlog, _clock, _workers, _disk):
        try:
            measure(house, registry)
        except (AppError, OSError, SQLAlchemyError, RedisError):  # told by idphoto_part_up
            continue
    return registry


def requests_of_all_processes(own: CollectorRegistry) -> CollectorRegistry:
    """Return the requests of every server process where PROMETHEUS_MULTIPROC_DIR names a folder, else one's own."""
    shared = CollectorRegistry()
    try:
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # half typed
    except ValueError:
        return own
    return shared


def _backlog(house: House, registry: CollectorRegistry) -> None:
    found = ReadBacklog(database=house.parts.database, clock=house.clock)()
    numbers = {
        "idphoto_photos_queued": ("Photos that wait for a render worker", found.queued),
        "idphoto_photo_oldest_queued_seconds": ("How long the first of them has waited", found.oldest_queued_s),
        "idphoto_delivery_overdue_seconds": ("How long the first delivery has been due and not begun", found.overdue_s),
        "idphoto_registries_disabled": ("Registries that nothing is sent to", len(found.registries_off)),
    }
    for name, (meaning, value) in numbers.items():
        Gauge(name, meaning, registry=registry).set(value)
    deliveries = Gauge("idphoto_deliveries", "Events owed to registries", ("state",), registry=registry)
    for state in DeliveryState:
        deliveries.labels(state.value).set(found.deliveries.get(state, 0))


def _clock(house: House, registry: CollectorRegistry) -> None:
    """Tell how old the last purge is by this clock; negative where the clock is behind it."""
    stand = house.trusted_clock.look()
    meaning = "How far the clock is ahead of the last purge; negative: behind"
    Gauge("idphoto_clock_ahead_seconds", meaning, registry=registry).set(stand.offset_s)
    Gauge("idphoto_purge_refused", "1 while the clock is not believed and nothing is deleted", registry=registry).set(
        stand.ahead
    )


def _workers(house: House, registry: CollectorRegistry) -> None:
    if not house.settings.redis_url:  # a house whose bell is not Redis's
        return
    redis = connect(house.settings.redis_url)
    try:
        alive = living_workers(redis)
    finally:
        redis.close()
    workers = Gauge("idphoto_workers", "Worker processes that are signed in", ("work",), registry=registry)
    for kind, count in alive.items():
        workers.labels(kind.value).set(count)


def _disk(house: House, registry: CollectorRegistry) -> None:
    """Measure the disk the pictures lie on; a store on another machine has none here."""
    folder = house.settings.blob_dir
    if house.settings.bucket is None and folder.is_dir():
        usage = shutil.disk_usage(folder)
        free = Gauge("idphoto_blobs_disk_free_ratio", "Free part of the disk the pictures lie on", registry=registry)
        free.set(usage.free / usage.total)
