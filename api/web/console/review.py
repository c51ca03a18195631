"""The review queue: a page of photos, filtered; and the way into reviewing them one by one."""

from collections.abc import Sequence

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.review_queue import Card, QueueFilter
from api.services.review_queue import PAGE
from api.web.console.guard import note, reviewer, staff_only
from api.web.console.review_filter import ANY, address_of, read_filter
from api.web.console.review_ticket import ticket_for
from api.web.context import house
from photo_service.codes import FindingCode

_IDS = 5
bp = APIBlueprint("review", __name__, url_prefix="/console", enable_openapi=False)


@bp.get("/review")
@staff_only
def queue() -> ResponseReturnValue:
    """Show a page of the queue."""
    wanted, after = read_filter(), request.args.get("after")
    page = house().review.show_queue(reviewer(), wanted, after=after)
    note_views(page.cards)
    return render_template(
        "console/review/queue.html",
        page=page,
        first=after is None,
        filters=house().review.show_filters(reviewer(), wanted),
        names=house().review.name_campaigns(),
        address=address_of(wanted),
        chosen=_chosen(wanted),
        any_state=ANY,
        known_findings=frozenset(FindingCode),
        ticket_for=ticket_for,
        page_size=PAGE,
    )


@bp.get("/review/start")
@staff_only
def start() -> ResponseReturnValue:
    """Go to the first photo of the queue, or back to the queue where nothing waits."""
    wanted = read_filter()
    page = house().review.show_queue(reviewer(), wanted, limit=1)
    if not page.cards:
        return redirect(url_for("review.queue", **address_of(wanted)))
    return redirect(url_for("review.one", submission_id=page.cards[0].submission_id, **address_of(wanted)))


def note_views(cards: Sequence[Card]) -> None:
    """Note a page of photos as one view, with the ids of all of them: a value of the log holds five."""
    ids = [card.submission_id for card in cards]
    parts = {f"{start + 1}": " ".join(ids[start : start + _IDS]) for start in range(0, len(ids), _IDS)}
    if ids:
        note("photos.viewed", detail={"count": str(len(ids)), **parts})


def _chosen(wanted: QueueFilter) -> int:
    """Return how many filters narrow the queue, for the sign on a phone's folded panel."""
    return sum(len(values) for name, values in address_of(wanted).items() if name != "state")
