"""secret polls: keys and their sheets, the roll, the box, receipts, opened ballots"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RECORDED = {"info": {"recorded": True}}
# Rows in the order of their keys, without a number that tells when they came.
BY_KEY_ALONE = {"sqlite_with_rowid": False}


def reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    with op.batch_alter_table("verdict", recreate="auto") as batch:
        batch.add_column(sa.Column("void", sa.String(10), nullable=True))
        batch.create_check_constraint(op.f("ck_verdict_void_decides_nothing"), "void IS NULL OR outcome = 'no_decision'")
    op.create_table(
        "box_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("needed >= 2 AND needed <= sheets", name=op.f("ck_box_key_needs_two")),
        sa.CheckConstraint("state IN ('made','ready','used','destroyed','dropped')", name=op.f("ck_box_key_state_known")),
        reference("box_key", "council_id", "council"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_key")),
        **RECORDED,
    )
    op.create_index(op.f("ix_box_key_council_id"), "box_key", ["council_id"])
    op.create_index(op.f("ix_box_key_meeting_id"), "box_key", ["meeting_id"])
    op.create_table(
        "key_sheet",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("read_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        reference("key_sheet", "key_id", "box_key"),
        reference("key_sheet", "council_id", "council"),
        reference("key_sheet", "person_id", "person"),
        sa.PrimaryKeyConstraint("key_id", "number", name=op.f("pk_key_sheet")),
        **RECORDED,
    )
    op.create_table(
        "sealed_poll",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.Integer(), nullable=True),
        sa.Column("sealed_root", sa.String(64), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=True),
        sa.Column("ballots_root", sa.String(64), nullable=True),
        reference("sealed_poll", "poll_id", "poll"),
        reference("sealed_poll", "council_id", "council"),
        reference("sealed_poll", "key_id", "box_key"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_sealed_poll")),
        **RECORDED,
    )
    op.create_index(op.f("ix_sealed_poll_key_id"), "sealed_poll", ["key_id"])
    op.create_table(
        "roll",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("voted", sa.Boolean(), server_default=sa.false(), nullable=False),
        reference("roll", "poll_id", "poll"),
        reference("roll", "person_id", "person"),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_roll")),
        **BY_KEY_ALONE,
    )
    op.create_table(
        "box",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        reference("box", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        **BY_KEY_ALONE,
    )
    op.create_index(op.f("ix_box_poll_id"), "box", ["poll_id"])
    op.create_table(
        "sealed_hash",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        reference("sealed_hash", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("poll_id", "hash", name=op.f("pk_sealed_hash")),
        **BY_KEY_ALONE,
    )
    op.create_table(
        "opened_ballot",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        reference("opened_ballot", "poll_id", "poll"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_ballot")),
        **BY_KEY_ALONE,
    )
    op.create_index(op.f("ix_opened_ballot_poll_id"), "opened_ballot", ["poll_id"])


def downgrade() -> None:
    for table in ("opened_ballot", "sealed_hash", "box", "roll", "sealed_poll", "key_sheet", "box_key"):
        op.drop_table(table)
    with op.batch_alter_table("verdict", recreate="auto") as batch:
        batch.drop_constraint(op.f("ck_verdict_void_decides_nothing"), type_="check")
        batch.drop_column("void")
