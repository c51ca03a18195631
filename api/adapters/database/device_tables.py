"""The table of browsers that a phone signs in. Its `metadata` is the one of `tables`."""

from sqlalchemy import Column, ForeignKey, String, Table

from api.adapters.database.tables import metadata
from api.adapters.database.types import UtcDateTime

_ID = String(40)
_DIGEST = String(64)
_WORD = String(64)

device_logins = Table(
    "device_logins",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("secret_digest", _DIGEST, nullable=False, unique=True),
    Column("code_digest", _DIGEST, nullable=False, unique=True),
    Column("client", _WORD, nullable=False),
    Column("state", _WORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("asked_at", UtcDateTime),
    Column("student_id", _ID, ForeignKey("students.id"), index=True),
)
