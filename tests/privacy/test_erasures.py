"""The ledger of erasures: in step with the commits, and what comes back with an older copy is erased before anybody is let in."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.cli import ScriptInfo
from sqlalchemy import event, select

from deliberation.app import ErasuresError, replay_erasures
from deliberation.audit import ledger, seen
from deliberation.audit.appending import references
from deliberation.audit.marks import Mark
from deliberation.audit.models import ActorRef, Log, PersonalRecord
from deliberation.audit.recording import Capacity, commitment_of, recording
from deliberation.audit.seen import Loss
from deliberation.audit.services import personal
from deliberation.cli import main
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import ReadOnly, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.people import services as people
from deliberation.privacy import services
from deliberation.privacy.states import Wish
from deliberation.review import services as review
from tests.audit.test_verifying import tamper
from tests.builders import at, do, found_world
from tests.commands import command, wsgi
from tests.conftest import copied, let_go, make_app
from tests.privacy.test_texts import checked
from tests.review.scenes import OPENING, comment, opened


@pytest.fixture
def book(app, tmp_path):
    """A ledger of this test's own."""
    app.config["ERASURE_LEDGER"] = str(tmp_path / "erasures.ledger")
    return tmp_path / "erasures.ledger"


@pytest.fixture
def said(world, book):
    """The texts of three comments."""
    with clock.frozen(at(OPENING)):
        window = opened(world)
        return [comment(world, window, by=code, text=f"words of {code}").text_id for code in ("R01", "R02", "R03")]


def run(app, *words):
    db.session.remove()
    return app.test_cli_runner().invoke(main, list(map(str, words)), obj=ScriptInfo(create_app=lambda: app))


def erase(text_id, world, code="R01"):
    with clock.frozen(at(OPENING)):
        do(lambda: review.erase(review.comment_with(text_id), actor=world[code]))


def test_an_erasure_stands_in_the_ledger_without_a_word(said, world, book):
    erase(said[0], world)
    (line,) = ledger.read(book)
    assert (line["log"], line["record"], line["basis"]) == ("council/mochou", said[0], "author_request")
    assert len(line["commitment"]) == 64
    assert "words" not in book.read_text()
    assert stat.S_IMODE(book.stat().st_mode) == 0o600


def test_what_was_rolled_back_is_taken_back(said, world, book):
    def fails(connection):
        raise RuntimeError("the disk is full")

    db.session.rollback()
    event.listen(db.engine, "commit", fails)
    try:
        with pytest.raises(RuntimeError):
            erase(said[0], world)
    finally:
        event.remove(db.engine, "commit", fails)
    assert len(book.read_text().splitlines()) == 2
    assert ledger.read(book) == []
    erase(said[0], world)
    assert [line["record"] for line in ledger.read(book)] == [said[0]]


def test_without_a_ledger_nothing_is_erased(app, said, world, tmp_path):
    app.config["ERASURE_LEDGER"] = str(tmp_path / "missing" / "erasures.ledger")
    with pytest.raises(Refused):
        erase(said[0], world)
    db.session.rollback()
    assert db.session.get_one(PersonalRecord, said[0]).kept == "words of R01"


def test_where_the_disk_refuses_nothing_is_erased_at_the_next_start_either(app, said, world, book, monkeypatch):
    erase(said[1], world, "R02")
    before = book.read_bytes()

    def full(*_args):
        raise OSError(28, "no space left")

    with monkeypatch.context() as patched:
        patched.setattr("deliberation.audit.ledger.os.fsync", full)
        with pytest.raises(Refused):
            erase(said[0], world)
    db.session.rollback()
    assert book.read_bytes() == before
    db.session.remove()
    replay_erasures(app)
    assert db.session.get_one(PersonalRecord, said[0]).kept == "words of R01"


def test_a_line_that_a_crash_broke_off_counts_for_nothing(said, world, book):
    erase(said[0], world)
    with book.open("a") as torn:
        torn.write('{"log": "council/mochou", "rec')
    assert len(ledger.read(book)) == 1
    erase(said[1], world, "R02")
    assert [line["record"] for line in ledger.read(book)] == [said[0], said[1]]


