"""The kinds of work that Redis rings a bell for, and the name of each single bell."""

from dataclasses import dataclass
from enum import StrEnum


class Work(StrEnum):
    """Names of the queues. Apart, so that a slow registry never keeps a student waiting, nor an export a registry."""

    RENDER = "render"
    DELIVER = "deliver"
    NOTIFY = "notify"
    PUSH = "push"
    MEDIA_CHECK = "media_check"
    OFFICE = "office"
    EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True)
class Ring:
    """One bell: which thing, for which attempt. Ringing it twice is the same as once."""

    work: Work
    thing_id: str
    attempt: int

    @property
    def id(self) -> str:
        return f"{self.thing_id}-{self.attempt}"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did. All zero on a quiet day; `skipped` when another process was sweeping."""

    skipped: bool = False
    photos_released: int = 0
    photos_failed: int = 0
    photos_rung: int = 0
    deliveries_released: int = 0
    deliveries_rung: int = 0
    notices_rung: int = 0
    pushes_rung: int = 0
    media_checks_rung: int = 0
    exhibits_rung: int = 0
    pulled_back: int = 0


@dataclass(frozen=True, slots=True)
class Purged:
    """What one purge removed."""

    blobs: int = 0
    photos: int = 0
    sessions: int = 0
    attempts: int = 0
    profiles: int = 0
    drafts: int = 0
    reports: int = 0
