"""hearings: rounds, who takes part, what was said"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RECORDED = {"info": {"recorded": True}}


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def when(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "hearing",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("matter_id"),
        number("round"),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        when("found_at"),
        number("found_by_id", nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        when("answered_at"),
        number("answered_by_id", nullable=True),
        sa.CheckConstraint("(findings IS NULL) = (found_at IS NULL) AND (found_by_id IS NULL) = (found_at IS NULL)",
                           name=op.f("ck_hearing_found_whole")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL) AND (answered_by_id IS NULL) = (answered_at IS NULL)",
                           name=op.f("ck_hearing_answered_whole")),
        sa.CheckConstraint("answer IS NULL OR findings IS NOT NULL", name=op.f("ck_hearing_answer_is_to_findings")),
        *keys("hearing", council="council", meeting="meeting", matter="matter", found_by="person", answered_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("matter_id", "round", name=op.f("uq_hearing_matter_id_round")),
        sa.UniqueConstraint("meeting_id", "matter_id", name=op.f("uq_hearing_meeting_id_matter_id")),
        **RECORDED,
    )  # fmt: skip
    op.create_table(
        "hearing_participant",
        number("id"),
        number("council_id"),
        number("hearing_id"),
        number("number"),
        sa.Column("party", sa.String(10), nullable=False),
        sa.Column("comes", sa.Boolean(), nullable=False),
        number("name_id"),
        number("person_id", nullable=True),
        when("entered_at", nullable=False),
        when("confirmed_at"),
        number("reservation_id", nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=True),
        number("noted_by_id", nullable=True),
        sa.CheckConstraint("party IN ('for','against','concerned','expert','unit')", name=op.f("ck_hearing_participant_party_known")),
        sa.CheckConstraint("(confirmed_at IS NULL) = (on_paper IS NULL) AND (confirmed_at IS NULL) = (noted_by_id IS NULL)",
                           name=op.f("ck_hearing_participant_confirmed_whole")),
        sa.CheckConstraint("reservation_id IS NULL OR confirmed_at IS NOT NULL",
                           name=op.f("ck_hearing_participant_reservation_has_date")),
        *keys("hearing_participant", council="council", hearing="hearing", name="personal_record", person="person",
              reservation="personal_record", noted_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_participant")),
        sa.UniqueConstraint("hearing_id", "number", name=op.f("uq_hearing_participant_hearing_id_number")),
        sa.UniqueConstraint("hearing_id", "person_id", name=op.f("uq_hearing_participant_hearing_id_person_id")),
        **RECORDED,
    )  # fmt: skip
    op.create_table(
        "hearing_word",
        number("id"),
        number("council_id"),
        number("hearing_id"),
        number("participant_id"),
        sa.Column("kind", sa.String(10), nullable=False),
        number("minutes", nullable=True),
        number("to_id", nullable=True),
        number("text_id"),
        when("at", nullable=False),
        sa.CheckConstraint("kind IN ('statement','question','answer','submission')", name=op.f("ck_hearing_word_kind_known")),
        sa.CheckConstraint("(kind = 'statement') = (minutes IS NOT NULL)", name=op.f("ck_hearing_word_statement_has_minutes")),
        sa.CheckConstraint("(kind = 'answer') = (to_id IS NOT NULL)", name=op.f("ck_hearing_word_answer_is_to_a_question")),
        *keys("hearing_word", council="council", hearing="hearing", participant="hearing_participant", to="hearing_word",
              text="personal_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_word")),
        **RECORDED,
    )  # fmt: skip
    op.create_index(op.f("ix_hearing_word_hearing_id"), "hearing_word", ["hearing_id"])


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM hearing")).scalar():
        raise RuntimeError("there are hearings: the tables of before cannot hold them")
    for table in ("hearing_word", "hearing_participant", "hearing"):
        op.drop_table(table)
