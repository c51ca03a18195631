"""Build the house: every part made once, in order, from the settings. The one place where adapters are chosen."""

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import getpid

from sqlalchemy.exc import SQLAlchemyError

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.clock import SystemClock
from api.adapters.database.database import SqlDatabase
from api.adapters.database.schema import require_schema, upgrade_schema
from api.adapters.logging import report_crash
from api.adapters.queue_rq import RqBell, connect
from api.adapters.registry_http import HttpRegistryPost
from api.adapters.renderer import LazyRenderer
from api.adapters.vault import KeyVault, key_from_file
from api.adapters.wechat import NoWeChat, WeChatServer
from api.config import Settings
from api.domain.errors import AppError
from api.domain.ports import Bell, Blobs, Clock, Database, RegistryPost, Renderer, Vault, WeChat
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
from photo_service.spec import Spec


@dataclass(frozen=True, slots=True)
class Parts:
    """The outside world, each part behind its port. `build` makes the real ones; tests bring their own."""

    database: Database
    clock: Clock
    blobs: Blobs
    bell: Bell
    vault: Vault
    wechat: WeChat
    renderer: Renderer
    post: RegistryPost
    specs: Mapping[str, Spec]


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
        """Load the models; for the worker alone."""
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
    from photo_service.specs import load_catalogue

    vault = _vault(settings)
    parts = Parts(
        database=_database(settings, vault),
        clock=SystemClock(),
        blobs=DiskBlobs(settings.blob_dir, vault=vault),
        bell=RqBell(connect(settings.redis_url), timeout_s=int(max(settings.lease_s, settings.deliver_lease_s))),
        vault=vault,
        wechat=_wechat(settings),
        renderer=renderer or _renderer(settings),
        post=HttpRegistryPost(
            settings.registry_timeout_s,
            settings.registry_allow_private,
            allowed_networks=settings.registry_networks,
        ),
        specs=load_catalogue(),
    )
    return furnish(settings, parts)


def furnish(settings: Settings, parts: Parts) -> House:
    """Put the services over the given parts: one line each, as a list of what the house can do."""
    database, clock, blobs, bell, vault, specs = (
        parts.database,
        parts.clock,
        parts.blobs,
        parts.bell,
        parts.vault,
        parts.specs,
    )
    limits = IntakeLimits(
        max_bytes=settings.max_upload_bytes, max_queued=settings.max_queued, selfie_days=settings.selfie_days
    )
    return House(
        settings=settings,
        clock=clock,
        parts=parts,
        login_with_wechat=LoginWithWeChat(database=database, clock=clock, wechat=parts.wechat),
        login_as_developer=LoginAsDeveloper(database=database, clock=clock, allowed=settings.dev_login),
        refresh_session=RefreshSession(database=database, clock=clock),
        authenticate=Authenticate(database=database, clock=clock),
        list_consents=ListConsents(database=database),
        give_consent=GiveConsent(database=database, clock=clock),
        withdraw_consent=WithdrawConsent(database=database, clock=clock, blobs=blobs),
        bind_identity=BindIdentity(database=database, clock=clock),
        list_specs=ListSpecs(specs=specs),
        get_spec=GetSpec(specs=specs),
        list_campaigns=ListCampaigns(database=database, clock=clock),
        get_campaign=GetCampaign(database=database, clock=clock),
        submit_selfie=SubmitSelfie(database=database, clock=clock, blobs=blobs, bell=bell, specs=specs, limits=limits),
        read_photo=ReadPhoto(database=database),
        await_photo=AwaitPhoto(database=database, clock=clock, max_waiters=settings.max_waiters),
        read_image=ReadImage(database=database, blobs=blobs, specs=specs),
        delete_photo=DeletePhoto(database=database, clock=clock, blobs=blobs),
        confirm=Confirm(database=database, clock=clock, bell=bell, keep_days=settings.submitted_days),
        list_submissions=ListSubmissions(database=database),
        export_me=ExportMe(database=database),
        erase_me=EraseMe(database=database, clock=clock, blobs=blobs),
        find_submissions=FindSubmissions(database=database),
        approve=Approve(database=database, clock=clock, bell=bell),
        return_=Return(database=database, clock=clock),
        revoke=Revoke(database=database, clock=clock, bell=bell),
        pull_image=PullImage(database=database, blobs=blobs, specs=specs, clock=clock, vault=vault),
        take_verdict=TakeVerdict(database=database, clock=clock, bell=bell),
        add_registry=AddRegistry(database=database, clock=clock),
        list_registries=ListRegistries(database=database),
        ping_registry=PingRegistry(database=database, clock=clock, bell=bell),
        replay=Replay(database=database, clock=clock, bell=bell),
        list_deliveries=ListDeliveries(database=database),
        list_attempts=ListAttempts(database=database),
        open_campaign=OpenCampaign(database=database, clock=clock),
        import_roster=ImportRoster(database=database, clock=clock),
        seed_sample=Seed(database=database, clock=clock),
        render_photo=_render(settings, parts),
        deliver=_deliver(settings, parts),
        sweep=Sweep(
            database=database,
            clock=clock,
            bell=bell,
            holder=f"{socket.gethostname()}:{getpid()}",
            lease_s=max(5.0, settings.sweep_every_s * 3),
        ),
        purge=Purge(database=database, clock=clock, blobs=blobs),
    )


def _render(settings: Settings, parts: Parts) -> RenderPhoto:
    return RenderPhoto(
        database=parts.database,
        clock=parts.clock,
        blobs=parts.blobs,
        bell=parts.bell,
        renderer=parts.renderer,
        lease_s=settings.lease_s,
        image_days=settings.image_days,
        report_crash=report_crash,
    )


def _deliver(settings: Settings, parts: Parts) -> Deliver:
    return Deliver(
        database=parts.database,
        clock=parts.clock,
        vault=parts.vault,
        post=parts.post,
        public_url=settings.public_url,
        lease_s=settings.deliver_lease_s,
        schedule_s=settings.retry_schedule_s,
        jitter=random.random,
    )


def _vault(settings: Settings) -> KeyVault:
    return KeyVault(settings.data_keys or (key_from_file(settings.home / "data.key"),))


def _database(settings: Settings, vault: Vault) -> SqlDatabase:
    database = SqlDatabase(settings.database_url, vault=vault)
    try:
        if settings.embedded:
            upgrade_schema(database.engine)
        require_schema(database.engine)
    except BaseException:
        database.close()
        raise
    return database


def _wechat(settings: Settings) -> WeChat:
    account = settings.wechat
    if account is None:
        return NoWeChat()
    return WeChatServer(app_id=account.app_id, secret=account.secret, base_url=account.base_url)


def _renderer(settings: Settings) -> LazyRenderer:
    """Choose the photo service in this process or, with an address given, on a machine of its own."""
    url = settings.photo_service_url

    def make() -> tuple[Renderer, type[Exception]]:
        from photo_service.client import HttpRenderer, LocalRenderer, RendererUnavailable

        if url is not None:
            return HttpRenderer(url, settings.photo_service_timeout_s), RendererUnavailable
        return LocalRenderer(settings.models_home, settings.engine, settings.render_threads), RendererUnavailable

    return LazyRenderer(make)


def _health(part: Database | Bell | Blobs) -> str:
    try:
        part.ping()
    except (AppError, OSError, SQLAlchemyError) as fault:
        return type(fault).__name__
    return "ok"
