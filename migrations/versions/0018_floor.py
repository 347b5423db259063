"""the floor: who asks to speak, and who spoke from when to when"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STANCES = "stance IN ('pro','con','neutral')"


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "floor_hand",
        number("id"),
        number("meeting_id"),
        number("debate_id"),
        number("person_id"),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.CheckConstraint(STANCES, name=op.f("ck_floor_hand_stance_known")),
        *keys("floor_hand", meeting="meeting", debate="debate", person="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_hand")),
        sa.UniqueConstraint("debate_id", "person_id", name=op.f("uq_floor_hand_debate_id_person_id")),
    )
    op.create_index(op.f("ix_floor_hand_meeting_id"), "floor_hand", ["meeting_id"])
    op.create_table(
        "floor_turn",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("debate_id"),
        number("person_id"),
        sa.Column("stance", sa.String(10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        number("speech_id", nullable=True),
        sa.CheckConstraint(STANCES, name=op.f("ck_floor_turn_stance_known")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_floor_turn_ends_after_start")),
        *keys("floor_turn", council="council", meeting="meeting", debate="debate", person="person", speech="speech"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_turn")),
        sa.UniqueConstraint("speech_id", name=op.f("uq_floor_turn_speech_id")),
        info={"recorded": True},
    )
    op.create_index(op.f("ix_floor_turn_meeting_id"), "floor_turn", ["meeting_id"])
    op.create_index(op.f("ix_floor_turn_debate_id"), "floor_turn", ["debate_id"])
    open_one = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_floor_turn_speaking", "floor_turn", ["meeting_id"], unique=True, sqlite_where=open_one, postgresql_where=open_one
    )


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM floor_turn")).scalar():
        raise RuntimeError("there are speeches that were given the floor: the tables of before cannot hold them")
    op.drop_table("floor_turn")
    op.drop_table("floor_hand")
