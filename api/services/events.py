"""Owe a registry an event: the outbox row, written in the transaction of the change it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.domain.campaign import Campaign
from api.domain.delivery import Delivery, DeliveryState, Event
from api.domain.errors import QueueUnavailable
from api.domain.identity import RosterRow
from api.domain.ids import new_id
from api.domain.photo import Photo
from api.domain.ports import Bell
from api.domain.repositories import UnitOfWork
from api.domain.submission import Submission
from api.domain.work import Ring, Work
from api.services.guards import row_in


def owe(uow: UnitOfWork, submission: Submission, event: Event, *, now: datetime) -> tuple[Delivery, ...]:
    """Keep a delivery of `event` if the submission's campaign has a registry that wants it.

    A revocation is owed whenever the registry was told of the photo before, whatever the campaign lists: it must
    delete what it holds.
    """
    campaign = uow.campaigns.get(submission.campaign_id)
    photo = uow.photos.get(submission.photo_id)
    if campaign is None or campaign.registry_id is None or photo is None:
        return ()
    if not _wanted(uow, campaign, event, photo):
        return ()
    row = uow.roster.get(submission.roster_row_id)
    return _keep(uow, campaign, event, photo, data=_data(submission, campaign, photo, row), now=now)


def owe_ready(uow: UnitOfWork, photo: Photo, *, now: datetime) -> tuple[Delivery, ...]:
    """Keep a `photo.ready` for a photo made for a campaign that delivers on ready."""
    campaign = uow.campaigns.get(photo.campaign_id) if photo.campaign_id else None
    if campaign is None or Event.READY.value not in campaign.deliver_on or not _taken(uow, campaign, Event.READY):
        return ()
    row = row_in(uow, photo.student_id, campaign.id)
    return _keep(uow, campaign, Event.READY, photo, data=_data(None, campaign, photo, row), now=now)


def owe_end(uow: UnitOfWork, photo: Photo, *, now: datetime) -> tuple[Delivery, ...]:
    """Keep a `photo.revoked` for a photo that is being erased, where its registry was told of it and not of its end."""
    told = uow.deliveries.told_of(photo.id)
    if not told or told[-1] is Event.REVOKED:
        return ()
    entries = uow.submissions.of_photo(photo.id)
    if entries:
        return owe(uow, entries[-1], Event.REVOKED, now=now)
    campaign = uow.campaigns.get(photo.campaign_id) if photo.campaign_id else None
    if campaign is None or campaign.registry_id is None:
        return ()
    row = row_in(uow, photo.student_id, campaign.id)
    return _keep(uow, campaign, Event.REVOKED, photo, data=_data(None, campaign, photo, row), now=now)


def announce(bell: Bell, deliveries: Iterable[Delivery]) -> None:
    """Ring for fresh deliveries. A silent Redis is no harm: the sweeper finds them due."""
    try:
        for delivery in deliveries:
            bell.ring(Ring(Work.DELIVER, delivery.id, delivery.attempts + 1))
    except QueueUnavailable:
        return


def _wanted(uow: UnitOfWork, campaign: Campaign, event: Event, photo: Photo) -> bool:
    if event is Event.REVOKED:
        return bool(uow.deliveries.told_of(photo.id))
    return event.value in campaign.deliver_on and _taken(uow, campaign, event)


def _taken(uow: UnitOfWork, campaign: Campaign, event: Event) -> bool:
    """Tell whether the campaign's registry takes this kind of event."""
    registry = uow.registries.get(campaign.registry_id) if campaign.registry_id else None
    return registry is not None and registry.takes(event)


def _keep(
    uow: UnitOfWork, campaign: Campaign, event: Event, photo: Photo, *, data: dict[str, Any], now: datetime
) -> tuple[Delivery, ...]:
    delivery = Delivery(
        id=new_id("dl", now=now),
        registry_id=campaign.registry_id or "",
        event=event,
        submission_id=data["submission"],
        photo_id=photo.id,
        data=data,
        state=DeliveryState.PENDING,
        created_at=now,
        next_at=now,
    )
    uow.deliveries.add(delivery)
    return (delivery,)


def _data(submission: Submission | None, campaign: Campaign, photo: Photo, row: RosterRow | None) -> dict[str, Any]:
    """Return the thin payload: ids, student number and what the file is; never a name or an ID number."""
    output = (photo.report or {}).get("output") or {}
    return {
        "submission": submission.id if submission else None,
        "state": submission.state.value if submission else photo.state.value,
        "reason": submission.reason if submission else None,
        "campaign": {"id": campaign.id, "slug": campaign.slug, "name": campaign.name},
        "student_number": row.student_number if row else None,
        "photo": {
            "id": photo.id,
            "spec": campaign.spec,
            "sha256": output.get("sha256"),
            "bytes": output.get("bytes"),
            "width": output.get("width"),
            "height": output.get("height"),
            "format": output.get("format"),
        },
    }
