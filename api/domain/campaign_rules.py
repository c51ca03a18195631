"""What a registrar may choose for a campaign, and what may still change once students have submitted."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from api.domain.campaign import Campaign
from api.domain.delivery import Event

LONGEST_NAME, LONGEST_FILE_NAME = 200, 200
FILE_NAME_FIELDS = ("id_number", "student_number", "name", "college", "grade", "major", "class")
"""What a file name pattern may speak of; see `api.services.file_names`."""

DELIVER_ON = frozenset({Event.READY.value, Event.SUBMITTED.value, Event.APPROVED.value})


class Lock(StrEnum):
    """Why a field may no longer change."""

    PHOTOS_MADE_FOR_IT = "photos_made_for_it"
    """Photos that were handed in were made and checked for this spec."""
    PROFILES_CHECKED_BY_IT = "profiles_checked_by_it"
    """Profiles that were handed in were checked by this form; other answers were never asked for."""
    SUBMITTED_ALREADY = "submitted_already"
    """Somebody submitted inside the window as it is: it cannot have opened later."""
    REGISTRY_WAS_TOLD = "registry_was_told"
    """The registry was told of submissions; another one would never hear of them."""


@dataclass(frozen=True, slots=True)
class CampaignFields:
    """Everything of a campaign that a person chooses, its short name apart: that stands on posters and in links."""

    name: str
    spec: str
    starts_at: datetime
    ends_at: datetime
    profile_schema: Mapping[str, Any] = field(repr=False)
    registry_id: str | None
    deliver_on: frozenset[str]
    file_name: str | None

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignFields":
        """Return what was chosen for a campaign."""
        return cls(
            name=campaign.name,
            spec=campaign.spec,
            starts_at=campaign.starts_at,
            ends_at=campaign.ends_at,
            profile_schema=campaign.profile_schema,
            registry_id=campaign.registry_id,
            deliver_on=campaign.deliver_on,
            file_name=campaign.file_name,
        )


def locks(campaign: Campaign, *, submissions: int) -> dict[str, Lock]:
    """Return the fields that may no longer change, each with the reason; none before the first submission.

    Name, end, events and file names may always change: they speak of what is still to come.
    """
    if submissions == 0:
        return {}
    found = {
        "spec": Lock.PHOTOS_MADE_FOR_IT,
        "profile_schema": Lock.PROFILES_CHECKED_BY_IT,
        "starts_at": Lock.SUBMITTED_ALREADY,
    }
    return found | ({"registry_id": Lock.REGISTRY_WAS_TOLD} if campaign.registry_id else {})


def forbidden_changes(campaign: Campaign, wanted: CampaignFields, *, submissions: int) -> tuple[str, ...]:
    """Return the locked fields that `wanted` would change. Opening earlier is no harm, so it is allowed."""
    now = CampaignFields.of(campaign)
    touched = [name for name in locks(campaign, submissions=submissions) if getattr(now, name) != getattr(wanted, name)]
    return tuple(name for name in touched if name != "starts_at" or wanted.starts_at > campaign.starts_at)


def with_fields(campaign: Campaign, wanted: CampaignFields) -> Campaign:
    """Return the campaign as it is to be."""
    return replace(
        campaign,
        name=wanted.name,
        spec=wanted.spec,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        profile_schema=wanted.profile_schema,
        registry_id=wanted.registry_id,
        deliver_on=wanted.deliver_on,
        file_name=wanted.file_name,
    )


def mark_of(campaign: Campaign) -> str:
    """Return what tells one state of a campaign from another, so that two registrars never overwrite one another."""
    seen = (
        *(campaign.name, campaign.spec, campaign.starts_at.isoformat(), campaign.ends_at.isoformat()),
        *(campaign.registry_id, sorted(campaign.deliver_on), campaign.file_name, campaign.profile_schema),
    )
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]
