"""What ``verify`` must not miss, and what must not disturb it."""

import json

import pytest
from sqlalchemy import func, select, text

from deliberation.agenda import services as agenda
from deliberation.audit.models import Entry, Log
from deliberation.audit.services import verify
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting import services as voting
from deliberation.voting.models import PollVoter
from deliberation.voting.services import Voter
from tests.builders import do

RULE = {"quorum": None, "pass": {"fraction": "1/2", "inclusive": False, "base": "present"}}


def tamper(*statements):
    """Change the database below every guard, with triggers and foreign keys off."""
    db.session.remove()
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    if db.engine.dialect.name == "sqlite":
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    else:
        cursor.execute("SET session_replication_role = replica")
    for statement in statements:
        cursor.execute(statement)
    connection.commit()
    connection.invalidate()
    db.engine.dispose()


def problems():
    db.session.remove()
    return {(found.name, found.bad_seq) for found in verify() if found.bad_seq is not None}


def test_a_log_whose_head_is_gone_is_named(world):
    log_id = world.council.log_id
    assert problems() == set()
    tamper(f"DELETE FROM audit_log WHERE id = {log_id}")
    assert problems() == {(f"log {log_id}", 0)}
    tamper(f"DELETE FROM audit_entry WHERE log_id = {log_id}")
    assert problems() == {(f"log {log_id}", 0)}


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_node_that_no_entry_completes_is_found(world, level):
    log_id, size = world.council.log_id, db.session.scalar(select(Log.size).where(Log.id == world.council.log_id))
    at = size >> level
    tamper(f"INSERT INTO audit_node (log_id, level, position, hash) SELECT {log_id}, {level}, {at}, hash FROM audit_node LIMIT 1")
    assert problems() == {("council/mochou", at << level)}


def test_an_index_row_of_an_unknown_log_is_found(world):
    tamper("INSERT INTO audit_about (log_id, what, seq) VALUES (77, 'matter:1', 3)")
    assert problems() == {("log 77", 3)}


def test_what_is_appended_during_a_verification_does_not_look_like_a_fault(world, app):
    actor_id = world["S01"].id
    db.session.remove()
    running = verify()
    assert next(running).bad_seq is None
    with app.app_context():
        council, actor = db.session.scalars(select(Council)).one(), db.session.get(Person, actor_id)
        do(lambda: agenda.open_matter(council, title="t", problem="p", actor=actor))
    assert [found.bad_seq for found in running] == [None]


def test_no_key_in_any_body_is_the_row_of_a_person(world):
    poll = do(lambda: voting.prepare(world.council, label="A1", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    voters = [Voter(world[code].id, True) for code in ("P01", "S01", "M01")]
    do(lambda: voting.open_poll(poll, voters, RULE, 1, actor=world["P01"]))
    body = db.session.scalar(select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq.desc()).limit(1))
    shown = [row["id"] for row in json.loads(body)["rows"] if row["table"] == "poll_voter"]
    refs = set(db.session.scalars(text("SELECT ref FROM audit_actor WHERE log_id = :l"), {"l": world.council.log_id}))
    assert db.session.scalar(select(func.count()).select_from(PollVoter)) == len(shown) == 3
    assert all(poll_id == poll.id and who in refs for poll_id, who in shown)
