"""A photo's life: queued → rendering → ready | rejected | failed, later erased.

Claiming and finishing are compare-and-set on (state, attempt): the database compares, these functions say what
the new value is. A worker that lost its lease holds an old attempt number, so its late result changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from photo_service.contract import Verdict

MAX_TRIES = 3
"""A selfie that kills the worker this often is given up: one picture must not stop everyone else's."""


class PhotoState(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    REJECTED = "rejected"
    FAILED = "failed"
    ERASED = "erased"

    @property
    def settled(self) -> bool:
        """Tell whether nothing more will happen by itself."""
        return self not in {PhotoState.QUEUED, PhotoState.RENDERING}


@dataclass(frozen=True, slots=True)
class Photo:
    """One rendering of one selfie against one spec.

    `attempt` counts claims and is what compare-and-set compares; `tries` counts those that speak against the
    selfie. `due_at` is when a queued photo may be claimed. `background` is the colour asked for, `#RRGGBB`, None for
    the spec's own. `lease_until` is set while rendering, and `held_by` names the worker's place, where it has one: who
    starts there next knows that the one before is dead. `report` is the photo service's JSON document; `error_code`
    says why there is none (`unreadable_image`, `render_failed` …), with `error_facts` beside it.
    """

    id: str
    student_id: str
    spec: str
    campaign_id: str | None
    state: PhotoState
    created_at: datetime
    selfie_key: str
    selfie_sha256: str
    due_at: datetime
    idempotency_key: str | None = None
    background: str | None = None
    attempt: int = 0
    tries: int = 0
    lease_until: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    image_key: str | None = None
    image_sha256: str | None = None
    image_bytes: int | None = None
    report: Mapping[str, Any] | None = field(default=None, repr=False)
    error_code: str | None = None
    error_facts: Mapping[str, Any] = field(default_factory=dict)
    held_by: str | None = None

    @property
    def settled(self) -> bool:
        return self.state.settled


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo and, while it is queued, how many are before it and about how long that takes in seconds."""

    photo: Photo
    position: int | None = None
    estimate_s: float | None = None


Jpeg = bytes
"""A whole JPEG file."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A finished photo to hand out."""

    bytes: Jpeg = field(repr=False)
    filename: str = field(repr=False)
    sha256: str


def claimed(photo: Photo, *, now: datetime, lease_s: float, held_by: str | None = None) -> Photo:
    """Return the photo as its next worker, in the place `held_by`, holds it."""
    return replace(
        photo,
        state=PhotoState.RENDERING,
        attempt=photo.attempt + 1,
        tries=photo.tries + 1,
        started_at=now,
        lease_until=now + timedelta(seconds=lease_s),
        held_by=held_by,
    )


def released(photo: Photo, *, now: datetime, code: str) -> Photo:
    """Return the photo after an attempt that came to nothing: queued again, or `failed` with `code` after the last."""
    if photo.tries < MAX_TRIES:
        return replace(photo, state=PhotoState.QUEUED, lease_until=None, due_at=now)
    return failed(photo, now=now, code=code)


def postponed(photo: Photo, *, until: datetime) -> Photo:
    """Return the photo as queued again through no fault of its own (the photo service was away)."""
    return replace(photo, state=PhotoState.QUEUED, lease_until=None, due_at=until, tries=photo.tries - 1)


def failed(photo: Photo, *, now: datetime, code: str) -> Photo:
    """Return the photo as given up."""
    return replace(photo, state=PhotoState.FAILED, lease_until=None, finished_at=now, error_code=code)


def refused(photo: Photo, *, now: datetime, code: str, facts: Mapping[str, Any]) -> Photo:
    """Return the photo whose selfie could not be judged at all (no picture, too many pixels …)."""
    return replace(
        photo, state=PhotoState.REJECTED, lease_until=None, finished_at=now, error_code=code, error_facts=dict(facts)
    )


def judged(photo: Photo, *, now: datetime, report: Mapping[str, Any]) -> Photo:
    """Return the photo with its report: `ready` when the verdict is pass, else `rejected`.

    For a ready photo the image's key and digest are set with `replace` by whoever stored it.
    """
    state = PhotoState.READY if report["verdict"] == Verdict.PASS else PhotoState.REJECTED
    error = (report.get("error") or {}).get("code")
    return replace(photo, state=state, lease_until=None, finished_at=now, report=report, error_code=error)


def erased(photo: Photo) -> Photo:
    """Return the photo without anything of the person: what remains is that there was one."""
    return replace(
        photo,
        state=PhotoState.ERASED,
        lease_until=None,
        report=None,
        image_key=None,
        error_facts={},
        idempotency_key=None,
    )
