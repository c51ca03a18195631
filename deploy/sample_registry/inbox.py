"""What the registry keeps: one JSON file for each event, one JPEG for each photo.

Of a photo's events the one with the latest `timestamp` counts, however they arrive; that timestamp lies beside it.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.sample_registry.verifying import Event

PhotoOf = Callable[[Mapping[str, Any]], bytes | None]
"""Answers the photo that an event's data carries or links to, checked against what was announced; None for none."""


class Inbox:
    """Events and photos under one directory. The event's file is written last: it is what makes an event received."""

    def __init__(self, directory: Path) -> None:
        self._events = directory / "events"
        self._photos = directory / "photos"
        self._lock = threading.Lock()
        for folder in (self._events, self._photos):
            folder.mkdir(parents=True, exist_ok=True)

    def receive(self, event: Event, *, photo_of: PhotoOf) -> bool:
        """Keep an event, and its photo as `photo_of` gives it; answer False for one that is here already.

        One at a time: the same event sent twice at once is still kept once. Raises what `photo_of` raises, and then
        keeps nothing.
        """
        with self._lock:
            path = self._events / f"{_name(event.message_id)}.json"
            if path.exists():
                return False
            kept = self._keep_photo(event, photo_of=photo_of)
            record = {
                "message_id": event.message_id,
                "type": event.type,
                "timestamp": event.timestamp,
                "received_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "signature": "verified",
                "photo": kept,
                "data": _without_jpeg(event.data),
            }
            _write(path, json.dumps(record, ensure_ascii=False, indent=2).encode("utf-8"))
            return True

    def events(self) -> list[dict[str, Any]]:
        """Answer everything received, oldest first."""
        records: list[dict[str, Any]] = [json.loads(path.read_text("utf-8")) for path in self._events.glob("*.json")]
        return sorted(records, key=lambda record: (record["received_at"], record["message_id"]))

    def photo(self, name: str) -> bytes | None:
        """Answer a kept photo by its file name, None when there is none of that name."""
        kept = {path.name: path for path in self._photos.glob("*.jpg")}
        return kept[name].read_bytes() if name in kept else None

    def _keep_photo(self, event: Event, *, photo_of: PhotoOf) -> dict[str, Any] | None:
        photo = event.data.get("photo")
        if not isinstance(photo, dict) or "id" not in photo:
            return None
        name = f"{_name(str(photo['id']))}.jpg"
        heard = (self._photos / name).with_suffix(".at")
        if _overtaken(event, heard):
            return {"file": name, "overtaken": True}
        if event.type == "photo.revoked":
            (self._photos / name).unlink(missing_ok=True)
            _write(heard, event.timestamp.encode("utf-8"))
            return {"file": name, "deleted": True}
        content = photo_of(event.data)
        if content is None:
            return None
        _write(self._photos / name, content)
        _write(heard, event.timestamp.encode("utf-8"))
        return {"file": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _overtaken(event: Event, heard: Path) -> bool:
    """Tell whether a photo was given or taken by something that happened later than this, whatever came first here."""
    last = _moment(heard.read_text("utf-8")) if heard.exists() else None
    told = _moment(event.timestamp)
    return last is not None and told is not None and told < last


def _moment(timestamp: str) -> datetime | None:
    """Answer when that is, UTC where it names no zone; None for what is no time, which overtakes nothing."""
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _without_jpeg(data: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an event's data without the face in it: the photo is kept once, where a revocation deletes it."""
    photo = data.get("photo")
    if not isinstance(photo, dict):
        return dict(data)
    return {**data, "photo": {name: value for name, value in photo.items() if name != "jpeg_base64"}}


def _name(identifier: str) -> str:
    """Answer a file name for an id from outside, whatever it holds."""
    if identifier.isascii() and identifier.replace("_", "").replace("-", "").isalnum() and len(identifier) <= 100:
        return identifier
    return hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
