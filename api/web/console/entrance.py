"""In and out of the console: the login, the logout, the password, the language."""

from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from api.domain.errors import AppError
from api.domain.errors_staff import LoginDelayed, LoginRefused, WeakPassword
from api.domain.passwords import LEAST
from api.domain.reviewer import Role
from api.services.staff_login import Entered
from api.web.console.device import device_of, remember_device
from api.web.console.faults import flash_error, words_of
from api.web.console.forms import ConsoleForm
from api.web.console.guard import caller, deed, load_user, me, my_session, staff_only
from api.web.console.words import COOKIE, t
from api.web.context import house, limit_address
from api.web.wording import LANGUAGES

bp = APIBlueprint("console", __name__, url_prefix="/console", enable_openapi=False)
LANDING = {Role.COUNSELLOR: "/console/review", Role.REGISTRAR: "/console/campaigns"}
LANGUAGE_AGE_S = 365 * 86400


class LoginForm(ConsoleForm):
    """Who, and the proof."""

    login = StringField(validators=[InputRequired(), Length(max=64)])
    password = PasswordField(validators=[InputRequired(), Length(max=128)])


class PasswordForm(ConsoleForm):
    """The old one and the new one, twice."""

    current = PasswordField(validators=[InputRequired(), Length(max=128)])
    new = PasswordField(validators=[InputRequired()])
    again = PasswordField(validators=[InputRequired()])


@bp.get("/")
@staff_only
def home() -> ResponseReturnValue:
    """Send everyone to where their work begins."""
    return redirect(LANDING[me().role])


@bp.get("/login")
def login() -> ResponseReturnValue:
    """Show the login."""
    if current_user.is_authenticated:
        return redirect(url_for("console.home"))
    return _login_page(LoginForm())


@bp.post("/login")
def log_in() -> ResponseReturnValue:
    """Try the password."""
    limit_address("staff_login")
    form = LoginForm()
    if not form.validate():
        return _login_page(form, status=422)
    try:
        entered = house().staff.sign_in(
            form.login.data, form.password.data, caller=caller(), device=device_of(form.login.data)
        )
    except (LoginRefused, LoginDelayed) as fault:
        flash_error(fault)
        response = make_response(_login_page(form, status=429 if isinstance(fault, LoginDelayed) else 401))
        if fault.retry_after is not None:
            response.headers["Retry-After"] = str(fault.retry_after)
        return response
    return remember_device(make_response(enter(entered, wanted=request.args.get("next"))), entered.member.login)


@bp.post("/logout")
@staff_only
def log_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    house().staff.end_sessions(me(), my_session().id, deed=deed("staff.logout"))
    logout_user()
    session.clear()
    flash(t("staff.login.logged_out"), "success")
    return redirect(url_for("console.login"))


@bp.get("/password")
@staff_only
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    return _password_page(PasswordForm())


@bp.post("/password", endpoint="password_change")
@staff_only
def change_password() -> ResponseReturnValue:
    """Keep a new password; other sessions end."""
    limit_address("staff_login")  # an unlocked computer is no place to guess at the old one
    form = PasswordForm()
    if not form.validate():
        return _password_page(form, status=422)
    if form.new.data != form.again.data:
        form.again.errors = [t("staff.password.differ")]
        return _password_page(form, status=422)
    try:
        house().staff.change_password(
            me(),
            current=form.current.data,
            new=form.new.data,
            session_id=my_session().id,
            deed=deed("staff.password_changed"),
        )
    except LoginRefused:
        form.current.errors = [t("staff.password.wrong")]
    except WeakPassword as fault:
        form.new.errors = [t(f"staff.password.{fault.facts['reason']}", least=LEAST)]
    else:
        flash(t("staff.password.changed"), "success")
        return redirect(url_for("console.home"))
    return _password_page(form, status=422)


@bp.post("/language")
def choose_language() -> ResponseReturnValue:
    """Remember the language of the pages, and go back to where the switch was."""
    wanted = request.form.get("lang")
    response = make_response(redirect(safe_next(request.form.get("back"))))
    if wanted in LANGUAGES:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            COOKIE, wanted, max_age=LANGUAGE_AGE_S, path="/console", httponly=True, samesite="Lax", secure=secure
        )
    return response


def enter(entered: Entered, *, wanted: str | None) -> ResponseReturnValue:
    """Begin a fresh session for somebody who has just proved who they are, and send them on."""
    session.clear()
    user = load_user(entered.token)
    if user is not None:
        login_user(user)
    return redirect(safe_next(wanted))


def safe_next(wanted: str | None) -> str:
    """Return a path of the console to go on to: never another host, never the way out."""
    try:
        parts = urlsplit(wanted or "")
    except ValueError:  # brackets that hold no address
        return url_for("console.home")
    foreign = parts.scheme or parts.netloc or "\\" in (wanted or "") or not parts.path.startswith("/console/")
    if foreign or parts.path in {"/console/login", "/console/logout"}:
        return url_for("console.home")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def login_failed(fault: AppError) -> ResponseReturnValue:
    """Show the login again, with what went wrong."""
    flash(words_of(fault).detail, "danger")
    return redirect(url_for("console.login"))


def _login_page(form: LoginForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("console/login.html", form=form), status


def _password_page(form: PasswordForm, *, status: int = 200) -> ResponseReturnValue:
    return render_template("console/password.html", form=form, least=LEAST), status
