"""Who is at the console, what they may open, and the note that is made of what they do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from api.domain.errors import NotAuthenticated
from api.domain.errors_staff import Forbidden
from api.domain.reviewer import Reviewer, Role
from api.domain.staff import Caller, StaffMember, StaffSession
from api.services.deeds import Deed
from api.web.console.words import t
from api.web.context import house

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

CHANGE_PAGE = "console.password"
BEFORE_WORK = frozenset({CHANGE_PAGE, "console.password_change", "console.log_out"})
"""All that somebody with a one-time password can do."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Flask-Login's user: the member, the session and the token that the cookie holds."""

    member: StaffMember
    session: StaffSession
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie remembers: the session's token."""
        return self.token


ASK_NOBODY = "console_asks_nobody"
"""Set on `g` while a page says that the database is away: drawing it must not ask the database who reads it."""


def load_user(token: str) -> SignedIn | None:
    """Return who holds this token, for Flask-Login; None when the session is over, or nobody may ask the database."""
    if g.get(ASK_NOBODY):
        return None
    try:
        member, session = house().staff.know(token)
    except NotAuthenticated:
        return None
    return SignedIn(member, session, token)


def staff_only(view: View[P]) -> View[P]:
    """Let in whoever is signed in; send others to the login page, and back from there."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return _to_login()
        if me().must_change_password and request.endpoint not in BEFORE_WORK:
            return redirect(url_for(CHANGE_PAGE))
        return view(*args, **kwargs)

    return guarded


def registrar_only(view: View[P]) -> View[P]:
    """Let in registrars; a counsellor gets a page that says so. Raises Forbidden."""

    @staff_only
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if me().role is not Role.REGISTRAR:
            note("staff.forbidden", subject=request.path[:120])
            raise Forbidden
        return view(*args, **kwargs)

    return guarded


def me() -> StaffMember:
    """Return who asks. Raises NotAuthenticated."""
    return _signed_in().member


def my_session() -> StaffSession:
    """Return the session of this request. Raises NotAuthenticated."""
    return _signed_in().session


def reviewer() -> Reviewer:
    """Return who asks, as the services of review want it."""
    return me().reviewer()


def caller() -> Caller:
    """Return where this request comes from."""
    return Caller(
        address=request.remote_addr or "",
        agent=request.headers.get("User-Agent", ""),
        request_id=g.get("request_id", ""),
    )


def note(action: str, *, subject: str | None = None, detail: Mapping[str, str] | None = None) -> None:
    """Write into the audit log what the member looks at, on which id; never a name or an ID number."""
    house().staff.note(action, who=me(), subject=subject, detail=detail, caller=caller())


def deed(
    action: str,
    *,
    subject: str | Callable[[Any], str] | None = None,
    detail: Mapping[str, str] | Callable[[Any], Mapping[str, str]] | None = None,
) -> Deed:
    """Return the row of the audit log that a change by the member is to leave, for the service that makes the change.

    It is written in the change's own unit of work. `subject` and `detail` may be made of what the change leads to.
    """
    return house().staff.note.deed(action, who=me(), subject=subject, detail=detail, caller=caller())


def wants_json() -> bool:
    """Tell whether a script asks, not a person."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _signed_in() -> SignedIn:
    if not current_user.is_authenticated:
        raise NotAuthenticated
    found: SignedIn = current_user._get_current_object()  # noqa: SLF001  the proxy's own way in
    return found


def _to_login() -> ResponseReturnValue:
    if wants_json():
        raise NotAuthenticated
    if request.method != "GET":
        flash(t("common.session_over"), "warning")
        return redirect(url_for("console.login"))
    wanted = request.full_path.rstrip("?")
    return redirect(url_for("console.login", next=wanted if wanted != "/console/" else None))
