"""What the console's registry pages keep, when a roster's row was last spoken of, and who renders a photo.

Revision: 0009_registry_console, after 0008_office.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_registry_console"
down_revision = "0008_office"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, all of them empty for what is there already, and the order of the deliveries' list."""
    op.add_column("registries", sa.Column("events", sa.JSON(), nullable=True))
    op.add_column("registries", sa.Column("disabled_why", sa.String(length=64), nullable=True))
    op.add_column("registries", sa.Column("secrets_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("registries", sa.Column("answer_secrets_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("roster", sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("photos", sa.Column("held_by", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_deliveries_created_at_id"), "deliveries", ["created_at", "id"], unique=False)


def downgrade() -> None:
    """Take them away; a batch, for SQLite before 3.35 cannot drop a column."""
    op.drop_index(op.f("ix_deliveries_created_at_id"), table_name="deliveries")
    for table, columns in (
        ("photos", ("held_by",)),
        ("roster", ("said_at",)),
        ("registries", ("answer_secrets_until", "secrets_until", "disabled_why", "events")),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column)
