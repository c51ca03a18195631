"""A student with a telephone: the student API over HTTP, and nothing else."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from api.cli.demo.narrator import Unproved

_WAIT_S = 2
_ANSWER_S = 30
_VERDICT_WITHIN_S = 90.0
_SETTLED = frozenset({"ready", "rejected", "failed", "erased"})


class DemoStudent:
    """Talks to the product as the mini-program does. Every answer but the expected one is Unproved.

    `while_waiting` is called between looks at a photo and raises when there is no use in waiting any longer.
    """

    def __init__(self, url: str, *, while_waiting: Callable[[], None]) -> None:
        self._while_waiting = while_waiting
        self._http = httpx.Client(base_url=url, timeout=_ANSWER_S, trust_env=False)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def log_in(self, name: str) -> dict[str, Any]:
        """Log in with the development login; the token goes with every call from then on."""
        session = self._json("POST", "/v1/auth/dev", expect=200, json={"name": name})
        self._http.headers["Authorization"] = f"Bearer {session['access_token']}"
        return session

    def give_consents(self) -> list[dict[str, Any]]:
        """Read every text and agree to it."""
        texts = self._json("GET", "/v1/consents", expect=200)["consents"]
        return [self._json("POST", "/v1/consents", expect=201, json={"id": text["id"]}) for text in texts]

    def prove_identity(self, *, campaign: str, name: str, id_number: str) -> dict[str, Any]:
        """Bind this login to a row of the roster."""
        who = {"campaign": campaign, "name": name, "id_number": id_number}
        return self._json("POST", "/v1/me/identity", expect=200, json=who)

    def spec(self, spec_id: str) -> dict[str, Any]:
        """Ask what a photo has to be."""
        return self._json("GET", f"/v1/specs/{spec_id}", expect=200)

    def send_selfie(self, selfie: bytes, *, key: str, **target: str) -> dict[str, Any]:
        """Upload for one `spec` or one `campaign`."""
        return self._json(
            "POST",
            "/v1/photos",
            expect=202,
            files={"selfie": ("selfie.jpg", selfie, "image/jpeg")},
            data=target,
            headers={"Idempotency-Key": key},
        )

    def verdict(self, photo_id: str) -> dict[str, Any]:
        """Wait until the photo is ready, rejected or failed."""
        deadline = time.monotonic() + _VERDICT_WITHIN_S
        while True:
            photo = self._json("GET", f"/v1/photos/{photo_id}", expect=200, params={"wait": _WAIT_S})
            if photo["state"] in _SETTLED:
                return photo
            self._while_waiting()
            if time.monotonic() > deadline:
                raise Unproved(
                    f"the photo is still {photo['state']} after {_VERDICT_WITHIN_S:g} s; see log/render-1.log"
                )

    def image(self, photo_id: str) -> bytes:
        """Download the finished photo."""
        return self._ask("GET", f"/v1/photos/{photo_id}/image", expect=200).content

    def confirm(self, photo_id: str, *, campaign: str, profile: Mapping[str, Any]) -> dict[str, Any]:
        """Hand the photo in for the campaign."""
        body = {"photo": photo_id, "campaign": campaign, "profile": dict(profile)}
        return self._json("POST", "/v1/submissions", expect=201, json=body)

    def submissions(self) -> list[dict[str, Any]]:
        """See what became of what was handed in."""
        found: list[dict[str, Any]] = self._json("GET", "/v1/submissions", expect=200)["submissions"]
        return found

    def _json(self, method: str, path: str, *, expect: int, **request: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._ask(method, path, expect=expect, **request).json()
        return answer

    def _ask(self, method: str, path: str, *, expect: int, **request: Any) -> httpx.Response:
        try:
            answer = self._http.request(method, path, **request)
        except httpx.HTTPError as fault:
            raise Unproved(f"{method} {path}: {type(fault).__name__}") from fault
        if answer.status_code != expect:
            raise Unproved(f"{method} {path} answered {answer.status_code}, not {expect}: {_problem(answer)}")
        return answer


def _problem(answer: httpx.Response) -> str:
    try:
        told = answer.json()
        return f"{told['code']}: {told['detail']}"
    except (ValueError, KeyError, TypeError):
        return answer.text[:200]
