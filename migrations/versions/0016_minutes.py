"""minutes: wordings, objections, signatures"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("minutes_objection", "minutes_edit", "minutes")
RECORDED = {"info": {"recorded": True}}


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def when(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "minutes",
        number("meeting_id"),
        number("council_id"),
        when("laid_out_at", nullable=False),
        when("objections_until", nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("document_hash", sa.String(64), nullable=True),
        number("chair_signer_id", nullable=True),
        when("chair_signed_at"),
        number("clerk_signer_id", nullable=True),
        when("clerk_signed_at"),
        when("published_at"),
        sa.CheckConstraint("chair_signer_id <> clerk_signer_id", name=op.f("ck_minutes_two_persons_sign")),
        sa.CheckConstraint("(chair_signer_id IS NULL) = (chair_signed_at IS NULL)", name=op.f("ck_minutes_chair_signed_has_date")),
        sa.CheckConstraint("(clerk_signer_id IS NULL) = (clerk_signed_at IS NULL)", name=op.f("ck_minutes_clerk_signed_has_date")),
        sa.CheckConstraint("(document IS NULL) = (document_hash IS NULL)", name=op.f("ck_minutes_document_has_hash")),
        sa.CheckConstraint(
            "(document IS NULL) = (chair_signer_id IS NULL AND clerk_signer_id IS NULL)", name=op.f("ck_minutes_signed_is_frozen")
        ),
        sa.CheckConstraint("published_at IS NULL OR (chair_signer_id IS NOT NULL AND clerk_signer_id IS NOT NULL)",
                           name=op.f("ck_minutes_published_is_signed")),
        *keys("minutes", meeting="meeting", council="council", chair_signer="person", clerk_signer="person"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_minutes")),
        **RECORDED,
    )  # fmt: skip
    op.create_table(
        "minutes_edit",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        sa.Column("part", sa.String(20), nullable=False),
        number("number"),
        sa.Column("text", sa.Text(), nullable=True),
        number("words_id", nullable=True),
        number("by_id"),
        when("at", nullable=False),
        sa.CheckConstraint("(text IS NULL) = (words_id IS NOT NULL)", name=op.f("ck_minutes_edit_text_or_words")),
        *keys("minutes_edit", council="council", meeting="meeting", words="personal_record", by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_edit")),
        sa.UniqueConstraint("meeting_id", "part", "number", name=op.f("uq_minutes_edit_meeting_id_part_number")),
        **RECORDED,
    )
    op.create_table(
        "minutes_objection",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("by_id"),
        number("text_id"),
        when("made_at", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        number("answered_by_id", nullable=True),
        when("answered_at"),
        sa.CheckConstraint("by_id <> answered_by_id", name=op.f("ck_minutes_objection_nobody_answers_own")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (upheld IS NULL) = (answered_at IS NULL)"
            " AND (answered_by_id IS NULL) = (answered_at IS NULL)", name=op.f("ck_minutes_objection_answered_whole")),
        *keys("minutes_objection", council="council", meeting="meeting", by="person", text="personal_record", answered_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_objection")),
        **RECORDED,
    )  # fmt: skip
    op.create_index(op.f("ix_minutes_objection_meeting_id"), "minutes_objection", ["meeting_id"])


def downgrade() -> None:
    held = sum(op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() for table in TABLES)
    if held:
        raise RuntimeError("there are minutes: the tables of before cannot hold them")
    for table in TABLES:
        op.drop_table(table)
