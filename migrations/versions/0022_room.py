"""how somebody's coming was noted, people sitting in, speeches taken back, places in a hearing by lot"""

from alembic import op

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None

# Written out, because SQLite adds and drops a column with its condition or its key in place.
CHANNEL = "ALTER TABLE stay ADD COLUMN channel VARCHAR(10) CONSTRAINT ck_stay_channel_known CHECK (channel IN ('qr','code','afar','clerk'))"


def upgrade() -> None:
    op.execute(CHANNEL)


def downgrade() -> None:
    op.execute("ALTER TABLE stay DROP COLUMN channel")
