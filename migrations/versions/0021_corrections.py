"""corrections of published minutes; the secret behind the numbers in minutes"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "minutes_correction"
PERSONS = ("made_by", "countersigned_by")


def at(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        at("made_at", nullable=False),
        sa.Column("countersigned_by_id", sa.Integer(), nullable=True),
        at("countersigned_at"),
        at("dropped_at"),
        sa.CheckConstraint("made_by_id <> countersigned_by_id", name=op.f(f"ck_{TABLE}_two_persons_sign")),
        sa.CheckConstraint(
            "(number IS NULL) = (countersigned_at IS NULL) AND (countersigned_by_id IS NULL) = (countersigned_at IS NULL)",
            name=op.f(f"ck_{TABLE}_countersigned_whole"),
        ),
        sa.CheckConstraint("dropped_at IS NULL OR countersigned_at IS NULL", name=op.f(f"ck_{TABLE}_dropped_never_stood")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f(f"fk_{TABLE}_council_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f(f"fk_{TABLE}_meeting_id")),
        *(sa.ForeignKeyConstraint([f"{one}_id"], ["person.id"], name=op.f(f"fk_{TABLE}_{one}_id")) for one in PERSONS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f(f"uq_{TABLE}_meeting_id_number")),
        info={"recorded": True},
    )
    op.add_column("minutes", sa.Column("salt", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    for table, which, what in ((TABLE, "", "corrections of minutes"), ("minutes", " WHERE salt IS NOT NULL", "minutes numbered anew")):
        if op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table}{which}")).scalar():
            raise RuntimeError(f"there are {what}: the tables of before cannot hold them")
    op.drop_column("minutes", "salt")
    op.drop_table(TABLE)
