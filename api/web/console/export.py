"""Exports: asked for with a reason, prepared by a worker, fetched in as many pieces as the line needs."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import InvalidRequest, NotFound
from api.domain.export import ExportState, Layout
from api.services.export_photos import ExportWish
from api.services.prepare_export import LISTS
from api.web.console.campaign_room import CSV, XLSX, as_file, bp, groups_of, page, place_filter, stand_of
from api.web.console.guard import deed, note, registrar_only, reviewer
from api.web.console.words import t
from api.web.context import house
from api.web.files import disposition

KINDS = {"manifest.csv": CSV, "manifest.xlsx": XLSX, "SHA256SUMS": "text/plain; charset=utf-8"}


@bp.get("/campaigns/<campaign_id>/exports")
@registrar_only
def exports(campaign_id: str) -> ResponseReturnValue:
    """List who took photos out, when and why, with what can still be fetched."""
    return _page(campaign_id)


@bp.post("/campaigns/<campaign_id>/exports")
@registrar_only
def begin_export(campaign_id: str) -> ResponseReturnValue:
    """Ask for one."""
    stand, filtered = stand_of(campaign_id), place_filter(groups_of(campaign_id), request.form)
    layout = Layout.CET if request.form.get("layout") == Layout.CET.value else Layout.PLAIN
    wish = ExportWish(**filtered.query, layout=layout)
    begun = deed("export.begun", subject=lambda made: made.id, detail={"campaign": stand.campaign.id, **filtered.query})
    try:
        house().office.ask_for_export(
            reviewer(), campaign_id, wish, reason=request.form.get("reason", "")[:300], deed=begun
        )
    except InvalidRequest:
        flash(t("campaign.export.no_reason"), "danger")
        return _page(campaign_id), 422
    flash(t("campaign.export.begun"), "success")
    return redirect(url_for("campaigns.exports", campaign_id=stand.campaign.slug))


@bp.get("/campaigns/<campaign_id>/exports/<export_id>.zip")
@registrar_only
def fetch_export(campaign_id: str, export_id: str) -> ResponseReturnValue:
    """Give the ZIP, or the range of it that was asked for; every fetch is noted."""
    download = house().office.fetch_export(campaign_id, export_id)
    size, etag = download.export.bytes or 0, download.export.sha256 or ""
    wanted = _range(size, etag)
    if wanted is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, stop = wanted
    note("export.fetched", subject=export_id, detail={"from": str(start), "to": str(stop)})
    partial = (start, stop) != (0, size)
    response = Response(download.read(start, stop), status=206 if partial else 200, mimetype="application/zip")
    response.content_length = stop - start
    response.set_etag(etag)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Disposition"] = disposition(f"{stand_of(campaign_id).campaign.slug}-{export_id}.zip")
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return response


@bp.get("/campaigns/<campaign_id>/exports/<export_id>/<name>")
@registrar_only
def fetch_list(campaign_id: str, export_id: str, name: str) -> ResponseReturnValue:
    """Give one of an export's lists by itself."""
    if name not in LISTS:
        raise NotFound(kind="page")
    made = house().office.fetch_export.list(campaign_id, export_id, name)
    note("export.list_fetched", subject=export_id, detail={"list": name})
    return as_file(made, kind=KINDS[name], name=f"{export_id}-{name}")


def _range(size: int, etag: str) -> tuple[int, int] | None:
    """Return the first byte wanted and the one after the last; None where the range begins behind the end.

    Several ranges at once, and a range of another state of the file (`If-Range`), are answered with everything, as
    RFC 9110 allows (14.2) and wants (13.1.5).
    """
    asked, known = request.range, request.if_range.etag
    if asked is None or len(asked.ranges) != 1 or (known is not None and known != etag):
        return 0, size
    return asked.range_for_length(size)


def _page(campaign_id: str) -> str:
    stand, now = stand_of(campaign_id), house().clock.now()
    filtered = place_filter(groups_of(campaign_id), {**request.args, **request.form})
    found = [(one, one.state(now)) for one in reversed(house().list_exports(campaign_id))]
    waiting = any(state in {ExportState.WAITING, ExportState.WRITING} for _, state in found)
    stale = house().office.fetch_export.taken_back(one.id for one, state in found if state is ExportState.READY)
    return page(
        "exports",
        stand=stand,
        filter=filtered,
        exports=found,
        stale=stale,
        waiting=waiting,
        State=ExportState,
        lists=LISTS,
    )
