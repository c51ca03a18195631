"""The installation's settings: read from the environment once, checked as a whole, never asked for again.

Every variable is named after its field with `IDPHOTO_` before it; the five that other programs know too
(`DATABASE_URL`, `REDIS_URL`, `BLOB_URL`, `PHOTO_SERVICE_URL`, and the WeChat credentials) stand bare. A secret may come
from a file: `NAME_FILE` instead of `NAME`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from api.config_blobs import Place, read_blob_url
from api.config_database import embedded_url, read_database_url
from api.config_oidc import OidcSettings, read_oidc
from api.config_reader import ConfigError, Reader
from api.config_s3 import S3Address
from api.config_wechat import WeChatCredentials, read_wechat
from api.domain.retry import SCHEDULE_S

__all__ = ["ConfigError", "Settings", "WeChatCredentials"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can choose.

    `embedded` is the mode of `idphoto up`: one machine, SQLite, local files and a Redis of our own under `home`, the
    schema brought up at start, a data key made at first use. Otherwise the addresses and the key must be given.
    Files lie in `bucket` where there is one, else under `blob_dir`.
    Times ending in `_s` are seconds, `_days` days. `data_keys` are newest first; empty in embedded mode, where the key
    file under `home` is used.
    """

    embedded: bool
    home: Path
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    blob_dir: Path
    public_url: str
    bucket: S3Address | None = None
    data_keys: tuple[bytes, ...] = field(default=(), repr=False)
    photo_service_url: str | None = None
    photo_service_timeout_s: float = 20.0
    models_home: Path = Path("var/models")
    engine: str = "selfie"
    render_threads: int = 1
    wechat: WeChatCredentials | None = None
    dev_login: bool = False
    oidc: OidcSettings | None = None
    trusted_proxies: int = 0
    max_upload_bytes: int = 10_000_000
    max_queued: int = 2000
    max_waiters: int = 4
    lease_s: float = 30.0
    sweep_every_s: float = 5.0
    purge_every_s: float = 600.0
    deliver_lease_s: float = 60.0
    registry_timeout_s: float = 20.0
    registry_allow_private: bool = False
    registry_networks: tuple[str, ...] = ()
    retry_schedule_s: tuple[float, ...] = SCHEDULE_S
    selfie_days: int = 7
    image_days: int = 30
    submitted_days: int = 365
    audit_days: int = 365
    closing_notice_hours: int = 24
    log_format: str = "json"

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read and check everything. Raises ConfigError with every fault at once."""
        reader = Reader(env)
        embedded = reader.flag("IDPHOTO_EMBEDDED", default=False)
        home = reader.path("IDPHOTO_HOME", default=Path("var"))
        settings = cls(
            embedded=embedded,
            home=home,
            dev_login=_dev_login(reader, embedded=embedded),
            wechat=read_wechat(reader, embedded=embedded),
            oidc=read_oidc(reader),
            trusted_proxies=reader.whole("IDPHOTO_TRUSTED_PROXIES", default=0, low=0, high=8),
            **_places(reader, embedded=embedded, home=home),
            **_rendering(reader, home=home),
            **_limits(reader, embedded=embedded),
            **_delivery(reader, embedded=embedded),
        )
        reader.finish()
        return settings


def _places(reader: Reader, *, embedded: bool, home: Path) -> dict[str, Any]:
    redis = f"unix://{home.absolute()}/redis/redis.sock"
    return {
        "database_url": read_database_url(reader, default=_within(embedded, embedded_url(home))),
        "redis_url": reader.given("REDIS_URL", default=_within(embedded, redis)),
        **_blobs(read_blob_url(reader, default=_within(embedded, f"file:{home.absolute()}/blobs")), home=home),
        "public_url": reader.url("IDPHOTO_PUBLIC_URL", default=_within(embedded, "http://127.0.0.1:8000")),
        "data_keys": reader.keys("IDPHOTO_DATA_KEYS", required=not embedded),
        "log_format": reader.choice(
            "IDPHOTO_LOG_FORMAT", ("json", "console"), default="console" if embedded else "json"
        ),
    }


def _rendering(reader: Reader, *, home: Path) -> dict[str, Any]:
    return {
        "photo_service_url": reader.optional_url("PHOTO_SERVICE_URL"),
        "photo_service_timeout_s": reader.number("IDPHOTO_PHOTO_SERVICE_TIMEOUT_S", default=20.0, low=1, high=120),
        "models_home": reader.path("IDPHOTO_MODELS", default=home / "models"),
        "engine": reader.text("IDPHOTO_ENGINE", default="selfie"),
        "render_threads": reader.whole("IDPHOTO_RENDER_THREADS", default=1, low=1, high=64),
    }


def _limits(reader: Reader, *, embedded: bool) -> dict[str, Any]:
    sweep_s = 2.0 if embedded else 5.0
    return {
        "max_upload_bytes": reader.whole("IDPHOTO_MAX_UPLOAD_BYTES", default=10_000_000, low=100_000, high=50_000_000),
        "max_queued": reader.whole("IDPHOTO_MAX_QUEUED", default=2000, low=1, high=1_000_000),
        "max_waiters": reader.whole("IDPHOTO_MAX_WAITERS", default=4, low=0, high=1000),
        "lease_s": reader.number("IDPHOTO_LEASE_S", default=30.0, low=1, high=600),
        "sweep_every_s": reader.number("IDPHOTO_SWEEP_EVERY_S", default=sweep_s, low=0.1, high=300),
        "purge_every_s": reader.number("IDPHOTO_PURGE_EVERY_S", default=600.0, low=1, high=86400),
        "selfie_days": reader.whole("IDPHOTO_SELFIE_DAYS", default=7, low=1, high=30),
        "image_days": reader.whole("IDPHOTO_IMAGE_DAYS", default=30, low=1, high=365),
        "closing_notice_hours": reader.whole("IDPHOTO_CLOSING_NOTICE_HOURS", default=24, low=1, high=168),
        "submitted_days": reader.whole("IDPHOTO_SUBMITTED_DAYS", default=365, low=1, high=3650),
        "audit_days": reader.whole("IDPHOTO_AUDIT_DAYS", default=365, low=183, high=3650),
    }


def _delivery(reader: Reader, *, embedded: bool) -> dict[str, Any]:
    timeout_s = reader.number("IDPHOTO_REGISTRY_TIMEOUT_S", default=20.0, low=0.5, high=30)
    lease_s = reader.number("IDPHOTO_DELIVER_LEASE_S", default=60.0, low=1, high=600)
    if lease_s <= timeout_s:
        reader.fault("IDPHOTO_DELIVER_LEASE_S", "must be longer than IDPHOTO_REGISTRY_TIMEOUT_S")
    return {
        "registry_timeout_s": timeout_s,
        "deliver_lease_s": lease_s,
        "registry_allow_private": reader.flag("IDPHOTO_REGISTRY_ALLOW_PRIVATE", default=embedded),
        "registry_networks": reader.words("IDPHOTO_REGISTRY_NETWORKS"),
    }


def _within(embedded: bool, default: str) -> str | None:
    return default if embedded else None


def _blobs(place: Place, *, home: Path) -> dict[str, Any]:
    if isinstance(place, S3Address):
        return {"bucket": place, "blob_dir": home.absolute() / "blobs"}
    return {"blob_dir": place}


def _dev_login(reader: Reader, *, embedded: bool) -> bool:
    """Decide whether anyone may log in under any name: only on one's own machine, never beside real WeChat logins."""
    credentials = bool(reader.secret("WECHAT_APP_ID") or reader.secret("WECHAT_APP_SECRET"))
    wanted = reader.flag("IDPHOTO_DEV_LOGIN", default=embedded and not credentials)
    if wanted and credentials:
        reader.fault("IDPHOTO_DEV_LOGIN", "cannot be switched on beside WeChat credentials")
    if wanted and not embedded:
        reader.fault("IDPHOTO_DEV_LOGIN", "exists in the embedded mode only")
    return wanted
