"""Owe a registry an event: the outbox row, written in the transaction of the change it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.domain.campaign import Campaign
from api.domain.delivery import Delivery, DeliveryState, Event
from api.domain.errors import QueueUnavailable
from api.domain.ids import new_id
from api.domain.photo import Photo
from api.domain.ports import Bell
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.domain.work import Ring, Work


def owe(uow: UnitOfWork, submission: Submission, event: Event, *, now: datetime) -> tuple[Delivery, ...]:
    """Keep a delivery of `event` if the submission's campaign has a registry that wants it.

    A revocation is owed whenever the registry was told of the submission before, whatever the campaign lists:
    it must delete what it holds.
    """
    campaign = uow.campaigns.get(submission.campaign_id)
    if campaign is None or campaign.registry_id is None or not _wanted(campaign, event):
        return ()
    photo = uow.photos.get(submission.photo_id)
    row = uow.roster.get(submission.roster_row_id)
    data = _data(submission, campaign, photo, student_number=row.student_number if row else None)
    delivery = Delivery(
        id=new_id("dl", now=now),
        registry_id=campaign.registry_id,
        event=event,
        submission_id=submission.id,
        photo_id=submission.photo_id,
        data=data,
        state=DeliveryState.PENDING,
        created_at=now,
        next_at=now,
    )
    uow.deliveries.add(delivery)
    return (delivery,)


def announce(bell: Bell, deliveries: Iterable[Delivery]) -> None:
    """Ring for fresh deliveries. A silent Redis is no harm: the sweeper finds them due."""
    try:
        for delivery in deliveries:
            bell.ring(Ring(Work.DELIVER, delivery.id, delivery.attempts + 1))
    except QueueUnavailable:
        return


def _wanted(campaign: Campaign, event: Event) -> bool:
    return event.value in campaign.deliver_on or (event is Event.REVOKED and bool(campaign.deliver_on))


def _data(
    submission: Submission, campaign: Campaign, photo: Photo | None, *, student_number: str | None
) -> dict[str, Any]:
    """Return the thin payload: ids, student number and what the file is; never a name or an ID number."""
    output = ((photo.report or {}).get("output") or {}) if photo else {}
    return {
        "submission": submission.id,
        "state": submission.state.value,
        "reason": submission.reason,
        "campaign": {"id": campaign.id, "slug": campaign.slug, "name": campaign.name},
        "student_number": student_number,
        "photo": {
            "id": submission.photo_id,
            "spec": campaign.spec,
            "sha256": output.get("sha256"),
            "bytes": output.get("bytes"),
            "width": output.get("width"),
            "height": output.get("height"),
            "format": output.get("format"),
        },
    }
