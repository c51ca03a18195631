"""Find one student in the review room: by name, by student number or by whole ID number, decided or not."""

from collections.abc import Iterable, Iterator

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.domain.submission import SubmissionState
from api.services.office_desk import MOST_FOUND, PersonFile
from api.web.console.guard import note, reviewer, staff_only
from api.web.console.review import bp
from api.web.console.review_filter import ANY
from api.web.context import house

_MOST_WORDS = 100


@bp.post("/review/find")
@staff_only
def find() -> ResponseReturnValue:
    """Show who fits the words, in the reviewer's own classes; the words are in the form, for addresses are logged.

    Where one student alone has handed something in, the way leads straight to the photo.
    """
    words = request.form.get("words", "").strip()[:_MOST_WORDS]
    if not words:
        return redirect(url_for("review.queue"))
    names = house().review.name_campaigns()
    found = tuple(_found(words, names))
    note("roster.searched", detail={"found": str(len(found))})
    if len(found) == 1 and found[0].submission is not None:
        return redirect(address_of_one(found[0]) or url_for("review.queue"))
    return render_template(
        "console/review/found.html",
        found=found[:MOST_FOUND],
        more=len(found) > MOST_FOUND,
        words=words,
        names=names,
        address_of_one=address_of_one,
    )


@bp.get("/review/find")
@staff_only
def find_again() -> ResponseReturnValue:
    """Lead back to the queue: a search is in no address, so there is nothing to come back to."""
    return redirect(url_for("review.queue"))


def _found(words: str, campaigns: Iterable[str]) -> Iterator[PersonFile]:
    """Give whoever fits, campaign by campaign, the newest first; one more than is shown tells that there are more."""
    people, left = house().office.find_people, MOST_FOUND + 1
    for campaign in sorted(campaigns, reverse=True):
        for row in people.search(reviewer(), campaign, words).rows[:left]:
            left -= 1
            yield people.person(reviewer(), campaign, row.id)


def address_of_one(person: PersonFile) -> str | None:
    """Return where a student's last submission is reviewed, None where there is none."""
    if person.submission is None:
        return None
    state = None if person.submission.state is SubmissionState.SUBMITTED else ANY
    return url_for("review.one", submission_id=person.submission.id, state=state)
