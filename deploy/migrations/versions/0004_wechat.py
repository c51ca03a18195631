"""Notices to students, their credits, the push inbox, and who consented for a child.

Revision: 0004_wechat, after 0003_collection.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004_wechat"
down_revision = "0003_collection"
branch_labels = None
depends_on = None

_TABLES = ("notices", "notice_credits", "notice_rounds", "wechat_pushes")


def upgrade() -> None:
    """Make the tables, and room for a guardian's name beside a consent."""
    _notices()
    _credits()
    _rounds()
    _pushes()
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guardian_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take all of it away."""
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_column("guardian_sealed")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_notices_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("once", name=op.f("uq_notices_once")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_state_next_at"), ["state", "next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_student_id"), ["student_id"], unique=False)


def _credits() -> None:
    op.create_table(
        "notice_credits",
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("template_id", sa.String(length=120), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_notice_credits_student_id_students")),
        sa.PrimaryKeyConstraint("student_id", "template_id", name=op.f("pk_notice_credits")),
    )


def _rounds() -> None:
    op.create_table(
        "notice_rounds",
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_notice_rounds_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("campaign_id", "ends_at", name=op.f("pk_notice_rounds")),
    )


def _pushes() -> None:
    op.create_table(
        "wechat_pushes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("message_index", sa.String(length=64), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wechat_pushes")),
        sa.UniqueConstraint("message_index", name=op.f("uq_wechat_pushes_message_index")),
    )
    with op.batch_alter_table("wechat_pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wechat_pushes_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wechat_pushes_received_at"), ["received_at"], unique=False)
