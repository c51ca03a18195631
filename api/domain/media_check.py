"""WeChat's opinion of a submitted photo's content: asked for where a school wants it, shown to the counsellor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

_V2 = "2"


class MediaCheckState(StrEnum):
    """How far a check got. `unchecked` means that WeChat has not looked, whatever it answered."""

    PENDING = "pending"
    ASKED = "asked"
    CHECKED = "checked"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class MediaCheck:
    """One photo's check. `suggest` is WeChat's `pass`, `review` or `risky`; `label` its number for what it saw."""

    photo_id: str
    state: MediaCheckState
    next_at: datetime
    attempts: int = 0
    trace_id: str | None = None
    suggest: str | None = None
    label: int | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediaVerdict:
    """What one answer says. `state` is `checked` or `unchecked`."""

    trace_id: str
    state: MediaCheckState
    suggest: str | None
    label: int | None


class MediaChecks(Protocol):
    """The checks, kept by photo."""

    def add(self, check: MediaCheck) -> None:
        """Owe a check, unless the photo has one."""
        ...

    def get(self, photo_id: str) -> MediaCheck | None: ...
    def by_trace(self, trace_id: str) -> MediaCheck | None: ...
    def swap(self, check: MediaCheck, *, state: MediaCheckState, attempts: int) -> bool:
        """Replace the check if it is still in this state, at this number of attempts."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[MediaCheck, ...]: ...
    def forget(self, photo_id: str) -> None: ...


def claimed(check: MediaCheck, *, until: datetime) -> MediaCheck:
    """Return the check as being asked for, to be asked for again at `until` if nothing comes of it."""
    return replace(check, attempts=check.attempts + 1, next_at=until)


def asked(check: MediaCheck, trace_id: str) -> MediaCheck:
    """Return the check as waiting for WeChat's push."""
    return replace(check, state=MediaCheckState.ASKED, trace_id=trace_id)


def given_up(check: MediaCheck, *, now: datetime) -> MediaCheck:
    """Return the check as one that never came about."""
    return replace(check, state=MediaCheckState.UNCHECKED, settled_at=now)


def answered(check: MediaCheck, verdict: MediaVerdict, *, now: datetime) -> MediaCheck:
    """Return the check with WeChat's opinion."""
    return replace(check, state=verdict.state, suggest=verdict.suggest, label=verdict.label, settled_at=now)


def read_verdict(message: Mapping[str, Any]) -> MediaVerdict | None:
    """Read a `wxa_media_check` push; None for version 1, which nobody here asks for, and for what makes no sense.

    `label` and `version` come as strings or as numbers. A `pass` without a single strategy that worked (empty
    `detail`, or errcodes in all of it) is WeChat not having looked, and does not count as checked.
    """
    result, trace = message.get("result"), message.get("trace_id")
    if str(message.get("version", "")) != _V2 or not isinstance(trace, str) or not trace:
        return None
    result = result if isinstance(result, Mapping) else {}
    suggest = result.get("suggest")
    if suggest not in {"pass", "review", "risky"} or not _looked(message):
        return MediaVerdict(trace, MediaCheckState.UNCHECKED, None, None)
    return MediaVerdict(trace, MediaCheckState.CHECKED, str(suggest), _number(result.get("label")))


def _looked(message: Mapping[str, Any]) -> bool:
    detail = message.get("detail")
    strategies = detail if isinstance(detail, list) else [detail]
    worked = any(isinstance(one, Mapping) and one and _number(one.get("errcode", 0)) == 0 for one in strategies)
    return worked and _number(message.get("errcode", 0)) == 0


def _number(value: object) -> int | None:
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None
