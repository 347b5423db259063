"""how somebody's coming was noted, people sitting in, speeches taken back, places in a hearing by lot"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Written out, because SQLite adds and drops a column with its condition or its key in place.
CHANNEL = """ALTER TABLE stay ADD COLUMN channel VARCHAR(10)
    CONSTRAINT ck_stay_channel_known CHECK (channel IN ('qr','code','afar','clerk'))"""
CAPACITY = """ALTER TABLE attendance ADD COLUMN capacity_id INTEGER
    CONSTRAINT fk_attendance_capacity_id REFERENCES personal_record (id)"""
BACK_REASON = """ALTER TABLE floor_turn ADD COLUMN back_reason TEXT
    CONSTRAINT ck_floor_turn_taken_back_whole CHECK (
        (taken_back_at IS NULL) = (back_reason IS NULL) AND (taken_back_at IS NULL OR (ended_at IS NOT NULL AND speech_id IS NULL)))"""


PARTIES = "party IN ('for','against','concerned','expert','unit')"
RECORDED = {"info": {"recorded": True}}


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def when(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.execute(CHANNEL)
    op.execute(CAPACITY)
    op.add_column("floor_turn", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(BACK_REASON)
    op.create_table(
        "hearing_call",
        number("id"),
        number("council_id"),
        number("hearing_id"),
        when("opened_at", nullable=False),
        when("until_at", nullable=False),
        sa.Column("seed_source", sa.Text(), nullable=False),
        when("seed_at", nullable=False),
        when("closed_at"),
        sa.Column("seed", sa.String(40), nullable=True),
        when("drawn_at"),
        sa.CheckConstraint("until_at < seed_at", name=op.f("ck_hearing_call_seed_comes_after")),
        sa.CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name=op.f("ck_hearing_call_drawn_has_seed")),
        sa.CheckConstraint("drawn_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_hearing_call_drawn_after_close")),
        *keys("hearing_call", council="council", hearing="hearing"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_call")),
        sa.UniqueConstraint("hearing_id", name=op.f("uq_hearing_call_hearing_id")),
        **RECORDED,
    )
    op.create_table(
        "hearing_seats",
        number("id"),
        number("council_id"),
        number("call_id"),
        sa.Column("party", sa.String(10), nullable=False),
        number("number"),
        sa.CheckConstraint(PARTIES, name=op.f("ck_hearing_seats_party_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_hearing_seats_has_places")),
        *keys("hearing_seats", council="council", call="hearing_call"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_seats")),
        sa.UniqueConstraint("call_id", "party", name=op.f("uq_hearing_seats_call_id_party")),
        **RECORDED,
    )
    op.create_table(
        "hearing_application",
        number("id"),
        number("council_id"),
        number("hearing_id"),
        number("number"),
        sa.Column("party", sa.String(10), nullable=False),
        number("name_id"),
        number("person_id", nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        when("applied_at", nullable=False),
        when("withdrawn_at"),
        number("place", nullable=True),
        number("participant_id", nullable=True),
        sa.CheckConstraint(PARTIES, name=op.f("ck_hearing_application_party_known")),
        sa.CheckConstraint(
            "participant_id IS NULL OR (place IS NOT NULL AND withdrawn_at IS NULL)",
            name=op.f("ck_hearing_application_placed_was_drawn"),
        ),
        *keys("hearing_application", council="council", hearing="hearing", name="personal_record", person="person",
              participant="hearing_participant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_application")),
        sa.UniqueConstraint("hearing_id", "number", name=op.f("uq_hearing_application_hearing_id_number")),
        sa.UniqueConstraint("hearing_id", "person_id", name=op.f("uq_hearing_application_hearing_id_person_id")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_hearing_application_participant_id")),
        **RECORDED,
    )  # fmt: skip


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM hearing_call")).scalar():
        raise RuntimeError("there are calls for applications to hearings: the tables of before cannot hold them")
    for table, column in (("floor_turn", "taken_back_at"), ("attendance", "capacity_id"), ("stay", "channel")):
        if op.get_bind().execute(sa.text(f"SELECT count({column}) FROM {table}")).scalar():  # noqa: S608 - names of ours
            raise RuntimeError(f"{table}.{column} holds what the tables of before cannot")
    for table in ("hearing_application", "hearing_seats", "hearing_call"):
        op.drop_table(table)
    op.execute("ALTER TABLE floor_turn DROP COLUMN back_reason")
    op.execute("ALTER TABLE floor_turn DROP COLUMN taken_back_at")
    op.execute("ALTER TABLE attendance DROP COLUMN capacity_id")
    op.execute("ALTER TABLE stay DROP COLUMN channel")
