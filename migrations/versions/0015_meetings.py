"""kinds of meeting, their life to the published minutes, notices, recesses, hours of presence"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("stay", "recess", "meeting_notice")
RECORDED = {"info": {"recorded": True}}
HELD = "'closed','minuted','signed','published'"
BEFORE = {
    "kind_known": "kind IN ('council')",
    "state_known": "state IN ('planned','called','open','closed')",
    "called_has_date": "(state = 'planned') = (called_at IS NULL)",
    "closed_has_date": "(state = 'closed') = (closed_at IS NOT NULL)",
}
AFTER = {
    "kind_known": "kind IN ('council','joint','report','evaluation','hearing','coordination')",
    "state_known": "state IN ('planned','called','open','adjourned','closed','minuted','signed','published','cancelled')",
    "called_has_date": "state = 'cancelled' OR (state = 'planned') = (called_at IS NULL)",
    "closed_has_date": f"(state IN ({HELD})) = (closed_at IS NOT NULL)",
    "cancelled_has_date": "(state = 'cancelled') = (cancelled_at IS NOT NULL)",
    "cancelled_has_reason": "(cancelled_at IS NULL) = (cancel_reason IS NULL)",
}
# Written out, because SQLite adds and drops a column with its key in place.
ADD = "ALTER TABLE agenda_item ADD COLUMN version_id INTEGER CONSTRAINT fk_agenda_item_version_id REFERENCES plan_version (id)"


def conditions(batch, before, after):
    for name in before:
        batch.drop_constraint(op.f(f"ck_meeting_{name}"), type_="check")
    for name, condition in after.items():
        batch.create_check_constraint(op.f(f"ck_meeting_{name}"), condition)


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    with op.batch_alter_table("meeting", recreate="auto") as batch:
        batch.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("cancel_reason", sa.Text(), nullable=True))
        conditions(batch, BEFORE, AFTER)
    op.execute(ADD)
    op.create_table(
        "meeting_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(number = 1) = (reason IS NULL)", name=op.f("ck_meeting_notice_changed_has_reason")),
        *keys("meeting_notice", council="council", meeting="meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_notice")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_meeting_notice_meeting_id_number")),
        **RECORDED,
    )
    op.create_table(
        "recess",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("adjourned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        *keys("recess", council="council", meeting="meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recess")),
        **RECORDED,
    )
    op.create_index(op.f("ix_recess_meeting_id"), "recess", ["meeting_id"])
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at IS NULL OR left_at >= came_at", name=op.f("ck_stay_leaves_after_coming")),
        *keys("stay", council="council", meeting="meeting", person="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
        **RECORDED,
    )
    op.create_index(op.f("ix_stay_meeting_id"), "stay", ["meeting_id"])
    here = sa.text("left_at IS NULL")
    op.create_index("uq_stay_here", "stay", ["meeting_id", "person_id"], unique=True, sqlite_where=here, postgresql_where=here)


def downgrade() -> None:
    new = "SELECT count(*) FROM meeting WHERE kind <> 'council' OR state NOT IN ('planned','called','open','closed')"
    held = [op.get_bind().execute(sa.text(one)).scalar() for one in (new, *(f"SELECT count(*) FROM {name}" for name in TABLES))]
    if any(held):
        raise RuntimeError("there are meetings whose kind, state, notices or hours the tables of before cannot hold")
    for table in TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE agenda_item DROP COLUMN version_id")
    with op.batch_alter_table("meeting", recreate="auto") as batch:
        conditions(batch, AFTER, BEFORE)
        batch.drop_column("cancel_reason")
        batch.drop_column("cancelled_at")
