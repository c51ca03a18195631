"""The latest moment at which something was deleted by the clock, so that a leap of it is noticed.

Revision: 0016_clock_mark, after 0015_ends_of_reports.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0016_clock_mark"
down_revision = "0015_ends_of_reports"
branch_labels = None
depends_on = None

_STAMPS = {"sessions": "created_at", "photos": "created_at", "submissions": "created_at", "audit_log": "at"}


def upgrade() -> None:
    """Make the table; where there is something to lose, the mark begins at the newest stamp, never in the future."""
    mark = op.create_table(
        "clock_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_mark"),
    )
    connection = op.get_bind()
    newest = [one for one in (_newest(connection, *where) for where in _STAMPS.items()) if one is not None]
    if newest:
        now = datetime.now(UTC)
        naive = connection.dialect.name == "sqlite"
        op.bulk_insert(mark, [{"id": 1, "latest": min(max(newest), now.replace(tzinfo=None) if naive else now)}])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("clock_mark")


def _newest(connection: sa.Connection, table: str, column: str) -> datetime | None:
    stamps = sa.table(table, sa.column(column, sa.DateTime(timezone=True)))
    found: datetime | None = connection.execute(sa.select(sa.func.max(stamps.c[column]))).scalar_one()
    return found
