"""An export: approved photos that somebody took out of the house, on record with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Layout(StrEnum):
    """How the ZIP is laid out.

    `plain`: photos under `photos/`, with the manifest (XLSX and CSV) and SHA256SUMS beside them. `cet`: nothing but
    photos at the top, each named by its ID number, as the CET importer wants them; the manifest lies beside the ZIP.
    """

    PLAIN = "plain"
    CET = "cet"


@dataclass(frozen=True, slots=True)
class Export:
    """One taking out. `as_of` is the moment whose approvals it holds, so that a resumed one holds the same."""

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


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One photo of an export with its line of the manifest, except the bytes themselves."""

    submission_id: str
    file_name: str = field(repr=False)
    bytes: int
    sha256: str
    line: tuple[str, ...] = field(repr=False)


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
    return replace(export, finished_at=now, photos=photos, bytes=size, sha256=sha256)
