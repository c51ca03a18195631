"""The door WeChat pushes messages through: secure mode only, the current key and the one before it.

消息推送, 安全模式: `msg_signature` over token, timestamp, nonce and `Encrypt` is what proves a message ("不要使用
signature 验证"); the plaintext names our own AppID at its end. Whatever does not hold is refused in one way.
"""

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped] # ships no types
from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from api.domain.errors import NotFound
from api.domain.errors_wechat import PushRefused
from api.domain.ports import Clock

FRESH = timedelta(minutes=10)
"""How far a message's time may lie from ours: WeChat repeats for some seconds, a clock may be off by minutes."""

MAX_BODY_BYTES = 64 * 1024
_NONCE_CHARS = 128


class SecurePushDoor:
    """Check and open what comes in. `aes_keys` are EncodingAESKeys (43 characters), the current one first."""

    def __init__(self, token: str, aes_keys: Sequence[str], *, app_id: str, clock: Clock) -> None:
        self._token = token
        self._ciphers = [PrpCrypto(base64.b64decode(f"{key}=")) for key in aes_keys]
        self._app_id = app_id
        self._clock = clock

    def echo(self, query: Mapping[str, str]) -> str:
        """Return `echostr`, which tells WeChat that the address is ours. Raises PushRefused."""
        timestamp, nonce, echo = (_word(query, name) for name in ("timestamp", "nonce", "echostr"))
        self._check_time(timestamp)
        _check(_word(query, "signature"), signature_of(self._token, timestamp, nonce))
        return echo

    def open(self, query: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Return the message inside. Raises PushRefused for plaintext, a wrong signature, key, AppID or shape."""
        if query.get("encrypt_type") != "aes":
            raise PushRefused(reason="not_encrypted")
        timestamp, nonce = _word(query, "timestamp"), _word(query, "nonce")
        self._check_time(timestamp)
        sealed = parsed(body).get("Encrypt")
        if not isinstance(sealed, str) or not sealed:
            raise PushRefused(reason="not_encrypted")
        _check(_word(query, "msg_signature"), signature_of(self._token, timestamp, nonce, sealed))
        return parsed(self._decrypted(sealed).encode())

    def _check_time(self, timestamp: str) -> None:
        """Refuse what is old: someone may have kept it."""
        if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
            raise PushRefused(reason="timestamp")
        if abs(self._clock.now().timestamp() - int(timestamp)) > FRESH.total_seconds():
            raise PushRefused(reason="stale")

    def _decrypted(self, sealed: str) -> str:
        """Open with whichever key fits; wechatpy lets every broken ciphertext out under another name."""
        wrong_app = False
        for cipher in self._ciphers:
            try:
                text: str = cipher.decrypt(sealed, self._app_id)
            except InvalidAppIdException:
                wrong_app = True
            except (ValueError, IndexError, TypeError, OverflowError, struct.error):
                continue
            else:
                return text
        raise PushRefused(reason="app_id" if wrong_app else "key")


class NoPushDoor:
    """Stand where the door would on an installation that set no push up."""

    def echo(self, query: Mapping[str, str]) -> str:  # noqa: ARG002 - the port's shape
        """Raise NotFound."""
        raise NotFound(kind="page")

    def open(self, query: Mapping[str, str], body: bytes) -> Mapping[str, Any]:  # noqa: ARG002
        """Raise NotFound."""
        raise NotFound(kind="page")


def signature_of(*parts: str) -> str:
    """Return SHA-1 over the parts, sorted and joined, in hexadecimal, as WeChat defines it."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def parsed(body: bytes) -> Mapping[str, Any]:
    """Return a message written in JSON or XML. Raises PushRefused; entities and over-long bodies are refused too."""
    if len(body) > MAX_BODY_BYTES:
        raise PushRefused(reason="too_long")
    try:
        text = body.decode()
        found = xmltodict.parse(text).get("xml") if text.lstrip().startswith("<") else json.loads(text)
    except (ValueError, RecursionError, ExpatError) as fault:
        raise PushRefused(reason="malformed") from fault
    if not isinstance(found, dict):
        raise PushRefused(reason="malformed")
    return {str(key).strip(): value for key, value in found.items()}


def _word(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value or len(value) > _NONCE_CHARS or not value.isascii() or not value.isprintable():
        raise PushRefused(reason=name)
    return value


def _check(given: str, wanted: str) -> None:
    if not hmac.compare_digest(given, wanted):
        raise PushRefused(reason="signature")
