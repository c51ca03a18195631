"""The school's own login: OpenID Connect by way of Authlib (discovery, authorization code with PKCE, state, nonce).

Only for people who have an account here: the first login finds it by a claim, later ones by the provider's subject.
"""

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint, APIFlask
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from api.config_oidc import OidcSettings
from api.domain.errors import NotFound
from api.domain.errors_staff import OidcRefused, OidcUnavailable
from api.web.console.entrance import enter, login_failed
from api.web.console.guard import caller
from api.web.context import house, limit_address

bp = APIBlueprint("school_login", __name__, url_prefix="/console/login/school", enable_openapi=False)
CLIENT = "campus-id-photo.oidc"
TIMEOUT_S = 8
WANTED = "school_login_next"
VERIFIED: Mapping[str, str] = {"email": "email_verified", "phone_number": "phone_number_verified"}
"""The claims by which a provider says that somebody has proved theirs (OpenID Connect Core 1.0, section 5.1)."""

SCOPES: Mapping[str, str] = {"email": "openid email", "phone_number": "openid phone"}


def install_school_login(app: APIFlask, oidc: OidcSettings | None) -> None:
    """Register the provider, if there is one; nothing is asked of it before somebody presses the button."""
    app.context_processor(lambda: {"school_login": oidc.name if oidc else None})
    if oidc is None:
        return
    oauth = OAuth(app)
    app.extensions[CLIENT] = oauth.register(
        "school",
        client_id=oidc.client_id,
        client_secret=oidc.client_secret,
        server_metadata_url=oidc.discovery_url,
        client_kwargs={
            "scope": SCOPES.get(oidc.claim, "openid profile"),
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_S,
        },
    )


@bp.get("")
def begin() -> ResponseReturnValue:
    """Send the browser to the provider."""
    limit_address("staff_login")
    _, client = _provider()
    session[WANTED] = request.args.get("next", "")
    try:
        answer: ResponseReturnValue = client.authorize_redirect(_callback_url())
    except (RequestException, ValueError, RuntimeError):
        return login_failed(OidcUnavailable())
    return answer


@bp.get("/callback")
def callback() -> ResponseReturnValue:
    """Take the provider's answer, and let in whom it vouches for. Raises NoSuchStaff."""
    limit_address("staff_login")
    oidc, client = _provider()
    wanted = session.get(WANTED)
    try:
        claims = _claims(oidc, client)
    except (RequestException, RuntimeError):
        return login_failed(OidcUnavailable())
    except (AuthlibBaseError, OAuthError, JoseError, ValueError, KeyError):
        return login_failed(OidcRefused())
    entered = house().staff.sign_in_with_school(
        issuer=oidc.issuer, subject=claims["sub"], login=_login(oidc, claims), caller=caller()
    )
    return enter(entered, wanted=wanted)


def _claims(oidc: OidcSettings, client: Any) -> dict[str, Any]:
    """Return what the ID token says, completed by the userinfo endpoint where the claim is only told there."""
    checks = {"iss": {"essential": True, "values": [oidc.issuer]}, "sub": {"essential": True}}
    token = client.authorize_access_token(claims_options=checks)
    claims: dict[str, Any] = dict(token["userinfo"])
    if oidc.claim in claims:
        return claims
    more = dict(client.userinfo(token=token))
    if more.get("sub") != claims["sub"]:
        raise ValueError("userinfo speaks of somebody else")  # OpenID Connect Core 1.0, section 5.3.2
    return {**more, **claims}


def _login(oidc: OidcSettings, claims: Mapping[str, Any]) -> str:
    """Return what is compared with our logins; nothing for a claim that is not there or that nobody has verified."""
    value, proof = claims.get(oidc.claim), VERIFIED.get(oidc.claim)
    if not isinstance(value, str) or (proof is not None and claims.get(proof) is not True):
        return ""
    return value


def _provider() -> tuple[OidcSettings, Any]:
    oidc = house().settings.oidc
    if oidc is None:
        raise NotFound(kind="page")
    return oidc, current_app.extensions[CLIENT]


def _callback_url() -> str:
    """Return our own address as the provider knows it; never what a Host header says."""
    return house().settings.public_url + url_for("school_login.callback")
