"""One table of a spec file, read key by key: a fault is noted and reading goes on, so that all faults are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from photo_service.contract import SpecError


@dataclass(frozen=True, slots=True)
class SpecFault:
    """One thing wrong with one spec file: the key as it stands in the file, and why its value cannot be."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}"


class SpecFileError(SpecError):
    """Spec files that cannot be used. Facts: `faults`, every fault of every file."""

    code = "spec_file_error"

    def __init__(self, faults: tuple[SpecFault, ...]) -> None:
        super().__init__(faults=faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class SpecTable:
    """One table of the file: each method takes a key, notes what is wrong, and answers with something usable."""

    def __init__(self, values: Mapping[str, Any], *, file: str, path: str, faults: list[SpecFault]) -> None:
        self._values, self._file, self._path, self._faults = values, file, path, faults
        self._known: set[str] = set()

    def fault(self, key: str, reason: str) -> None:
        self._faults.append(SpecFault(self._file, f"{self._path}{key}", reason))

    def has(self, key: str) -> bool:
        self._known.add(key)
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        self._known.update(self._values)
        return tuple(self._values)

    def text(self, key: str) -> str:
        value = self._typed(key, (str,), "a text", "")
        if key in self._values and isinstance(value, str) and not value.strip():
            self.fault(key, "is empty")
        return str(value)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._typed(key, (str,), "a text", allowed[0])
        if value not in allowed:
            self.fault(key, f"is {value!r}, must be one of {', '.join(allowed)}")
            return allowed[0]
        return str(value)

    def flag(self, key: str) -> bool:
        return bool(self._typed(key, (bool,), "true or false", False))

    def whole(self, key: str, low: int, high: int) -> int:
        value = self._typed(key, (int,), "a whole number", low)
        return int(self._ranged(key, value, low, high))

    def number(self, key: str, low: float, high: float) -> float:
        value = self._typed(key, (int, float), "a number", low)
        return float(self._ranged(key, value, low, high))

    def day(self, key: str) -> str:
        value = self._typed(key, (date,), "a date such as 2026-11-21", date.min)
        return str(value)

    def items(self, key: str) -> list[Any]:
        return list(self._typed(key, (list,), "a list", []))

    def table(self, key: str) -> Self:
        values = self._typed(key, (dict,), "a table", {})
        return type(self)(values, file=self._file, path=f"{self._path}{key}.", faults=self._faults)

    def done(self) -> None:
        """Refuse whatever nobody asked for: a mistyped key would otherwise be a rule that is silently off."""
        for key in self._values:
            if key not in self._known:
                self.fault(key, "is not a key of a spec file")

    def _typed(self, key: str, kinds: tuple[type, ...], called: str, otherwise: Any) -> Any:
        self._known.add(key)
        if key not in self._values:
            self.fault(key, "is missing")
            return otherwise
        value = self._values[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.fault(key, f"is {value!r}, must be {called}")
            return otherwise
        return value

    def _ranged(self, key: str, value: float, low: float, high: float) -> float:
        if not low <= value <= high:
            self.fault(key, f"is {value}, must be from {low} to {high}")
            return low
        return value
