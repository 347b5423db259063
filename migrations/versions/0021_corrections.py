"""corrections of published minutes; the secret behind the numbers in minutes; topics of an agenda, and what a question belongs to"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "minutes_correction"
PERSONS = ("made_by", "countersigned_by")
ONE_SUBJECT = (
    "(item_id IS NOT NULL AND topic_id IS NULL AND procedure IS NULL)"
    " OR (item_id IS NULL AND topic_id IS NOT NULL AND procedure IS NULL)"
    " OR (item_id IS NULL AND topic_id IS NULL AND procedure IS NOT NULL)"
)


def at(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    op.create_table(
        TABLE,
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("number", nullable=True),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        number("made_by_id"),
        at("made_at", nullable=False),
        number("countersigned_by_id", nullable=True),
        at("countersigned_at"),
        at("dropped_at"),
        sa.CheckConstraint("made_by_id <> countersigned_by_id", name=op.f(f"ck_{TABLE}_two_persons_sign")),
        sa.CheckConstraint(
            "(number IS NULL) = (countersigned_at IS NULL) AND (countersigned_by_id IS NULL) = (countersigned_at IS NULL)",
            name=op.f(f"ck_{TABLE}_countersigned_whole"),
        ),
        sa.CheckConstraint("dropped_at IS NULL OR countersigned_at IS NULL", name=op.f(f"ck_{TABLE}_dropped_never_stood")),
        *keys(TABLE, council="council", meeting="meeting", **dict.fromkeys(PERSONS, "person")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f(f"uq_{TABLE}_meeting_id_number")),
        info={"recorded": True},
    )
    op.create_table(
        "agenda_topic",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("position"),
        sa.Column("text", sa.String(120), nullable=False),
        *keys("agenda_topic", council="council", meeting="meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_topic")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_agenda_topic_meeting_id_position")),
        info={"recorded": True},
    )
    op.create_table(
        "poll_subject",
        number("poll_id"),
        number("council_id"),
        number("meeting_id"),
        number("item_id", nullable=True),
        number("topic_id", nullable=True),
        sa.Column("procedure", sa.String(20), nullable=True),
        sa.CheckConstraint(ONE_SUBJECT, name=op.f("ck_poll_subject_one_subject")),
        *keys("poll_subject", poll="poll", council="council", meeting="meeting", item="agenda_item", topic="agenda_topic"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_subject")),
        info={"recorded": True},
    )
    op.add_column("minutes", sa.Column("salt", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    for table, which, what in (
        (TABLE, "", "corrections of minutes"),
        ("minutes", " WHERE salt IS NOT NULL", "minutes numbered by a secret"),
        ("poll_subject", "", "questions on topics of an agenda"),
        ("agenda_topic", "", "topics on agendas"),
    ):
        if op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table}{which}")).scalar():
            raise RuntimeError(f"there are {what}: the tables of before cannot hold them")
    op.drop_column("minutes", "salt")
    for table in ("poll_subject", "agenda_topic", TABLE):
        op.drop_table(table)
