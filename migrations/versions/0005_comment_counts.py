"""an index from which the forum counts what people say, without reading the comments"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_comment_counts", "comment", ["window_id", "state", "stance", "paragraph_key"])


def downgrade() -> None:
    op.drop_index("ix_comment_counts", "comment")
