"""procedural motions, reconsideration, the chair's rulings, members' proposals, challenged recusals"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("recusal_challenge", "proposal", "ruling", "procedural_motion")
# Written out, because SQLite adds and drops a column with its key in place: the table keeps its other constraints.
ADD = (
    "ALTER TABLE motion ADD COLUMN reconsiders_id INTEGER CONSTRAINT fk_motion_reconsiders_id REFERENCES motion (id)",
    "ALTER TABLE motion ADD COLUMN side VARCHAR(10)",
)
DROP = ("ALTER TABLE motion DROP COLUMN side", "ALTER TABLE motion DROP COLUMN reconsiders_id")


def upgrade() -> None:
    for statement in ADD:
        op.execute(statement)
    op.create_table(
        "procedural_motion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mover_id", sa.Integer(), nullable=False),
        sa.Column("seconder_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('postpone','close_debate')", name=op.f("ck_procedural_motion_kind_known")),
        sa.CheckConstraint("mover_id <> seconder_id", name=op.f("ck_procedural_motion_nobody_seconds_own")),
        sa.CheckConstraint("kind = 'postpone' OR until_on IS NULL", name=op.f("ck_procedural_motion_only_postponed_has_day")),
        sa.CheckConstraint("kind <> 'postpone' OR reason IS NOT NULL", name=op.f("ck_procedural_motion_postponed_has_reason")),
        *keys("procedural_motion", council="council", matter="matter", debate="debate", motion="motion", mover="person",
              seconder="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedural_motion")),
        sa.UniqueConstraint("debate_id", "motion_id", "kind", name=op.f("uq_procedural_motion_debate_id_motion_id_kind")),
        info={"recorded": True},
    )  # fmt: skip
    op.create_index(op.f("ix_procedural_motion_matter_id"), "procedural_motion", ["matter_id"])
    op.create_index(op.f("ix_procedural_motion_motion_id"), "procedural_motion", ["motion_id"])
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("debate_id", sa.Integer(), nullable=False),
        sa.Column("motion_id", sa.Integer(), nullable=True),
        sa.Column("chair_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appealed_by_id", sa.Integer(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hands_for", sa.Integer(), nullable=True),
        sa.Column("hands_against", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(appealed_by_id IS NULL) = (appealed_at IS NULL)", name=op.f("ck_ruling_appealed_has_date")),
        sa.CheckConstraint("decided_at IS NULL OR appealed_at IS NOT NULL", name=op.f("ck_ruling_decided_was_appealed")),
        sa.CheckConstraint("(hands_for IS NULL) = (decided_at IS NULL) AND (hands_against IS NULL) = (decided_at IS NULL)",
                           name=op.f("ck_ruling_decided_has_hands")),
        sa.CheckConstraint("hands_for IS NULL OR (hands_for >= 0 AND hands_against >= 0)", name=op.f("ck_ruling_hands_are_counted")),
        *keys("ruling", council="council", matter="matter", debate="debate", motion="motion", chair="person", appealed_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
        info={"recorded": True},
    )  # fmt: skip
    op.create_index(op.f("ix_ruling_matter_id"), "ruling", ["matter_id"])
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconder_id", sa.Integer(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("matter_id", sa.Integer(), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('proposed','seconded','opened','merged','declined','withdrawn')",
                           name=op.f("ck_proposal_state_known")),
        sa.CheckConstraint("(seconder_id IS NULL) = (seconded_at IS NULL)", name=op.f("ck_proposal_seconded_has_date")),
        sa.CheckConstraint("seconder_id IS NULL OR seconder_id <> proposer_id", name=op.f("ck_proposal_nobody_seconds_own")),
        sa.CheckConstraint("(state IN ('opened','merged')) = (matter_id IS NOT NULL)", name=op.f("ck_proposal_taken_up_has_matter")),
        sa.CheckConstraint("(state IN ('proposed','seconded')) = (settled_at IS NULL)", name=op.f("ck_proposal_settled_has_date")),
        sa.CheckConstraint("state NOT IN ('seconded','opened','merged') OR seconder_id IS NOT NULL",
                           name=op.f("ck_proposal_no_matter_without_a_second")),
        *keys("proposal", council="council", proposer="person", title="personal_record", text="personal_record",
              seconder="person", matter="matter", answer="personal_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        info={"recorded": True},
    )  # fmt: skip
    op.create_index(op.f("ix_proposal_council_id"), "proposal", ["council_id"])
    op.create_table(
        "recusal_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("person_id <> by_id", name=op.f("ck_recusal_challenge_of_another")),
        sa.CheckConstraint("decided_by_id IS NULL OR (decided_by_id <> person_id AND decided_by_id <> by_id)",
                           name=op.f("ck_recusal_challenge_nobody_decides_own_case")),
        sa.CheckConstraint("(answer_id IS NULL) = (answered_at IS NULL)", name=op.f("ck_recusal_challenge_answered_has_date")),
        sa.CheckConstraint(
            "(upheld IS NULL) = (decided_at IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)"
            " AND (decision_id IS NULL) = (decided_at IS NULL)", name=op.f("ck_recusal_challenge_decided_whole")),
        *keys("recusal_challenge", council="council", matter="matter", person="person", by="person", reason="personal_record",
              answer="personal_record", decided_by="person", decision="personal_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_challenge")),
        sa.UniqueConstraint("matter_id", "person_id", "by_id", name=op.f("uq_recusal_challenge_matter_id_person_id_by_id")),
        info={"recorded": True},
    )  # fmt: skip


def keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for statement in DROP:
        op.execute(statement)
