"""keys that sign the logs, and the last checkpoint that was signed for each"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

EMPTY_ROOT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# What was signed is never taken back: a smaller log, or another root for the same size.
BACKWARDS = "NEW.log_id <> OLD.log_id OR NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root)"


def upgrade() -> None:
    op.create_table(
        "audit_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(120), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_audit_key_public_key")),
        info={"recorded": True},
    )
    op.create_table(
        "audit_signed",
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_audit_signed_size_not_negative")),
        sa.ForeignKeyConstraint(["log_id"], ["audit_log.id"], name=op.f("fk_audit_signed_log_id")),
        sa.PrimaryKeyConstraint("log_id", name=op.f("pk_audit_signed")),
    )
    connection = op.get_bind()
    lite = connection.dialect.name == "sqlite"
    empty = f"X'{EMPTY_ROOT}'" if lite else f"'\\x{EMPTY_ROOT}'::bytea"
    # The log's tables have a door of their own, in migrations too.
    connection.info["appending"] = True
    op.execute(f"INSERT INTO audit_signed (log_id, size, root, note) SELECT id, 0, {empty}, '' FROM audit_log")
    connection.info["appending"] = False
    if lite:
        for verb, when in (("update", f"WHEN {BACKWARDS} "), ("delete", "")):
            op.execute(
                f"CREATE TRIGGER audit_signed_no_{verb} BEFORE {verb.upper()} ON audit_signed {when}"
                "BEGIN SELECT RAISE(ABORT, 'what was signed stands'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER audit_signed_no_update BEFORE UPDATE ON audit_signed FOR EACH ROW WHEN ({BACKWARDS})"
            " EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER audit_signed_no_delete BEFORE DELETE ON audit_signed FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("audit_signed")
    op.drop_table("audit_key")
