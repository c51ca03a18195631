"""Keys at work: AES-256-GCM for what is stored, HMAC-SHA256 for looking it up and for signing."""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.domain.errors import VaultError

KEY_BYTES = 32
_UNNAMED, NAMED = b"\x01", b"\x02"
"""The first byte: sealed before keys had names, or followed by the name of the key."""

_NAME_BYTES, _NONCE_BYTES = 4, 12


class KeyVault:
    """Seal, open, index and sign with keys derived from the installation's data keys.

    Several keys, newest first: the newest seals, any opens, so that a key can be replaced while old data is still
    read. What is sealed carries the key's name, four bytes that tell nothing of it, so that what still lies under
    another can be counted. Indexes and signatures use the oldest unless a key is named (`keyed`), because an index is
    only found again under the key that made it.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a data key is {KEY_BYTES} bytes")
        self._seals = [(_derive(key, "name")[:_NAME_BYTES], AESGCM(_derive(key, "seal"))) for key in keys]
        self._keyed = {
            name.hex(): KeyedDigests(_derive(key, "index") + _derive(key, "sign"))
            for (name, _), key in zip(self._seals, keys, strict=True)
        }
        self._prefix = NAMED + self._seals[0][0]

    @property
    def newest(self) -> str:
        """Return the name of the key that seals, in hexadecimal digits."""
        return self._seals[0][0].hex()

    @property
    def oldest(self) -> str:
        """Return the name of the key that indexes and signs unless another is named."""
        return self._seals[-1][0].hex()

    @property
    def prefix(self) -> bytes:
        """Return how everything begins that the newest key has sealed."""
        return self._prefix

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt: a version byte, the key's name, a random nonce, the ciphertext with its tag over `context` too."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._prefix + nonce + self._seals[0][1].encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt with whichever key fits. Raises VaultError."""
        start = {_UNNAMED: 1, NAMED: 1 + _NAME_BYTES}.get(sealed[:1], len(sealed))
        name, nonce, body = sealed[1:start], sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
        if len(nonce) != _NONCE_BYTES:
            raise VaultError(reason="not sealed by this vault")
        for own, seal in self._seals:
            if name not in {b"", own}:
                continue
            try:
                return seal.decrypt(nonce, body, context.encode())
            except InvalidTag:
                continue
        raise VaultError(reason="no key opens it")

    def index(self, text: str, *, context: str) -> str:
        """Return 64 hexadecimal digits that are equal for equal texts of one context, and tell nothing else."""
        return self._keyed[self.oldest].index(text, context=context)

    def sign(self, text: str, *, context: str) -> str:
        """Return a signature of 43 URL-safe characters."""
        return self._keyed[self.oldest].sign(text, context=context)

    def keyed(self, name: str) -> "KeyedDigests":
        """Return what indexes and signs with one of the keys. Raises VaultError where that key is not here."""
        found = self._keyed.get(name)
        if found is None:
            raise VaultError(reason=f"the data key named {name} is needed and not given")
        return found


HEAD_BYTES = 1 + _NAME_BYTES
"""So much of a sealed value tells which key has sealed it."""


def sealed_by(head: bytes) -> str | None:
    """Return the name of the key that sealed what begins so; None where it was sealed before keys had names."""
    return head[1:HEAD_BYTES].hex() if head[:1] == NAMED else None


class KeyedDigests:
    """Index and sign with one key: 32 bytes for each, derived from a data key, which they do not lead back to."""

    def __init__(self, secrets: bytes) -> None:
        self.secrets = secrets
        self._index_key, self._sign_key = secrets[:KEY_BYTES], secrets[KEY_BYTES:]

    def index(self, text: str, *, context: str) -> str:
        """Return 64 hexadecimal digits."""
        return hmac.new(self._index_key, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()

    def sign(self, text: str, *, context: str) -> str:
        """Return 43 URL-safe characters."""
        mac = hmac.new(self._sign_key, f"{context}\0{text}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def key_from_file(path: Path) -> bytes:
    """Return the key kept in `path`, making one, readable by its owner alone, where there is none.

    For the embedded mode. Two processes that start at once agree: only one creates the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)))
            file.flush()
            os.fsync(file.fileno())
        _publish(fresh, path)
    return base64.b64decode(path.read_bytes(), validate=True)


def _publish(fresh: Path, path: Path) -> None:
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass  # another process was first; its key is the one
    finally:
        fresh.unlink()


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"campus-id-photo/{purpose}".encode()).derive(key)
