"""A roster file on its way in: uploaded, shown with every fault or every change, confirmed or let go."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import InvalidRequest
from api.domain.errors_office import RosterMoved
from api.domain.roster_check import Fate, RosterCheck
from api.services.check_roster import MOST_FILE_BYTES
from api.web.console.campaign_room import CSV, after, as_file, bp, page, stand_of
from api.web.console.faults import flash_error
from api.web.console.guard import deed, registrar_only, reviewer
from api.web.console.words import t
from api.web.context import house

SHOWN = 100


@bp.get("/campaigns/<campaign_id>/roster-import")
@registrar_only
def roster_upload(campaign_id: str) -> ResponseReturnValue:
    """Show the form for a file."""
    return page("roster_upload", stand=stand_of(campaign_id), most=MOST_FILE_BYTES)


@bp.post("/campaigns/<campaign_id>/roster-import", endpoint="roster_uploaded")
@registrar_only
def take_file(campaign_id: str) -> ResponseReturnValue:
    """Take a file to be checked."""
    stand, file = stand_of(campaign_id), request.files.get("file")
    body = file.read() if file else b""
    uploaded = deed("roster.uploaded", subject=lambda made: made.id, detail={"campaign": stand.campaign.id})
    try:
        check = house().office.upload_roster(
            reviewer(), campaign_id, body, remove_missing="remove_missing" in request.form, deed=uploaded
        )
    except InvalidRequest:
        flash(t("campaign.import.no_file", megabytes=MOST_FILE_BYTES // 1_000_000), "danger")
        return page("roster_upload", stand=stand, most=MOST_FILE_BYTES), 422
    return redirect(url_for("campaigns.roster_check", campaign_id=stand.campaign.slug, check_id=check.id))


@bp.get("/campaigns/<campaign_id>/roster-import/<check_id>")
@registrar_only
def roster_check(campaign_id: str, check_id: str) -> ResponseReturnValue:
    """Show what the check found: progress, then faults, or what would be done to whom."""
    stand = stand_of(campaign_id)
    check = house().office.read_roster_check(campaign_id, check_id)
    wanted = request.args.get("show", "")
    counts = {Fate.ADDED: check.added, Fate.CHANGED: check.changed, Fate.REMOVED: check.removed}
    chosen = next((fate for fate in Fate if fate.value == wanted), None)
    fate = chosen or next((one for one in (Fate.CHANGED, Fate.REMOVED, Fate.ADDED) if counts[one]), Fate.ADDED)
    fates = house().office.read_roster_check.fates(campaign_id, check_id, fate, after=after())
    start = _number(request.args.get("start"))
    return page(
        "roster_check",
        stand=stand,
        check=check,
        fate=fate,
        counts=counts,
        fates=fates,
        start=start,
        size=SHOWN,
        faults=check.faults[start : start + SHOWN],
    )


@bp.get("/campaigns/<campaign_id>/roster-import/<check_id>/faults.csv")
@registrar_only
def roster_faults(campaign_id: str, check_id: str) -> ResponseReturnValue:
    """Give the faults as a file, for whoever mends the roster."""
    check = house().office.read_roster_check(campaign_id, check_id)
    heading = (t("campaign.import.line"), t("campaign.import.column"), t("campaign.import.fault"))
    lines = ((str(fault.line), fault.column, fault.message) for fault in check.faults)
    made = house().office.sheets.csv(heading, iter(lines))
    return as_file(made, kind=CSV, name=f"{t('campaign.import.faults')}.csv")


@bp.post("/campaigns/<campaign_id>/roster-import/<check_id>/confirm")
@registrar_only
def roster_confirm(campaign_id: str, check_id: str) -> ResponseReturnValue:
    """Import exactly what was shown."""
    imported = deed(
        "roster.imported", subject=check_id, detail=lambda done: {k: str(v) for k, v in _done(done).items()}
    )
    try:
        done = house().office.take_roster_in(campaign_id, check_id, deed=imported)
    except RosterMoved as fault:
        flash_error(fault)
    else:
        flash(t("campaign.import.done", **_done(done)), "success")
        return redirect(url_for("campaigns.people", campaign_id=campaign_id))
    return redirect(url_for("campaigns.roster_check", campaign_id=campaign_id, check_id=check_id))


@bp.post("/campaigns/<campaign_id>/roster-import/<check_id>/drop")
@registrar_only
def roster_drop(campaign_id: str, check_id: str) -> ResponseReturnValue:
    """Let an upload go."""
    dropped = deed("roster.upload_dropped", subject=check_id)
    house().office.forget_roster_check(campaign_id, check_id, deed=dropped)
    flash(t("campaign.import.dropped"), "success")
    return redirect(url_for("campaigns.people", campaign_id=campaign_id))


def _done(check: RosterCheck) -> dict[str, int]:
    return {"added": check.added, "changed": check.changed, "removed": check.removed}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0
