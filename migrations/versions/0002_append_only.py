"""The log is append-only in the database itself"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table and its key: what stands there is never updated, deleted or replaced.
TABLES = {"audit_entry": ("log_id", "seq"), "audit_node": ("log_id", "level", "position")}


def upgrade() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    if not lite:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    for table, key in TABLES.items():
        if lite:
            same = " AND ".join(f"{column} = NEW.{column}" for column in key)
            exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
            for verb, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", f"WHEN {exists} ")):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {when}"
                    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )


def downgrade() -> None:
    lite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        if lite:
            for verb in ("update", "delete", "insert"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    if not lite:
        op.execute("DROP FUNCTION refuse_change()")
