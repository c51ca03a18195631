"""Roster files that are shown before they are taken in, and exports that a worker prepares.

Revision: 0008_office, after 0007_staff_and_audit.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_office"
down_revision = "0007_staff_and_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and room on an export for its progress."""
    _make_roster_imports()
    _make_exports()


_COUNTS = ("read", "added", "changed", "unchanged", "removed", "kept", "fault_count")


def _make_roster_imports() -> None:
    op.create_table(
        "roster_imports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("remove_missing", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_roster_imports_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_imports")),
    )
    with op.batch_alter_table("roster_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_imports_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_imports_ends_at"), ["ends_at"], unique=False)


def _make_exports() -> None:
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("done", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.String(length=64), nullable=True))
    op.create_table(
        "export_entries",
        sa.Column("export_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.String(length=40), nullable=True),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("entry_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["export_id"], ["exports.id"], name=op.f("fk_export_entries_export_id_exports")),
        sa.PrimaryKeyConstraint("export_id", "place", name=op.f("pk_export_entries")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("export_entries")
    with op.batch_alter_table("exports", schema=None) as batch_op:
        for name in ("trouble", "ends_at", "next_at", "total", "done", "attempts"):
            batch_op.drop_column(name)
    op.drop_table("roster_imports")
