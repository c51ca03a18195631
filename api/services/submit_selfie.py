"""Take a selfie in and queue it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.domain.blob import BlobKind, BlobRow
from api.domain.errors import (
    Conflict,
    ConsentRequired,
    IdempotencyConflict,
    InvalidRequest,
    QueueFull,
    QueueUnavailable,
    SelfieTooLarge,
    SelfieUnreadable,
    SpecUnknown,
)
from api.domain.errors_student import BackgroundNotOffered
from api.domain.ids import new_id
from api.domain.photo import Photo, PhotoState, PhotoView
from api.domain.ports import Bell, Blobs, Clock, Database
from api.domain.repositories import UnitOfWork
from api.domain.work import Ring, Work
from api.services.erasing import let_go
from api.services.guards import find_campaign, open_campaign_of, require_photo_consents
from api.services.queue_place import place
from photo_service.spec import Spec

_MEGABYTE = 1_000_000
_UPLOADING = timedelta(hours=1)
"""Life of a file whose photo row was never written: a crash during the upload leaves nothing for long."""


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """`max_bytes` of one selfie, `max_queued` photos in the whole queue, days a selfie is kept."""

    max_bytes: int
    max_queued: int
    selfie_days: int


class SubmitSelfie:
    """Store a selfie, queue its photo, ring the bell.

    The order is the point: the file's row (short life), the file, then the photo in one transaction, then the bell.
    Whatever breaks in between, there is never a queued photo without its file nor a file without a row that ends it,
    and a Redis that is away costs seconds, not photos.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        blobs: Blobs,
        bell: Bell,
        specs: Mapping[str, Spec],
        limits: IntakeLimits,
    ) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._bell = bell
        self._specs = specs
        self._limits = limits

    def __call__(
        self,
        student_id: str,
        *,
        selfie: bytes,
        spec: str | None,
        campaign: str | None,
        idempotency_key: str | None,
        background: str | None = None,
    ) -> PhotoView:
        """Return the queued photo, or the earlier one for a repeated key, also when the window has closed meanwhile.

        `background` is one of the spec's choices (`#RRGGBB`), None for its own; a campaign's is never chosen. Raises
        InvalidRequest unless exactly one of `spec` and `campaign` is given, SelfieTooLarge, SelfieUnreadable,
        SpecUnknown, BackgroundNotOffered, ConsentRequired, NotFound, CampaignNotOpen, CampaignClosed,
        IdentityRequired, QueueFull (nothing stored) and IdempotencyConflict.
        """
        self._check_size(selfie)
        photo = self._draft(student_id, selfie, key=idempotency_key)
        with self._database.write() as uow:
            photo = self._paint(self._aim(uow, photo, spec=spec, campaign=campaign), background)
            earlier = self._earlier(uow, photo)
            if earlier is not None:
                return place(uow, earlier)
            self._check_welcome(uow, photo)
            uow.blobs.add(self._file_row(photo, len(selfie)))
            uow.commit()
        self._blobs.put(photo.selfie_key, selfie)
        kept = self._keep_or_drop(photo)
        self._announce(kept)
        with self._database.read() as uow:
            return place(uow, uow.photos.get(kept.id) or kept)

    def _check_size(self, selfie: bytes) -> None:
        if not selfie:
            raise SelfieUnreadable
        if len(selfie) > self._limits.max_bytes:
            limit = self._limits.max_bytes / _MEGABYTE
            raise SelfieTooLarge(megabytes=round(len(selfie) / _MEGABYTE, 1), limit=round(limit, 1))

    def _draft(self, student_id: str, selfie: bytes, *, key: str | None) -> Photo:
        now = self._clock.now()
        photo_id = new_id("ph", now=now)
        return Photo(
            id=photo_id,
            student_id=student_id,
            spec="",
            campaign_id=None,
            state=PhotoState.QUEUED,
            created_at=now,
            due_at=now,
            selfie_key=f"selfie/{photo_id}",
            selfie_sha256=hashlib.sha256(selfie).hexdigest(),
            idempotency_key=key,
        )

    def _aim(self, uow: UnitOfWork, photo: Photo, *, spec: str | None, campaign: str | None) -> Photo:
        require_photo_consents(uow, photo.student_id, now=self._clock.now())
        if (spec is None) == (campaign is None):
            raise InvalidRequest(reason="spec_or_campaign")
        if spec is not None:
            if spec not in self._specs:
                raise SpecUnknown(spec=spec)
            return replace(photo, spec=spec)
        found = find_campaign(uow, campaign or "")
        return replace(photo, spec=found.spec, campaign_id=found.id)

    def _paint(self, photo: Photo, background: str | None) -> Photo:
        if background is None:
            return photo
        offered = () if photo.campaign_id else self._specs[photo.spec].background.choices
        wanted = background.upper()
        if wanted not in {_hex(colour) for colour in offered}:
            raise BackgroundNotOffered(spec=photo.spec)
        own = self._specs[photo.spec].background.colour
        return photo if own is not None and wanted == _hex(own) else replace(photo, background=wanted)

    def _earlier(self, uow: UnitOfWork, photo: Photo) -> Photo | None:
        if photo.idempotency_key is None:
            return None
        known = uow.photos.by_key(photo.student_id, photo.idempotency_key)
        if known is None:
            return None
        if _content(known) != _content(photo):
            raise IdempotencyConflict
        return known

    def _check_welcome(self, uow: UnitOfWork, photo: Photo) -> None:
        """Raise unless the campaign, if there is one, was open to this student when it came, and there is room."""
        if photo.campaign_id is not None:
            open_campaign_of(uow, photo.student_id, photo.campaign_id, now=photo.created_at)
        queued = uow.photos.count_queued()
        if queued >= self._limits.max_queued:
            raise QueueFull(retry_after=30, queued=queued)

    def _file_row(self, photo: Photo, size: int) -> BlobRow:
        now = photo.created_at
        return BlobRow(
            key=photo.selfie_key,
            owner_id=photo.student_id,
            photo_id=photo.id,
            kind=BlobKind.SELFIE,
            bytes=size,
            created_at=now,
            ends_at=now + _UPLOADING,
        )

    def _keep_or_drop(self, photo: Photo) -> Photo:
        """Keep the photo, unless its student took the consent back, or was erased, while the file was on its way."""
        try:
            return self._keep(photo)
        except ConsentRequired:
            let_go(self._database, self._blobs, (photo.selfie_key,))
            raise

    def _keep(self, photo: Photo) -> Photo:
        """Write the photo; where the same key came twice at once, return the one that was first."""
        until: datetime = photo.created_at + timedelta(days=self._limits.selfie_days)
        try:
            with self._database.write() as uow:
                earlier = self._earlier(uow, photo)
                if earlier is not None:
                    return earlier
                require_photo_consents(uow, photo.student_id, now=self._clock.now())
                uow.photos.add(photo)
                uow.blobs.keep(photo.selfie_key, until=until)
                uow.commit()
        except Conflict:
            with self._database.read() as uow:
                earlier = self._earlier(uow, photo)
            if earlier is None:
                raise
            return earlier
        return photo

    def _announce(self, photo: Photo) -> None:
        try:
            self._bell.ring(Ring(Work.RENDER, photo.id, photo.attempt + 1))
        except QueueUnavailable:
            return  # the sweeper rings for every queued photo whose bell is missing


def _content(photo: Photo) -> tuple[str, str, str | None, str | None]:
    return photo.selfie_sha256, photo.spec, photo.campaign_id, photo.background


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)
