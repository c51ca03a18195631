"""More time for named students: found by name or student number, given with a reason, noted."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import InvalidRequest
from api.services.office_desk import Page
from api.web.console.campaign_room import beijing_time, bp, page, stand_of
from api.web.console.guard import deed, me, note, registrar_only, reviewer
from api.web.console.words import t
from api.web.context import house


@bp.get("/campaigns/<campaign_id>/extensions")
@registrar_only
def extensions(campaign_id: str) -> ResponseReturnValue:
    """Show who has longer, and the search for others."""
    return _page(campaign_id)


@bp.post("/campaigns/<campaign_id>/extensions/search")
@registrar_only
def find_for_extension(campaign_id: str) -> ResponseReturnValue:
    """Find students; the words are in the form, not in the address, for addresses are logged."""
    words = request.form.get("words", "")[:100]
    found = house().office.find_people.search(reviewer(), campaign_id, words)
    note("roster.searched", subject=campaign_id, detail={"found": str(len(found.rows))})
    return _page(campaign_id, words=words, found=found)


@bp.get("/campaigns/<campaign_id>/extensions/search")
@registrar_only
def find_again(campaign_id: str) -> ResponseReturnValue:
    """Lead back to the empty search."""
    return redirect(url_for("campaigns.extensions", campaign_id=campaign_id))


@bp.post("/campaigns/<campaign_id>/extensions")
@registrar_only
def extend(campaign_id: str) -> ResponseReturnValue:
    """Give the chosen students longer."""
    stand = stand_of(campaign_id)
    until, numbers = beijing_time(request.form.get("until")), request.form.getlist("student")
    reason = request.form.get("reason", "").strip()
    words = request.form.get("words", "")[:100]
    trouble = _trouble(numbers, reason) or ("" if until else "time")
    if not trouble and until is not None:
        longer = deed("campaign.extended", subject=lambda one: one.roster_row_id, detail={"until": until.isoformat()})
        try:
            given = house().extend_window(campaign_id, numbers, until=until, reason=reason, by=me().name, deed=longer)
        except InvalidRequest as fault:
            trouble = "too_early" if fault.facts.get("reason") == "until_before_end" else "unknown_student"
        else:
            flash(t("campaign.longer.given", count=len(given)), "success")
            return redirect(url_for("campaigns.extensions", campaign_id=stand.campaign.slug))
    flash(t(f"campaign.longer.{trouble}"), "danger")
    found = house().office.find_people.search(reviewer(), campaign_id, words) if words else None
    return _page(campaign_id, words=words, found=found, chosen=numbers), 422


def _trouble(numbers: list[str], reason: str) -> str:
    if not numbers:
        return "nobody"
    return "" if reason else "no_reason"


def _page(campaign_id: str, *, words: str = "", found: Page | None = None, chosen: list[str] | None = None) -> str:
    stand = stand_of(campaign_id)
    given = house().office.find_people.extensions(campaign_id)
    return page(
        "extensions", stand=stand, given=given, words=words, found=found, chosen=chosen or [], now=house().clock.now()
    )
