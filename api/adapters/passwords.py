"""Passwords as argon2id keeps them."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

OWASP_MEMORY_KIB = 19_456
OWASP_PASSES = 2
OWASP_LANES = 1
"""OWASP Password Storage Cheat Sheet: argon2id with at least 19 MiB, two passes, one lane; salt 16 and tag 32 bytes as
in RFC 9106. RFC 9106's own second choice (64 MiB, three passes, four lanes) is for machines with nothing else to do:
ours render photos."""


class Argon2Passwords:
    """Hash and compare. One comparison takes the same time whether or not there is anything to compare with."""

    def __init__(
        self, *, memory_kib: int = OWASP_MEMORY_KIB, passes: int = OWASP_PASSES, lanes: int = OWASP_LANES
    ) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """Return the encoded hash: parameters, salt and tag in one text of about 100 characters."""
        return self._hasher.hash(password)

    def fits(self, password: str, kept: str | None) -> bool:
        """Compare; with None it works as long and says no."""
        nobody = self._nobody_hash()  # made by whoever comes first, known or not
        try:
            self._hasher.verify(kept or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def stale(self, kept: str) -> bool:
        """Tell whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _nobody_hash(self) -> str:
        self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        return self._nobody
