"""The collection: extensions, drafts, history of reviews, record errors, exports, roster imports, circuits.

Revision: 0003_collection, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_collection"
down_revision = "0002"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("campaigns", "template"),
    ("campaigns", "file_name"),
    ("registries", "embed_photo"),
    ("registries", "failures"),
    ("registries", "open_until"),
    ("roster", "student_number_index"),
    ("submissions", "version"),
    ("submissions", "supersedes_id"),
    ("submissions", "verdict_at"),
)
_INDEXES = (
    ("uq_roster_campaign_id_student_number_index", "roster"),
    ("ix_roster_campaign_id_college_grade_major_class_name", "roster"),
    ("ix_submissions_roster_row_id", "submissions"),
    ("uq_submissions_supersedes_id", "submissions"),
    ("ix_deliveries_photo_id", "deliveries"),
)
_TABLES = (
    "campaign_extensions",
    "profile_drafts",
    "submission_events",
    "record_errors",
    "exports",
    "roster_staging",
)


def upgrade() -> None:
    """Widen what is there, then make the new tables."""
    _campaigns_and_registries()
    _roster_and_submissions()
    _campaign_extensions()
    _profile_drafts()
    _submission_events()
    _record_errors()
    _exports()
    _roster_staging()


def downgrade() -> None:
    """Drop the tables, then what was widened."""
    for table in reversed(_TABLES):
        op.drop_table(table)
    for index, table in _INDEXES:
        op.drop_index(index, table)
    for table, column in _COLUMNS:
        op.drop_column(table, column)


def _campaigns_and_registries() -> None:
    op.add_column("campaigns", sa.Column("template", sa.String(length=64), nullable=True))
    op.add_column("campaigns", sa.Column("file_name", sa.String(length=200), nullable=True))
    op.add_column("registries", sa.Column("embed_photo", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("registries", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("registries", sa.Column("open_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_deliveries_photo_id", "deliveries", ["photo_id"])


def _roster_and_submissions() -> None:
    op.add_column("roster", sa.Column("student_number_index", sa.String(length=64), nullable=True))
    op.create_index(
        "uq_roster_campaign_id_student_number_index", "roster", ["campaign_id", "student_number_index"], unique=True
    )
    op.create_index(
        "ix_roster_campaign_id_college_grade_major_class_name",
        "roster",
        ["campaign_id", "college", "grade", "major", "class_name"],
    )
    op.add_column("submissions", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("submissions", sa.Column("supersedes_id", sa.String(length=40), nullable=True))
    op.add_column("submissions", sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("uq_submissions_supersedes_id", "submissions", ["supersedes_id"], unique=True)
    op.create_index("ix_submissions_roster_row_id", "submissions", ["roster_row_id"])


def _campaign_extensions() -> None:
    op.create_table(
        "campaign_extensions",
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("roster_row_id", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_extensions_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["roster_row_id"], ["roster.id"], name=op.f("fk_campaign_extensions_roster_row_id_roster")
        ),
        sa.PrimaryKeyConstraint("roster_row_id", name=op.f("pk_campaign_extensions")),
    )
    op.create_index(op.f("ix_campaign_extensions_campaign_id"), "campaign_extensions", ["campaign_id"])


def _profile_drafts() -> None:
    op.create_table(
        "profile_drafts",
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("profile_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_profile_drafts_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_profile_drafts_student_id_students")),
        sa.PrimaryKeyConstraint("student_id", "campaign_id", name=op.f("pk_profile_drafts")),
    )


def _submission_events() -> None:
    op.create_table(
        "submission_events",
        sa.Column("submission_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_submission_events_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("submission_id", "version", name=op.f("pk_submission_events")),
    )


def _record_errors() -> None:
    op.create_table(
        "record_errors",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("student_id", sa.String(length=40), nullable=False),
        sa.Column("roster_row_id", sa.String(length=40), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=100), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_record_errors_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["roster_row_id"], ["roster.id"], name=op.f("fk_record_errors_roster_row_id_roster")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_record_errors_student_id_students")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_errors")),
    )
    op.create_index(op.f("ix_record_errors_campaign_id_settled_at"), "record_errors", ["campaign_id", "settled_at"])
    op.create_index(op.f("ix_record_errors_roster_row_id"), "record_errors", ["roster_row_id"])
    op.create_index(op.f("ix_record_errors_student_id"), "record_errors", ["student_id"])


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("photos", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_exports_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_campaign_id"), "exports", ["campaign_id"])


def _roster_staging() -> None:
    op.create_table(
        "roster_staging",
        sa.Column("import_id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id_number_index", sa.String(length=64), nullable=False),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("student_number_index", sa.String(length=64), nullable=True),
        sa.Column("student_number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("college", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.String(length=50), nullable=False),
        sa.Column("major", sa.String(length=200), nullable=False),
        sa.Column("class_name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_roster_staging")),
    )
    for columns in (["staged_at"], ["import_id", "id_number_index"], ["import_id", "student_number_index"],
                    ["import_id", "row_id"]):  # fmt: skip
        op.create_index(op.f(f"ix_roster_staging_{'_'.join(columns)}"), "roster_staging", columns)
