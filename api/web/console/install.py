"""Put the console into the application: sessions, tokens on every form, its rooms, and what its pages may use.

Everything here is for paths under `/console` alone: the API keeps its bearer tokens and knows no cookie.
"""

from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from api.bootstrap import House
from api.domain.errors_staff import FormExpired
from api.web.console import (
    account,
    audit_pages,
    campaign,
    nav,
    registries,
    review_records,
    review_room,
    school_login,
    staff_pages,
    words,
)
from api.web.console.faults import fault_page
from api.web.console.guard import load_user
from api.web.errors import BadRequest
from api.web.problems import PAGES
from api.web.strict import ENVELOPE_BYTES

PREFIX = "/console"
FORM_PARTS = 5_000
"""A batch names 500 submissions, a decision and a reason for each at most."""

FORM_BYTES = 2_000_000
UPLOAD_BYTES = 8_000_000
"""A roster of 50,000 people is about 5 MB as XLSX."""

NUL_IS_THEIRS = frozenset({"console.log_in", "audit.log", "audit.export"})
"""What answers NUL itself: as a login like any other that is none, and as a search for nothing."""

BLUEPRINTS: tuple[APIBlueprint, ...] = (
    account.bp,
    review_room.bp,
    review_records.bp,
    staff_pages.bp,
    audit_pages.bp,
    school_login.bp,
    registries.bp,
    campaign.bp,
)
"""One for each room; a room whose pages lie in several modules gives the module that imports the others."""


class ConsoleSessions(SecureCookieSessionInterface):
    """Signed cookies for `/console`; elsewhere an empty session that is never sent."""

    def open_session(self, app: Flask, request: Any) -> Any:
        """Read the cookie, on the console's pages only."""
        return super().open_session(app, request) if _is_console(request.path) else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        """Send the cookie, on the console's pages only."""
        if _is_console(request.path):
            super().save_session(app, session, response)


def install_console(app: APIFlask, house: House) -> None:
    """Add the console to `app`."""
    app.config.update(_settings(house))
    app.session_interface = ConsoleSessions()
    app.extensions[words.WORDS] = words.load_words()
    app.extensions[PAGES] = {PREFIX: fault_page}
    app.add_template_filter(words.beijing, "beijing")
    app.add_template_filter(words.beijing_s, "beijing_s")
    app.context_processor(lambda: {"t": words.t, "language": words.language, "rooms": nav.rooms})
    Bootstrap5(app)
    LoginManager(app).user_loader(load_user)
    app.before_request(_allow_larger_forms)
    csrf = CSRFProtect(app)
    app.before_request(lambda: _check_token(csrf))
    app.before_request(_refuse_nul)
    app.after_request(_keep_nothing)
    school_login.install_school_login(app, house.settings.oidc)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)


def _settings(house: House) -> dict[str, Any]:
    """The key that signs cookies comes from the installation's data key: nothing more to set, nothing to lose."""
    return {
        "SECRET_KEY": house.parts.vault.sign("cookies", context="console"),
        "SESSION_COOKIE_NAME": "idphoto_console",
        "SESSION_COOKIE_PATH": PREFIX,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": house.settings.public_url.startswith("https:"),
        "SESSION_PROTECTION": None,  # our sessions are rows that end; an address may change on a phone
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as the session it is bound to
        "WTF_I18N_ENABLED": False,  # Flask-Babel is not here: WTForms' own words serve
        "BOOTSTRAP_SERVE_LOCAL": True,
    }


def _is_console(path: str) -> bool:
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def _allow_larger_forms() -> None:
    """Give staff room for batches and rosters; a stranger may send no more than a login form."""
    if not _is_console(request.path):
        return
    known = request.method == "POST" and current_user.is_authenticated
    request.max_content_length = UPLOAD_BYTES if known else ENVELOPE_BYTES
    request.max_form_memory_size = FORM_BYTES if known else ENVELOPE_BYTES
    request.max_form_parts = FORM_PARTS if known else 20


def _check_token(csrf: Any) -> None:
    """Refuse a form without our token. Raises FormExpired."""
    if not _is_console(request.path) or request.endpoint is None:
        return
    try:
        csrf.protect()
    except CSRFError as fault:
        raise FormExpired from fault


def _refuse_nul() -> None:
    """Refuse what no person types and PostgreSQL does not keep. Raises BadRequest."""
    asked = _is_console(request.path) and request.endpoint not in NUL_IS_THEIRS
    if asked and any("\0" in value for _, value in request.values.items(multi=True)):
        raise BadRequest


def _keep_nothing(response: Response) -> Response:
    """Nothing of the console stays on a shared computer, unless a page says otherwise."""
    if _is_console(request.path) and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"
    return response
