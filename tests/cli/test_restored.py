"""An older copy put in the place of what was published: only reading, until the keeper says in public what is lost."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url

from deliberation.audit import marks, notes, queries, recorded_tables, seen, signing
from deliberation.audit.models import Log, LostPart
from deliberation.audit.replaying import differences
from deliberation.audit.seen import STATE
from deliberation.audit.services import verify
from deliberation.blueprints.words import told
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import ReadOnly
from deliberation.people import services as people
from tests.builders import PASSWORD, do
from tests.cli.test_anchor import anchor, in_the_council
from tests.cli.test_log_commands import FIRST, Place
from tests.conftest import let_go
from tests.web import in_english, post, sign_in, statements

CHECKPOINT = "/c/mochou/log/checkpoint"


@pytest.fixture
def place(app, world, tmp_path):
    app.config["LOG_KEY"] = str(tmp_path / "log.key")
    found = Place(app, tmp_path)
    found.shown("--origin", FIRST)
    return found


@pytest.fixture
def copy_and_restore(app, database_server, database_url, tmp_path):
    """Two functions: keep a copy of the database as it is; put it back in the place of what came after."""
    name = make_url(database_url).database

    def away():
        db.session.remove()
        let_go(app)

    def copy():
        away()
        if database_server is None:
            done = Place(app, tmp_path).run("backup", tmp_path / "copy.db")
            assert done.exit_code == 0, done.output
        else:
            database_server.create(template=name, name=f"{name}_copy")

    def restore():
        away()
        if database_server is None:
            path = Path(database_url.removeprefix("sqlite:///"))
            for rest in ("-wal", "-shm"):
                Path(f"{path}{rest}").unlink(missing_ok=True)
            shutil.copyfile(tmp_path / "copy.db", path)
        else:
            database_server.drop(name)
            database_server.create(template=f"{name}_copy", name=name)
        app.config.pop(STATE, None)  # a process that starts anew knows nothing

    yield copy, restore
    if database_server is not None:
        away()
        database_server.drop(f"{name}_copy")


@pytest.fixture
def restored(place, world, copy_and_restore):
    """A copy was made, the council went on, its checkpoint was fetched by somebody; then the copy came back."""
    copy, restore = copy_and_restore
    copy()
    in_the_council(world)
    place.published = place.app.test_client().get(CHECKPOINT).text
    restore()
    return place


def point_in(note):
    return notes.checkpoint(notes.parse(note.encode()).text)


def size_in(note):
    return point_in(note).size


def add(name="somebody"):
    db.session.remove()
    return do(lambda: people.add_person(name))


def test_nobody_writes_and_everybody_reads(restored, new_client):
    with pytest.raises(ReadOnly, match="from No"):
        add()
    client = new_client()
    for path in ("/c/mochou/", "/c/mochou/log/", "/c/mochou/log/root", "/login"):
        shown = client.get(path)
        assert (shown.status_code, "目前只能查看" in shown.text) == (200, True), path
    refused = post(client, "/login", {"login": "mochou-p01", "password": PASSWORD}, page="/login")
    assert (refused.status_code, "deliberation log acknowledge" in refused.text) == (503, True)
    assert f"从第{size_in(restored.published) - 1}号起缺失" in refused.text
    assert client.get("/c/nowhere/").status_code == 404
    assert post(client, "/logout").status_code == 302


def test_what_somebody_typed_stays_in_the_form(place, world, copy_and_restore, new_client):
    copy, restore = copy_and_restore
    client = in_english(sign_in(new_client(), "mochou-a01"))
    copy()
    in_the_council(world)
    client.get(CHECKPOINT)
    restore()
    form = {"name": "a neighbour of mine", "office": "clerk", "first": "2026-11-22"}
    refused = post(client, "/c/mochou/offices/appoint", form)
    assert (refused.status_code, 'value="a neighbour of mine"' in refused.text) == (503, True)
    assert "Only reading is possible now, nothing is recorded." in refused.text
    assert client.get("/c/mochou/offices/").status_code == 200


def test_nothing_new_is_signed_and_the_commands_say_why_in_one_line(restored):
    served = restored.app.test_client().get(CHECKPOINT).text
    assert served != restored.published
    assert size_in(served) == size_in(restored.published) - 1
    for words in (("person", "add", "li", "--passphrase", "a long passphrase"), ("log", "key", "--rotate"), ("log", "acknowledge"),
                  ("log", "anchor")):  # fmt: skip
        assert "deliberation log acknowledge" in (line := restored.refused(*words, LOG_ANCHORS="a=dir:/nowhere")) or "--yes" in line


def test_the_key_itself_refuses_where_nobody_asked(restored):
    """Even where the door of all transactions is open: the mark is asked at each signing."""
    db.session.remove()
    with seen.allowed():
        keys = signing.usable_keys(restored.key)
        with transaction():
            people.add_person("x")
        restored_log = db.session.scalars(db.select(Log.id).where(Log.name == "council/mochou")).one()
        with pytest.raises(signing.Forked, match="that were published"), transaction():
            signing.sign(restored_log, keys, anew=True)


def test_an_acknowledgement_is_an_entry_in_the_log_concerned_and_everybody_writes_again(restored, new_client):
    asked = restored.run("log", "acknowledge")
    assert (asked.exit_code, "--yes" in asked.stderr) == (2, True)
    assert f"{FIRST}/council/mochou" in asked.stdout
    done = restored.run("log", "acknowledge", "--yes")
    assert done.exit_code == 0, done.output
    row = db.session.scalars(db.select(LostPart)).one()
    point = point_in(restored.published)
    assert (row.origin, row.published, row.root) == (point.origin, point.size, point.root.hex())
    log = db.session.scalars(db.select(Log).where(Log.name == "council/mochou")).one()
    (line,) = queries.page(log.id, limit=1)
    with restored.app.test_request_context():
        sentence = told(line.body)
    assert sentence.startswith(f"恢复了较早的备份：{point.origin}曾公布{point.size}条留痕，现从第{row.kept}条起继续")
    assert row.kept == line.seq == point.size - 1
    (kept,) = marks.read(marks.acknowledged_file(restored.key))
    assert (kept.origin, kept.size, kept.root) == (point.origin, point.size, point.root)
    add()
    sign_in(new_client(), "mochou-p01")
    db.session.rollback()
    assert [found.bad_seq for found in verify()] == [None, None]
    assert list(differences({name: db.metadata.tables[name] for name in recorded_tables()})) == []
    assert "everything" in restored.run("log", "acknowledge").stdout
    again = point_in(new_client().get(CHECKPOINT).text)
    assert (again.size, again.root == point.root) == (point.size, False)


def test_another_worker_notices_the_acknowledgement_by_itself(restored):
    with pytest.raises(ReadOnly):
        add()
    theirs = restored.app.config[STATE]
    assert restored.run("log", "acknowledge", "--yes").exit_code == 0
    restored.app.config[STATE] = theirs
    assert add("now") is not None


def test_a_folder_outside_tells_as_well_when_the_mark_is_lost(place, world, copy_and_restore):
    copy, restore = copy_and_restore
    (place.folder / "kept").mkdir()
    where = f"archive=dir:{place.folder}/kept"
    anchor(place, where)
    copy()
    for _time in range(2):
        in_the_council(world) if _time == 0 else add("two")
        assert anchor(place, where).exit_code == 0
    marks.last_file(place.key).unlink()
    restore()
    with pytest.raises(ReadOnly):
        add()
    assert place.run("log", "acknowledge", "--yes").exit_code == 0
    place.app.config.pop(STATE, None)
    add("three")
    assert anchor(place, where).stderr == ""


def test_a_forged_file_in_the_folder_stops_nobody(place):
    inside = place.folder / "kept" / "x"
    inside.mkdir(parents=True)
    point = notes.Checkpoint(f"{FIRST}/council/mochou", 9999, b"f" * 32)
    forged = notes.sign(point.text(), [notes.SignerKey(point.origin, bytes(32))])
    (inside / f"9999-{(b'f' * 8).hex()}.checkpoint").write_text(forged)
    (inside / "99999-0000000000000000.checkpoint").write_text("nonsense")
    place.app.config.update(LOG_ANCHORS=f"a=dir:{place.folder}/kept b=dir:/nowhere/at/all")
    place.app.config.pop(STATE, None)
    assert add() is not None


def test_a_council_founded_after_the_copy_is_missed_too(place, copy_and_restore, world):
    marks.keep(place.key, marks.Mark(f"{FIRST}/council/founded-later", 3, b"r" * 32))
    place.app.config.pop(STATE, None)
    with pytest.raises(ReadOnly, match="founded-later"):
        add()
    assert place.run("log", "acknowledge", "--yes").exit_code == 0
    assert add() is not None
    assert db.session.scalars(db.select(LostPart)).one().kept == 0


def test_who_loses_the_mark_loses_the_protection_and_nothing_else(restored, world):
    marks.last_file(restored.key).unlink()
    in_the_council(world)
    assert restored.app.test_client().get(CHECKPOINT).status_code == 200
    assert marks.last_file(restored.key).exists()


def test_the_mark_of_another_installation_concerns_nobody_and_nonsense_is_passed_over(place):
    marks.last_file(place.key).write_text("elsewhere.example/council/mochou 7 " + "0" * 64 + "\nnonsense\n\xff")
    place.app.config.pop(STATE, None)
    assert add() is not None


def test_a_copy_that_is_not_older_than_what_was_published_changes_nothing(place, world, copy_and_restore):
    copy, restore = copy_and_restore
    copy()
    in_the_council(world)
    restore()
    assert add() is not None


def test_it_costs_no_statement_a_request(place, world, client):
    in_the_council(world)
    client.get(CHECKPOINT)
    with statements(place.app) as first:
        client.get("/about")
    assert (first, marks.last_file(place.key).exists()) == ([], True)
