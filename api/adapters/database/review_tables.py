"""The tables of the review queue. Their `metadata` is the one of `tables`."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

_ID = String(40)
_WORD = String(64)

submission_warnings = Table(
    "submission_warnings",
    metadata,
    Column("submission_id", _ID, ForeignKey("submissions.id"), primary_key=True),
    Column("code", _WORD, primary_key=True),
    Index(None, "code", "submission_id"),
)

exhibits = Table(
    "exhibits",
    metadata,
    Column("photo_id", _ID, ForeignKey("photos.id"), primary_key=True),
    Column("state", _WORD, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index(None, "state", "next_at"),
)
