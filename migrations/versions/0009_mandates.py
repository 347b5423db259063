"""votes that somebody asked the desk to enter"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("ballot_id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(20), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("way IN ('in_person','telephone','letter')", name=op.f("ck_mandate_way_known")),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"], name=op.f("fk_mandate_ballot_id")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_mandate_council_id")),
        sa.ForeignKeyConstraint(["note_id"], ["personal_record.id"], name=op.f("fk_mandate_note_id")),
        sa.PrimaryKeyConstraint("ballot_id", name=op.f("pk_mandate")),
        info={"recorded": True},
    )


def downgrade() -> None:
    op.drop_table("mandate")
