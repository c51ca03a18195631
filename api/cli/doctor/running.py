"""The installation at work: do workers live, does anything wait too long, do the keys open what is stored."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine, select

from api.adapters.database.tables import blobs
from api.adapters.queue_rq import connect
from api.adapters.worker_watch import living_workers
from api.bootstrap import House, build
from api.cli.doctor.keys import old_keys
from api.config import Settings
from api.domain.delivery import DeliveryState
from api.services.backlog import ReadBacklog
from photo_service.doctor import Symptom

Safely = Callable[[str, Callable[[], Symptom]], Symptom]

_LONG_WAIT_S = 120.0
"""On two cores 6 photos a second are made (`make bench`), so that by then 700 wait: students are told minutes."""

_LONG_DUE_S = 120.0
"""A sweep rings every 5 s; whatever is due for two minutes has nobody to do it."""


def examine_running(settings: Settings, engine: Engine, *, safely: Safely) -> Iterator[Symptom]:
    """Look at what only a database that answers can tell."""
    house = build(settings)
    try:
        looks: dict[str, Callable[[], Symptom]] = {
            "stored data": lambda: _opens(house, engine),
            "old data keys": lambda: old_keys(house),
            "workers": lambda: _workers(settings),
            "purge": lambda: _purge(house),
            "queue": lambda: _queue(house),
            "deliveries": lambda: _deliveries(house),
            "registries": lambda: _registries(house),
            "WeChat": lambda: _wechat(house),
        }
        for part, look in looks.items():
            yield safely(part, look)
    finally:
        house.close()


def _opens(house: House, engine: Engine) -> Symptom:
    """Open the newest picture that is kept, and every registry's secrets. Raises VaultError, BlobMissing."""
    newest = select(blobs.c.key).where(blobs.c.ends_at > datetime.now(UTC)).order_by(blobs.c.created_at.desc())
    with engine.connect() as connection:
        key = connection.execute(newest.limit(1)).scalar_one_or_none()
    with house.parts.database.read() as uow:
        uow.registries.all()
    if key is not None:
        house.parts.blobs.get(key)
    return Symptom("stored data", "the newest picture opens with the data keys" if key else "no picture is kept yet")


def _workers(settings: Settings) -> Symptom:
    redis = connect(settings.redis_url)
    try:
        alive = living_workers(redis)
    finally:
        redis.close()
    found = ", ".join(f"{count} {kind.value}" for kind, count in alive.items())
    none = [kind.value for kind, count in alive.items() if count == 0]
    if none:
        why = "What they do waits meanwhile; nothing is lost"
        return Symptom("workers", found, f"Start: idphoto worker {', idphoto worker '.join(none)}", why)
    return Symptom("workers", found)


def _purge(house: House) -> Symptom:
    """Look whether what has ended is deleted, which hangs on a clock that can be believed."""
    stand = house.trusted_clock.look()
    if stand.latest is None:
        return Symptom("purge", "none yet")
    both = f"the clock says {stand.now:%Y-%m-%d %H:%M}Z, at the last purge it was {stand.latest:%Y-%m-%d %H:%M}Z"
    if stand.ahead:
        advice = "Set the clock right; if it is right: idphoto purge --clock-is-right"
        return Symptom("purge", f"refused: {both}", advice, "Nothing is deleted by a clock that may be wrong")
    if stand.behind:
        advice = "Set the clock right; if it is right: idphoto purge --clock-is-right"
        return Symptom(
            "purge", f"the clock is behind: {both}", advice, "What has ended is kept, what is new ends early"
        )
    return Symptom("purge", f"at {stand.latest:%Y-%m-%d %H:%M}Z")


def _queue(house: House) -> Symptom:
    found = ReadBacklog(database=house.parts.database, clock=house.clock)()
    told = f"{found.queued} of {house.settings.max_queued} places taken, the oldest for {found.oldest_queued_s:.0f} s"
    if found.oldest_queued_s > _LONG_WAIT_S:
        why = "Students wait; at the last place new selfies are refused for a moment"
        return Symptom("queue", told, "Start more render workers; see deploy/runbook.md, deadline night", why)
    return Symptom("queue", told)


def _deliveries(house: House) -> Symptom:
    found = ReadBacklog(database=house.parts.database, clock=house.clock)()
    dead = found.deliveries.get(DeliveryState.DEAD, 0)
    if dead:
        advice = "idphoto deliveries list --state dead; mend the registry, then idphoto deliveries replay"
        return Symptom("deliveries", f"{dead} given up", advice, "The registry has not heard of these photos")
    if found.overdue_s > _LONG_DUE_S:
        due = f"one is due for {found.overdue_s:.0f} s and not begun"
        return Symptom("deliveries", due, "Look at the log of idphoto worker deliver", "Registries hear late")
    pending = found.deliveries.get(DeliveryState.PENDING, 0)
    return Symptom("deliveries", f"{pending} waiting for their next try, none given up" if pending else "none stuck")


def _registries(house: House) -> Symptom:
    off = ReadBacklog(database=house.parts.database, clock=house.clock)().registries_off
    if off:
        why = "Nothing is sent there: switched off by hand, or it answered 410 Gone"
        return Symptom("registries", f"off: {', '.join(off)}", "idphoto registry list, then switch it on again", why)
    return Symptom("registries", "none is off")


def _wechat(house: House) -> Symptom:
    """Ask WeChat for a token. Raises WeChatError."""
    if house.settings.wechat is None:
        return Symptom("WeChat", "not set up")
    house.parts.wechat.check_account()
    return Symptom("WeChat", f"knows the account {house.settings.wechat.app_id}")
