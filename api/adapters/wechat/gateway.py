"""Everything we ask of WeChat's server."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from api.adapters.wechat.refusals import TOKEN_ERRORS, no_answer
from api.adapters.wechat.transport import Call, Transport
from api.domain.errors import InvalidRequest
from api.domain.errors_wechat import WeChatError, WeChatUnavailable

SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
"""What `scene` may hold: 最大32个可见字符，只支持数字，大小写英文以及部分特殊字符."""

_POSTER_WIDTH_PX = 1280
_STATES = {"release": "formal", "trial": "trial", "develop": "developer"}


class Tokens(Protocol):
    """Where access tokens come from."""

    def get(self) -> str: ...
    def instead_of(self, refused: str) -> str: ...


class WeChatServer:
    """WeChat behind our port.

    `version` is the mini-program's version that notices and codes lead to: `release`, `trial` or `develop`; `page` is
    the one a notice opens, the start page where it is empty.
    """

    def __init__(
        self,
        *,
        transport: Transport,
        tokens: Tokens,
        app_id: str,
        secret: str,
        version: str = "release",
        page: str = "",
    ) -> None:
        self._transport = transport
        self._tokens = tokens
        self._app_id = app_id
        self._secret = secret
        self._version = version
        self._page = page

    def openid_of(self, code: str) -> str:
        """Return the openid behind a login code; the session key in the answer is dropped here.

        Needs no access token. Raises WeChatBadCode, WeChatUserBlocked, and WeChatUnavailable for what may pass.
        """
        params = {"appid": self._app_id, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"}
        answer = self._transport.send(Call("jscode2session", "get", "sns/jscode2session", params))
        return _text(answer, "openid")

    def phone_of(self, code: str, *, openid: str) -> str:
        """Return the number behind a phone-number code, with its country code unless that is China's.

        WeChat checks that code and openid belong together. Raises WeChatError.
        """
        answer = self._with_token(
            "getuserphonenumber", "wxa/business/getuserphonenumber", {"code": code, "openid": openid}
        )
        info = answer.get("phone_info") if isinstance(answer, Mapping) else None
        if not isinstance(info, Mapping):
            raise no_answer()
        number, country = _text(info, "purePhoneNumber"), str(info.get("countryCode", "86"))
        return number if country == "86" else f"+{country}-{number}"

    def send_notice(self, openid: str, *, template_id: str, data: Mapping[str, str]) -> None:
        """Send one subscribe message; `data` fits the template's fields already. Raises WeChatError."""
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": value} for key, value in data.items()},
            "miniprogram_state": _STATES[self._version],
            "lang": "zh_CN",
        }
        if self._page:
            body["page"] = self._page
        self._with_token("subscribe_send", "cgi-bin/message/subscribe/send", body)

    def poster_code(self, scene: str, *, page: str) -> bytes:
        """Return a code for print, as large as WeChat makes it.

        Before the first release no page can be checked, so it is checked for the released version alone. Raises
        InvalidRequest for a scene WeChat cannot carry, and WeChatError.
        """
        if not SCENE.fullmatch(scene):
            raise InvalidRequest(reason="scene")
        body: dict[str, Any] = {
            "scene": scene,
            "check_path": self._version == "release" and bool(page),
            "env_version": self._version,
            "width": _POSTER_WIDTH_PX,
        }
        if page:
            body["page"] = page
        answer = self._with_token("getwxacodeunlimit", "wxa/getwxacodeunlimit", body)
        if not isinstance(answer, bytes) or not answer:
            raise no_answer()
        return answer

    def check_image(self, url: str, *, openid: str) -> str:
        """Have WeChat fetch and look at a picture of a user's (`mediaCheckAsync`, version 2).

        Returns the trace id; what was found is pushed within half an hour under the same id. Raises WeChatError.
        """
        body = {"media_url": url, "media_type": 2, "version": 2, "scene": 1, "openid": openid}
        return _text(self._with_token("media_check_async", "wxa/media_check_async", body), "trace_id")

    def check_account(self) -> None:
        """Prove that AppID, AppSecret and IP allow-list are right. Raises WeChatError."""
        self._tokens.get()

    def _with_token(self, name: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any] | bytes:
        """Send with the access token; a refused token is replaced once, and the call repeated once."""
        token = self._tokens.get()
        try:
            return self._transport.send(Call(name, "post", path, {"access_token": token}, body))
        except WeChatError as error:
            if error.facts.get("errcode") not in TOKEN_ERRORS:
                raise
        fresh = self._tokens.instead_of(token)
        return self._transport.send(Call(name, "post", path, {"access_token": fresh}, body))


def _text(answer: Mapping[str, Any] | bytes, name: str) -> str:
    value = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(value, str) or not value:
        raise no_answer()
    return value


class NoWeChat:
    """Stand where WeChat would on an installation without credentials: nobody is there to ask."""

    def openid_of(self, code: str) -> str:  # noqa: ARG002 - the port's shape
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)

    def phone_of(self, code: str, *, openid: str) -> str:  # noqa: ARG002
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)

    def send_notice(self, openid: str, *, template_id: str, data: Mapping[str, str]) -> None:  # noqa: ARG002
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)

    def poster_code(self, scene: str, *, page: str) -> bytes:  # noqa: ARG002
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)

    def check_image(self, url: str, *, openid: str) -> str:  # noqa: ARG002
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)

    def check_account(self) -> None:
        """Raise WeChatUnavailable."""
        raise WeChatUnavailable(errcode=None, rid=None)
