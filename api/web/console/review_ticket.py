"""Tickets for the pictures of a page: whoever was shown the page, which is noted, may load its pictures unnoted.

A ticket is for one member, one submission and a quarter of an hour. A picture asked for without one is noted by itself,
so that every view of a face stands in the audit log once: as part of a page, or alone.
"""

import hmac

from api.web.console.guard import me
from api.web.context import house

_LIFE_S = 900


def ticket_for(submission_id: str) -> str:
    """Return a ticket for the pictures of a submission, for who asks now."""
    until = int(house().clock.now().timestamp()) + _LIFE_S
    return f"{until}.{_mark(submission_id, until)}"


def is_valid(ticket: str, submission_id: str) -> bool:
    """Tell whether the ticket was made for who asks, for this submission, not long ago."""
    until, _, mark = ticket.partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) < 12):
        return False
    fresh = int(until) >= house().clock.now().timestamp()
    return fresh and hmac.compare_digest(mark.encode(), _mark(submission_id, int(until)).encode())


def _mark(submission_id: str, until: int) -> str:
    return house().parts.vault.sign(f"{me().id}:{submission_id}:{until}", context="console.pictures")
