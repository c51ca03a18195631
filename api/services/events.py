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

    A revocation is owed to whoever was told of the photo before, whatever the campaign lists, and also where it has
    another registry by now, or none: who holds a photo must delete it.
    """
    campaign, photo = uow.campaigns.get(submission.campaign_id), uow.photos.get(submission.photo_id)
    if campaign is None or photo is None:
        return ()
    data = _data(submission, campaign, photo, uow.roster.get(submission.roster_row_id))
    to = _who_holds(uow, photo, campaign) if event is Event.REVOKED else _who_wants(uow, campaign, event)
    return _keep(uow, to, event, photo, data=data, now=now)


def owe_ready(uow: UnitOfWork, photo: Photo, *, now: datetime) -> tuple[Delivery, ...]:
    """Keep a `photo.ready` for a photo made for a campaign that delivers on ready."""
    campaign = uow.campaigns.get(photo.campaign_id) if photo.campaign_id else None
    if campaign is None:
        return ()
    row = row_in(uow, photo.student_id, campaign.id)
    to = _who_wants(uow, campaign, Event.READY)
    return _keep(uow, to, Event.READY, photo, data=_data(None, campaign, photo, row), now=now)


def owe_end(uow: UnitOfWork, photo: Photo, *, now: datetime, campaign_id: str | None = None) -> tuple[Delivery, ...]:
    """Keep a `photo.revoked` for a photo that is over, to whoever was told of it and not of its end.

    With `campaign_id` it is over in that campaign alone.
    """
    entries = {entry.campaign_id: entry for entry in uow.submissions.of_photo(photo.id)}
    heard = dict.fromkeys(where for _, where in _last_heard(uow, photo) if campaign_id in {None, where})
    owed: list[Delivery] = []
    for where in heard:
        campaign, entry = uow.campaigns.get(where), entries.get(where)
        if campaign is not None:
            row = uow.roster.get(entry.roster_row_id) if entry else row_in(uow, photo.student_id, campaign.id)
            data, to = _data(entry, campaign, photo, row), _who_holds(uow, photo, campaign)
            owed.extend(_keep(uow, to, Event.REVOKED, photo, data=data, now=now))
    return tuple(owed)


def has_heard(uow: UnitOfWork, photo: Photo, campaign: Campaign) -> Event | None:
    """Return the last event that the campaign's registry was owed of a photo, None where it never was."""
    return _last_heard(uow, photo).get((campaign.registry_id or "", campaign.id))


def announce(bell: Bell, deliveries: Iterable[Delivery]) -> None:
    """Ring for fresh deliveries. A silent Redis is no harm: the sweeper finds them due."""
    try:
        for delivery in deliveries:
            bell.ring(Ring(Work.DELIVER, delivery.id, delivery.attempts + 1))
    except QueueUnavailable:
        return


def _who_wants(uow: UnitOfWork, campaign: Campaign, event: Event) -> tuple[str, ...]:
    """Return the campaign's registry if the campaign tells of this kind of event and the registry takes it."""
    registry = uow.registries.get(campaign.registry_id) if campaign.registry_id else None
    wanted = registry is not None and event.value in campaign.deliver_on and registry.takes(event)
    return (registry.id,) if registry is not None and wanted else ()


def _who_holds(uow: UnitOfWork, photo: Photo, campaign: Campaign) -> tuple[str, ...]:
    """Return the registries that heard of a photo from a campaign, and not of its end."""
    heard = _last_heard(uow, photo)
    return tuple(
        registry for (registry, where), last in heard.items() if where == campaign.id and last is not Event.REVOKED
    )


def _last_heard(uow: UnitOfWork, photo: Photo) -> dict[tuple[str, str], Event]:
    """Return the last event of a photo that each registry may have heard of, by registry and campaign."""
    told = (
        one for one in uow.deliveries.of_photo(photo.id) if one.attempts or one.state is not DeliveryState.CANCELLED
    )
    return {(one.registry_id, one.data["campaign"]["id"]): one.event for one in told}


def _keep(
    uow: UnitOfWork, to: Iterable[str], event: Event, photo: Photo, *, data: dict[str, Any], now: datetime
) -> tuple[Delivery, ...]:
    owed = tuple(
        Delivery(
            id=new_id("dl", now=now),
            registry_id=registry_id,
            event=event,
            submission_id=data["submission"],
            photo_id=photo.id,
            data=data,
            state=DeliveryState.PENDING,
            created_at=now,
            next_at=now,
        )
        for registry_id in to
    )
    for delivery in owed:
        uow.deliveries.add(delivery)
    return owed


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
