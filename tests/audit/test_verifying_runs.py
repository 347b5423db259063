"""The fast check of a whole log, run by run: it holds for every size, and for nothing that was touched."""

from hashlib import sha256

import pytest
from sqlalchemy import insert, select

from deliberation.audit import recording, services, tree, verifying
from deliberation.audit.models import Entry, Log, Node
from deliberation.audit.services import open_log, verify
from deliberation.extensions import db, transaction
from deliberation.kernel.transactions import connection_of
from tests.audit.test_verifying import tamper

MOST = 21


@pytest.fixture
def small_runs(monkeypatch):
    """Runs of four entries, so that a few make several runs and levels above them."""
    monkeypatch.setattr(verifying, "RUN", 4)
    monkeypatch.setattr(verifying, "LEVELS", 2)


@pytest.fixture
def filled(world, small_runs):
    """A log of its own with 21 entries and their nodes."""
    with transaction():
        log_id = open_log("council/small")
        connection, builder = connection_of(db.session()), tree.Builder()
        connection.info["appending"] = True
        for seq in range(MOST):
            body = f'{{"n":{seq}}}'.encode()
            nodes = builder.add(body)
            connection.execute(insert(Entry), {"log_id": log_id, "seq": seq, "body": body})
            rows = [{"log_id": log_id, "level": level, "position": at, "hash": value} for level, at, value in nodes]
            connection.execute(insert(Node), rows)
        connection.execute(
            Log.__table__.update().where(Log.id == log_id).values(size=MOST, frontier=builder.frontier)
        )
        connection.info["appending"] = False
    return log_id


def holds(log_id, size=MOST, frontier=None):
    db.session.remove()
    kept = db.session.scalar(select(Log.frontier).where(Log.id == log_id))
    told = []
    found = verifying.holds(connection_of(db.session()), log_id, size, frontier or bytes(kept), told.append)
    assert not found or sum(told) == size
    return found


def named():
    db.session.remove()
    return {found.bad_seq for found in verify() if found.name == "council/small"}


def test_it_holds_for_every_size_that_a_log_once_had(filled):
    builder = tree.Builder()
    for size in range(MOST):
        tamper(f"DELETE FROM audit_entry WHERE log_id = {filled} AND seq >= {MOST - size}") if size else None
        smaller = tree.Builder()
        for seq in range(MOST - size):
            smaller.add(f'{{"n":{seq}}}'.encode())
        assert holds(filled, MOST - size, smaller.frontier)
        assert not holds(filled, MOST - size, smaller.frontier[:-1] + b"x")
    assert builder.size == 0


@pytest.mark.parametrize(
    ("what", "first"),
    [
        *((f"UPDATE audit_entry SET body = '{{\"n\":99}}' WHERE seq = {seq}", seq) for seq in (0, 3, 4, 15, 16, 20)),
        *((f"DELETE FROM audit_entry WHERE seq = {seq}", seq) for seq in (0, 7, 8, 20)),
        *((f"UPDATE audit_node SET hash = frontier WHERE level = {level} AND position = {at}", (at + 1) * 2**level - 1)
          for level, at in ((0, 0), (0, 20), (1, 3), (2, 0), (2, 4), (3, 1), (4, 0))),
        ("INSERT INTO audit_entry (log_id, seq, body) VALUES ({log}, 21, '1')", 21),
        ("UPDATE audit_entry SET seq = 30 WHERE seq = 20", 20),
    ],
)  # fmt: skip
def test_it_holds_for_nothing_that_was_touched_and_the_walk_names_the_place(filled, what, first):
    here = f" AND log_id = {filled}" if "INSERT" not in what else ""
    value = "'" if db.engine.dialect.name == "sqlite" else "'\\x"
    wrong = value.replace("'", "x'", 1) if value == "'" else value
    statement = what.replace("frontier", wrong + sha256(b"wrong").hexdigest() + "'").replace("{log}", str(filled))
    tamper(statement + here)
    assert not holds(filled)
    assert named() == {first}


def test_what_the_fast_check_reads_out_of_a_body_is_what_the_index_was_made_of(demo):
    bodies = [bytes(body) for body in db.session.scalars(select(Entry.body))]
    assert len(bodies) > 300
    for body in bodies:
        assert sorted(verifying.about(body)) == recording.about(recording.read(body))


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"matters":[', b'{"matters":[1,2],"rows":[', b"\xff" * 400, b'"subject":"\xff","v":1}']
)
def test_garbage_in_place_of_a_body_stops_nothing(body):
    assert isinstance(verifying.about(body), set)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_about WHERE seq = 5",
        "UPDATE audit_about SET what = 'comment:9' WHERE seq = 3",
        "UPDATE audit_about SET seq = seq + 1 WHERE seq = 5",
        "INSERT INTO audit_about (log_id, what, seq) VALUES ({log}, 'poll:7', 2)",
    ],
)
def test_a_touched_index_does_not_hold(world, change):
    log_id = world.council.log_id
    size = db.session.scalar(select(Log.size).where(Log.id == log_id))
    assert verifying.index_holds(connection_of(db.session()), log_id, size)
    tamper(change.replace("{log}", str(log_id)).replace("WHERE", f"WHERE log_id = {log_id} AND"))
    assert holds(log_id, size) and not verifying.index_holds(connection_of(db.session()), log_id, size)
    assert {found.bad_seq for found in verify()} != {None}


def test_the_walk_is_not_asked_where_everything_holds(filled, monkeypatch):
    monkeypatch.setattr(services, "_walk", lambda log: pytest.fail("walked for nothing"))
    assert named() == {None}
