"""The tables of staff. The migration also makes the triggers that let nobody change or cut the audit log."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

_ID = String(40)
_DIGEST = String(64)
_WORD = String(64)
_ADDRESS = String(45)
"""The longest an IPv6 address is written."""

staff = Table(
    "staff",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("login", _WORD, nullable=False, unique=True),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("role", _WORD, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_hash", String(200)),
    Column("one_time_until", UtcDateTime),
    Column("enabled", Boolean, nullable=False),
    Column("last_login_at", UtcDateTime),
    Column("oidc_index", _DIGEST, unique=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("staff_id", _ID, ForeignKey("staff.id"), nullable=False, index=True),
    Column("digest", _DIGEST, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Column("address", _ADDRESS, nullable=False),
    Column("agent", String(200), nullable=False),
    Column("ended_at", UtcDateTime),
)

login_doors = Table(
    "login_doors",
    metadata,
    Column("key", _DIGEST, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("until", UtcDateTime, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("actor_id", _ID),
    Column("actor", _WORD, nullable=False),
    Column("action", _WORD, nullable=False),
    Column("subject", String(120), index=True),
    Column("detail", JSON, nullable=False),
    Column("address", _ADDRESS, nullable=False),
    Column("request_id", _WORD, nullable=False),
    Column("keep_until", UtcDateTime, nullable=False),
    Column("previous", _WORD, nullable=False),
    Column("mark", _WORD, nullable=False),
    Index(None, "actor", "seq"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("mark", _WORD, nullable=False),
)
