"""paper in secret polls: printed papers, how many were given out, two entries of what stands on them"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RECORDED = {"info": {"recorded": True}}
# Rows in the order of their keys, without a number that tells when they came.
BY_KEY_ALONE = {"sqlite_with_rowid": False}


def reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "paper_poll",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("voided", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("invalid", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=True),
        sa.CheckConstraint("voided <= printed", name=op.f("ck_paper_poll_voided_were_printed")),
        reference("paper_poll", "poll_id", "poll"),
        reference("paper_poll", "council_id", "council"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_paper_poll")),
        **RECORDED,
    )
    op.create_table(
        "paper_entry",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=True),
        sa.Column("root", sa.String(64), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_paper_entry_two_entries")),
        sa.CheckConstraint("(finished_at IS NULL) = (root IS NULL)", name=op.f("ck_paper_entry_finished_has_root")),
        reference("paper_entry", "poll_id", "poll"),
        reference("paper_entry", "council_id", "council"),
        reference("paper_entry", "person_id", "person"),
        sa.PrimaryKeyConstraint("poll_id", "place", name=op.f("pk_paper_entry")),
        sa.UniqueConstraint("poll_id", "person_id", name=op.f("uq_paper_entry_poll_id_person_id")),
        **RECORDED,
    )
    op.create_table(
        "paper",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(6), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint("state IN ('printed','voided','differs')", name=op.f("ck_paper_state_known")),
        reference("paper", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("poll_id", "serial", name=op.f("pk_paper")),
        **BY_KEY_ALONE,
    )
    op.create_table(
        "paper_tally",
        sa.Column("poll_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        reference("paper_tally", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_paper_tally")),
    )
    op.create_table(
        "paper_typed",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(6), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        reference("paper_typed", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("poll_id", "place", "serial", name=op.f("pk_paper_typed")),
        **BY_KEY_ALONE,
    )


def downgrade() -> None:
    for table in ("paper_typed", "paper_tally", "paper", "paper_entry", "paper_poll"):
        op.drop_table(table)
