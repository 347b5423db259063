"""how somebody's coming was noted, people sitting in, speeches taken back, places in a hearing by lot"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# Written out, because SQLite adds and drops a column with its condition or its key in place.
CHANNEL = """ALTER TABLE stay ADD COLUMN channel VARCHAR(10)
    CONSTRAINT ck_stay_channel_known CHECK (channel IN ('qr','code','afar','clerk'))"""
CAPACITY = """ALTER TABLE attendance ADD COLUMN capacity_id INTEGER
    CONSTRAINT fk_attendance_capacity_id REFERENCES personal_record (id)"""
BACK_REASON = """ALTER TABLE floor_turn ADD COLUMN back_reason TEXT
    CONSTRAINT ck_floor_turn_taken_back_whole CHECK (
        (taken_back_at IS NULL) = (back_reason IS NULL) AND (taken_back_at IS NULL OR (ended_at IS NOT NULL AND speech_id IS NULL)))"""


def upgrade() -> None:
    op.execute(CHANNEL)
    op.execute(CAPACITY)
    op.add_column("floor_turn", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(BACK_REASON)


def downgrade() -> None:
    for table, column in (("floor_turn", "taken_back_at"), ("attendance", "capacity_id"), ("stay", "channel")):
        if op.get_bind().execute(sa.text(f"SELECT count({column}) FROM {table}")).scalar():  # noqa: S608 - names of ours
            raise RuntimeError(f"{table}.{column} holds what the tables of before cannot")
    op.execute("ALTER TABLE floor_turn DROP COLUMN back_reason")
    op.execute("ALTER TABLE floor_turn DROP COLUMN taken_back_at")
    op.execute("ALTER TABLE attendance DROP COLUMN capacity_id")
    op.execute("ALTER TABLE stay DROP COLUMN channel")
