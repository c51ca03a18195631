"""WeChat's opinion of submitted photos, for schools that ask for it.

Revision: 0006_media_check, after 0004_wechat.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_media_check"
down_revision = "0004_wechat"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "media_checks",
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trace_id", sa.String(length=120), nullable=True),
        sa.Column("suggest", sa.String(length=64), nullable=True),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_media_checks_photo_id_photos")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_media_checks")),
    )
    with op.batch_alter_table("media_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_checks_state_next_at"), ["state", "next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_checks_trace_id"), ["trace_id"], unique=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_table("media_checks")