def test_an_erasure_that_a_crash_cut_off_is_finished_at_the_next_start(app, said, world, book):
    record = db.session.get_one(PersonalRecord, said[0])
    line = {"log": "council/mochou", "record": record.id, "commitment": commitment_of(record), "basis": "author_request"}
    ledger.append(book, [line])
    db.session.remove()
    assert replay_erasures(app) == "erased again after a restore: 1"
    assert db.session.get_one(PersonalRecord, said[0]).kept is None


WRONG = {
    "no JSON": "words\n",
    "a list": "[1]\n",
    "no number": '{"log": "council/mochou", "record": "1", "commitment": "x"}\n',
    "no commitment": '{"log": "council/mochou", "record": 1}\n',
    "a huge number": '{"log": "council/mochou", "record": 99999999999, "commitment": "x"}\n',
    "bytes": "\x00\x01\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_ledger_that_is_none_is_refused_in_one_line(app, world, book, text):
    book.write_text(text)
    with pytest.raises(ErasuresError, match="line 1 is no line of a ledger"):
        replay_erasures(app)
    done = run(app, "erasures", "replay")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1


@dataclass
class Restored:
    """The database as it was before the erasures, put back, with its own application."""

    app: object
    url: str
    world: object


@pytest.fixture
def restored(app, said, book, database_server, workplace, world_template, tmp_path):
    """A copy is made; then a comment is erased, a name and a speech corrected, a tie cut. The copy is what there is now."""
    tied = found_world(world_template[1])
    do(lambda: references(connection_of(db.session()), tied.council.log_id, [tied["R03"].id]))  # on a roll as well
    db.session.remove()
    let_go(app)
    with copied(database_server, workplace[1], tmp_path / "backup.db") as url:
        world = found_world(world_template[1])
        erase(said[0], world)
        do(lambda: services.rename(world["R02"], "Right Name", actor=world["R02"]))
        do(lambda: services.cut_tie(world.council, actor=world["R03"]))
        other = make_app(url)
        other.config["ERASURE_LEDGER"] = str(book)
        db.session.remove()
        with other.app_context():
            yield Restored(other, url, found_world(world_template[1]))
            db.session.remove()
        let_go(other)


def test_what_an_older_copy_brings_back_is_erased_again(restored, said):
    text_id, name_id, tied = said[0], restored.world["R02"].name_id, restored.world["R03"].id
    assert db.session.get_one(PersonalRecord, text_id).kept == "words of R01"
    db.session.remove()
    ties = select(ActorRef.ref).where(ActorRef.person_id == tied, ActorRef.log_id == restored.world.council.log_id)
    assert len(db.session.scalars(ties).all()) == 2
    db.session.remove()
    assert replay_erasures(restored.app) == "erased again after a restore: 3", "two texts and one person's tie"
    gone = db.session.get_one(PersonalRecord, text_id)
    assert (gone.kept, gone.salt, gone.basis) == (None, None, "restored_backup")
    assert review.comment_with(text_id).author_id is None
    old = db.session.get_one(PersonalRecord, name_id)
    assert (old.value, old.kept, old.restriction) == (None, "R02", "technical"), "the old name is back"
    logs = db.session.scalars(select(Log.name).join(ActorRef, ActorRef.log_id == Log.id).where(ActorRef.person_id == tied))
    assert "council/mochou" not in set(logs)
    assert checked() | {"ok": 0} == {"ok": 0, "erased": 1, "restricted": 1, "mismatch": 0}
    db.session.remove()
    assert replay_erasures(restored.app) == ""


def test_it_is_erased_again_even_where_nobody_else_may_write(restored, said, monkeypatch):
    """Published entries are missing, so only reading is possible; erasing is a duty all the same."""
    lost = Loss(Mark("test.example/council/mochou", 10**6, bytes(32)), None, 0)
    monkeypatch.setattr(seen, "losses", lambda: (lost,))
    with pytest.raises(ReadOnly):
        do(lambda: people.add_person("x"))
    db.session.remove()
    assert replay_erasures(restored.app) == "erased again after a restore: 3"
    assert db.session.get_one(PersonalRecord, said[0]).kept is None


def test_a_number_that_means_another_text_now_is_left_alone(restored, book):
    """After a restore numbers are given again: a later erasure's number may be a new text's."""
    capacity = Capacity(None, "installation", restored.world.council.log_id, restored.world.council.id)

    def keep():
        with recording(capacity, "personal_data.lift") as record:
            record.subject = row = personal(capacity.log_id, "data_request.text", "a new text")
            db.session.add(row)
        return row

    new = do(keep)
    ledger.append(book, [{"log": "council/mochou", "record": new.id, "commitment": "0" * 64, "basis": "author_request"}])
    db.session.remove()
    replay_erasures(restored.app)
    assert db.session.get_one(PersonalRecord, new.id).value == "a new text"


def test_the_list_made_from_the_logs_does_the_same_where_the_file_is_lost(app, restored, said, book, tmp_path):
    db.session.remove()
    with app.app_context():
        made = run(app, "erasures", "export", tmp_path / "list")
        assert made.exit_code == 0, made.output
        assert run(app, "erasures", "export", tmp_path / "list").exit_code == 2
    assert "words" not in (tmp_path / "list").read_text()
    book.unlink()
    done = run(restored.app, "erasures", "replay", tmp_path / "list")
    assert "erased again after a restore: 2" in done.output
    assert db.session.get_one(PersonalRecord, said[0]).kept is None
    assert run(restored.app, "erasures", "replay", tmp_path / "list").output.endswith("nothing to erase again\n")


def test_the_door_opens_only_after_it(restored, said, book):
    """A server that starts on an older copy erases first; with a ledger it cannot read it does not start."""
    env = {**os.environ, "DATABASE_URL": restored.url, "SECRET_KEY": "k", "ERASURE_LEDGER": str(book)}
    db.session.remove()
    done = command([], Path.cwd(), env, start=wsgi)
    assert (done.returncode, done.stderr) == (0, "erased again after a restore: 3\n")
    assert db.session.get_one(PersonalRecord, said[0]).kept is None
    book.write_text("words\n")
    for start in (wsgi, None):
        done = command(["serve", "--port", "1"], Path.cwd(), env, start=start)
        assert done.returncode != 0
        assert "line 1 is no line of a ledger" in done.stderr.splitlines()[-1]


def test_the_check_of_contents_counts_and_names(app, said, world):
    erase(said[0], world)
    text = db.session.get_one(PersonalRecord, said[1])
    asked = do(lambda: services.ask_about(text, Wish.RESTRICT, "", actor=world["R02"]))
    do(lambda: services.answer(asked, services.State.GRANTED, "", actor=world["S01"]))
    changed, emptied = said[2], world["P01"].name_id
    done = run(app, "log", "content-check")
    assert done.exit_code == 0, done.output
    ok = len(db.session.scalars(select(PersonalRecord.id)).all()) - 2
    assert done.stdout.splitlines()[-1] == f"ok {ok}, erased 1, restricted 1, mismatch 0"
    tamper(
        f"UPDATE personal_record SET value = 'slipped in' WHERE id = {changed}",
        f"UPDATE personal_record SET value = NULL, salt = NULL, erased_at = '2026-01-01 00:00:00' WHERE id = {emptied}",
    )
    done = run(app, "log", "content-check")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == f"ok {ok - 2}, erased 1, restricted 1, mismatch 2"
    first, second = sorted(done.stderr.splitlines())
    assert re.fullmatch(rf"mismatch: personal_record {emptied}: it is gone, and the log does not say .* of installation\)", first)
    assert re.fullmatch(rf"mismatch: personal_record {changed}: the commitment .* \(entry \d+ of council/mochou\)", second)
    assert "slipped in" not in done.output
    assert "words of" not in done.output


def test_the_ledger_is_read_in_one_piece(tmp_path):
    """Many hands at once: each line stands whole."""
    book = tmp_path / "many"
    code = (
        "import sys; from pathlib import Path; from deliberation.audit import ledger\n"
        "for n in range(1, 51): ledger.append(Path(sys.argv[1]), "
        "[{'log': sys.argv[2], 'record': n, 'commitment': 'c' * 64, 'basis': 'x'}])"
    )
    hands = [subprocess.Popen([sys.executable, "-c", code, str(book), f"log{n}"]) for n in range(3)]
    assert [hand.wait(60) for hand in hands] == [0, 0, 0]
    assert len(ledger.read(book)) == 150
    assert all(json.loads(line) for line in book.read_text().splitlines())
