"""What the purge looks for among drafts and profiles: by campaign, and by when it was handed in.

Revision: 0013_ends_of_forms, after 0012_roster_totals.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_ends_of_forms"
down_revision = "0012_roster_totals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the drafts, and those submissions alone whose profile is still kept."""
    kept = sa.text("profile_sealed IS NOT NULL")
    op.create_index(op.f("ix_profile_drafts_campaign_id"), "profile_drafts", ["campaign_id"], unique=False)
    op.create_index(
        "ix_submissions_with_profile",
        "submissions",
        ["created_at"],
        unique=False,
        sqlite_where=kept,
        postgresql_where=kept,
    )


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_submissions_with_profile", table_name="submissions")
    op.drop_index(op.f("ix_profile_drafts_campaign_id"), table_name="profile_drafts")
