"""The audit log: who did what, to what, when and from where. Rows are chained, so that a changed one shows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

FIRST_MARK = "0" * 43
"""What the very first row names as the mark before it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row. `actor` is the login (empty where nobody was known); `detail` never holds a name or an ID number.

    `previous` is the mark of the row before; `mark` is the vault's signature over everything here and `previous`.
    """

    seq: int
    at: datetime
    actor_id: str | None
    actor: str
    action: str
    subject: str | None
    detail: Mapping[str, str]
    address: str
    request_id: str
    keep_until: datetime
    previous: str
    mark: str = field(default="", repr=False)

    def text(self) -> str:
        """Return what is signed: one JSON array, the same for ever."""
        parts = (
            self.seq,
            _moment(self.at),
            self.actor_id,
            self.actor,
            self.action,
            self.subject,
            sorted(self.detail.items()),
            self.address,
            self.request_id,
            _moment(self.keep_until),
            self.previous,
        )
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class AuditHead:
    """Where the log ends: the last row's number and mark."""

    seq: int = 0
    mark: str = FIRST_MARK


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; None and empty mean anything. `start` is included, `end` is not. `action` is a beginning."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    start: datetime | None = None
    end: datetime | None = None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
