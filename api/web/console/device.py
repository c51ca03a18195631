"""The device cookie: a browser that has been in an account before is not slowed down by strangers who guess at it."""

import hmac
import secrets

from flask import Response, current_app, request

from api.domain.staff import plain_login
from api.web.context import house

COOKIE = "idphoto_device"
AGE_S = 180 * 86400


def device_of(login: str) -> str | None:
    """Return the name of this browser if it has been in the account of `login` before."""
    nonce, _, mark = request.cookies.get(COOKIE, "").partition(".")
    known = bool(nonce) and hmac.compare_digest(mark.encode(), _mark(nonce, login).encode())
    return nonce if known else None


def remember_device(response: Response, login: str) -> Response:
    """Mark this browser as one that has been in the account."""
    nonce = secrets.token_urlsafe(16)
    response.set_cookie(
        COOKIE,
        f"{nonce}.{_mark(nonce, login)}",
        max_age=AGE_S,
        path="/console/login",
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _mark(nonce: str, login: str) -> str:
    return house().parts.vault.sign(f"{nonce}\0{plain_login(login)}", context="console.device")
