"""restriction of personal texts, and requests about what is kept"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CONDITIONS = {
    "restricted_has_reason": "(restricted_at IS NULL) = (restriction IS NULL)",
    "restricted_is_kept": "restricted_at IS NULL OR erased_at IS NULL",
    "restriction_known": "restriction IN ('wish','archive','legal_hold','technical')",
}
REQUEST = {
    "kind_known": "kind IN ('correct','delete','restrict','ask')",
    "state_known": "state IN ('waiting','granted','restricted','refused','withdrawn')",
    "about_a_record": "kind = 'ask' OR record_id IS NOT NULL",
    "says_what": "kind NOT IN ('correct','ask') OR text_id IS NOT NULL",
    "answered_has_date": "(state IN ('waiting','withdrawn')) = (answered_at IS NULL)",
    "answered_by_somebody": "(answered_by_id IS NULL) = (answered_at IS NULL)",
    "no_needs_a_reason": "state NOT IN ('refused','restricted') OR answer_id IS NOT NULL",
    "two_persons": "answered_by_id IS NULL OR entered_by_id IS NULL OR answered_by_id <> entered_by_id",
    "nobody_answers_own": "answered_by_id IS NULL OR person_id IS NULL OR answered_by_id <> person_id",
}
KEYS = {
    "council_id": "council", "person_id": "person", "record_id": "personal_record", "text_id": "personal_record",
    "entered_by_id": "person", "answered_by_id": "person", "answer_id": "personal_record",
}  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("personal_record", recreate="auto") as batch:
        batch.add_column(sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("restriction", sa.String(20), nullable=True))
        for name, condition in CONDITIONS.items():
            batch.create_check_constraint(op.f(f"ck_personal_record_{name}"), condition)
    op.create_table(
        "data_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(condition, name=op.f(f"ck_data_request_{name}")) for name, condition in REQUEST.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_data_request_{name}"))
            for name, table in KEYS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
        info={"recorded": True},
    )
    op.create_index("ix_data_request_council_state", "data_request", ["council_id", "state"])
    op.create_index(op.f("ix_data_request_person_id"), "data_request", ["person_id"])
    op.create_index(op.f("ix_data_request_record_id"), "data_request", ["record_id"])


def downgrade() -> None:
    # What was restricted would be readable again: an older program knows no restriction.
    restricted = op.get_bind().execute(sa.text("SELECT count(*) FROM personal_record WHERE restricted_at IS NOT NULL")).scalar()
    if restricted:
        raise RuntimeError(f"{restricted} texts are restricted: the tables of before cannot keep them from being read")
    if op.get_bind().execute(sa.text("SELECT count(*) FROM data_request")).scalar():
        raise RuntimeError("there are requests about personal data: the tables of before cannot hold them")
    op.drop_table("data_request")
    with op.batch_alter_table("personal_record", recreate="auto") as batch:
        for name in CONDITIONS:
            batch.drop_constraint(op.f(f"ck_personal_record_{name}"), type_="check")
        batch.drop_column("restriction")
        batch.drop_column("restricted_at")
