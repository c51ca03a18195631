"""Photos and the files they rest on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, exists, func, insert, or_, select, update

from api.adapters.database.rows import row_values
from api.adapters.database.sealing import open_json, seal_json
from api.adapters.database.tables import blobs, photos
from api.domain.blob import BlobKind, BlobRow
from api.domain.photo import Photo, PhotoState
from api.domain.ports import Vault

_SETTLED = [state.value for state in PhotoState if state.settled and state is not PhotoState.ERASED]


class SqlPhotos:
    """Photos; the report, which measures a face, is sealed."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, photo: Photo) -> None:
        self._connection.execute(insert(photos).values(**self._values(photo)))

    def get(self, photo_id: str) -> Photo | None:
        return next(iter(self._all(select(photos).where(photos.c.id == photo_id))), None)

    def many(self, photo_ids: Sequence[str]) -> dict[str, Photo]:
        return {photo.id: photo for photo in self._all(select(photos).where(photos.c.id.in_(photo_ids)))}

    def by_key(self, student_id: str, idempotency_key: str) -> Photo | None:
        query = select(photos).where(photos.c.student_id == student_id, photos.c.idempotency_key == idempotency_key)
        return next(iter(self._all(query)), None)

    def of_student(self, student_id: str) -> tuple[Photo, ...]:
        return self._all(select(photos).where(photos.c.student_id == student_id).order_by(photos.c.id))

    def swap(self, photo: Photo, *, state: PhotoState, attempt: int) -> bool:
        change = (
            update(photos)
            .where(photos.c.id == photo.id, photos.c.state == state.value, photos.c.attempt == attempt)
            .values(**self._values(photo))
        )
        return self._connection.execute(change).rowcount == 1

    def due(self, *, now: datetime, limit: int) -> tuple[Photo, ...]:
        query = select(photos).where(photos.c.state == PhotoState.QUEUED.value, photos.c.due_at <= now)
        return self._all(query.order_by(photos.c.created_at, photos.c.id).limit(limit))

    def count_queued(self) -> int:
        query = select(func.count()).select_from(photos).where(photos.c.state == PhotoState.QUEUED.value)
        return self._connection.execute(query).scalar_one()

    def position(self, photo: Photo) -> int:
        earlier = or_(
            photos.c.created_at < photo.created_at,
            and_(photos.c.created_at == photo.created_at, photos.c.id < photo.id),
        )
        query = select(func.count()).select_from(photos).where(photos.c.state == PhotoState.QUEUED.value, earlier)
        return self._connection.execute(query).scalar_one()

    def lease_expired(self, *, now: datetime, limit: int) -> tuple[Photo, ...]:
        query = select(photos).where(photos.c.state == PhotoState.RENDERING.value, photos.c.lease_until <= now)
        return self._all(query.order_by(photos.c.created_at, photos.c.id).limit(limit))

    def held_by(self, place: str) -> tuple[Photo, ...]:
        query = select(photos).where(photos.c.state == PhotoState.RENDERING.value, photos.c.held_by == place)
        return self._all(query.order_by(photos.c.created_at, photos.c.id))

    def recent_render_s(self, *, limit: int) -> Sequence[float]:
        query = (
            select(photos.c.render_s)
            .where(photos.c.finished_at.is_not(None), photos.c.render_s.is_not(None))
            .order_by(photos.c.finished_at.desc())
            .limit(limit)
        )
        return self._connection.execute(query).scalars().all()

    def settled_without_files(self, *, limit: int) -> tuple[Photo, ...]:
        files = exists().where(blobs.c.photo_id == photos.c.id)
        query = select(photos).where(photos.c.state.in_(_SETTLED), ~files)
        return self._all(query.order_by(photos.c.id).limit(limit))

    def _all(self, query: Select[Any]) -> tuple[Photo, ...]:
        return tuple(self._photo(row) for row in self._connection.execute(query))

    def _values(self, photo: Photo) -> dict[str, Any]:
        report = photo.report
        timed = photo.started_at is not None and photo.finished_at is not None
        render_s = (photo.finished_at - photo.started_at).total_seconds() if timed else None  # type: ignore[operator]
        return {
            "id": photo.id,
            "student_id": photo.student_id,
            "spec": photo.spec,
            "campaign_id": photo.campaign_id,
            "state": photo.state.value,
            "created_at": photo.created_at,
            "due_at": photo.due_at,
            "selfie_key": photo.selfie_key,
            "selfie_sha256": photo.selfie_sha256,
            "idempotency_key": photo.idempotency_key,
            "background": photo.background,
            "attempt": photo.attempt,
            "tries": photo.tries,
            "lease_until": photo.lease_until,
            "started_at": photo.started_at,
            "finished_at": photo.finished_at,
            "render_s": render_s,
            "image_key": photo.image_key,
            "image_sha256": photo.image_sha256,
            "image_bytes": photo.image_bytes,
            "report_sealed": seal_json(self._vault, report, _report(photo.id)) if report is not None else None,
            "error_code": photo.error_code,
            "error_facts": dict(photo.error_facts),
            "held_by": photo.held_by,
        }

    def _photo(self, row: Row[Any]) -> Photo:
        sealed = row.report_sealed
        return Photo(
            id=row.id,
            student_id=row.student_id,
            spec=row.spec,
            campaign_id=row.campaign_id,
            state=PhotoState(row.state),
            created_at=row.created_at,
            due_at=row.due_at,
            selfie_key=row.selfie_key,
            selfie_sha256=row.selfie_sha256,
            idempotency_key=row.idempotency_key,
            background=row.background,
            attempt=row.attempt,
            tries=row.tries,
            lease_until=row.lease_until,
            started_at=row.started_at,
            finished_at=row.finished_at,
            image_key=row.image_key,
            image_sha256=row.image_sha256,
            image_bytes=row.image_bytes,
            report=open_json(self._vault, sealed, _report(row.id)) if sealed is not None else None,
            error_code=row.error_code,
            error_facts=row.error_facts,
            held_by=row.held_by,
        )


