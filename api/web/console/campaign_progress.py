"""How far a campaign has come, and who is missing: everyone for the registrar, their classes for a counsellor."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import AppError
from api.domain.standing import Lack, Missing
from api.services.remind import Way
from api.web.console.campaign_charts import bars, curve, summed
from api.web.console.campaign_room import CSV, XLSX, PlaceFilter, as_file, bp, groups_of, page, place_filter, stand_of
from api.web.console.faults import flash_error
from api.web.console.guard import deed, me, note, registrar_only, reviewer, staff_only
from api.web.console.words import t
from api.web.context import house

PAGE = 50
BY = ("college", "grade", "class")


@bp.get("/progress")
@staff_only
def my_progress() -> ResponseReturnValue:
    """List the campaigns with the counts of the classes that are mine."""
    stands = sorted(house().show_campaigns(), key=lambda one: one.campaign.ends_at, reverse=True)
    mine = {one.campaign.id: summed(groups_of(one.campaign.id), lambda _: ()) for one in stands}
    rows = [(stand, groups[0]) for stand in stands if (groups := mine[stand.campaign.id]) and groups[0].people]
    return render_template("console/campaigns/my_progress.html", rows=rows, bars=bars)


@bp.get("/campaigns/<campaign_id>/progress")
@staff_only
def progress(campaign_id: str) -> ResponseReturnValue:
    """Show the completion by college, grade or class, and over the days."""
    stand, groups = stand_of(campaign_id), groups_of(campaign_id)
    filtered = place_filter(groups, request.args)
    seen = [group for group in groups if _within(group.place, filtered)]
    by = request.args.get("by") if request.args.get("by") in BY else "college"
    keys = {"college": lambda one: one.place[:1], "grade": lambda one: one.place[1:2], "class": lambda one: one.place}
    whole = me().reviewer().limits is None
    days = curve(house().show_progress.days(campaign_id)) if whole and not filtered.query else None
    return page(
        "progress",
        stand=stand,
        total=bars(summed(seen, lambda _: ())),
        bars=bars(summed(seen, keys[by or "college"])),
        by=by,
        days=days,
        filter=filtered,
    )


@bp.get("/campaigns/<campaign_id>/missing")
@staff_only
def missing(campaign_id: str) -> ResponseReturnValue:
    """List who has nothing under review or approved: never submitted, given back, taken back."""
    stand, filtered = stand_of(campaign_id), place_filter(groups_of(campaign_id), request.args)
    start = _number(request.args.get("start"))
    found = house().office.find_missing.page(reviewer(), campaign_id, place=filtered.place, start=start, count=PAGE)
    ways = house().office.remind_missing.of(reviewer(), campaign_id, place=filtered.place)
    reached = {way: sum(one is way for one in ways.values()) for way in Way}
    note("missing.listed", subject=stand.campaign.id, detail={"found": str(found.total)})
    return page(
        "missing",
        stand=stand,
        filter=filtered,
        found=found,
        start=start,
        size=PAGE,
        ways=ways,
        reached=reached,
        Way=Way,
        Lack=Lack,
    )


@bp.get("/campaigns/<campaign_id>/missing.<ending>")
@staff_only
def missing_file(campaign_id: str, ending: str) -> ResponseReturnValue:
    """Give the list of those missing as a file; ID numbers are not in it."""
    stand, filtered = stand_of(campaign_id), place_filter(groups_of(campaign_id), request.args)
    rows = house().office.find_missing.all(reviewer(), campaign_id, place=filtered.place)
    heading = [
        t(f"campaign.column.{name}") for name in ("student_number", "name", "college", "grade", "major", "class_")
    ]
    heading += [t("campaign.missing.lack"), t("campaign.column.bound")]
    note("missing.taken_out", subject=stand.campaign.id, detail={"as": ending[:4], **filtered.query})
    sheets = house().office.sheets
    if ending == "xlsx":
        made, kind = sheets.xlsx(heading, _lines(rows), title=t("campaign.missing.title")), XLSX
    else:
        made, kind, ending = sheets.csv(heading, _lines(rows)), CSV, "csv"
    return as_file(made, kind=kind, name=f"{t('campaign.missing.title')}-{stand.campaign.slug}.{ending}")


@bp.post("/campaigns/<campaign_id>/remind")
@registrar_only
def remind(campaign_id: str) -> ResponseReturnValue:
    """Remind the missing of a place."""
    stand, filtered = stand_of(campaign_id), place_filter(groups_of(campaign_id), request.form)
    reminded = deed(
        "missing.reminded",
        subject=stand.campaign.id,
        detail=lambda reached: {"told": str(reached.told), **filtered.query},
    )
    try:
        reached = house().office.remind_missing(reviewer(), campaign_id, place=filtered.place, deed=reminded)
    except AppError as fault:
        flash_error(fault)
    else:
        left = reached.people - reached.told
        told = "、".join(f"{t(f'campaign.lack.{lack.value}')} {count}" for lack, count in sorted(reached.owed.items()))
        words = t("campaign.missing.reminded", told=reached.told, left=left)
        flash(f"{words}{f'（{told}）' if told else ''}", "success" if reached.told else "warning")
    where: dict[str, Any] = {"campaign_id": stand.campaign.slug, **filtered.query}
    return redirect(url_for("campaigns.missing", **where))


def _within(place: tuple[str, ...], filtered: PlaceFilter) -> bool:
    chosen = filtered.place
    wanted = (chosen.college, chosen.grade, chosen.major, chosen.class_)
    return all(part is None or part == given for part, given in zip(wanted, place, strict=True))


def _lines(missing: Iterator[Missing]) -> Iterator[tuple[str, ...]]:
    words = {True: t("common.yes"), False: t("common.no")}
    lacks = {lack: t(f"campaign.lack.{lack.value}") for lack in Lack}
    for one in missing:
        row = one.row
        place = (row.college, row.grade, row.major, row.class_)
        yield (row.student_number, row.name, *place, lacks[one.lack], words[row.student_id is not None])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0
