"""An export: approved photos that somebody took out of the house, on record with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

LIFE = timedelta(days=7)
"""How long an export of the console can be fetched: long enough for the office, short for faces and ID numbers."""

LEASE = timedelta(minutes=5)
MOST_TRIES = 3


class Layout(StrEnum):
    """How the ZIP is laid out.

    `plain`: photos under `photos/`, with the manifest (XLSX and CSV) and SHA256SUMS beside them. `cet`: nothing but
    photos at the top, each named by its ID number, as the CET importer wants them; the manifest lies beside the ZIP.
    """

    PLAIN = "plain"
    CET = "cet"


class ExportState(StrEnum):
    """Where an export stands. `recorded`: written on the server's own disk by command, or never finished there."""

    RECORDED = "recorded"
    WAITING = "waiting"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Export:
    """One taking out. `as_of` is the moment whose approvals it holds, so that a resumed one holds the same.

    Those of the console are prepared by a worker: `next_at` is when one may take it (again), `done` of `total` photos
    are in, and it can be fetched until `ends_at`. `trouble` is the code of what stopped it.
    """

    id: str
    campaign_id: str
    by: str
    reason: str
    filters: Mapping[str, str]
    layout: Layout
    as_of: datetime
    finished_at: datetime | None = None
    photos: int | None = None
    bytes: int | None = None
    sha256: str | None = None
    attempts: int = 0
    done: int = 0
    total: int | None = None
    next_at: datetime | None = None
    ends_at: datetime | None = None
    trouble: str | None = None

    def state(self, now: datetime) -> ExportState:
        """Return where it stands."""
        if self.ends_at is None:
            return ExportState.RECORDED
        if self.trouble is not None:
            return ExportState.FAILED
        if now >= self.ends_at:
            return ExportState.ENDED
        if self.finished_at is not None:
            return ExportState.READY
        return ExportState.WRITING if self.attempts else ExportState.WAITING


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file inside an export's ZIP: a photo (`submission_id`) or a list, and the blob that holds its bytes."""

    place: int
    at: int
    name: str = field(repr=False)
    bytes: int
    crc: int
    key: str
    submission_id: str | None = None
    sha256: str = ""
    line: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One photo of an export with its line of the manifest, except the bytes themselves, which are in blob `key`."""

    submission_id: str
    file_name: str = field(repr=False)
    bytes: int
    sha256: str
    line: tuple[str, ...] = field(repr=False)
    key: str = ""


MANIFEST: tuple[str, ...] = (
    "文件名",
    "姓名",
    "身份证号",
    "学号",
    "院系",
    "年级",
    "专业",
    "班级",
    "审核时间",
    "审核人",
    "字节数",
    "SHA-256",
)
"""The manifest's columns."""


def finished(export: Export, *, now: datetime, photos: int, size: int, sha256: str) -> Export:
    """Return the export as complete."""
    return replace(
        export, finished_at=now, photos=photos, done=photos, total=photos, bytes=size, sha256=sha256, next_at=None
    )
