"""The outside world as the settings want it: the one place where adapters are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from api.adapters.blobs_disk import DiskBlobs
from api.adapters.blobs_s3 import S3Blobs
from api.adapters.clock import SystemClock
from api.adapters.database.database import SqlDatabase
from api.adapters.database.schema import require_schema, upgrade_schema
from api.adapters.passwords import Argon2Passwords
from api.adapters.queue_rq import RqBell, connect
from api.adapters.registry_http import HttpRegistryPost
from api.adapters.renderer import LazyRenderer
from api.adapters.sealed_blobs import SealedBlobs
from api.adapters.vault import KeyVault, key_from_file
from api.adapters.wechat.build import make_push_door, make_wechat
from api.adapters.wechat.push_door import NoPushDoor
from api.config import Settings
from api.config_blobs import Place
from api.config_s3 import S3Address
from api.domain.passwords import Passwords
from api.domain.ports import Bell, Blobs, Clock, Database, PushDoor, RegistryPost, Renderer, Vault, WeChat
from api.domain.work import Work
from api.services.exhibits import LEASE_S as EXHIBIT_LEASE_S
from api.services.media_check import LEASE_S as MEDIA_LEASE_S
from api.services.notices_send import LEASE_S as NOTICE_LEASE_S
from api.services.office_work import LIMIT_S as OFFICE_LIMIT_S
from api.services.pushes import LEASE_S as PUSH_LEASE_S
from photo_service.spec import Spec


@dataclass(frozen=True, slots=True)
class Parts:
    """The outside world, each part behind its port. Tests bring their own."""

    database: Database
    clock: Clock
    blobs: Blobs
    bell: Bell
    vault: Vault
    wechat: WeChat
    renderer: Renderer
    post: RegistryPost
    specs: Mapping[str, Spec]
    push_door: PushDoor = field(default_factory=NoPushDoor)
    passwords: Passwords = field(default_factory=Argon2Passwords)


def choose_parts(settings: Settings, *, renderer: Renderer | None) -> Parts:
    """Make the real parts, with `renderer` in the photo service's place where one is given. Raises SchemaBehind."""
    from photo_service.specs import load_catalogue

    vault = _vault(settings)
    return Parts(
        database=_database(settings, vault),
        clock=SystemClock(),
        blobs=open_blobs(settings.bucket or settings.blob_dir, vault=vault),
        bell=RqBell(connect(settings.redis_url), timeouts_s=_timeouts(settings)),
        vault=vault,
        wechat=make_wechat(settings),
        push_door=make_push_door(settings),
        renderer=renderer or _renderer(settings),
        post=HttpRegistryPost(
            settings.registry_timeout_s,
            settings.registry_allow_private,
            allowed_networks=settings.registry_networks,
        ),
        specs=load_catalogue(),
    )


def open_blobs(place: Place, *, vault: Vault) -> SealedBlobs:
    """Open the store in a folder or a bucket. Nothing is asked of it yet."""
    return S3Blobs(place, vault=vault) if isinstance(place, S3Address) else DiskBlobs(place, vault=vault)


def _timeouts(settings: Settings) -> dict[Work, int]:
    return {
        Work.RENDER: ceil(settings.lease_s),
        Work.DELIVER: ceil(settings.deliver_lease_s),
        Work.NOTIFY: NOTICE_LEASE_S,
        Work.PUSH: PUSH_LEASE_S,
        Work.MEDIA_CHECK: MEDIA_LEASE_S,
        Work.EXHIBIT: EXHIBIT_LEASE_S,
        Work.OFFICE: OFFICE_LIMIT_S,
    }


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


def _renderer(settings: Settings) -> LazyRenderer:
    """Choose the photo service in this process or, with an address given, on a machine of its own."""
    url = settings.photo_service_url

    def make() -> tuple[Renderer, type[Exception]]:
        from photo_service.client import HttpRenderer, LocalRenderer, RendererUnavailable

        if url is not None:
            return HttpRenderer(url, settings.photo_service_timeout_s), RendererUnavailable
        return LocalRenderer(settings.models_home, settings.engine, settings.render_threads), RendererUnavailable

    return LazyRenderer(make)
