"""Ways in: WeChat, a name on one's own machine, and the renewal of a session."""

from apiflask import APIBlueprint

from api.web.bearer import access_token, bearer
from api.web.context import house, limit_address, student
from api.web.shapes.people import DeveloperLogin, Refresh, SessionOut, WeChatLogin

bp = APIBlueprint("auth", __name__, url_prefix="/v1/auth", tag="登录 Sessions")


@bp.post("/wechat")
@bp.input(WeChatLogin)
@bp.output(SessionOut)
def wechat(json_data: WeChatLogin) -> SessionOut:
    """Trade a wx.login code for a session."""
    limit_address("login")
    return SessionOut.of(house().login_with_wechat(json_data.code))


@bp.post("/dev")
@bp.input(DeveloperLogin)
@bp.output(SessionOut)
def dev(json_data: DeveloperLogin) -> SessionOut:
    """Open a session by name; only where the product runs on one's own machine."""
    limit_address("dev_login")
    return SessionOut.of(house().login_as_developer(json_data.name))


@bp.delete("/session")
@bp.auth_required(bearer)
@bp.output({}, status_code=204, description="Logged out; this session's tokens open nothing any more")
def end_session() -> tuple[str, int]:
    """Log out: end this session and every other that grew from the same login."""
    house().end_session(access_token())
    return "", 204


@bp.delete("/sessions")
@bp.auth_required(bearer)
@bp.output({}, status_code=204, description="Logged out everywhere")
def end_sessions() -> tuple[str, int]:
    """Log out on every phone and every computer."""
    house().student_room.end_all_sessions(student().id)
    return "", 204


@bp.post("/refresh")
@bp.input(Refresh)
@bp.output(SessionOut)
def refresh(json_data: Refresh) -> SessionOut:
    """Trade a refresh token for a new session.

    The old pair ends. A refresh token that comes a second time ends every session grown from its login, except within
    30 seconds and before the new pair was used: then the answer was lost, and the next pair takes its place.
    """
    limit_address("refresh")
    return SessionOut.of(house().refresh_session(json_data.refresh_token))
