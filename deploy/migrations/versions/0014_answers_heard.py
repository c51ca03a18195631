"""When the answer to a refresh is known to have arrived.

Revision: 0014_answers_heard, after 0013_ends_of_forms.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_answers_heard"
down_revision = "0013_ends_of_forms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the sessions; of those that are there it no longer matters."""
    op.add_column("sessions", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away; a batch, for SQLite before 3.35 cannot drop a column."""
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("heard_at")
