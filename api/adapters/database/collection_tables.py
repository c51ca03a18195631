"""The tables of a collection around its roster and submissions. Its `metadata` is the one of `tables`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

__all__ = [
    "campaign_extensions",
    "export_entries",
    "exports",
    "metadata",
    "profile_drafts",
    "record_errors",
    "roster_imports",
    "roster_staging",
    "submission_events",
]

_ID = String(40)
_DIGEST = String(64)
_WORD = String(64)
_BY = String(100)

campaign_extensions = Table(
    "campaign_extensions",
    metadata,
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False, index=True),
    Column("roster_row_id", _ID, ForeignKey("roster.id"), primary_key=True),
    Column("until", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", _BY, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
)

profile_drafts = Table(
    "profile_drafts",
    metadata,
    Column("student_id", _ID, ForeignKey("students.id"), primary_key=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), primary_key=True, index=True),
    Column("profile_sealed", LargeBinary, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

submission_events = Table(
    "submission_events",
    metadata,
    Column("submission_id", _ID, ForeignKey("submissions.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", _WORD, nullable=False),
    Column("by", _BY, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text),
)

record_errors = Table(
    "record_errors",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("roster_row_id", _ID, ForeignKey("roster.id"), index=True),
    Column("about", _WORD, nullable=False),
    Column("message_sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", _BY),
    Column("answer", Text),
    Index(None, "campaign_id", "settled_at"),
    Index(
        "ix_record_errors_with_message",
        "created_at",
        sqlite_where=text("message_sealed IS NOT NULL"),
        postgresql_where=text("message_sealed IS NOT NULL"),
    ),
)

exports = Table(
    "exports",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False, index=True),
    Column("by", _BY, nullable=False),
    Column("reason", Text, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("layout", _WORD, nullable=False),
    Column("as_of", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("photos", Integer),
    Column("bytes", BigInteger),
    Column("sha256", _DIGEST),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer),
    Column("next_at", UtcDateTime),
    Column("ends_at", UtcDateTime),
    Column("trouble", _WORD),
)

export_entries = Table(
    "export_entries",
    metadata,
    Column("export_id", _ID, ForeignKey("exports.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("submission_id", _ID),
    Column("bytes", Integer, nullable=False),
    Column("entry_sealed", LargeBinary, nullable=False),
)
"""What an export holds, file by file: the ZIP itself is nowhere, its bytes are told from these when it is fetched."""

roster_imports = Table(
    "roster_imports",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False, index=True),
    Column("by", _BY, nullable=False),
    Column("state", _WORD, nullable=False),
    Column("remove_missing", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Column("next_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("attempts", Integer, nullable=False),
    Column("expected", Integer),
    *(
        Column(name, Integer, nullable=False)
        for name in ("read", "added", "changed", "unchanged", "removed", "kept", "fault_count")
    ),
    Column("faults", JSON, nullable=False),
    Column("totals", JSON, nullable=False),
    Column("mark", _DIGEST),
    Column("trouble", Text),
)
"""Roster files that were uploaded, and what a check found; the people of a good one wait in `roster_staging`."""

roster_staging = Table(
    "roster_staging",
    metadata,
    Column("import_id", _ID, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("staged_at", UtcDateTime, nullable=False, index=True),
    Column("row_id", _ID, nullable=False),
    Column("known", Boolean, nullable=False),
    Column("changed", Boolean, nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("id_number_index", _DIGEST, nullable=False),
    Column("id_number_sealed", LargeBinary, nullable=False),
    Column("student_number_index", _DIGEST),
    Column("student_number_sealed", LargeBinary, nullable=False),
    Column("college", String(200), nullable=False),
    Column("grade", String(50), nullable=False),
    Column("major", String(200), nullable=False),
    Column("class_name", String(200), nullable=False),
    Index(None, "import_id", "id_number_index"),
    Index(None, "import_id", "student_number_index"),
    Index(None, "import_id", "row_id"),
)
"""People of a file on their way into a roster, sealed, before one short transaction makes them the roster's."""
