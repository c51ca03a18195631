"""One submission at a time: everything beside it, and the decisions, each followed by the next in the queue."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors import AppError, NotFound, NotReviewable, ReviewConflict
from api.domain.errors_review import ReasonMissing, ReasonTooLong
from api.domain.submission import REASON_MOST, Submission
from api.services.deeds import Deed
from api.services.review_dossier import Dossier
from api.web.console.faults import flash_error, words_of
from api.web.console.guard import deed, note, reviewer, staff_only
from api.web.console.review import bp
from api.web.console.review_data import profile_lines
from api.web.console.review_filter import address_of, read_filter
from api.web.console.review_reasons import prepared, written
from api.web.console.review_ticket import ticket_for
from api.web.console.words import beijing, t
from api.web.context import house


@bp.get("/review/<submission_id>")
@staff_only
def one(submission_id: str) -> ResponseReturnValue:
    """Show one submission whole."""
    return _page(submission_id)


@bp.post("/review/<submission_id>/approve")
@staff_only
def approve(submission_id: str) -> ResponseReturnValue:
    """Approve and go on to the next."""
    return _decide(
        submission_id,
        "approved",
        lambda version, kept: house().approve(reviewer(), submission_id, version=version, deed=kept),
    )


@bp.post("/review/<submission_id>/return")
@staff_only
def give_back(submission_id: str) -> ResponseReturnValue:
    """Return with a reason and go on to the next."""
    reason = given()
    return _decide(
        submission_id,
        "returned",
        lambda version, kept: house().return_(reviewer(), submission_id, reason, version=version, deed=kept),
    )


@bp.post("/review/<submission_id>/revoke")
@staff_only
def revoke(submission_id: str) -> ResponseReturnValue:
    """Take an approved one back for good, with a reason; the page stays."""
    reason = request.form.get("more", "")
    try:
        revoked = deed("submission.revoked", subject=submission_id)
        house().revoke(reviewer(), submission_id, reason, version=version(), deed=revoked)
    except (ReasonMissing, ReasonTooLong) as fault:
        return _page(submission_id, fault=fault, at="revoke")
    except (ReviewConflict, NotReviewable) as fault:
        _tell_conflict(submission_id, fault)
        return redirect(_address(submission_id))
    flash(t("review.done.revoked"), "success")
    return redirect(_address(submission_id))


@bp.post("/review/<submission_id>/undo")
@staff_only
def undo(submission_id: str) -> ResponseReturnValue:
    """Take my own decision back; the page is the submission's own again."""
    try:
        undone = deed("submission.undone", subject=submission_id)
        house().review.undo(reviewer(), submission_id, version=version(), deed=undone)
    except NotFound:
        raise
    except AppError as fault:
        flash_error(fault)
        return redirect(_address(submission_id))
    flash(t("review.done.undone"), "success")
    return redirect(_address(submission_id))


def given() -> str:
    """Return the reason that the form gives."""
    return written(request.form.getlist("reasons"), request.form.get("more", ""))


def version() -> int | None:
    """Return the version that the form was made for."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _decide(submission_id: str, done: str, decide: Callable[[int | None, Deed], Submission]) -> ResponseReturnValue:
    """Decide, and go on; a decision of somebody else is shown, and the queue moves on all the same."""
    try:
        decide(version(), deed(f"submission.{done}", subject=submission_id))
    except (ReasonMissing, ReasonTooLong) as fault:
        return _page(submission_id, fault=fault, at="return")
    except (ReviewConflict, NotReviewable) as fault:
        _tell_conflict(submission_id, fault)
        return _onward(submission_id)
    return _onward(submission_id, done=submission_id)


def _onward(submission_id: str, *, done: str | None = None) -> ResponseReturnValue:
    """Go to the next in the queue, or back to the queue when it is empty; `done` is what may be undone there."""
    wanted = read_filter()
    following = house().review.show_neighbours(reviewer(), wanted, submission_id).following
    kept = address_of(wanted) | ({"done": done} if done else {})
    if following is None:
        return redirect(url_for("review.one", submission_id=submission_id, end="1", **kept))
    return redirect(url_for("review.one", submission_id=following, **kept))


def _page(submission_id: str, *, fault: AppError | None = None, at: str = "") -> ResponseReturnValue:
    """Draw the page; with a fault, beside the form it belongs to, with what was typed."""
    wanted = read_filter()
    dossier = house().review.open_dossier(reviewer(), submission_id)
    note("photo.viewed", subject=submission_id, detail={"picture": "photo"})
    body = render_template(
        "console/review/one.html",
        dossier=dossier,
        findings=(dossier.view.photo.report or {}).get("findings", ()),
        neighbours=house().review.show_neighbours(reviewer(), wanted, submission_id),
        reasons=prepared(_warned(dossier)),
        profile=profile_lines(dossier),
        address=address_of(wanted),
        last=_last(),
        fault=words_of(fault).detail if fault else None,
        fault_at=at,
        typed=request.form,
        ticket=ticket_for(submission_id),
        comparing="compare" in request.args,
        at_end="end" in request.args,
        reason_most=REASON_MOST,
    )
    return body, 422 if fault else 200


def _warned(dossier: Dossier) -> list[str]:
    return [finding["code"] for finding in (dossier.view.photo.report or {}).get("findings", ())]


def _last() -> Dossier | None:
    """Return what was decided on just before, while it may still be taken back."""
    done = request.args.get("done")
    if done is None:
        return None
    try:
        found = house().review.open_dossier(reviewer(), done)
    except NotFound:
        return None
    return found if found.undoable else None


def _tell_conflict(submission_id: str, fault: AppError) -> None:
    """Say who decided what and when, as far as it is this reviewer's to know."""
    entry = house().review.open_dossier(reviewer(), submission_id).view
    if entry.submission.decided_by is None:
        flash_error(fault)
        return
    flash(
        t(
            "review.conflict",
            name=entry.row.name,
            by=entry.submission.decided_by,
            at=beijing(entry.submission.decided_at),
            state=t(f"review.state.{entry.submission.state.value}"),
        ),
        "warning",
    )


def _address(submission_id: str) -> str:
    return url_for("review.one", submission_id=submission_id, **address_of(read_filter()))
