"""学籍信息有误: what students report, and the answer they get."""

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors_review import ReasonMissing, ReasonTooLong
from api.domain.record_error import FIELD_NAMES, RecordError
from api.domain.submission import REASON_MOST
from api.web.console.faults import words_of
from api.web.console.guard import deed, reviewer, staff_only
from api.web.console.words import t
from api.web.context import house

bp = APIBlueprint("records", __name__, url_prefix="/console/records", enable_openapi=False)


@bp.get("")
@staff_only
def listed() -> ResponseReturnValue:
    """List the reports that wait, or all of them."""
    return _page()


@bp.post("/<report_id>/settle")
@staff_only
def settle(report_id: str) -> ResponseReturnValue:
    """Answer one report."""
    try:
        settled = deed("record_error.settled", subject=report_id)
        house().settle_record_error(reviewer(), report_id, request.form.get("answer", ""), deed=settled)
    except (ReasonMissing, ReasonTooLong) as fault:
        return _page(fault=words_of(fault).detail, report_id=report_id)
    flash(t("review.records.settled_now"), "success")
    return redirect(url_for("records.listed"))


def _page(*, fault: str | None = None, report_id: str = "") -> ResponseReturnValue:
    everything = "all" in request.args
    reports: tuple[RecordError, ...] = house().find_record_errors(reviewer(), only_open=not everything)
    body = render_template(
        "console/review/records.html",
        reports=reports,
        rows=house().review.name_rows(reviewer(), reports),
        names=house().review.name_campaigns(),
        fields={about: FIELD_NAMES[about] for about in FIELD_NAMES},
        everything=everything,
        fault=fault,
        fault_id=report_id,
        typed=request.form,
        reason_most=REASON_MOST,
    )
    return body, 422 if fault else 200
