"""The lines of witnesses: several runs may bring them at once, and in any order."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from deliberation.audit import anchoring
from deliberation.audit.models import Cosignature, Log
from deliberation.audit.notes import Checkpoint, SignerKey
from deliberation.audit.notes import sign as sign_note
from deliberation.extensions import db
from tests.audit.outside import cosignature, witness_key

RUNS = 4


def checkpoint(size):
    origin = "test.example/council/mochou"
    text = Checkpoint(origin, size, bytes([size]) * 32).text()
    return sign_note(text, [SignerKey(origin, bytes(32))]), cosignature(text)


def kept(log_id):
    db.session.rollback()
    return list(db.session.scalars(select(Cosignature.size).where(Cosignature.log_id == log_id)))


def log_of(name):
    found = db.session.scalars(select(Log.id).where(Log.name == name)).one()
    db.session.rollback()
    return found


def test_runs_that_bring_the_first_line_of_a_witness_at_once_keep_one(app, world, monkeypatch):
    log_id, (note, line) = log_of("council/mochou"), checkpoint(5)
    start, found = Barrier(RUNS), []
    if db.engine.dialect.name == "postgresql":
        # All of them look, and find nothing, before any of them writes. SQLite lets one in at a time.
        get = type(db.session()).get

        def look(session, *of, **how):
            row = get(session, *of, **how)
            if not found:
                start.wait(20)
                found.append(row)
            return row

        monkeypatch.setattr(type(db.session()), "get", look)

    def bring(_run):
        with app.app_context():
            return [key.name for key in anchoring.accept(log_id, note, line, [witness_key()])]

    with ThreadPoolExecutor(RUNS) as pool:
        assert list(pool.map(bring, range(RUNS))) == [[witness_key().name]] * RUNS
    assert kept(log_id) == [5]


def test_a_line_that_comes_late_does_not_push_out_a_newer_one(app, world):
    log_id = log_of("council/mochou")
    for size, newest in ((5, 5), (9, 9), (7, 9), (9, 9), (10, 10)):
        anchoring.accept(log_id, *checkpoint(size), [witness_key()])
        assert kept(log_id) == [newest]
