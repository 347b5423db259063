"""agreements: sides of a meeting, the points agreed, how it ended; the report meeting's paper"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RECORDED = {"info": {"recorded": True}}


def keys(table, **targets):
    return [
        sa.ForeignKeyConstraint([f"{name}_id"], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_id"))
        for name, target in targets.items()
    ]


def check(table, name, rule):
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def when(name, nullable=True):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def number(name, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def code(name, length, nullable=True):
    return sa.Column(name, sa.String(length), nullable=nullable)


def text(name, nullable=True):
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    agreements()
    report()


def agreements() -> None:
    op.create_table(
        "meeting_side",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        code("party", 20),
        code("name", 60),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        number("speaker_id", nullable=True),
        when("entered_at", nullable=False),
        when("agreed_at"),
        code("agreed_hash", 64),
        check("meeting_side", "party_or_name", "(party IS NULL) <> (name IS NULL)"),
        check("meeting_side", "party_known", "party IN ('branch','residents_committee','owners_committee','property_company')"),
        check("meeting_side", "agreed_whole", "(agreed_at IS NULL) = (agreed_hash IS NULL)"),
        *keys("meeting_side", council="council", meeting="meeting", speaker="personal_record"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_side")),
        sa.UniqueConstraint("meeting_id", "party", name=op.f("uq_meeting_side_meeting_id_party")),
        sa.UniqueConstraint("meeting_id", "name", name=op.f("uq_meeting_side_meeting_id_name")),
        **RECORDED,
    )
    op.create_table(
        "agreed_point",
        number("id"),
        number("council_id"),
        number("meeting_id"),
        text("text", nullable=False),
        number("side_id", nullable=True),
        code("office", 30),
        sa.Column("due_on", sa.Date(), nullable=False),
        code("outcome", 10),
        text("word"),
        when("settled_at"),
        check("agreed_point", "one_does_it", "(side_id IS NULL) <> (office IS NULL)"),
        check("agreed_point", "outcome_known", "outcome IN ('done','not_done')"),
        check("agreed_point", "settled_whole", "(outcome IS NULL) = (word IS NULL) AND (outcome IS NULL) = (settled_at IS NULL)"),
        *keys("agreed_point", council="council", meeting="meeting", side="meeting_side"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_point")),
        **RECORDED,
    )
    op.create_index(op.f("ix_agreed_point_meeting_id"), "agreed_point", ["meeting_id"])
    op.create_table(
        "settlement",
        number("meeting_id"),
        number("council_id"),
        code("ending", 12, nullable=False),
        text("document"),
        code("document_hash", 64),
        text("reason"),
        code("channel", 20),
        code("channel_words", 120),
        when("at", nullable=False),
        number("by_id"),
        check("settlement", "ending_known", "ending IN ('agreed','not_reached')"),
        check("settlement", "channel_known", "channel IN ('people','administrative','judicial','street','council','other')"),
        check("settlement", "agreed_has_text",
              "(ending = 'agreed') = (document IS NOT NULL) AND (document IS NULL) = (document_hash IS NULL)"),
        check("settlement", "not_reached_goes_on",
              "(ending = 'not_reached') = (reason IS NOT NULL) AND (reason IS NULL) = (channel IS NULL)"),
        *keys("settlement", meeting="meeting", council="council", by="person"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_settlement")),
        **RECORDED,
    )  # fmt: skip


def report() -> None:
    sections = "section IN ('decisions','implementation','appeals','promises','points','meetings')"
    op.create_table(
        "report_introduction",
        number("meeting_id"),
        code("section", 20, nullable=False),
        number("council_id"),
        number("number"),
        text("text", nullable=False),
        when("at", nullable=False),
        number("by_id"),
        check("report_introduction", "section_known", sections),
        *keys("report_introduction", meeting="meeting", council="council", by="person"),
        sa.PrimaryKeyConstraint("meeting_id", "section", name=op.f("pk_report_introduction")),
        **RECORDED,
    )
    op.create_table(
        "report_paper",
        number("meeting_id"),
        number("council_id"),
        when("since", nullable=False),
        when("until", nullable=False),
        text("document", nullable=False),
        code("document_hash", 64, nullable=False),
        *keys("report_paper", meeting="meeting", council="council"),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_report_paper")),
        **RECORDED,
    )


def downgrade() -> None:
    for table in ("meeting_side", "agreed_point", "settlement", "report_paper", "report_introduction"):
        if op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar():
            raise RuntimeError("there are sides, points, endings or report papers: the tables of before cannot hold them")
    for table in ("report_paper", "report_introduction", "settlement", "agreed_point", "meeting_side"):
        op.drop_table(table)
