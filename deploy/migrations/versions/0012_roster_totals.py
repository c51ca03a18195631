"""The lines of an uploaded roster that sum others up.

Revision: 0012_roster_totals, after 0011_student_page.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_roster_totals"
down_revision = "0011_student_page"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the uploads; those that are there have none."""
    op.add_column("roster_imports", sa.Column("totals", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Take it away; a batch, for SQLite before 3.35 cannot drop a column."""
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.drop_column("totals")
