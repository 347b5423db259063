"""Every body of the log is fit to be public: no text that somebody typed, no name, no choice, no key."""

import json

from sqlalchemy import LargeBinary, select

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.states import Body
from deliberation.appeals import services as appeals
from deliberation.audit import recorded_tables
from deliberation.audit.models import Entry, PersonalRecord
from deliberation.audit.recording import commitment_of
from deliberation.extensions import db
from deliberation.voting.models import Ballot
from tests.builders import do

# Values of columns that the law lets stand in the open although the same word may stand in a withheld column too.
SHORTEST = 2


def bodies():
    return [bytes(body).decode() for body in db.session.scalars(select(Entry.body))]


def kept_back():
    """(where, value) of every text in a column that the log must not show."""
    for name in sorted(recorded_tables()):
        table = db.metadata.tables[name]
        for column in table.columns:
            if column.info["log"] == "public" or isinstance(column.type, LargeBinary):
                continue
            for value in db.session.scalars(select(column).where(column.is_not(None)).distinct()):
                if isinstance(value, str) and len(value) >= SHORTEST and name != "ballot":
                    yield f"{name}.{column.name}", value


def test_no_kept_back_text_of_the_whole_demonstration_stands_in_any_body(demo):
    found = bodies()
    # A receipt's text is the code of who holds the appeal, and that is public.
    texts = {value: where for where, value in kept_back() if value not in set(Body)}
    assert len(texts) > 150
    everything = "\n".join(found)
    # Names of the demonstration are short codes; a random reference could contain one by chance only between quotes.
    leaked = [
        f"{where}: {value}"
        for value, where in texts.items()
        if f'"{value}"' in everything or (len(value) > 5 and value in everything)
    ]
    assert leaked == []


def test_bodies_hold_no_letters_outside_ascii(demo):
    """Whoever types, types Chinese here: one such letter in a body would be a leak of somebody's words."""
    assert [body for body in bodies() if not body.isascii()] == []


def test_the_scan_finds_a_planted_leak(demo):
    record = db.session.scalars(select(PersonalRecord).where(PersonalRecord.kind == "appeal.text")).first()
    assert record.value in {value for _, value in kept_back()}
    assert not record.value.isascii()


def test_choices_stand_only_as_commitments_that_open_with_their_salt(demo):
    rows = {}
    for body in bodies():
        for row in json.loads(body)["rows"]:
            if row["table"] == "ballot":
                rows.setdefault(row["id"], {}).update(row)
                assert not {"choice", "person_id", "salt"} & set(row.get("set", {}))
    ballots = list(db.session.scalars(select(Ballot)))
    assert len(ballots) == len(rows) > 100
    assert all(rows[ballot.id]["commitment"] == commitment_of(ballot) for ballot in ballots)
    assert len({ballot.salt for ballot in ballots}) == len(ballots)


def test_planted_canaries_reach_no_body(world):
    canary = "CANARY-{}-canary"
    filed = do(
        lambda: appeals.file(
            world.council,
            channel="phone",
            text=canary.format("text"),
            name=canary.format("name"),
            contact=canary.format("contact"),
            actor=world["V01"],
        )
    )
    words = {"title": canary.format("title"), "problem": canary.format("problem")}
    matter = do(lambda: agenda.open_matter(world.council, **words, actor=world["S01"]))
    do(lambda: recusals.ask_recusal(matter, world["M01"], canary.format("reason"), actor=world["M01"]))
    assert filed.code
    everything = "\n".join(bodies())
    assert "CANARY" not in everything
    assert filed.code not in everything
    assert filed.code.replace("-", "") not in everything
