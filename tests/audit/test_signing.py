"""Signing: only what is committed, only what goes on from what was signed; of two signers at once none forks."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deliberation.audit import keyfile, notes, signing, tree
from deliberation.audit.keyfile import KeyFileError, NoKeyFile
from deliberation.audit.models import Signed
from deliberation.audit.notes import SignerKey
from deliberation.audit.queries import head
from deliberation.audit.services import INSTALLATION, open_log
from deliberation.audit.signing import Forked, SigningError
from deliberation.extensions import db, transaction
from deliberation.people import services as people
from tests.audit.signed import KEY, keep_key, signed_now
from tests.audit.test_verifying import tamper
from tests.builders import do

OTHER = SignerKey(KEY.name, bytes(32))


@pytest.fixture
def log_id(app_context):
    do(lambda: people.add_person("first"))
    return do(lambda: open_log(INSTALLATION))


def opened(note, *keys):
    named = [key.named("test.example/installation").verifier for key in keys or (KEY,)]
    return notes.open_checkpoint(note.encode(), named)


def kept(log_id):
    db.session.rollback()
    return db.session.get(Signed, log_id).note


def test_a_checkpoint_says_what_the_log_is_and_is_kept_before_anybody_sees_it(log_id):
    note = signed_now(log_id)
    assert (opened(note).size, opened(note).root) == head(log_id)
    assert kept(log_id) == note


def test_nothing_new_is_signed_where_nothing_was_appended(log_id):
    assert signed_now(log_id) == signed_now(log_id, [OTHER])
    again = signed_now(log_id, [OTHER, KEY], anew=True)
    assert opened(again, KEY) == opened(again, OTHER)


def test_every_checkpoint_goes_on_from_the_one_before(log_id):
    points = []
    for n in range(9):
        do(lambda n=n: people.add_person(f"p{n}"))
        points.append(opened(signed_now(log_id)))
    assert [point.size for point in points] == list(range(2, 11))


def test_what_is_not_committed_is_not_signed(log_id):
    before = signed_now(log_id)
    with pytest.raises(SigningError, match="not committed"), transaction():
        people.add_person("second")
        signing.sign(log_id, [KEY])
    assert kept(log_id) == before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit_node SET hash = (SELECT hash FROM audit_node WHERE log_id = {log} AND level = 0 AND position = 3)"
        " WHERE log_id = {log} AND level = 2",
        "DELETE FROM audit_node WHERE log_id = {log} AND level = 1",
        "UPDATE audit_log SET size = 4, frontier = (SELECT hash FROM audit_node WHERE log_id = {log} AND level = 2"
        " AND position = 0) WHERE id = {log}",
    ],
    ids=["an inner node changed", "inner nodes gone", "cut short"],
)
def test_a_changed_past_is_never_signed(log_id, harm):
    for n in range(4):
        do(lambda n=n: people.add_person(f"p{n}"))
    before = signed_now(log_id)
    for n in range(4, 7):
        do(lambda n=n: people.add_person(f"p{n}"))
    tamper(harm.format(log=log_id))
    with pytest.raises(Forked):
        signed_now(log_id)
    assert kept(log_id) == before


def test_a_wholly_rewritten_past_is_never_signed(log_id):
    """Nodes and head agree with one another, and not with what was signed."""
    signed_now(log_id)
    for n in range(3):
        do(lambda n=n: people.add_person(f"p{n}"))
    builder, sql = tree.Builder(), []
    for n in range(4):
        for level, at, value in builder.add(b"%d" % n):
            shown = f"X'{value.hex()}'" if db.engine.dialect.name == "sqlite" else f"'\\x{value.hex()}'"
            where = f"log_id = {log_id} AND level = {level} AND position = {at}"
            sql.append(f"UPDATE audit_node SET hash = {shown} WHERE {where}")
            if level == 2:
                sql.append(f"UPDATE audit_log SET frontier = {shown} WHERE id = {log_id}")
    tamper(*sql)
    with pytest.raises(Forked):
        signed_now(log_id)


@pytest.mark.parametrize("harm", ["size = size - 1", "root = (SELECT max(body) FROM audit_entry)", "DELETE"])
def test_the_database_itself_takes_nothing_back_that_was_signed(log_id, harm):
    signed_now(log_id)
    verb = "DELETE FROM audit_signed" if harm == "DELETE" else f"UPDATE audit_signed SET {harm}"
    connection = db.session.connection()
    connection.info["appending"] = True
    with pytest.raises(DBAPIError):
        connection.execute(text(verb))
    db.session.rollback()


SIGN = """
import sys
from pathlib import Path
from deliberation.app import create_app
from deliberation.audit import keyfile, notes, signing
from deliberation.extensions import transaction
from deliberation.people import services
app = create_app({"SQLALCHEMY_DATABASE_URI": sys.argv[1], "SECRET_KEY": "x"})
with app.app_context():
    keys = keyfile.read(Path(sys.argv[3]))
    for n in range(int(sys.argv[4])):
        with transaction():
            services.add_person(f"{sys.argv[2]}-{n}")
        with transaction():
            note = signing.sign(1, keys)
        print(*notes.parse(note.encode()).text.split())
