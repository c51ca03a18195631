"""Many at once: what was picked, what will be done to whom, and what came of it."""

from collections import Counter
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.errors_review import ReasonMissing, ReasonTooLong
from api.domain.review_queue import Card
from api.domain.submission import REASON_MOST, SubmissionState
from api.services.deeds import Deed
from api.services.review_batch import MOST, Choice, Outcome
from api.web.console.faults import words_of
from api.web.console.guard import deed, reviewer, staff_only
from api.web.console.review import bp, note_views
from api.web.console.review_filter import address_of, read_filter
from api.web.console.review_one import given
from api.web.console.review_reasons import prepared
from api.web.console.review_ticket import ticket_for
from api.web.console.words import t
from api.web.context import house

INTENTS = ("approve", "return")


@bp.post("/review/batch")
@staff_only
def batch() -> ResponseReturnValue:
    """Show what was picked before anything is decided."""
    choices = _choices()
    if not choices or request.form.get("intent") not in INTENTS:
        flash(t("review.batch.nothing"), "warning")
        return redirect(url_for("review.queue", **address_of(read_filter())))
    return _summary(choices, intent=request.form["intent"])


@bp.post("/review/batch/approve")
@staff_only
def approve_batch() -> ResponseReturnValue:
    """Approve everything that was picked."""
    choices = _choices()
    return _result("approve", house().approve_many(reviewer(), choices, deed=_deed("approve", choices)))


@bp.post("/review/batch/return")
@staff_only
def return_batch() -> ResponseReturnValue:
    """Return everything that was picked, for one reason."""
    choices = _choices()
    try:
        outcomes = house().return_many(reviewer(), choices, given(), deed=_deed("return", choices))
    except (ReasonMissing, ReasonTooLong) as fault:
        return _summary(choices, intent="return", fault=words_of(fault).detail)
    return _result("return", outcomes)


@bp.post("/review/batch/undo")
@staff_only
def undo_batch() -> ResponseReturnValue:
    """Take a batch of mine back."""
    choices = _choices()
    return _result("undo", house().review.undo_many(reviewer(), choices, deed=_deed("undo", choices)))


def _choices() -> tuple[Choice, ...]:
    """Read `id:version` from the form, each submission once."""
    found: dict[str, Choice] = {}
    for text in request.form.getlist("pick")[: MOST + 1]:
        submission_id, _, version = text.partition(":")
        known = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None
        found.setdefault(submission_id, Choice(submission_id, known))
    return tuple(found.values())


def _summary(choices: Sequence[Choice], *, intent: str, fault: str | None = None) -> ResponseReturnValue:
    cards = house().review.choose_cards(reviewer(), [choice.submission_id for choice in choices])
    looked_at = {choice.submission_id: choice.version for choice in choices}
    waiting = [card for card in cards if card.state is SubmissionState.SUBMITTED]
    moved = [card for card in cards if not _unchanged(card, looked_at)]
    note_views(cards)
    body = render_template(
        "console/review/batch.html",
        intent=intent,
        cards=cards,
        choices=choices,
        classes=sorted(Counter((card.college, card.class_) for card in waiting).items()),
        doubted=[card for card in waiting if card.warnings],
        moved=moved,
        gone=len(choices) - len(cards),
        reasons=prepared(code for card in waiting for code in card.warnings),
        fault=fault,
        typed=request.form,
        address=address_of(read_filter()),
        ticket_for=ticket_for,
        reason_most=REASON_MOST,
    )
    return body, 422 if fault else 200


def _unchanged(card: Card, looked_at: dict[str, int | None]) -> bool:
    version = looked_at.get(card.submission_id)
    return card.state is SubmissionState.SUBMITTED and version in {None, card.version}


def _deed(intent: str, choices: Sequence[Choice]) -> Deed:
    """Return what each decision of a batch leaves in the audit log."""
    detail = {"batch": str(len(choices))}
    return deed(f"submission.{_DONE[intent]}", subject=lambda after: after.id, detail=detail)


def _result(intent: str, outcomes: Sequence[Outcome]) -> ResponseReturnValue:
    """Show what came of each; whatever was refused stays with its why."""
    done = [one for one in outcomes if one.submission is not None]
    refused = [one for one in outcomes if one.refusal is not None]
    ids = [one.submission_id for one in outcomes]
    cards = {card.submission_id: card for card in house().review.choose_cards(reviewer(), ids)}
    return render_template(
        "console/review/result.html",
        intent=intent,
        done=done,
        refused=[(one, cards.get(one.submission_id), words_of(one.refusal).detail) for one in refused if one.refusal],
        address=address_of(read_filter()),
    )


_DONE = {"approve": "approved", "return": "returned", "undo": "undone"}