class SqlBlobRows:
    """Which files there are, whose, until when, and under which key: whoever adds a row writes the file next."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    def add(self, row: BlobRow) -> None:
        self._connection.execute(
            insert(blobs).values(
                key=row.key,
                owner_id=row.owner_id,
                photo_id=row.photo_id,
                kind=row.kind.value,
                bytes=row.bytes,
                created_at=row.created_at,
                ends_at=row.ends_at,
                sealed_with=self._vault.newest,
            )
        )

    def of_photo(self, photo_id: str) -> tuple[BlobRow, ...]:
        return self._all(select(blobs).where(blobs.c.photo_id == photo_id).order_by(blobs.c.key))

    def keep(self, key: str, *, until: datetime) -> None:
        self._connection.execute(update(blobs).where(blobs.c.key == key).values(ends_at=until))

    def expire(self, photo_id: str, *, now: datetime) -> tuple[str, ...]:
        keys = tuple(row.key for row in self.of_photo(photo_id))
        self._connection.execute(update(blobs).where(blobs.c.photo_id == photo_id).values(ends_at=now))
        return keys

    def expired(self, *, now: datetime, limit: int) -> tuple[BlobRow, ...]:
        return self._all(select(blobs).where(blobs.c.ends_at <= now).order_by(blobs.c.ends_at).limit(limit))

    def keys(self, *, after: str, limit: int) -> tuple[str, ...]:
        query = select(blobs.c.key).where(blobs.c.key > after).order_by(blobs.c.key).limit(limit)
        return tuple(self._connection.execute(query).scalars())

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        return frozenset(self._connection.execute(select(blobs.c.key).where(blobs.c.key.in_(keys))).scalars())

    def alive(self, keys: Sequence[str], *, now: datetime) -> frozenset[str]:
        query = select(blobs.c.key).where(blobs.c.key.in_(keys), blobs.c.ends_at > now)
        return frozenset(self._connection.execute(query).scalars())

    def delete(self, key: str) -> None:
        self._connection.execute(delete(blobs).where(blobs.c.key == key))

    def _all(self, query: Select[Any]) -> tuple[BlobRow, ...]:
        rows = self._connection.execute(query)
        return tuple(_blob_row(row_values(row)) for row in rows)


def _blob_row(values: dict[str, Any]) -> BlobRow:
    del values["sealed_with"]  # the store's business, not the photo's
    return BlobRow(**{**values, "kind": BlobKind(values["kind"])})


def _report(photo_id: str) -> str:
    return f"photos.report:{photo_id}"
