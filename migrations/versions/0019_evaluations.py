"""evaluations: rating rounds, comments and findings, promises of improvement"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

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


def words(name, longest=None, nullable=False):
    return sa.Column(name, sa.String(longest) if longest else sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.add_column("poll", number("least_shown", nullable=True))
    op.create_table(
        "sealed_result",
        number("poll_id"),
        number("council_id"),
        words("result"),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        *keys("sealed_result", poll="poll", council="council"),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_sealed_result")),
        **RECORDED,
    )
    _rounds()
    _comments()
    op.create_table(
        "rating_promise",
        number("id"),
        number("council_id"),
        number("round_id"),
        number("finding_id", nullable=True),
        number("position", nullable=True),
        words("text"),
        words("owner_kind", 20),
        words("owner", 80),
        sa.Column("due_on", sa.Date(), nullable=False),
        when("made_at", nullable=False),
        number("made_by_id"),
        words("outcome", 10, nullable=True),
        words("done", nullable=True),
        when("ended_at"),
        number("ended_by_id", nullable=True),
        sa.CheckConstraint("owner_kind IN ('station','members','resident_unit','secretary')",
                           name=op.f("ck_rating_promise_owner_known")),
        sa.CheckConstraint("outcome IS NULL OR outcome IN ('kept','broken')", name=op.f("ck_rating_promise_outcome_known")),
        sa.CheckConstraint("(finding_id IS NULL) <> (position IS NULL)", name=op.f("ck_rating_promise_for_one_thing")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL) AND (done IS NULL) = (ended_at IS NULL) "
                           "AND (ended_by_id IS NULL) = (ended_at IS NULL)", name=op.f("ck_rating_promise_ended_whole")),
        *keys("rating_promise", council="council", round="rating_round", finding="rating_finding", made_by="person",
              ended_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_promise")),
        **RECORDED,
    )  # fmt: skip
    op.create_index(op.f("ix_rating_promise_round_id"), "rating_promise", ["round_id"])


def _rounds() -> None:
    op.create_table(
        "rating_round",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        number("number"),
        words("title", 120),
        words("rater_group", 20),
        words("scale", 20),
        number("least"),
        number("poll_id", nullable=True),
        when("published_at"),
        number("published_by_id", nullable=True),
        sa.CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_rating_round_published_whole")),
        sa.CheckConstraint("published_at IS NULL OR poll_id IS NOT NULL", name=op.f("ck_rating_round_published_has_poll")),
        *keys("rating_round", council="council", meeting="meeting", poll="poll", published_by="person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_round")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_rating_round_meeting_id_number")),
        sa.UniqueConstraint("poll_id", name=op.f("uq_rating_round_poll_id")),
        **RECORDED,
    )
    op.create_table(
        "rating_subject",
        number("round_id"),
        number("position"),
        number("council_id"),
        words("kind", 20),
        words("name", 200),
        number("resolution_id", nullable=True),
        number("person_id", nullable=True),
        sa.Column("salt", sa.LargeBinary(32), nullable=False),
        sa.CheckConstraint("(kind = 'resolution') = (resolution_id IS NOT NULL)",
                           name=op.f("ck_rating_subject_resolution_is_named")),
        sa.CheckConstraint("(kind = 'member') = (person_id IS NOT NULL)", name=op.f("ck_rating_subject_member_is_a_person")),
        *keys("rating_subject", round="rating_round", council="council", resolution="resolution", person="person"),
        sa.PrimaryKeyConstraint("round_id", "position", name=op.f("pk_rating_subject")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_rating_subject_round_id_name")),
        **RECORDED,
    )  # fmt: skip
    op.create_table(
        "rating_rater",
        number("round_id"),
        number("person_id"),
        number("council_id"),
        *keys("rating_rater", round="rating_round", person="person", council="council"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_rating_rater")),
        **RECORDED,
    )


def _comments() -> None:
    op.create_table(
        "comment_box",
        words("id", 64),
        number("poll_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *keys("comment_box", poll="poll"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_box")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_comment_box_poll_id"), "comment_box", ["poll_id"])
    op.create_table(
        "rating_finding",
        number("id"),
        number("council_id"),
        number("round_id"),
        words("words"),
        when("made_at", nullable=False),
        *keys("rating_finding", council="council", round="rating_round"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_finding")),
        **RECORDED,
    )
    op.create_index(op.f("ix_rating_finding_round_id"), "rating_finding", ["round_id"])
    op.create_table(
        "rating_comment",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        number("council_id"),
        number("round_id"),
        number("text_id"),
        number("finding_id", nullable=True),
        words("aside", 20, nullable=True),
        sa.CheckConstraint("aside IS NULL OR aside IN ('elsewhere','off_topic','private','empty')",
                           name=op.f("ck_rating_comment_aside_known")),
        sa.CheckConstraint("finding_id IS NULL OR aside IS NULL", name=op.f("ck_rating_comment_one_end")),
        *keys("rating_comment", council="council", round="rating_round", text="personal_record", finding="rating_finding"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_comment")),
        **RECORDED,
    )  # fmt: skip
    op.create_index(op.f("ix_rating_comment_round_id"), "rating_comment", ["round_id"])


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT count(*) FROM rating_round")).scalar():
        raise RuntimeError("there are rating rounds: the tables of before cannot hold them")
    for table in ("rating_promise", "rating_comment", "rating_finding", "comment_box", "rating_rater", "rating_subject"):
        op.drop_table(table)
    for table in ("rating_round", "sealed_result"):
        op.drop_table(table)
    op.drop_column("poll", "least_shown")
