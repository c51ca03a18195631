"""The review queue: what the checks doubted, searchable and in order, and the pictures reviewers look at.

Revision: 0010_review_queue, after 0009_registry_console.

Reports are sealed, so a migration cannot read them: submissions from before it count as undoubted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_review_queue"
down_revision = "0009_registry_console"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_submissions_state_trusted_id", ["state", "trusted", "id"]),
    ("ix_submissions_campaign_id_state_trusted_id", ["campaign_id", "state", "trusted", "id"]),
)


def upgrade() -> None:
    """Widen the submissions, then make the tables."""
    op.add_column("submissions", sa.Column("trusted", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name, columns in _INDEXES:
        op.create_index(name, "submissions", columns)
    op.create_table(
        "submission_warnings",
        sa.Column("submission_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_warnings_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "code", name=op.f("pk_submission_warnings")),
    )
    op.create_index("ix_submission_warnings_code_submission_id", "submission_warnings", ["code", "submission_id"])
    op.create_table(
        "exhibits",
        sa.Column("photo_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_exhibits_photo_id_photos")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_exhibits")),
    )
    op.create_index("ix_exhibits_state_next_at", "exhibits", ["state", "next_at"])


def downgrade() -> None:
    """Take everything away again."""
    op.drop_table("exhibits")
    op.drop_table("submission_warnings")
    for name, _ in _INDEXES:
        op.drop_index(name, "submissions")
    op.drop_column("submissions", "trusted")
