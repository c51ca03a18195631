"""Sign and verify events as Standard Webhooks 1.0.0 says: HMAC-SHA256 over `id.timestamp.body`.

Whole seconds and bytes go in, never a datetime and a dict: the same instant written in Beijing time or in UTC, and
the same JSON spaced differently, would otherwise give different signatures.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets as entropy
from collections.abc import Mapping, Sequence

from api.domain.errors import Fault, SignatureInvalid

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

TOLERANCE_S = 300
"""How far a signed time may lie from ours, in the past and in the future."""

SECRET_PREFIX = "whsec_"  # noqa: S105 (the public marker in front of a secret, not one)
_KEY_BYTES = range(24, 65)
_MAX_ID_CHARS = 256
_MAX_SIGNATURES = 16
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


class MalformedSecret(Fault):
    """A webhook secret is not `whsec_` and the base64 of 24 to 64 bytes. Facts: `reason`, never the secret itself."""

    code = "malformed_secret"


def new_secret() -> str:
    """Make a fresh secret: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(entropy.token_bytes(32)).decode("ascii")


def headers(secrets: Sequence[str], *, message_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """Sign one attempt at one message with every secret, newest first.

    `sent_at` is the attempt's time in epoch seconds; `message_id` stays the same through retries. Several secrets
    overlap while a registry changes over to a new one. Raises MalformedSecret, and ValueError for an id the standard
    does not allow or for no secret at all.
    """
    if not secrets:
        raise ValueError("an event needs at least one secret to be signed with")
    if not _is_message_id(message_id):
        raise ValueError("a message id is 1 to 256 visible ASCII characters without a dot")
    signatures = [_signature(key_of(secret), message_id, str(sent_at), body) for secret in secrets]
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: str(sent_at),
        SIGNATURE_HEADER: " ".join(signatures),
    }


def verify(secrets: Sequence[str], *, headers: Mapping[str, str], body: bytes, now: int) -> str:
    """Answer the message id if one of the signatures was made with one of our secrets, not long ago.

    `now` is in epoch seconds. Whatever the headers hold, the only error they can cause is SignatureInvalid. The
    caller still has to remember ids, for a message may be replayed within the tolerance. Raises MalformedSecret if a
    secret of ours is unusable.
    """
    keys = [key_of(secret) for secret in secrets]
    given = {name.lower(): value for name, value in headers.items()}
    message_id = given.get(ID_HEADER, "")
    if not _is_message_id(message_id):
        raise SignatureInvalid(reason=f"{ID_HEADER} is missing or malformed")
    timestamp = given.get(TIMESTAMP_HEADER, "")
    _check_age(timestamp, now=now)
    candidates = given.get(SIGNATURE_HEADER, "").split(" ")[:_MAX_SIGNATURES]
    if not _any_match([_signature(key, message_id, timestamp, body) for key in keys], candidates):
        raise SignatureInvalid(reason=f"{SIGNATURE_HEADER} holds no signature made with a known secret")
    return message_id


def key_of(secret: str) -> bytes:
    """Answer the bytes behind a `whsec_` secret. Raises MalformedSecret."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        # From None: the cause would carry a piece of the secret into a log.
        raise MalformedSecret(reason="a webhook secret is whsec_ followed by base64") from None
    if len(key) not in _KEY_BYTES:
        raise MalformedSecret(reason=f"a webhook secret holds 24 to 64 bytes, this one {len(key)}")
    return key


def _is_message_id(text: str) -> bool:
    """The dot separates what is signed: an id with a dot in it could be read as another id and time."""
    return 0 < len(text) <= _MAX_ID_CHARS and "." not in text and all("!" <= char <= "~" for char in text)


def _check_age(timestamp: str, *, now: int) -> None:
    if not _SECONDS.fullmatch(timestamp):
        raise SignatureInvalid(reason=f"{TIMESTAMP_HEADER} is not a whole number of seconds")
    age_s = now - int(timestamp)
    if age_s > TOLERANCE_S:
        raise SignatureInvalid(reason=f"{TIMESTAMP_HEADER} is too old")
    if age_s < -TOLERANCE_S:
        raise SignatureInvalid(reason=f"{TIMESTAMP_HEADER} is in the future")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode("ascii") + body, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode("ascii")


def _any_match(expected: Sequence[str], candidates: Sequence[str]) -> bool:
    """Compare every pair, without stopping at the first match: time must tell nothing."""
    matched = False
    for ours in expected:
        for theirs in candidates:
            matched |= hmac.compare_digest(ours.encode("ascii"), theirs.encode("utf-8", errors="replace"))
    return matched
