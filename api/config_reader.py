"""Read typed values from an environment and gather every fault on the way."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

KEY_BYTES = 32


class ConfigError(Exception):
    """The settings do not work. `faults` names every variable at fault and why, never its value."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("settings:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = tuple(faults)


class Reader:
    """Read one value at a time; a bad one is noted and replaced by its default, so that reading goes on.

    An empty variable counts as absent, as compose files write it.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._faults: list[str] = []

    def fault(self, name: str, why: str) -> None:
        """Note a fault, once."""
        line = f"{name} {why}"
        if line not in self._faults:
            self._faults.append(line)

    def finish(self) -> None:
        """Raise ConfigError if anything was at fault."""
        if self._faults:
            raise ConfigError(self._faults)

    def text(self, name: str, *, default: str) -> str:
        return self._env.get(name, "").strip() or default

    def given(self, name: str, *, default: str | None) -> str:
        """Return a secret-bearing text that must be there when it has no default."""
        value = self.secret(name) or default
        if value is None:
            self.fault(name, "is missing")
        return value or ""

    def secret(self, name: str) -> str | None:
        """Return `NAME`, or the first line of the file that `NAME_FILE` names; None where there is neither."""
        value, file = self._env.get(name, "").strip(), self._env.get(f"{name}_FILE", "").strip()
        if value and file:
            self.fault(name, f"and {name}_FILE are both given")
        if not file:
            return value or None
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as fault:
            self.fault(f"{name}_FILE", f"cannot be read: {type(fault).__name__}")
            return None

    def keys(self, name: str, *, required: bool) -> tuple[bytes, ...]:
        """Return data keys, comma-separated base64 of 32 bytes each."""
        value = self.secret(name)
        if value is None:
            if required:
                self.fault(name, "is missing")
            return ()
        keys = [_key(part) for part in value.split(",")]
        if None in keys:
            self.fault(name, f"must be base64 of {KEY_BYTES} bytes; several are separated by commas")
        return tuple(key for key in keys if key is not None)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, default="1" if default else "0").lower()
        if value not in {"1", "0", "true", "false", "yes", "no"}:
            self.fault(name, "must be 1 or 0")
        return value in {"1", "true", "yes"}

    def path(self, name: str, *, default: Path) -> Path:
        return Path(self.text(name, default=str(default))).expanduser()

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name, default="").split(",") if word.strip())

    def choice(self, name: str, options: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in options:
            self.fault(name, f"must be one of {', '.join(options)}")
        return value

    def url(self, name: str, *, default: str | None) -> str:
        """Return an http(s) address without a slash at its end."""
        value = self.text(name, default=default or "")
        if not value:
            self.fault(name, "is missing")
        elif not _is_web(value):
            self.fault(name, "must be an http:// or https:// address")
        return value.rstrip("/")

    def optional_url(self, name: str) -> str | None:
        return self.url(name, default=None) if self.text(name, default="") else None

    def number(self, name: str, *, default: float, low: float, high: float) -> float:
        value = self.text(name, default=str(default))
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self.fault(name, f"must be a number from {low:g} to {high:g}")
            return default
        return number

    def whole(self, name: str, *, default: int, low: int, high: int) -> int:
        value = self.text(name, default=str(default))
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            self.fault(name, f"must be a whole number from {low} to {high}")
            return default
        return int(value)


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None
