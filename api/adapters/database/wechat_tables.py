"""The tables of the talk with WeChat: notices, the right to send them, and what WeChat pushed."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

_ID = String(40)
_WORD = String(64)
_KEY = String(120)

notices = Table(
    "notices",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("kind", _WORD, nullable=False),
    Column("once", _KEY, nullable=False),
    Column("facts_sealed", LargeBinary),
    Column("state", _WORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("outcome", _WORD),
    UniqueConstraint("once"),
    Index(None, "state", "next_at"),
)

notice_credits = Table(
    "notice_credits",
    metadata,
    Column("student_id", _ID, ForeignKey("students.id"), primary_key=True),
    Column("template_id", _KEY, primary_key=True),
    Column("credits", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

notice_rounds = Table(
    "notice_rounds",
    metadata,
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), primary_key=True),
    Column("ends_at", UtcDateTime, primary_key=True),
    Column("made_at", UtcDateTime, nullable=False),
)

wechat_pushes = Table(
    "wechat_pushes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("message_index", _WORD, nullable=False),
    Column("message_sealed", LargeBinary),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    Column("next_at", UtcDateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("message_index"),
)

media_checks = Table(
    "media_checks",
    metadata,
    Column("photo_id", _ID, ForeignKey("photos.id"), primary_key=True),
    Column("state", _WORD, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trace_id", _KEY, index=True),
    Column("suggest", _WORD),
    Column("label", Integer),
    Column("settled_at", UtcDateTime),
    Index(None, "state", "next_at"),
)
