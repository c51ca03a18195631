"""The school's own login, over OpenID Connect: what an installation sets for it."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from api.config_reader import Reader

DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider. `claim` names what is compared with the login of an account, at the first login only."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    claim: str

    @property
    def discovery_url(self) -> str:
        """Return where the provider describes itself (OpenID Connect Discovery 1.0, section 4)."""
        return self.issuer.rstrip("/") + DISCOVERY


def read_oidc(reader: Reader) -> OidcSettings | None:
    """Return the provider, None where no issuer is set. Notes what is missing beside an issuer."""
    issuer = reader.text("IDPHOTO_OIDC_ISSUER", default="")
    client_id = reader.text("IDPHOTO_OIDC_CLIENT_ID", default="")
    secret = reader.secret("IDPHOTO_OIDC_CLIENT_SECRET")
    name = reader.text("IDPHOTO_OIDC_NAME", default="学校统一认证")
    claim = reader.text("IDPHOTO_OIDC_CLAIM", default="preferred_username")
    if not issuer:
        if client_id or secret:
            reader.fault("IDPHOTO_OIDC_ISSUER", "is missing beside the other settings of OpenID Connect")
        return None
    if not _is_safe(issuer):
        reader.fault("IDPHOTO_OIDC_ISSUER", "must be an https:// address (http:// on this machine only)")
    for variable, value in (("IDPHOTO_OIDC_CLIENT_ID", client_id), ("IDPHOTO_OIDC_CLIENT_SECRET", secret)):
        if not value:
            reader.fault(variable, "is missing beside IDPHOTO_OIDC_ISSUER")
    return OidcSettings(issuer=issuer, client_id=client_id, client_secret=secret or "", name=name, claim=claim)


def _is_safe(issuer: str) -> bool:
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    host = parts.hostname or ""
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
