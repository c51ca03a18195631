"""A campaign's people: listed, searched, one at a time; whole ID numbers on a deliberate, noted click alone."""

from itertools import takewhile

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.identity import RosterRow
from api.domain.roster_check import CheckState
from api.web.console.campaign_room import after, bp, groups_of, page, place_filter, stand_of
from api.web.console.guard import deed, me, note, registrar_only, reviewer
from api.web.console.words import t
from api.web.context import house


@bp.get("/campaigns/<campaign_id>/roster")
@registrar_only
def people(campaign_id: str) -> ResponseReturnValue:
    """List the people of a place, and the uploads since the last import."""
    stand, filtered = stand_of(campaign_id), place_filter(groups_of(campaign_id), request.args)
    found = house().office.find_people.page(reviewer(), campaign_id, place=filtered.place, after=after())
    uploads = house().office.read_roster_check.all(campaign_id)
    checks = takewhile(lambda one: one.state is not CheckState.DONE, uploads)  # older ones were overtaken by the import
    note("roster.listed", subject=stand.campaign.id)
    return page("roster", stand=stand, found=found, filter=filtered, checks=checks, words="")


@bp.post("/campaigns/<campaign_id>/roster/search")
@registrar_only
def search_people(campaign_id: str) -> ResponseReturnValue:
    """Find people; the words are in the form, not in the address, for addresses are logged."""
    stand, words = stand_of(campaign_id), request.form.get("words", "").strip()[:100]
    if not words:
        return redirect(url_for("campaigns.people", campaign_id=stand.campaign.slug))
    found = house().office.find_people.search(reviewer(), campaign_id, words)
    filtered = place_filter(groups_of(campaign_id), {})
    note("roster.searched", subject=stand.campaign.id, detail={"found": str(len(found.rows))})
    return page("roster", stand=stand, found=found, filter=filtered, checks=(), words=words)


@bp.get("/campaigns/<campaign_id>/roster/<row_id>")
@registrar_only
def person(campaign_id: str, row_id: str) -> ResponseReturnValue:
    """Show one person."""
    note("roster.person_seen", subject=row_id)
    return _page(campaign_id, row_id)


@bp.get("/campaigns/<campaign_id>/roster/search")
@registrar_only
def search_again(campaign_id: str) -> ResponseReturnValue:
    """Lead back to the roster: a search is in no address, so there is nothing to come back to."""
    return redirect(url_for("campaigns.people", campaign_id=campaign_id))


@bp.get("/campaigns/<campaign_id>/roster/<row_id>/id-number", endpoint="revealed")
@bp.get("/campaigns/<campaign_id>/roster/<row_id>/unbind", endpoint="unbound")
@registrar_only
def person_again(campaign_id: str, row_id: str) -> ResponseReturnValue:
    """Lead back to the person, whose number is masked again."""
    return redirect(url_for("campaigns.person", campaign_id=campaign_id, row_id=row_id))


@bp.post("/campaigns/<campaign_id>/roster/<row_id>/id-number")
@registrar_only
def reveal(campaign_id: str, row_id: str) -> ResponseReturnValue:
    """Show the whole ID number, once, and note who wanted to see it."""
    row = house().office.find_people.person(reviewer(), campaign_id, row_id).row
    note("roster.id_number_seen", subject=row.id)
    return _page(campaign_id, row_id, revealed=row)


@bp.post("/campaigns/<campaign_id>/roster/<row_id>/unbind")
@registrar_only
def unbind(campaign_id: str, row_id: str) -> ResponseReturnValue:
    """Free the row from the login that holds it."""
    row = house().office.find_people.person(reviewer(), campaign_id, row_id).row
    reason = request.form.get("reason", "").strip()[:200]
    if not reason:
        flash(t("campaign.longer.no_reason"), "danger")
        return _page(campaign_id, row_id), 422
    freed = house().unbind_row(
        reviewer(),
        row.id,
        deed=deed(
            "roster.unbound",
            subject=row.id,
            detail=lambda done: {"reason": reason} | ({"submission": done.taken_back.id} if done.taken_back else {}),
        ),
    )
    flash(t("campaign.person.unbound" if freed.taken_back is None else "campaign.person.unbound_taken_back"), "success")
    return redirect(url_for("campaigns.person", campaign_id=campaign_id, row_id=row_id))


@bp.post("/campaigns/<campaign_id>/roster/<row_id>/remove")
@registrar_only
def remove(campaign_id: str, row_id: str) -> ResponseReturnValue:
    """Take one person off the roster, unless something rests on the row."""
    row = house().office.find_people.person(reviewer(), campaign_id, row_id).row
    removed = deed("roster.removed", subject=row.id)
    if not house().remove_from_roster(campaign_id, row.student_number, deed=removed):
        flash(t("campaign.person.in_use"), "danger")
        return redirect(url_for("campaigns.person", campaign_id=campaign_id, row_id=row_id))
    flash(t("campaign.person.removed"), "success")
    return redirect(url_for("campaigns.people", campaign_id=campaign_id))


def _page(campaign_id: str, row_id: str, *, revealed: RosterRow | None = None) -> str:
    stand = stand_of(campaign_id)
    found = house().office.find_people.person(reviewer(), campaign_id, row_id)
    return page("person", stand=stand, found=found, revealed=revealed, me=me())
