"""The log in the database: append-only by trigger, verified from the bodies, written by several processes at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.audit import queries, tree
from deliberation.audit.models import Entry, Log
from deliberation.audit.recording import commitment_of
from deliberation.audit.services import erase, verify
from deliberation.audit.stored import from_nodes
from deliberation.councils.services import installation
from deliberation.extensions import db
from deliberation.people import services as people
from tests.builders import do
from tests.commands import command

CHANGES = {
    "UPDATE": "UPDATE {t} SET {c} = {c}",
    "DELETE": "DELETE FROM {t}",
}


def raw():
    """A connection below every guard: the driver itself."""
    return db.engine.raw_connection()


@pytest.fixture
def told(world):
    """A council's log with some history."""
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["S01"]))
    do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
    do(lambda: agenda.write_plan(matter, ["a", "b"], powers="within", actor=world["S01"]))
    db.session.remove()
    return world


def run(sql):
    connection = raw()
    try:
        cursor = connection.cursor()
        cursor.execute(sql)
        connection.commit()
        return cursor.rowcount
    finally:
        connection.rollback()
        connection.close()


@pytest.mark.parametrize("table", ["audit_entry", "audit_node", "audit_about"])
def test_triggers_refuse_every_change_of_the_log(told, table):
    column = {"audit_entry": "body", "audit_node": "hash", "audit_about": "what"}[table]
    forbidden = [sql.format(t=table, c=column) for sql in CHANGES.values()]
    if db.engine.dialect.name == "sqlite":
        forbidden.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        forbidden.append(f"REPLACE INTO {table} SELECT * FROM {table}")
    else:
        forbidden.append(f"TRUNCATE {table}")
    before = run(f"SELECT count(*) FROM {table}")
    for sql in forbidden:
        with pytest.raises(db.engine.dialect.dbapi.IntegrityError):
            run(sql)
    assert run(f"SELECT count(*) FROM {table}") == before


def drop_triggers():
    connection = raw()
    cursor = connection.cursor()
    if db.engine.dialect.name == "sqlite":
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
    else:
        for table in ("audit_entry", "audit_node", "audit_about"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    connection.commit()
    connection.close()


def bad(name="council/mochou"):
    db.session.remove()
    return {found.name: found.bad_seq for found in verify()}[name]


def tamper(sql, **values):
    connection = raw()
    if db.engine.dialect.name == "sqlite":
        connection.execute(sql, values)
    else:
        for key in values:
            sql = sql.replace(f":{key}", f"%({key})s")
        connection.cursor().execute(sql, values)
    connection.commit()
    connection.close()


def log_id_of(world):
    return db.session.scalar(db.select(Log.id).where(Log.name == "council/mochou"))


def test_a_whole_log_verifies_and_its_root_is_that_of_an_independent_computation(told):
    log_id = log_id_of(told)
    bodies = [bytes(b) for b in db.session.scalars(db.select(Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq))]

    def mth(leaves):
        if len(leaves) == 1:
            return tree.leaf_hash(leaves[0])
        k = 1 << ((len(leaves) - 1).bit_length() - 1)
        return tree.node_hash(mth(leaves[:k]), mth(leaves[k:]))

    found = {v.name: v for v in verify()}["council/mochou"]
    assert (found.bad_seq, found.size, found.root) == (None, len(bodies), mth(bodies))


def test_every_changed_body_is_named_by_its_seq(told):
    drop_triggers()
    log_id = log_id_of(told)
    bodies = db.session.execute(db.select(Entry.seq, Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq)).all()
    for seq, body in bodies:
        flipped = bytes([bytes(body)[0] ^ 1]) + bytes(body)[1:]
        tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=flipped, l=log_id, s=seq)
        assert bad() == seq
        tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=bytes(body), l=log_id, s=seq)
    assert bad() is None


def test_a_missing_a_swapped_and_an_extra_entry_are_found(told):
    drop_triggers()
    log_id = log_id_of(told)
    rows = db.session.execute(db.select(Entry.seq, Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq)).all()
    last = rows[-1].seq
    tamper("DELETE FROM audit_entry WHERE log_id = :l AND seq = 5", l=log_id)
    assert bad() == 5
    tamper("INSERT INTO audit_entry (log_id, seq, body) VALUES (:l, 5, :b)", l=log_id, b=bytes(rows[5].body))
    assert bad() is None
    for seq, other in ((7, 8), (8, 7)):
        tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=bytes(rows[other].body), l=log_id, s=seq)
    assert bad() == 7
    for seq in (7, 8):
        tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = :s", b=bytes(rows[seq].body), l=log_id, s=seq)
    tamper("DELETE FROM audit_entry WHERE log_id = :l AND seq = :s", l=log_id, s=last)
    assert bad() == last
    tamper("INSERT INTO audit_entry (log_id, seq, body) VALUES (:l, :s, :b)", l=log_id, s=last, b=bytes(rows[-1].body))
    tamper("INSERT INTO audit_entry (log_id, seq, body) VALUES (:l, :s, :b)", l=log_id, s=last + 1, b=b"{}")
    assert bad() == last + 1


