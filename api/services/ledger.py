"""The ledger of credits: how many messages of a template a student agreed to and has not yet got.

One tap on 允许 is one message. Nothing known of a template is not the same as nothing left: then it is tried.
"""

from datetime import datetime

from api.domain.push import Push, PushEvent
from api.domain.repositories import UnitOfWork

MOST = 1000
"""Nobody taps more often; a counter is not to run away."""


def agreed(uow: UnitOfWork, student_id: str, template_id: str, *, now: datetime) -> None:
    """Note one more message that the student agreed to."""
    known = uow.notices.credits(student_id, template_id) or 0
    uow.notices.set_credits(student_id, template_id, min(known + 1, MOST), now=now)


def refused(uow: UnitOfWork, student_id: str, template_id: str, *, now: datetime) -> None:
    """Note that WeChat takes no message of the template for the student."""
    uow.notices.set_credits(student_id, template_id, 0, now=now)


def spent(uow: UnitOfWork, student_id: str, template_id: str, *, now: datetime) -> None:
    """Note that one message was sent."""
    known = uow.notices.credits(student_id, template_id)
    if known is not None:
        uow.notices.set_credits(student_id, template_id, max(known - 1, 0), now=now)


def book(uow: UnitOfWork, student_id: str, push: Push, *, now: datetime) -> None:
    """Enter what a subscription event says."""
    for entry in push.entries():
        template, answer = str(entry["TemplateId"])[:120], str(entry.get("SubscribeStatusString", ""))
        undelivered = push.event is PushEvent.SENT and str(entry.get("ErrorCode", "0")) != "0"
        if push.event is PushEvent.POPUP and answer == "accept":
            agreed(uow, student_id, template, now=now)
        elif undelivered or (push.event is PushEvent.CHANGE and answer == "reject"):
            refused(uow, student_id, template, now=now)
