"""The tables. What names a person is sealed (`*_sealed`) and found by a keyed digest (`*_index`)."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy import Float as Real

from api.adapters.database.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ID = String(40)
_KEY = String(120)
_DIGEST = String(64)
_WORD = String(64)

students = Table(
    "students",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("channel", _WORD, nullable=False),
    Column("subject_index", _DIGEST),
    Column("subject_sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime),
    UniqueConstraint("channel", "subject_index"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("family", _ID, nullable=False, index=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("access_digest", _DIGEST, nullable=False, unique=True),
    Column("access_until", UtcDateTime, nullable=False),
    Column("refresh_digest", _DIGEST, nullable=False, unique=True),
    Column("refresh_until", UtcDateTime, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("heard_at", UtcDateTime),
)

consents = Table(
    "consents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("text_id", _WORD, nullable=False),
    Column("kind", _WORD, nullable=False),
    Column("text_sha256", _DIGEST, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Column("guardian_sealed", LargeBinary),
)

registries = Table(
    "registries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("url", String(2000), nullable=False),
    Column("secrets_sealed", LargeBinary, nullable=False),
    Column("answer_secrets_sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("embed_photo", Boolean, nullable=False, server_default=false()),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("open_until", UtcDateTime),
    Column("events", JSON),
    Column("disabled_why", _WORD),
    Column("secrets_until", UtcDateTime),
    Column("answer_secrets_until", UtcDateTime),
)

registry_messages = Table(
    "registry_messages",
    metadata,
    Column("registry_id", _ID, ForeignKey("registries.id"), primary_key=True),
    Column("message_id", String(256), primary_key=True),
    Column("taken_at", UtcDateTime, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("slug", String(100), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("spec", _WORD, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("profile_schema", JSON, nullable=False),
    Column("registry_id", _ID, ForeignKey("registries.id")),
    Column("deliver_on", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("template", _WORD),
    Column("file_name", String(200)),
)

roster = Table(
    "roster",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("id_number_index", _DIGEST, nullable=False),
    Column("id_number_sealed", LargeBinary, nullable=False),
    Column("student_number_sealed", LargeBinary, nullable=False),
    Column("college", String(200), nullable=False),
    Column("grade", String(50), nullable=False),
    Column("major", String(200), nullable=False),
    Column("class_name", String(200), nullable=False),
    Column("student_id", _ID, ForeignKey("students.id"), index=True),
    Column("bound_at", UtcDateTime),
    Column("student_number_index", _DIGEST),
    Column("said_at", UtcDateTime),
    UniqueConstraint("campaign_id", "id_number_index"),
    UniqueConstraint("campaign_id", "student_id"),
    Index("uq_roster_campaign_id_student_number_index", "campaign_id", "student_number_index", unique=True),
    Index(None, "campaign_id", "college", "grade", "major", "class_name"),
)

identity_attempts = Table(
    "identity_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "student_id", "made_at"),
)

photos = Table(
    "photos",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("spec", _WORD, nullable=False),
    Column("campaign_id", _ID, ForeignKey("campaigns.id")),
    Column("state", _WORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("selfie_key", _KEY, nullable=False),
    Column("selfie_sha256", _DIGEST, nullable=False),
    Column("idempotency_key", String(255)),
    Column("attempt", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("render_s", Real),
    Column("image_key", _KEY),
    Column("image_sha256", _DIGEST),
    Column("image_bytes", Integer),
    Column("report_sealed", LargeBinary),
    Column("error_code", _WORD),
    Column("error_facts", JSON, nullable=False),
    Column("held_by", String(200)),
    Column("background", _WORD),
    UniqueConstraint("student_id", "idempotency_key"),
    Index(None, "state", "created_at", "id"),
    Index(None, "finished_at"),
)

blobs = Table(
    "blobs",
    metadata,
    Column("key", _KEY, primary_key=True),
    Column("owner_id", _ID, ForeignKey("students.id"), nullable=False),
    Column("photo_id", _ID, nullable=False, index=True),
    Column("kind", _WORD, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False, index=True),
    Column("sealed_with", String(16)),
)

submissions = Table(
    "submissions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("student_id", _ID, ForeignKey("students.id"), nullable=False, index=True),
    Column("campaign_id", _ID, ForeignKey("campaigns.id"), nullable=False),
    Column("roster_row_id", _ID, ForeignKey("roster.id"), nullable=False),
    Column("photo_id", _ID, ForeignKey("photos.id"), nullable=False, index=True),
    Column("state", _WORD, nullable=False),
    Column("profile_sealed", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False),
    Column("reason", Text),
    Column("decided_at", UtcDateTime),
    Column("decided_by", String(100)),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("supersedes_id", _ID),
    Column("verdict_at", UtcDateTime),
    Column("trusted", Boolean, nullable=False, server_default=true()),
    Index(None, "campaign_id", "state", "created_at"),
    Index(None, "state", "trusted", "id"),
    Index(None, "campaign_id", "state", "trusted", "id"),
    Index(None, "roster_row_id"),
    Index("uq_submissions_supersedes_id", "supersedes_id", unique=True),
)

_WITH_PROFILE = text("profile_sealed IS NOT NULL")

Index(
    "ix_submissions_with_profile",
    submissions.c.created_at,
    sqlite_where=_WITH_PROFILE,
    postgresql_where=_WITH_PROFILE,
)

_LIVE = text("state IN ('submitted', 'approved')")

Index(
    "uq_submissions_one_live",
    submissions.c.student_id,
    submissions.c.campaign_id,
    unique=True,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("registry_id", _ID, ForeignKey("registries.id"), nullable=False),
    Column("event", _WORD, nullable=False),
    Column("submission_id", _ID, ForeignKey("submissions.id")),
    Column("photo_id", _ID, ForeignKey("photos.id")),
    Column("data_sealed", LargeBinary, nullable=False),
    Column("state", _WORD, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Index(None, "state", "next_at"),
    Index(None, "photo_id"),
    Index(None, "created_at", "id"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("delivery_id", _ID, ForeignKey("deliveries.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("status", Integer),
    Column("error", String(300)),
    Column("elapsed_ms", Real),
    UniqueConstraint("delivery_id", "number"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", _WORD, primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