def test_a_changed_inner_node_a_changed_head_and_a_changed_index_are_found(told):
    drop_triggers()
    log_id = log_id_of(told)
    tamper("UPDATE audit_node SET hash = :h WHERE log_id = :l AND level = 1 AND position = 2", h=b"x" * 32, l=log_id)
    assert bad() == 5
    value = from_nodes(db.session.connection(), log_id, lambda node: tree.node_hash(node(0, 4), node(0, 5)))
    tamper("UPDATE audit_node SET hash = :h WHERE log_id = :l AND level = 1 AND position = 2", h=value, l=log_id)
    assert bad() is None
    tamper("DELETE FROM audit_about WHERE log_id = :l AND seq = (SELECT max(seq) FROM audit_about WHERE log_id = :l)", l=log_id)
    assert bad() is not None
    size = db.session.scalar(db.select(Log.size).where(Log.id == log_id))
    tamper("UPDATE audit_log SET size = size - 1 WHERE id = :l", l=log_id)
    assert bad() == size


def test_inclusion_proofs_hold_for_every_entry(told):
    log_id = log_id_of(told)
    size, root = queries.head(log_id)
    for seq in range(size):
        _, body = queries.entry(log_id, seq)
        tree.verify_inclusion(tree.leaf_hash(body), seq, size, queries.inclusion(log_id, seq, size), root)


def test_erasing_leaves_a_log_that_verifies_and_a_commitment_that_opens_for_nobody(told):
    person = told["R01"]
    record = db.session.merge(person)._name
    before = commitment_of(record)
    do(lambda: erase(record, basis="request", capacity=installation()))
    assert (record.value, record.salt) == (None, None)
    assert record.erased_at is not None
    bodies = [bytes(b).decode() for b in db.session.scalars(db.select(Entry.body))]
    assert any(before in body for body in bodies)
    assert [found.bad_seq for found in verify()] == [None, None]


APPEND = """
import sys
from deliberation.app import create_app
from deliberation.extensions import transaction
from deliberation.people import services
app = create_app({"SQLALCHEMY_DATABASE_URI": sys.argv[1], "SECRET_KEY": "x"})
with app.app_context():
    for n in range(int(sys.argv[3])):
        with transaction():
            services.add_person(f"{sys.argv[2]}-{n}")
"""


def test_several_processes_appending_at_once_leave_no_gap_and_no_fork(app_context, database_url):
    processes, times = 4, 25
    do(lambda: people.add_person("first"))
    db.session.remove()
    running = [
        subprocess.Popen([sys.executable, "-c", APPEND, database_url, str(n), str(times)], env=os.environ.copy())
        for n in range(processes)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * processes
    found = list(verify())[0]
    assert (found.bad_seq, found.size) == (None, processes * times + 1)
    refs = [json.loads(b)["subject"] for b in db.session.scalars(db.select(Entry.body).where(Entry.log_id == 1))]
    assert len(set(refs)) == processes * times + 1


def test_the_command_prints_one_line_a_log_and_names_a_bad_entry(told, database_url):
    env = {**os.environ, "DATABASE_URL": database_url, "SECRET_KEY": "x"}
    db.session.remove()
    good = command(["log", "verify"], Path.cwd(), env)
    assert good.returncode == 0
    lines = good.stdout.splitlines()[1:]
    assert [line.split(": ")[0] for line in lines] == ["installation", "council/mochou"]
    assert all("verified" in line and ", root " in line for line in lines)
    drop_triggers()
    tamper("UPDATE audit_entry SET body = :b WHERE log_id = :l AND seq = 3", b=b'{"v":1}', l=log_id_of(told))
    wrong = command(["log", "verify"], Path.cwd(), env)
    assert wrong.returncode == 1
    assert "council/mochou: bad entry at seq 3" in wrong.stderr


def test_the_orm_refuses_to_change_an_entry(told):
    def change():
        db.session.execute(text("UPDATE audit_entry SET body = body"))

    with pytest.raises((RuntimeError, IntegrityError)):
        do(change)


