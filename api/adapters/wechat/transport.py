"""One request to WeChat over wechatpy's client, bounded in time and size, with nothing secret in what goes wrong.

wechatpy's own way is not taken where measured to hurt: it fetches a token for calls that need none, waits without a
limit, repeats a refused token without end, and its errors hold the address with our secret in it.
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from urllib3 import Timeout
from urllib3.exceptions import HTTPError
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from api.adapters.wechat.refusals import no_answer, refusal
from api.adapters.wechat.silence import Silence
from api.domain.errors_wechat import WeChatError

OFFICIAL = "https://api.weixin.qq.com"
MAX_ANSWER_BYTES = 4_000_000
"""A code for a poster has some 100 KB; whoever sends more than this is not WeChat."""

_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to connect, and for the whole of one request with its answer."""

    connect_s: float = 3.0
    total_s: float = 8.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `name` is what the log says; `params` go into the address, `body` goes as JSON in UTF-8."""

    name: str
    method: str
    path: str
    params: Mapping[str, str]
    body: Mapping[str, Any] | None = None


class Transport:
    """Send calls and answer what came back: a JSON object, or the bytes of a picture.

    One client per thread and per process: a `requests` session is not to be shared, nor carried over a fork.
    """

    def __init__(self, *, app_id: str, secret: str, base_url: str = OFFICIAL, patience: Patience | None = None) -> None:
        self._app_id = app_id
        self._secret = secret
        self._base_url = base_url.rstrip("/") + "/"
        self._patience = patience or Patience()
        self._silence = Silence()
        self._local = threading.local()

    def send(self, call: Call) -> Mapping[str, Any] | bytes:
        """Send once. Raises WeChatError.

        Ours is raised outside the handler: the library's error holds the address with the secret or the token in it
        and must not hang on to ours, where a log or a crash report would show it.
        """
        error: WeChatError = no_answer()
        if self._silence.may_ask():
            try:
                answer = self._answer(call)
            except WeChatClientException as fault:
                error = refusal(fault.errcode, str(fault.errmsg or ""))
            except (requests.RequestException, HTTPError, OSError, ValueError):
                self._silence.unanswered()
            else:
                self._silence.answered()
                return answer
            if error.facts["errcode"] is not None:
                self._silence.answered()
            _log(call, error)
        raise error

    def _answer(self, call: Call) -> Mapping[str, Any] | bytes:
        client: _Client = self._client()
        response, content = client.exchange(call, base_url=self._base_url, patience=self._patience)
        if _is_picture(response):
            return content
        answer = client.checked(response, call)
        if isinstance(answer, Mapping):
            return answer
        raise WeChatClientException(None, None)

    def _client(self) -> "_Client":
        if not hasattr(self._local, "client"):
            self._local.client = _Client(self._app_id, self._secret, auto_retry=False)
        client: _Client = self._local.client
        return client


class _Client(WeChatClient):  # type: ignore[misc] # wechatpy ships no types
    """wechatpy's client: its connection pool and its reading of errcodes, with our own patience."""

    def exchange(self, call: Call, *, base_url: str, patience: Patience) -> tuple[requests.Response, bytes]:
        """Return the answer and its bytes, read within the time and size allowed."""
        until = time.monotonic() + patience.total_s
        body = None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode()
        with self._http.request(
            method=call.method,
            url=base_url + call.path,
            params=dict(call.params),
            data=body,
            headers={} if body is None else {"Content-Type": "application/json; charset=utf-8"},
            timeout=Timeout(connect=patience.connect_s, total=patience.total_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            if response.status_code != requests.codes.ok:
                raise requests.HTTPError(response.status_code)
            response._content = _read(response, until=until)  # noqa: SLF001 - where requests keeps what it has read
        content: bytes = response.content
        return response, content

    def checked(self, response: requests.Response, call: Call) -> Any:
        """Return the answer as wechatpy reads it. Raises WeChatClientException for an errcode."""
        return self._handle_result(response, call.method, call.name)


def _read(response: requests.Response, *, until: float) -> bytes:
    """Read piece by piece: a server that sends one byte a second is as dead as one that sends none."""
    content = bytearray()
    while piece := response.raw.read1(_CHUNK, decode_content=True):
        content += piece
        if len(content) > MAX_ANSWER_BYTES:
            raise ValueError("the answer is too long")
        if time.monotonic() > until:
            raise requests.ReadTimeout
    return bytes(content)


def _is_picture(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").startswith("image/")


def _log(call: Call, error: WeChatError) -> None:
    structlog.get_logger("wechat").warning(
        "wechat_refused", call=call.name, error=error.code, errcode=error.facts["errcode"], rid=error.facts["rid"]
    )
