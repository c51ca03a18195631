"""Photos, submissions and deliveries.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = (
    "blobs",
    "photos",
    "submissions",
    "deliveries",
    "delivery_attempts",
)


def upgrade() -> None:
    """Make every table, those that others point to first."""
    _blobs()
    _photos()
    _submissions()
    _deliveries()
    _delivery_attempts()


def downgrade() -> None:
    """Drop every table, the other way round."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["students.id"], name=op.f("fk_blobs_owner_id_students")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_blobs")),
    )
    with op.batch_alter_table("blobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blobs_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_blobs_photo_id"), ["photo_id"], unique=False)


def _photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("spec", sa.String(length=64), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selfie_key", sa.String(length=120), nullable=False),
        sa.Column("selfie_sha256", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("render_s", sa.Float(), nullable=True),
        sa.Column("image_key", sa.String(length=120), nullable=True),
        sa.Column("image_sha256", sa.String(length=64), nullable=True),
        sa.Column("image_bytes", sa.Integer(), nullable=True),
        sa.Column("report_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("error_code", sa.String(length=64), nullable=True),
        sa.Column("error_facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_photos_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_photos_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("student_id", "idempotency_key", name=op.f("uq_photos_student_id_idempotency_key")),
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photos_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_photos_state_created_at_id"), ["state", "created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photos_student_id"), ["student_id"], unique=False)


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("roster_row_id", sa.String(length=40), nullable=False),
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_submissions_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_submissions_photo_id_photos")),
        sa.ForeignKeyConstraint(["roster_row_id"], ["roster.id"], name=op.f("fk_submissions_roster_row_id_roster")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_submissions_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    with op.batch_alter_table("submissions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_submissions_campaign_id_state_created_at"),
            ["campaign_id", "state", "created_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_submissions_photo_id"), ["photo_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_submissions_student_id"), ["student_id"], unique=False)
        batch_op.create_index(
            "uq_submissions_one_live",
            ["student_id", "campaign_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('submitted', 'approved')"),
            postgresql_where=sa.text("state IN ('submitted', 'approved')"),
        )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("registry_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=40), nullable=True),
        sa.Column("photo_id", sa.String(length=40), nullable=True),
        sa.Column("data_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_deliveries_photo_id_photos")),
        sa.ForeignKeyConstraint(["registry_id"], ["registries.id"], name=op.f("fk_deliveries_registry_id_registries")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_deliveries_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_state_next_at"), ["state", "next_at"], unique=False)


def _delivery_attempts() -> None:
    op.create_table(
        "delivery_attempts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("delivery_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("elapsed_ms", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id_deliveries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_delivery_attempts_delivery_id_number")),
    )
