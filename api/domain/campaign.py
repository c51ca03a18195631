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
    """`starts_at` and `ends_at` are both inside the window: 23:59:59 is still accepted, one second later is not."""

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

    def window(self, now: datetime) -> WindowState:
        """Say where `now` lies, to the whole second, as the notices give the end."""
        second = now.replace(microsecond=0)
        if second < self.starts_at:
            return WindowState.NOT_OPEN
        return WindowState.OPEN if second <= self.ends_at else WindowState.CLOSED

    def require_open(self, now: datetime) -> None:
        """Raise CampaignNotOpen before the window and CampaignClosed after it."""
        match self.window(now):
            case WindowState.NOT_OPEN:
                raise CampaignNotOpen(campaign=self.id, starts_at=self.starts_at.isoformat())
            case WindowState.CLOSED:
                raise CampaignClosed(campaign=self.id, ended_at=self.ends_at.isoformat())
            case WindowState.OPEN:
                return


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign as one student sees it now: where its window stands and whether the student is bound to its roster."""

    campaign: Campaign
    window: WindowState
    bound: bool

    @property
    def open(self) -> bool:
        return self.window is WindowState.OPEN
