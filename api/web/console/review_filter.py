"""The queue's filters as a page's address tells them, and back into an address."""

from typing import Any

from flask import request

from api.domain.review_queue import QueueFilter
from api.domain.submission import SubmissionState

ANY = "any"
"""The state that stands for all of them; without a state the queue shows what is under review."""

_MOST = 50
"""Values of one filter that are read from an address."""


def read_filter() -> QueueFilter:
    """Read the filters of this request; what is no state of ours is as good as none."""
    asked = _given("state")
    known = tuple(state for state in SubmissionState if state.value in asked)
    return QueueFilter(
        campaigns=_given("campaign"),
        states=() if ANY in asked else known or (SubmissionState.SUBMITTED,),
        colleges=_given("college"),
        grades=_given("grade"),
        majors=_given("major"),
        classes=_given("class"),
        findings=_given("finding"),
    )


def address_of(wanted: QueueFilter) -> dict[str, Any]:
    """Return the arguments that bring the same filters back; the ordinary queue needs none."""
    ordinary = wanted.states == (SubmissionState.SUBMITTED,)
    found: dict[str, Any] = {
        "campaign": list(wanted.campaigns),
        "state": [] if ordinary else [state.value for state in wanted.states] or [ANY],
        "college": list(wanted.colleges),
        "grade": list(wanted.grades),
        "major": list(wanted.majors),
        "class": list(wanted.classes),
        "finding": list(wanted.findings),
    }
    return {name: values for name, values in found.items() if values}


def _given(name: str) -> tuple[str, ...]:
    return tuple(request.args.getlist(name)[:_MOST])
