"""Build the house: every service made once from the settings, over the parts that `api.adapters.parts` chooses."""

import random
import socket
from dataclasses import dataclass, field
from os import getpid
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from api.adapters.logging import report_crash
from api.adapters.parts import Parts, choose_parts
from api.config import Settings
from api.domain.errors import AppError
from api.domain.ports import Bell, Blobs, Clock, Database, Renderer
from api.services.campaigns import GetCampaign, ListCampaigns
from api.services.catalogue import GetSpec, ListSpecs
from api.services.confirm import Confirm
from api.services.consents import GiveConsent, ListConsents, WithdrawConsent
from api.services.deliver import Deliver
from api.services.identity import BindIdentity
from api.services.images import PullImage, ReadImage
from api.services.open_campaign import OpenCampaign
from api.services.purge import Purge
from api.services.read_photo import AwaitPhoto, ReadPhoto
from api.services.registries import (
    AddRegistry,
    ListAttempts,
    ListDeliveries,
    ListRegistries,
    PingRegistry,
    Replay,
)
from api.services.render_photo import RenderPhoto
from api.services.review import Approve, FindSubmissions, ListSubmissions, Return, Revoke, TakeVerdict
from api.services.rights import DeletePhoto, EraseMe, ExportMe
from api.services.roster import ImportRoster
from api.services.seed import Seed
from api.services.sessions import Authenticate, LoginAsDeveloper, LoginWithWeChat, RefreshSession
from api.services.submit_selfie import IntakeLimits, SubmitSelfie
from api.services.sweep import Sweep

__all__ = ["House", "Parts", "build", "furnish"]


@dataclass(frozen=True, slots=True)
class House:
    """Everything this product can be asked to do. Each field is a service to call; see the service for its errors."""

    settings: Settings
    clock: Clock
    parts: Parts = field(repr=False)

    login_with_wechat: LoginWithWeChat
    login_as_developer: LoginAsDeveloper
    refresh_session: RefreshSession
    authenticate: Authenticate

    list_consents: ListConsents
    give_consent: GiveConsent
    withdraw_consent: WithdrawConsent
    bind_identity: BindIdentity

    list_specs: ListSpecs
    get_spec: GetSpec
    list_campaigns: ListCampaigns
    get_campaign: GetCampaign

    submit_selfie: SubmitSelfie
    read_photo: ReadPhoto
    await_photo: AwaitPhoto
    read_image: ReadImage
    delete_photo: DeletePhoto
    confirm: Confirm
    list_submissions: ListSubmissions
    export_me: ExportMe
    erase_me: EraseMe

    find_submissions: FindSubmissions
    approve: Approve
    return_: Return
    revoke: Revoke

    pull_image: PullImage
    take_verdict: TakeVerdict
    add_registry: AddRegistry
    list_registries: ListRegistries
    ping_registry: PingRegistry
    replay: Replay
    list_deliveries: ListDeliveries
    list_attempts: ListAttempts

    open_campaign: OpenCampaign
    import_roster: ImportRoster
    seed_sample: Seed

    render_photo: RenderPhoto
    deliver: Deliver
    sweep: Sweep
    purge: Purge

    def warm(self) -> None:
        """Load the models; for the worker alone. Raises RendererAway where they are not there."""
        self.parts.renderer.warm()

    def ping(self) -> dict[str, str]:
        """Return the health of database, redis and blobs: `ok`, or the name of what went wrong."""
        checks: dict[str, Database | Bell | Blobs] = {
            "database": self.parts.database,
            "redis": self.parts.bell,
            "blobs": self.parts.blobs,
        }
        return {name: _health(part) for name, part in checks.items()}

    def close(self) -> None:
        """Give every connection back."""
        self.parts.bell.close()
        self.parts.database.close()


def build(settings: Settings, *, renderer: Renderer | None = None) -> House:
    """Build the house. Raises SchemaBehind where the database's schema is not brought up and not ours to bring up.

    A `renderer` given here stands in for the photo service's own.
    """
    return furnish(settings, choose_parts(settings, renderer=renderer))


def furnish(settings: Settings, parts: Parts) -> House:
    """Put the services over the given parts."""
    return House(
        settings=settings,
        clock=parts.clock,
        parts=parts,
        **_entrance(settings, parts),
        **_student_side(settings, parts),
        **_staff_side(parts),
        **_registry_side(parts),
        **_worker_side(settings, parts),
    )


def _entrance(settings: Settings, parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "login_with_wechat": LoginWithWeChat(**timed, wechat=parts.wechat),
        "login_as_developer": LoginAsDeveloper(**timed, allowed=settings.dev_login),
        "refresh_session": RefreshSession(**timed),
        "authenticate": Authenticate(**timed),
        "list_consents": ListConsents(**kept),
        "give_consent": GiveConsent(**timed),
        "withdraw_consent": WithdrawConsent(**timed, blobs=parts.blobs),
        "bind_identity": BindIdentity(**timed),
        "list_specs": ListSpecs(specs=parts.specs),
        "get_spec": GetSpec(specs=parts.specs),
        "list_campaigns": ListCampaigns(**timed),
        "get_campaign": GetCampaign(**timed),
    }


def _student_side(settings: Settings, parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
    limits = IntakeLimits(
        max_bytes=settings.max_upload_bytes, max_queued=settings.max_queued, selfie_days=settings.selfie_days
    )
    return {
        "submit_selfie": SubmitSelfie(**filed, bell=parts.bell, specs=parts.specs, limits=limits),
        "read_photo": ReadPhoto(**kept),
        "await_photo": AwaitPhoto(**timed, max_waiters=settings.max_waiters),
        "read_image": ReadImage(**kept, blobs=parts.blobs, specs=parts.specs),
        "delete_photo": DeletePhoto(**filed),
        "confirm": Confirm(**timed, bell=parts.bell, keep_days=settings.submitted_days),
        "list_submissions": ListSubmissions(**kept),
        "export_me": ExportMe(**kept),
        "erase_me": EraseMe(**filed),
    }


def _staff_side(parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "find_submissions": FindSubmissions(**kept),
        "approve": Approve(**timed, bell=parts.bell),
        "return_": Return(**timed),
        "revoke": Revoke(**timed, bell=parts.bell),
        "open_campaign": OpenCampaign(**timed),
        "import_roster": ImportRoster(**timed),
        "seed_sample": Seed(**timed),
    }


def _registry_side(parts: Parts) -> dict[str, Any]:
    kept: dict[str, Any] = {"database": parts.database}
    timed = kept | {"clock": parts.clock}
    return {
        "pull_image": PullImage(**timed, blobs=parts.blobs, specs=parts.specs, vault=parts.vault),
        "take_verdict": TakeVerdict(**timed, bell=parts.bell),
        "add_registry": AddRegistry(**timed),
        "list_registries": ListRegistries(**kept),
        "ping_registry": PingRegistry(**timed, bell=parts.bell),
        "replay": Replay(**timed, bell=parts.bell),
        "list_deliveries": ListDeliveries(**kept),
        "list_attempts": ListAttempts(**kept),
    }


def _worker_side(settings: Settings, parts: Parts) -> dict[str, Any]:
    timed: dict[str, Any] = {"database": parts.database, "clock": parts.clock}
    filed = timed | {"blobs": parts.blobs}
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
            **timed,
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
        ),
        "purge": Purge(**filed),
    }


def _health(part: Database | Bell | Blobs) -> str:
    try:
        part.ping()
    except (AppError, OSError, SQLAlchemyError) as fault:
        return type(fault).__name__
    return "ok"
