"""Corrected, restricted, used again, erased: after each, pages, exports, tables and the checks of the log say the same."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import case, func, select
from sqlalchemy.engine import make_url

from deliberation.agenda.models import Matter
from deliberation.appeals.models import Appeal
from deliberation.audit import contents, recorded_tables
from deliberation.audit.models import PersonalRecord
from deliberation.audit.replaying import differences
from deliberation.audit.services import verify
from deliberation.blueprints.kept import kept
from deliberation.extensions import db
from deliberation.meetings.models import Meeting
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.privacy import services
from deliberation.privacy.queries import person_of
from deliberation.privacy.states import Wish
from tests.builders import do
from tests.privacy import scenes
from tests.web import sign_in

READERS = ("S01", "P01", "V01", None)


def tables():
    return {name: db.metadata.tables[name] for name in recorded_tables()}


def checked():
    """How many of each kind the check of contents finds, after the other two checks found nothing."""
    db.session.remove()
    assert [log.problem for log in verify() if log.bad_seq is not None] == []
    assert [str(one) for one in differences(tables())] == []
    counts = dict.fromkeys(contents.KINDS, 0)
    for one in contents.check(tables()):
        counts[one.kind] += 1
    db.session.remove()
    return counts


def pages():
    """The pages on which texts stand, all of them."""
    council = scenes.council()
    base = f"/c/{council.slug}"
    found = ["/me/", *(f"{base}/{one}" for one in ("", "offices/", "proposals/", "appeals", "personal-data/"))]
    for matter in db.session.scalars(select(Matter).where(Matter.council_id == council.id)):
        found += [f"{base}/agenda/{matter.no}{more}" for more in ("", "/recusals", "/motions/", "/tasks", "/log")]
        found.append(f"{base}/forum/{matter.no}")
    found += [f"{base}/meetings/{one}" for one in db.session.scalars(select(Meeting.id).where(Meeting.council_id == council.id))]
    found += [f"{base}/appeals/{one.no}" for one in db.session.scalars(select(Appeal).where(Appeal.appellant_id.is_not(None)))]
    return found


def seen(readers, words, urls):
    """Where the words stand: (reader, page) by word."""
    found = {}
    for code, client in readers.items():
        for url in urls:
            answer = client.get(url)
            assert answer.status_code < 500, url
            for word in words:
                if word in answer.text:
                    found.setdefault(word, set()).add((code, url))
    return found


def in_tables(words):
    """The columns of all tables in which a word stands, by word."""
    found = {}
    for table in db.metadata.sorted_tables:
        wanted = {(column.name, word): _holds(column, word) for column in table.columns for word in words}
        row = db.session.execute(select(*(func.max(case((one, 1), else_=0)) for one in wanted.values())).select_from(table)).one()
        for (column, word), is_there in zip(wanted, row, strict=True):
            if is_there:
                found.setdefault(word, set()).add(f"{table.name}.{column}")
    return found


def _holds(column, word):
    if column.type.python_type is not bytes:
        return column.cast(db.Text()).contains(word)
    as_hex = func.hex(column) if db.engine.dialect.name == "sqlite" else func.upper(func.encode(column, "hex"))
    return as_hex.contains(word.encode().hex().upper())


def test_a_text_of_each_kind_corrected_restricted_lifted_and_erased(demo, new_client, database_url):
    readers = {code: sign_in(new_client(), code, demo.password) if code else new_client() for code in READERS}
    texts = scenes.planted()
    numbers, words = zip(*texts.values(), strict=True)
    first = checked()
    assert first["mismatch"] == 0
    shown = seen(readers, words, pages())
    assert {kind for kind, (_number, word) in texts.items() if word in shown} == set(texts), "not all stand on some page"
    where = sorted({url for places in shown.values() for _code, url in places})

    for number in numbers:
        scenes.granted(scenes.record(number), Wish.RESTRICT)
    assert seen(readers, words, where) == {}
    restricted = checked()
    assert (restricted["restricted"], restricted["mismatch"]) == (len(texts), 0)
    assert in_tables(words) == {word: {"personal_record.value"} for word in words}
    for number, word in texts.values():
        owner = owner_of(number, new_client(), demo.password)
        assert word in owner.get("/me/data/").text
        assert word in owner.get("/me/data/my-data.json").text

    for number in numbers:
        who = db.session.get_one(Person, person_of(scenes.record(number)))
        do(lambda number=number, who=who: services.lift(scenes.record(number), actor=who))
    again = checked()
    assert (again["ok"], again["restricted"]) == (restricted["ok"] + len(texts), 0)
    assert seen(readers, words, where) == shown

    for number in numbers:
        scenes.granted(scenes.record(number), Wish.DELETE)
    assert seen({"S01": readers["S01"]}, words, pages()) == seen(readers, words, where) == {}
    assert checked()["mismatch"] == 0
    assert in_tables(words) == {}
    for number in numbers:
        gone = scenes.record(number)
        assert (gone.kept, gone.salt, gone.basis) == (None, None, "author_request")
    assert_not_in_the_file(database_url, words)


def owner_of(number, client, password):
    """The person concerned, signed in; some of the demonstration have no account, or only a card."""
    who = db.session.get_one(Person, person_of(scenes.record(number)))
    account = people.account_of(who) or do(lambda: people.open_account(f"owner{who.id}", password, name="", person=who))
    if not account.password_hash:
        do(lambda: people.set_password(account, password))
    return sign_in(client, account.login, password)


def assert_not_in_the_file(url, words):
    """On SQLite: not in free pages either, once the write-ahead log is folded in."""
    if not url.startswith("sqlite"):
        return
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(str(make_url(url).database))
    stored = path.read_bytes() + (Path(f"{path}-wal").read_bytes() if Path(f"{path}-wal").exists() else b"")
    assert "莫愁".encode() in stored
    assert [word for word in words if word.encode() in stored] == []


def test_a_process_that_erased_remembers_nothing(demo, new_client):
    reader = new_client()
    number, word = scenes.planted()["comment.text"]
    assert seen({None: reader}, [word], pages())
    assert word in remembered()
    scenes.granted(scenes.record(number), Wish.DELETE)
    assert word not in remembered()


def remembered():
    return "".join(str(part.body) + str(part.rest) for _at, part in kept._parts.values())


def test_every_text_that_is_kept_can_be_restricted_and_no_reader_forgets_it(app_context):
    """Whoever reads texts reads ``value``: only the checks and one's own page may read what is stored."""
    allowed = {
        "audit/models.py", "audit/services.py", "privacy/queries.py", "privacy/services.py", "blueprints/my_data.py",
    }  # fmt: skip
    package = Path(services.__file__).parent.parent
    readers = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "PersonalRecord.kept" in (source := path.read_text(encoding="utf-8")) or "record.kept" in source
    }
    assert readers <= allowed
    assert db.session.scalar(select(func.count()).select_from(PersonalRecord).where(PersonalRecord.value.is_not(None))) == 0
