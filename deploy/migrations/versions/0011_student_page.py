"""The background a student asked for, and browsers that a phone signs in.

Revision: 0011_student_page, after 0010_review_queue.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_student_page"
down_revision = "0010_review_queue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the photos, then make the table."""
    op.add_column("photos", sa.Column("background", sa.String(length=64), nullable=True))
    op.create_table(
        "device_logins",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("student_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_device_logins_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_logins")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_device_logins_secret_digest")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_device_logins_code_digest")),
    )
    with op.batch_alter_table("device_logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_logins_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_logins_student_id"), ["student_id"], unique=False)


def downgrade() -> None:
    """Take both away; a batch, for SQLite before 3.35 cannot drop a column."""
    op.drop_table("device_logins")
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.drop_column("background")
