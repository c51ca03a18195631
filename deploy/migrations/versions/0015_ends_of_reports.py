"""What the purge looks for among reports of wrong records: those whose words are still kept, by age.

Revision: 0015_ends_of_reports, after 0014_answers_heard.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_ends_of_reports"
down_revision = "0014_answers_heard"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index those alone that still have words."""
    kept = sa.text("message_sealed IS NOT NULL")
    op.create_index(
        "ix_record_errors_with_message",
        "record_errors",
        ["created_at"],
        unique=False,
        sqlite_where=kept,
        postgresql_where=kept,
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_record_errors_with_message", table_name="record_errors")
