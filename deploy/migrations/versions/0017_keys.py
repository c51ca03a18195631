"""Under which key a file lies, which key indexes and signs, and what the keys before did so with.

Revision: 0017_keys, after 0016_clock_mark.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_keys"
down_revision = "0016_clock_mark"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of the files that are there nobody knows it: `idphoto keys reseal` looks."""
    op.add_column("blobs", sa.Column("sealed_with", sa.String(length=16), nullable=True))
    op.create_table(
        "key_in_force",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_in_force"),
    )
    op.create_table(
        "retired_keys",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("secrets_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_retired_keys"),
    )
    op.create_table(
        "files_on_the_way",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_files_on_the_way"),
    )


def downgrade() -> None:
    """Take it away; a batch, for SQLite before 3.35 cannot drop a column."""
    op.drop_table("files_on_the_way")
    op.drop_table("retired_keys")
    op.drop_table("key_in_force")
    with op.batch_alter_table("blobs", schema=None) as batch_op:
        batch_op.drop_column("sealed_with")
