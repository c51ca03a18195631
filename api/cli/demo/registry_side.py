"""What the sample registry has to say, over HTTP, and what it does with a forgery."""

import time
from typing import Any

import httpx

from api.cli.demo.narrator import Unproved
from api.domain import signing

_RECEIVED_WITHIN_S = 30.0
_STEP_S = 0.05


def wait_for_event(url: str, *, submission: str, event: str) -> dict[str, Any]:
    """Answer the registry's own record of an event. Raises Unproved when it does not come in time."""
    deadline = time.monotonic() + _RECEIVED_WITHIN_S
    while time.monotonic() < deadline:
        for received in _received(url):
            if received["type"] == event and received["data"].get("submission") == submission:
                return received
        time.sleep(_STEP_S)
    raise Unproved(f"the registry received no {event} within {_RECEIVED_WITHIN_S:g} s; see log/deliver.log")


def kept_photo(url: str, file: str) -> bytes:
    """Answer the file the registry keeps. Raises Unproved."""
    answer = _get(f"{url}/photos/{file}")
    if answer.status_code != 200:
        raise Unproved(f"the registry does not keep {file}")
    return answer.content


def forge(url: str, *, body: bytes) -> int:
    """Send an event signed with a secret of our own making; answer the registry's status."""
    headers = signing.headers([signing.new_secret()], message_id="dl_forged", sent_at=int(time.time()), body=body)
    try:
        return httpx.post(f"{url}/hook", content=body, headers=headers, trust_env=False, timeout=10).status_code
    except httpx.HTTPError as fault:
        raise Unproved(f"the registry does not answer: {type(fault).__name__}") from fault


def _received(url: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = _get(f"{url}/received").json()["events"]
    return events


def _get(url: str) -> httpx.Response:
    try:
        return httpx.get(url, trust_env=False, timeout=10)
    except httpx.HTTPError as fault:
        raise Unproved(f"the registry does not answer: {type(fault).__name__}") from fault