"""


def test_two_signers_in_two_processes_never_sign_two_histories(log_id, database_url, tmp_path):
    path, times = keep_key(tmp_path / "log.key"), 30
    db.session.remove()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SIGN, database_url, str(n), str(path), str(times)],
            env=os.environ.copy(), stdout=subprocess.PIPE, text=True,
        )
        for n in range(2)
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[0].splitlines() for process in running]
    assert ([process.returncode for process in running], [len(lines) for lines in said]) == ([0, 0], [times, times])
    roots = {}
    for lines in said:
        sizes = [int(line.split()[1]) for line in lines]
        assert sizes == sorted(sizes)
        for _origin, size, root in map(str.split, lines):
            assert roots.setdefault(size, root) == root, "two roots were signed for one size"
    assert len(roots) > times
    assert opened(kept(log_id)).size == 2 * times + 2


def test_of_two_at_the_same_size_the_later_takes_what_the_earlier_left(log_id, monkeypatch):
    """Another signer comes in between reading and swapping: the swap fails, and the other's note is given."""
    first, swap = [], signing._swap

    def late(connection, *values):
        if not first:
            first.append(swap(connection, *values[:-1], "the note of another signer\n"))
            return False
        return swap(connection, *values)

    monkeypatch.setattr(signing, "_swap", late)
    assert signed_now(log_id) == "the note of another signer\n"


@pytest.mark.parametrize(("size", "root"), [(1, tree.EMPTY_ROOT), (0, None)])
def test_what_is_no_longer_the_last_is_not_replaced(log_id, size, root):
    before = signed_now(log_id)
    with transaction():
        last = root or db.session.get(Signed, log_id).root
        assert signing._swap(db.session.connection(), log_id, size, last, 9, b"r" * 32, "forked") is False
    assert kept(log_id) == before


def test_a_key_file_open_to_others_is_refused_at_every_use(log_id, tmp_path):
    path = keep_key(tmp_path / "log.key")
    assert signing.usable_keys(path) == (KEY,)
    for mode in (0o640, 0o604, 0o620, 0o601):
        path.chmod(mode)
        with pytest.raises(KeyFileError, match="open to others"):
            signing.usable_keys(path)
    path.chmod(0o400)
    assert signing.usable_keys(path) == (KEY,)


@pytest.mark.parametrize(
    "content",
    ["", "x", KEY.encoded()[:-1], f"{KEY.encoded()}\n" * 3, f"{KEY.encoded()}\n{KEY.named('b.cn').encoded()}\n", "\0" * 9000],
    ids=["empty", "one letter", "cut short", "three", "two names", "zeros"],
)
def test_a_file_that_holds_no_keys_is_refused_in_one_line_that_repeats_nothing(content, tmp_path):
    path = tmp_path / "log.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as refused:
        keyfile.read(path)
    assert ("\n" in str(refused.value), KEY.encoded()[-20:-2] in str(refused.value)) == (False, False)


def test_no_file_and_a_folder_in_its_place(tmp_path):
    with pytest.raises(NoKeyFile, match="deliberation log key"):
        keyfile.read(tmp_path / "none")
    with pytest.raises(KeyFileError):
        keyfile.read(tmp_path)


def test_a_key_of_another_database_signs_nothing_here(log_id, tmp_path):
    """It would sign a second history under the same name."""
    path = tmp_path / "log.key"
    keyfile.write(path, [OTHER], new=True)
    with pytest.raises(SigningError, match="does not know"):
        signing.usable_keys(path)
    with pytest.raises(KeyFileError, match="exists already"):
        keyfile.write(path, [KEY], new=True)


def test_keys_come_and_go_in_the_log_and_old_signatures_stay_checkable(log_id, tmp_path):
    path = keep_key(tmp_path / "log.key", OTHER, KEY)
    with transaction():
        signing.retire_key(signing.known_keys()[-1])
    with pytest.raises(SigningError):
        signing.usable_keys(path)
    keyfile.write(path, [OTHER], new=False)
    assert signing.usable_keys(path) == (OTHER,)
    assert [key.public for key in signing.verifier_keys(INSTALLATION)] == [OTHER.verifier.public]
    assert [key.public for key in signing.verifier_keys(INSTALLATION, retired=True)] == [KEY.verifier.public]
