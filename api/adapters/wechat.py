"""WeChat's server over wechatpy: its client for the transport, our own rules for what can go wrong.

`WeChatWxa.code_to_session` is not used: it fetches an access token that this call does not need, and waits for it
without a time limit. The secret travels in the address, so no error text of the HTTP library may ever be shown.
"""

import re
import threading
from collections.abc import Mapping
from typing import Any

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from api.domain.errors import WeChatBadCode, WeChatError, WeChatUnavailable, WeChatUserBlocked

OFFICIAL = "https://api.weixin.qq.com"
_TIMEOUT_S = (3.0, 8.0)
"""To connect, and between two bytes of the answer."""

_BAD_CODE = {40029, 40163}
"""Invalid; used before (the second is not in Tencent's table, but real)."""
_BLOCKED = {40226}
_OVER_QUOTA = {45009, 45011}
_RID = re.compile(r"rid:\s*([\w-]+)")
_RETRY_AFTER_S, _NEXT_MINUTE_S = 5, 60


class WeChatServer:
    """Trade login codes at WeChat's server, or at `base_url` in tests."""

    def __init__(self, *, app_id: str, secret: str, base_url: str = OFFICIAL) -> None:
        self._app_id = app_id
        self._secret = secret
        self._base_url = base_url.rstrip("/") + "/"
        self._local = threading.local()

    def openid_of(self, code: str) -> str:
        """Return the openid behind a code; the session key in the answer is dropped here.

        Raises WeChatBadCode, WeChatUserBlocked, and WeChatUnavailable for everything that may pass.
        """
        answer = self._get(
            "sns/jscode2session",
            {"appid": self._app_id, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"},
        )
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise WeChatUnavailable(retry_after=_RETRY_AFTER_S, errcode=None, rid=None)
        return openid

    def _get(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask, and turn every failure into ours.

        Ours is raised outside the handler: the library's error holds the address with the secret in it and must not
        hang on to ours, where a log or a crash report would show it.
        """
        refusal: WeChatError = WeChatUnavailable(retry_after=_RETRY_AFTER_S, errcode=None, rid=None)
        try:
            answer = self._client().request(
                "get", path, params=dict(params), api_base_url=self._base_url, timeout=_TIMEOUT_S
            )
            if isinstance(answer, Mapping):
                return answer
        except WeChatClientException as fault:
            refusal = _refusal(fault.errcode, str(fault.errmsg or ""))
        except (requests.RequestException, ValueError):
            pass
        raise refusal

    def _client(self) -> Any:
        """Return this thread's client: a `requests` session is not to be shared."""
        if not hasattr(self._local, "client"):
            self._local.client = _TokenlessClient(self._app_id, self._secret, auto_retry=False)
        return self._local.client


class _TokenlessClient(WeChatClient):  # type: ignore[misc] # wechatpy ships no types
    """wechatpy's client with the one request it makes left plain: no access token is fetched or added."""

    def request(self, method: str, path: str, *, api_base_url: str, timeout: tuple[float, float], params: Any) -> Any:
        """Send one request over the client's own connection pool and read the answer as wechatpy does."""
        response = self._http.request(
            method=method, url=api_base_url + path, params=params, timeout=timeout, allow_redirects=False
        )
        response.raise_for_status()
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(response.status_code)
        return self._handle_result(response, method, path)


def _refusal(errcode: int | None, errmsg: str) -> WeChatError:
    rid = _RID.search(errmsg)
    trace = rid.group(1) if rid else None
    if errcode in _BAD_CODE:
        return WeChatBadCode(errcode=errcode, rid=trace)
    if errcode in _BLOCKED:
        return WeChatUserBlocked(errcode=errcode, rid=trace)
    wait_s = _NEXT_MINUTE_S if errcode in _OVER_QUOTA else _RETRY_AFTER_S
    return WeChatUnavailable(retry_after=wait_s, errcode=errcode, rid=trace)


class NoWeChat:
    """Stand where WeChat would on an installation without credentials."""

    def openid_of(self, code: str) -> str:  # noqa: ARG002 - the port's shape
        """Raise WeChatUnavailable: nobody is there to ask."""
        raise WeChatUnavailable(errcode=None, rid=None)
