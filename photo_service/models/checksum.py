"""Tell whether a file is the one that was meant."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_CHUNK = 1 << 20
_DIGITS = {"md5": 32, "sha256": 64}


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a file must hash to.

    md5 is what rembg declares for most models. It tells damage and mix-ups, and nobody is known to be able to make a
    file for an md5 that is given. What we record ourselves is sha256.
    """

    algorithm: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `md5:0123…` or `sha256:0123…`. Raises ValueError for anything else."""
        algorithm, _, digest = text.strip().lower().partition(":")
        if algorithm not in _DIGITS or not re.fullmatch(rf"[0-9a-f]{{{_DIGITS[algorithm]}}}", digest):
            raise ValueError(f"not a checksum: {text!r}")
        return cls(algorithm, digest)

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.digest}"

    def of(self, path: Path) -> "Checksum":
        """Hash a file by the same algorithm. Raises OSError."""
        return file_checksum(path, self.algorithm)


def file_checksum(path: Path, algorithm: str = "sha256") -> Checksum:
    """Hash a file of any size, a piece at a time. Raises OSError."""
    digest = hashlib.new(algorithm, usedforsecurity=algorithm != "md5")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return Checksum(algorithm, digest.hexdigest())
