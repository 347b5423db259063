"""two references of a person in a log: what is done in office, and what is done as a resident"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLE = "audit_actor"


def make(*side):
    """The table with its rows, made anew on both databases: SQLite changes no key in place."""
    op.execute(f"CREATE TABLE {TABLE}_before AS SELECT log_id, person_id, ref FROM {TABLE}")
    op.drop_table(TABLE)
    op.create_table(
        TABLE,
        sa.Column("log_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in side),
        sa.Column("ref", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["log_id"], ["audit_log.id"], name=op.f("fk_audit_actor_log_id")),
        sa.PrimaryKeyConstraint("log_id", "person_id", *side, name=op.f("pk_audit_actor")),
        sa.UniqueConstraint("log_id", "ref", name=op.f("uq_audit_actor_log_id_ref")),
    )
    columns = ", ".join(("log_id", "person_id", "ref", *side))
    values = ", ".join(("log_id", "person_id", "ref", *("false" for _ in side)))
    op.execute(f"INSERT INTO {TABLE} ({columns}) SELECT {values} FROM {TABLE}_before")  # noqa: S608 - names of ours
    op.execute(f"DROP TABLE {TABLE}_before")


def upgrade() -> None:
    # What stands in the log already stays readable: every reference of before is the one of offices, seats and rolls.
    make("as_resident")
    op.add_column("data_request", sa.Column("as_resident", sa.Boolean(), nullable=True))


def downgrade() -> None:
    for table in (TABLE, "data_request"):
        if op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table} WHERE as_resident")).scalar():  # noqa: S608 - names of ours
            raise RuntimeError(f"{table}: people are named in the log as residents: the tables of before cannot hold it")
    op.drop_column("data_request", "as_resident")
    make()
