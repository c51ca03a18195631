"""Fetch the photo an event speaks of, and make sure it is that photo."""

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx

from deploy.sample_registry.verifying import Refused

_MAX_PHOTO_BYTES = 5 * 1024 * 1024
_TIMEOUT_S = 10.0


def pull(url: str, photo: Mapping[str, Any]) -> bytes:
    """Fetch the photo behind `url` and compare it with `photo["sha256"]` and `photo["bytes"]`.

    Raises Refused: 503 when it cannot be fetched now (the sender tries again), 422 when it is not the photo announced.
    """
    content = _fetch(url)
    if len(content) != photo.get("bytes") or hashlib.sha256(content).hexdigest() != photo.get("sha256"):
        raise Refused(422, "the photo behind the URL is not the one announced")
    return content


def _fetch(url: str) -> bytes:
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
