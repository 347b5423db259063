"""copies of checkpoints outside, signatures of witnesses, what was lost by restoring an older copy"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["audit_log.id"], name=op.f("fk_audit_anchor_log_id")),
        sa.PrimaryKeyConstraint("log_id", "place", "size", name=op.f("pk_audit_anchor")),
    )
    op.create_table(
        "audit_cosignature",
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("witness", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["audit_log.id"], name=op.f("fk_audit_cosignature_log_id")),
        sa.PrimaryKeyConstraint("log_id", "witness", "key_id", name=op.f("pk_audit_cosignature")),
    )
    op.create_table(
        "audit_loss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_loss")),
        info={"recorded": True},
    )


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM audit_loss")).scalar():
        raise RuntimeError("there are acknowledged losses: the tables of before cannot hold them")
    for table in ("audit_loss", "audit_cosignature", "audit_anchor"):
        op.drop_table(table)
