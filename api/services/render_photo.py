"""Render one queued photo: claim it, make it, keep it; each step safe against a death in the middle."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from api.domain.blob import BlobKind, BlobRow
from api.domain.delivery import Delivery
from api.domain.errors import QueueUnavailable, RendererAway
from api.domain.errors_storage import StorageUnavailable
from api.domain.photo import Photo, PhotoState, claimed, failed, judged, postponed, refused, released
from api.domain.ports import Bell, Blobs, Clock, Database, Renderer
from api.domain.work import Ring, Work
from api.services.erasing import let_go
from api.services.events import announce, owe_ready
from photo_service.contract import PhotoServiceError, Rendered, SelfieError, SpecUnattainable

_AWAY = timedelta(seconds=5)
_WRITING = timedelta(hours=1)
"""Life of an image file whose photo was never marked ready: a crash leaves nothing for long."""


class RenderPhoto:
    """Turn one queued photo into a ready, rejected or failed one, exactly once.

    The claim and the finish compare the attempt number, so a second worker, a bell that rang twice or a result that
    comes after its lease change nothing.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        blobs: Blobs,
        bell: Bell,
        renderer: Renderer,
        lease_s: float,
        image_days: int,
        report_crash: Callable[[str, Exception], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._blobs = blobs
        self._bell = bell
        self._renderer = renderer
        self._lease_s = lease_s
        self._image_life = timedelta(days=image_days)
        self._report_crash = report_crash

    def __call__(self, photo_id: str, *, held_by: str | None = None) -> Photo | None:
        """Return the photo as it came out, None when there was nothing to claim or the lease was lost meanwhile.

        `held_by` is the worker's place; see `Sweep.after_death`.
        """
        held = self._claim(photo_id, held_by=held_by)
        if held is None:
            return None
        after, image = self._attempt(held)
        if image is not None and after.image_key is not None and not self._store(after, after.image_key, image):
            after = postponed(held, until=self._clock.now() + _AWAY)
        return self._finish(held, after)

    def _claim(self, photo_id: str, *, held_by: str | None) -> Photo | None:
        now = self._clock.now()
        with self._database.write() as uow:
            photo = uow.photos.get(photo_id)
            if photo is None or photo.state is not PhotoState.QUEUED or photo.due_at > now:
                return None
            held = claimed(photo, now=now, lease_s=self._lease_s, held_by=held_by)
            if not uow.photos.swap(held, state=PhotoState.QUEUED, attempt=photo.attempt):
                return None
            uow.commit()
        return held

    def _attempt(self, held: Photo) -> tuple[Photo, bytes | None]:
        """Return what the photo becomes, with the image when it is ready."""
        try:
            selfie = self._blobs.get(held.selfie_key)
            rendered = self._renderer.render(selfie, spec=held.spec, source="selfie", background=held.background)
        except (SelfieError, SpecUnattainable) as fault:
            return refused(held, now=self._clock.now(), code=fault.code, facts=fault.facts), None
        except PhotoServiceError as fault:
            return failed(held, now=self._clock.now(), code=fault.code), None
        except (RendererAway, StorageUnavailable):
            return postponed(held, until=self._clock.now() + _AWAY), None
        except Exception as fault:  # noqa: BLE001 - whatever a renderer throws, the student gets a state, not silence
            self._report_crash(held.id, fault)
            return released(held, now=self._clock.now(), code="render_failed"), None
        return self._judged(held, rendered)

    def _judged(self, held: Photo, rendered: Rendered) -> tuple[Photo, bytes | None]:
        after = judged(held, now=self._clock.now(), report=rendered.report.to_json())
        if after.state is not PhotoState.READY or rendered.photo is None:
            return after, None
        image = rendered.photo
        key = f"image/{held.id}-{held.attempt}"
        digest = hashlib.sha256(image).hexdigest()
        return replace(after, image_key=key, image_sha256=digest, image_bytes=len(image)), image

    def _finish(self, held: Photo, after: Photo) -> Photo | None:
        owed: tuple[Delivery, ...] = ()
        with self._database.write() as uow:
            won = uow.photos.swap(after, state=PhotoState.RENDERING, attempt=held.attempt)
            if won:
                if after.image_key is not None:
                    uow.blobs.keep(after.image_key, until=self._clock.now() + self._image_life)
                    owed = owe_ready(uow, after, now=self._clock.now())
                uow.commit()
        announce(self._bell, owed)
        if not won:
            self._drop(after.image_key)
            return None
        if after.state is PhotoState.QUEUED and after.due_at <= self._clock.now():
            self._ring_again(after)
        return after

    def _store(self, photo: Photo, key: str, image: bytes) -> bool:
        """Tell whether the store took it. One that did not may have it all the same: its row ends within the hour."""
        now: datetime = self._clock.now()
        with self._database.write() as uow:
            uow.blobs.add(
                BlobRow(
                    key=key,
                    owner_id=photo.student_id,
                    photo_id=photo.id,
                    kind=BlobKind.IMAGE,
                    bytes=len(image),
                    created_at=now,
                    ends_at=now + _WRITING,
                )
            )
            uow.commit()
        try:
            self._blobs.put(key, image)
        except StorageUnavailable:
            return False
        return True

    def _drop(self, key: str | None) -> None:
        if key is None:
            return
        let_go(self._database, self._blobs, (key,))

    def _ring_again(self, photo: Photo) -> None:
        try:
            self._bell.ring(Ring(Work.RENDER, photo.id, photo.attempt + 1))
        except QueueUnavailable:
            return  # the sweeper will
