"""My account: where I am logged in, and an end to the logins that are not mine."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.web.console.entrance import bp
from api.web.console.guard import deed, me, my_session, staff_only
from api.web.console.words import t
from api.web.context import house

__all__ = ["bp"]

BROWSERS: Mapping[str, str] = {
    "MicroMessenger": "WeChat",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS: Mapping[str, str] = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@bp.get("/account")
@staff_only
def account() -> ResponseReturnValue:
    """Show my sessions."""
    sessions = house().staff.find.sessions(me())
    return render_template("console/account.html", sessions=sessions, mine=my_session(), browser=browser)


@bp.post("/account/sessions/<session_id>/end")
@staff_only
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of my sessions."""
    house().staff.end_sessions(me(), session_id, deed=deed("staff.session_ended", subject=session_id))
    flash(t("staff.account.ended"), "success")
    return redirect(url_for("console.account"))


@bp.post("/account/sessions/end-others")
@staff_only
def end_others() -> ResponseReturnValue:
    """End all my sessions but this one."""
    ended = deed("staff.sessions_ended", detail=lambda count: {"count": str(count)})
    count = house().staff.end_sessions.others(me(), my_session().id, deed=ended)
    flash(t("staff.account.others_ended", count=count), "success")
    return redirect(url_for("console.account"))


def browser(agent: str) -> str:
    """Return what a person calls this browser: `Chrome · Windows`; unknown ones by the beginning of their own name."""
    found = [next((name for mark, name in names.items() if mark in agent), "") for names in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name) or agent[:40] or "—"
