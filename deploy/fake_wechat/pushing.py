"""What WeChat pushes to a server, sealed by the rules of 消息加密解密技术方案.

It shares no code with the side that opens it, so that each proves the other.
"""

import base64
import hashlib
import json
import secrets
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


@dataclass(frozen=True)
class PushSecrets:
    """What the console shows: AppID, Token and EncodingAESKey (43 characters)."""

    app_id: str
    token: str
    aes_key: str


@dataclass(frozen=True)
class Sealed:
    """One POST: its query and its body."""

    query: Mapping[str, str]
    body: bytes
    content_type: str


def encrypt(keys: PushSecrets, message: str, *, random: bytes | None = None) -> str:
    """Return `Encrypt`: AES-256-CBC over 16 random bytes, the length, the message and the AppID, padded to 32."""
    key = base64.b64decode(f"{keys.aes_key}=")
    text = message.encode()
    plain = (random or secrets.token_bytes(16)) + struct.pack(">I", len(text)) + text + keys.app_id.encode()
    missing = _BLOCK - len(plain) % _BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()).decode()


def sign(*parts: str) -> str:
    """Return the signature: SHA-1 over the parts in dictionary order."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def seal(keys: PushSecrets, message: Mapping[str, Any], *, at: int, as_xml: bool = False, nonce: str = "") -> Sealed:
    """Return a push in secure mode at a Unix time."""
    nonce = nonce or str(secrets.randbelow(10**9))
    text = to_xml(message) if as_xml else json.dumps(message, ensure_ascii=False)
    sealed = encrypt(keys, text)
    query = {
        "signature": sign(keys.token, str(at), nonce),
        "timestamp": str(at),
        "nonce": nonce,
        "openid": str(message.get("FromUserName", "")),
        "encrypt_type": "aes",
        "msg_signature": sign(keys.token, str(at), nonce, sealed),
    }
    envelope = {"ToUserName": str(message.get("ToUserName", "")), "Encrypt": sealed}
    body = to_xml(envelope) if as_xml else json.dumps(envelope)
    return Sealed(query, body.encode(), "text/xml" if as_xml else "application/json")


@dataclass(frozen=True)
class Pusher:
    """Where the fake pushes to, and how it seals."""

    url: str
    keys: PushSecrets

    def push(self, message: Mapping[str, Any], *, as_xml: bool = False) -> str:
        """Push an event as WeChat does; return what came back, which should be `success`."""
        sealed = seal(self.keys, message, at=int(time.time()), as_xml=as_xml)
        headers = {"Content-Type": sealed.content_type}
        with httpx.Client(trust_env=False, timeout=5.0) as client:
            return client.post(self.url, params=dict(sealed.query), content=sealed.body, headers=headers).text


def event(name: str, user: str, **more: Any) -> dict[str, Any]:
    """Return an event about a user, as WeChat fills it in."""
    base = {"ToUserName": "gh_fa4e00000000", "FromUserName": user, "CreateTime": int(time.time()), "MsgType": "event"}
    return base | {"Event": name} | more


def to_xml(message: Mapping[str, Any]) -> str:
    """Write a message the way WeChat does: text in CDATA, numbers bare, lists as repeated elements."""
    return f"<xml>{_elements(message)}</xml>"


def _elements(value: Mapping[str, Any]) -> str:
    pairs = ((name, one) for name, child in value.items() for one in (child if isinstance(child, list) else [child]))
    return "".join(f"<{name}>{_content(one)}</{name}>" for name, one in pairs)


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    return escape(str(value)) if isinstance(value, int) else f"<![CDATA[{value}]]>"
