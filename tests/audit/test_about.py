"""The index of a log: from a matter or a subject to the entries that tell of it, made with each entry, made again from them."""

import importlib.util
from pathlib import Path

import flask_migrate
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select

from deliberation.audit import queries
from deliberation.audit.models import About, Entry
from deliberation.audit.recording import read
from deliberation.audit.services import verify
from deliberation.extensions import db
from tests.agenda.worlds import drafting
from tests.audit.test_verifying import problems, tamper


def index():
    found = sorted(map(tuple, db.session.execute(select(About.log_id, About.what, About.seq))))
    db.session.remove()
    return found


def from_the_bodies():
    """The index as somebody would make it who has only the entries."""
    made = []
    for log_id, seq, body in db.session.execute(select(Entry.log_id, Entry.seq, Entry.body)):
        data = read(bytes(body))
        keys = {f"matter:{one}" for one in data.get("matters", [])}
        if data.get("subject"):
            keys.add(data["subject"])
        made += [(log_id, key, seq) for key in keys]
    return sorted(made)


def test_every_entry_is_found_by_its_subject_and_by_its_matters(world):
    drafting(world)
    assert index() == from_the_bodies()
    kinds = {what.partition(":")[0] for _log, what, _seq in index()}
    assert {"matter", "council", "appointment", "account"} <= kinds


def test_a_migration_down_and_up_again_makes_the_same_index(world):
    matter = drafting(world)
    log_id, matter_id = world.council.log_id, matter.id
    told = [line.seq for line in queries.timeline(log_id, matter_id)]
    before = index()
    flask_migrate.downgrade(revision="0011")
    flask_migrate.upgrade(revision="0012")
    assert (index(), told != []) == (before, True)
    assert [line.seq for line in queries.timeline(log_id, matter_id)] == told
    db.session.remove()
    flask_migrate.upgrade(revision="head")
    db.session.remove()
    assert {found.bad_seq for found in verify()} == {None}


def test_the_migration_fills_the_index_whatever_the_size_of_its_batches(world):
    drafting(world)
    before = index()
    place = Path(__file__).resolve().parents[2] / "migrations/versions/0012_about.py"
    spec = importlib.util.spec_from_file_location("about", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for module.BATCH in (1, 7):
        with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            module.downgrade()
            module.upgrade()
        assert index() == before


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ("DELETE FROM audit_about WHERE log_id = {log} AND seq = 7", 7),
        ("UPDATE audit_about SET what = 'poll:99' WHERE log_id = {log} AND seq = 5", 5),
        ("UPDATE audit_about SET seq = 9 WHERE log_id = {log} AND seq = 8", 8),
        ("INSERT INTO audit_about (log_id, what, seq) VALUES ({log}, 'comment:1', 3)", 3),
        ("INSERT INTO audit_about (log_id, what, seq) VALUES ({log}, 'comment:1', 4000)", 4000),
        ("INSERT INTO audit_about (log_id, what, seq) VALUES ({log}, 'comment:1', -2)", -2),
        ("DELETE FROM audit_about WHERE log_id = {log}", 0),
    ],
)
def test_a_changed_index_is_named_with_its_first_entry(world, change, bad):
    drafting(world)
    log_id = world.council.log_id
    tamper(change.format(log=log_id))
    assert problems() == {("council/mochou", bad)}
