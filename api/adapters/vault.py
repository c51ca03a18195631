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
_VERSION = b"\x01"
_NONCE_BYTES = 12


class KeyVault:
    """Seal, open, index and sign with keys derived from the installation's data keys.

    Several keys, newest first: the newest seals, any opens, so that a key can be replaced while old data is still
    read. Indexes and signatures use the oldest, because an index is only found again under the key that made it.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a data key is {KEY_BYTES} bytes")
        self._seals = [AESGCM(_derive(key, "seal")) for key in keys]
        self._index_key = _derive(keys[-1], "index")
        self._sign_key = _derive(keys[-1], "sign")

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt: a version byte, a random nonce, the ciphertext with its tag over `context` too."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._seals[0].encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt with whichever key fits. Raises VaultError."""
        version, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if version != _VERSION or len(nonce) != _NONCE_BYTES:
            raise VaultError(reason="not sealed by this vault")
        for seal in self._seals:
            try:
                return seal.decrypt(nonce, body, context.encode())
            except InvalidTag:
                continue
        raise VaultError(reason="no key opens it")

    def index(self, text: str, *, context: str) -> str:
        """Return 64 hexadecimal digits that are equal for equal texts of one context, and tell nothing else."""
        return hmac.new(self._index_key, f"{context}\0{text}".encode(), hashlib.sha256).hexdigest()

    def sign(self, text: str, *, context: str) -> str:
        """Return a signature of 43 URL-safe characters."""
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
