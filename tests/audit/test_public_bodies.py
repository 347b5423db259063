"""Every body of the log is fit to be public: no text that somebody typed, no name, no choice, no key."""

import json

from sqlalchemy import LargeBinary, select

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.states import Body
from deliberation.appeals import services as appeals
from deliberation.audit import recorded_tables
from deliberation.audit.models import Entry, PersonalRecord
from deliberation.audit.queries import head
from deliberation.audit.recording import commitment_of
from deliberation.audit.tiles import tiles_of
from deliberation.evaluations.states import ASIDE_WORDS
from deliberation.extensions import db
from deliberation.voting import casting
from deliberation.voting import services as voting
from deliberation.voting.models import Ballot
from deliberation.voting.services import Voter
from tests.audit.signed import keep_key
from tests.audit.test_verifying import RULE
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
    # A receipt's text is the code of who holds the appeal, and that is public; why a comment was set aside is one of few codes.
    texts = {value: where for where, value in kept_back() if value not in {*Body, *ASIDE_WORDS}}
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


KEPT_BACK = {
    "name": "CANARYNAMEQ", "contact": "13899990000", "text": "CANARYTEXTQ", "reason": "CANARYREASONQ", "visit": "CANARYVISITQ",
}  # fmt: skip


def served(client, log_id):
    """Everything that a machine can fetch of a log: its checkpoint, every bundle, every tile."""
    size, _root = head(log_id)
    db.session.rollback()
    found = [client.get("/c/mochou/log/checkpoint").data, client.get("/c/mochou/log/key").data]
    for tile in tiles_of(size):
        answer = client.get(f"/c/mochou/log/{tile.path()}")
        assert answer.status_code == 200
        found.append(answer.data)
    return b"\n".join(found)


def test_planted_names_choices_visits_and_texts_stand_in_no_tile(app, world, client, tmp_path):
    app.config["LOG_KEY"] = str(keep_key(tmp_path / "log.key"))
    filed = do(
        lambda: appeals.file(
            world.council, channel="visit", text=KEPT_BACK["text"] + KEPT_BACK["visit"], name=KEPT_BACK["name"],
            contact=KEPT_BACK["contact"], actor=world["V01"],
        )
    )  # fmt: skip
    matter = do(lambda: agenda.open_matter(world.council, title=KEPT_BACK["text"], problem=KEPT_BACK["text"], actor=world["S01"]))
    do(lambda: recusals.ask_recusal(matter, world["M01"], KEPT_BACK["reason"], actor=world["M01"]))
    poll = do(lambda: voting.prepare(world.council, label="A1", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    voters = [Voter(world[code].id, True) for code in ("P01", "S01", "M01")]
    do(lambda: voting.open_poll(poll, voters, RULE, 1, actor=world["P01"]))
    for code, choice in (("P01", "against"), ("S01", "abstain"), ("M01", "for")):
        do(lambda code=code, choice=choice: casting.cast(poll, choice, actor=world[code]))
    log_id, code, names = world.council.log_id, filed.code, [world[code].name for code in ("P01", "S01", "M01")]
    everything = served(client, log_id)
    planted = [*KEPT_BACK.values(), code, code.replace("-", ""), '"against"', '"abstain"', *(f'"{name}"' for name in names)]
    assert [one for one in planted if one.encode() in everything] == []
    # The scan sees what is in the open.
    assert everything.count(b'"table":"ballot"') == 3
    assert b'"poll_voter"' in everything
