"""What workers do, put over the parts; `api.bootstrap` keeps the services on the house."""

import random
import socket
from dataclasses import replace
from os import getpid
from typing import Any

from api.adapters.logging import report_crash
from api.adapters.parts import Parts
from api.bootstrap_staff import forget_staff_traces, make_note
from api.bootstrap_wechat import sweep_notices
from api.config import Settings
from api.services.deliver import Deliver
from api.services.forget_forms import ForgetForms
from api.services.purge import Purge
from api.services.render_photo import RenderPhoto
from api.services.reseal import LookUnderKeys, Reseal
from api.services.sweep import Sweep
from api.services.trusted_time import TrustedClock


def worker_side(settings: Settings, parts: Parts) -> dict[str, Any]:
    """Return the services by the house's names for them."""
    timed: dict[str, Any] = {"database": parts.database, "clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
    trusted = TrustedClock(**timed)
    sealed: dict[str, Any] = {"database": parts.database, "clock": trusted, "vault": parts.vault}
    return {
        "render_photo": RenderPhoto(
            **filed,
            bell=parts.bell,
            renderer=parts.renderer,
            lease_s=settings.lease_s,
            image_days=settings.image_days,
            report_crash=report_crash,
        ),
        "deliver": Deliver(
            **filed,
            vault=parts.vault,
            post=parts.post,
            public_url=settings.public_url,
            lease_s=settings.deliver_lease_s,
            schedule_s=settings.retry_schedule_s,
            jitter=random.random,
        ),
        "sweep": Sweep(
            **timed,
            bell=parts.bell,
            holder=f"{socket.gethostname()}:{getpid()}",
            lease_s=max(5.0, settings.sweep_every_s * 3),
            sweep_notices=sweep_notices(settings, parts),
        ),
        "purge": _purge(settings, parts),
        "trusted_clock": trusted,
        "look_under_keys": LookUnderKeys(**sealed),
        "reseal": Reseal(**sealed, blobs=parts.blobs, note=make_note(settings, parts)),
    }


def _purge(settings: Settings, parts: Parts) -> Purge:
    """Return the purge, all of whose parts ask the clock that refuses to leap."""
    clock = TrustedClock(database=parts.database, clock=parts.clock)
    kept: dict[str, Any] = {"database": parts.database, "clock": clock}
    return Purge(
        **kept,
        blobs=parts.blobs,
        sweep_notices=sweep_notices(settings, replace(parts, clock=clock)),
        forget_staff_traces=forget_staff_traces(settings, parts, clock=clock),
        forget_forms=ForgetForms(**kept, image_days=settings.image_days, submitted_days=settings.submitted_days),
    )
