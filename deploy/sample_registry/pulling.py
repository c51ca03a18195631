"""Take the photo an event speaks of, out of the event itself or from its link, and make sure it is that photo."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import httpx

from deploy.sample_registry.verifying import Refused

_MAX_PHOTO_BYTES = 5 * 1024 * 1024
_TIMEOUT_S = 10.0


def photo_of(data: Mapping[str, Any]) -> bytes | None:
    """Return the photo that an event's data carries, else the one it links to, else None.

    Compared with `photo["sha256"]` and `photo["bytes"]`. Raises Refused: 503 when it cannot be fetched now (the sender
    tries again), 422 when it is not the photo announced.
    """
    photo = data["photo"]
    if "jpeg_base64" in photo:
        content = _unwrapped(photo["jpeg_base64"])
    elif "pull_url" in data:
        content = _fetched(str(data["pull_url"]))
    else:
        return None
    if len(content) != photo.get("bytes") or hashlib.sha256(content).hexdigest() != photo.get("sha256"):
        raise Refused(422, "the photo is not the one announced")
    return content


def _unwrapped(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError as fault:
        raise Refused(422, "the photo in the event is not base64") from fault


def _fetched(url: str) -> bytes:
    content = b""
    try:
        with httpx.stream("GET", url, timeout=_TIMEOUT_S, trust_env=False) as answer:
            if answer.status_code != 200:
                raise Refused(503, f"the photo's URL answered {answer.status_code}")
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > _MAX_PHOTO_BYTES:
                    raise Refused(422, "the photo is larger than any photo")
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise Refused(503, "the photo cannot be fetched now") from fault
    return content
