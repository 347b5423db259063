"""Answers of whoever is setting up a council, kept until it is founded"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "setup_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_setup_draft_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_setup_draft")),
    )


def downgrade() -> None:
    op.drop_table("setup_draft")
