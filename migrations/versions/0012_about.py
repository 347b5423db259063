"""the index of a log finds entries by their subject too; nothing in it is changed or deleted"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BATCH = 1000
KEYS = {"audit_about": ("what", sa.Text()), "audit_matter": ("matter_id", sa.Integer())}


def upgrade() -> None:
    make("audit_about", about)
    guard()
    op.drop_table("audit_matter")


def downgrade() -> None:
    make("audit_matter", lambda body: body.get("matters", ()))
    op.drop_table("audit_about")


def about(body):
    """What an entry tells of: its subject and each of its matters."""
    return {f"matter:{matter}" for matter in body.get("matters", ())} | ({body["subject"]} if "subject" in body else set())


def make(table, told) -> None:
    """An index of all logs, filled from the bodies, so many at a time that any log fits into memory."""
    name, kind = KEYS[table]
    made = op.create_table(
        table,
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column(name, kind, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("log_id", name, "seq", name=op.f(f"pk_{table}")),
    )
    connection = op.get_bind()
    entry = sa.table("audit_entry", sa.column("log_id"), sa.column("seq"), sa.column("body"))
    after = (-1, -1)
    # The log's tables have a door of their own, in migrations too.
    connection.info["appending"] = True
    while True:
        here = sa.or_(entry.c.log_id > after[0], sa.and_(entry.c.log_id == after[0], entry.c.seq > after[1]))
        found = connection.execute(sa.select(entry).where(here).order_by(entry.c.log_id, entry.c.seq).limit(BATCH)).all()
        if not found:
            break
        rows = [{"log_id": log_id, name: key, "seq": seq}
                for log_id, seq, body in found for key in sorted(set(told(json.loads(bytes(body)))))]  # fmt: skip
        if rows:
            connection.execute(sa.insert(made), rows)
        after = (found[-1].log_id, found[-1].seq)
    connection.info["appending"] = False


def guard() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER audit_about_no_change BEFORE UPDATE OR DELETE ON audit_about"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER audit_about_no_truncate BEFORE TRUNCATE ON audit_about"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    same = " AND ".join(f"{column} = NEW.{column}" for column in ("log_id", "what", "seq"))
    replaced = f"WHEN EXISTS (SELECT 1 FROM audit_about WHERE {same}) "
    for verb, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", replaced)):
        op.execute(
            f"CREATE TRIGGER audit_about_no_{verb.lower()} BEFORE {verb} ON audit_about {when}"
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
