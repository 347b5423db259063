"""kinds of poll: questions with options, secret and by correspondence, cancelled, what was frozen"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# The conditions of the two tables, as they stood and as they stand.
POLL_BEFORE = {
    "mode_known": "mode IN ('recorded','show_of_hands')",
    "state_known": "state IN ('prepared','open','closed','counted')",
    "opened_has_date": "(state <> 'prepared') = (opened_at IS NOT NULL)",
    "closed_has_date": "(state IN ('closed','counted')) = (closed_at IS NOT NULL)",
    "counted_has_date": "(state = 'counted') = (counted_at IS NOT NULL)",
}
POLL_AFTER = {
    "mode_known": "mode IN ('recorded','show_of_hands','secret')",
    "kind_known": "kind IN ('yes_no','single','approval','ranked','rating')",
    "state_known": "state IN ('prepared','open','closed','counted','cancelled')",
    "opened_has_date": "state NOT IN ('open','closed','counted') OR opened_at IS NOT NULL",
    "closed_has_date": "(state IN ('closed','counted')) = (closed_at IS NOT NULL)",
    "counted_has_date": "(state = 'counted') = (counted_at IS NOT NULL)",
    "cancelled_has_date": "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
    "correspondence_ends": "NOT by_correspondence OR closes_at IS NOT NULL",
}
BALLOT_BEFORE = {
    "taken_down_by_somebody": "(channel = 'clerk') = (taken_by_id IS NOT NULL)",
    "choice_known": "choice IN ('for','against','abstain')",
    "channel_known": "channel IN ('clerk','own_device')",
}
BALLOT_AFTER = {
    "taken_down_by_somebody": "(channel = 'own_device') = (taken_by_id IS NULL)",
    "channel_known": "channel IN ('clerk','own_device','paper','assisted')",
}


def conditions(batch, table, before, after):
    """Put one set of conditions in the place of another."""
    for name in before:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for name, condition in after.items():
        batch.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def upgrade() -> None:
    with op.batch_alter_table("poll", recreate="auto") as batch:
        batch.add_column(sa.Column("kind", sa.String(10), server_default="yes_no", nullable=False))
        batch.add_column(sa.Column("question", sa.Text(), nullable=True))
        batch.add_column(sa.Column("seats", sa.Integer(), server_default="1", nullable=False))
        batch.add_column(sa.Column("most", sa.Integer(), server_default="1", nullable=False))
        batch.add_column(sa.Column("scale", sa.String(20), nullable=True))
        batch.add_column(sa.Column("method", sa.String(40), nullable=True))
        batch.add_column(sa.Column("method_version", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("lot_seed", sa.Text(), nullable=True))
        batch.add_column(sa.Column("by_correspondence", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        # Polls that were opened before have none: what was frozen then stands in the log.
        batch.add_column(sa.Column("frozen_hash", sa.String(64), server_default="", nullable=False))
        conditions(batch, "poll", POLL_BEFORE, POLL_AFTER)
    with op.batch_alter_table("ballot", recreate="auto") as batch:
        batch.alter_column("choice", existing_type=sa.String(10), type_=sa.Text(), existing_nullable=False)
        conditions(batch, "ballot", BALLOT_BEFORE, BALLOT_AFTER)
    op.create_table(
        "poll_option",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_poll_option_council_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "position", name=op.f("pk_poll_option")),
        info={"recorded": True},
    )
    op.create_table(
        "poll_result",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_poll_result_council_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_result_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_result")),
        info={"recorded": True},
    )
    op.create_table(
        "meeting_poll",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_meeting_poll_council_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_poll_meeting_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_meeting_poll_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_meeting_poll")),
        info={"recorded": True},
    )
    op.create_index(op.f("ix_meeting_poll_meeting_id"), "meeting_poll", ["meeting_id"])


def downgrade() -> None:
    for table in ("meeting_poll", "poll_result", "poll_option"):
        op.drop_table(table)
    with op.batch_alter_table("ballot", recreate="auto") as batch:
        batch.alter_column("choice", existing_type=sa.Text(), type_=sa.String(10), existing_nullable=False)
        conditions(batch, "ballot", BALLOT_AFTER, BALLOT_BEFORE)
    with op.batch_alter_table("poll", recreate="auto") as batch:
        conditions(batch, "poll", POLL_AFTER, POLL_BEFORE)
        for column in ("frozen_hash", "cancelled_at", "closes_at", "by_correspondence", "lot_seed", "method_version", "method",
                       "scale", "most", "seats", "question", "kind"):  # fmt: skip
            batch.drop_column(column)
