"""A campaign 采集批次: a spec, a window to the second, a profile form, a registry, and when to deliver."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from api.domain.errors import CampaignClosed, CampaignNotOpen


class WindowState(StrEnum):
    NOT_OPEN = "not_open"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Campaign:
    """`starts_at` and `ends_at` are both inside the window: 23:59:59 is still accepted, one second later is not.

    `deliver_on` lists the events its registry is sent. `template` is the ready-made campaign it was made from.
    `file_name` is the pattern of exported files, None for the spec's own.
    """

    id: str
    slug: str
    name: str
    spec: str
    starts_at: datetime
    ends_at: datetime
    profile_schema: Mapping[str, Any] = field(repr=False)
    registry_id: str | None
    deliver_on: frozenset[str]
    created_at: datetime
    template: str | None = None
    file_name: str | None = None

    def ends_for(self, extension: "Extension | None") -> datetime:
        """Return the last second for someone: the campaign's own, or the later one they were given."""
        return self.ends_at if extension is None else max(self.ends_at, extension.until)

    def window(self, now: datetime, *, extension: "Extension | None" = None) -> WindowState:
        """Say where `now` lies, to the whole second, as the notices give the end."""
        second = now.replace(microsecond=0)
        if second < self.starts_at:
            return WindowState.NOT_OPEN
        return WindowState.OPEN if second <= self.ends_for(extension) else WindowState.CLOSED

    def require_open(self, now: datetime, *, extension: "Extension | None" = None) -> None:
        """Raise CampaignNotOpen before the window and CampaignClosed after it."""
        match self.window(now, extension=extension):
            case WindowState.NOT_OPEN:
                raise CampaignNotOpen(campaign=self.id, starts_at=self.starts_at.isoformat())
            case WindowState.CLOSED:
                raise CampaignClosed(campaign=self.id, ended_at=self.ends_for(extension).isoformat())
            case WindowState.OPEN:
                return


@dataclass(frozen=True, slots=True)
class Extension:
    """A later last second for one person of the roster, with who gave it and why."""

    campaign_id: str
    roster_row_id: str
    until: datetime
    reason: str
    by: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile that is not finished yet: what a student has filled in so far."""

    student_id: str
    campaign_id: str
    profile: Mapping[str, Any] = field(repr=False)
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as one student sees it now: where its window stands and whether the student is bound to its roster.

    `ends_at` is the student's own last second, later than the campaign's where they were given longer.
    """

    campaign: Campaign
    window: WindowState
    bound: bool
    ends_at: datetime

    @property
    def open(self) -> bool:
        return self.window is WindowState.OPEN
