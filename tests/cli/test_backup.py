"""``deliberation backup``: a whole copy of a database in use, where a plain copy of the file is not one."""

import sqlite3
import stat
from contextlib import closing
from shutil import copyfile

import pytest

from tests.cli.test_init import run

ENTRIES = "SELECT count(*) FROM audit_entry"


def count(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(ENTRIES).fetchone()[0]


@pytest.fixture
def place(tmp_path):
    """A real installation; SQLite, whatever the suite runs on."""
    folder = tmp_path / "place"
    folder.mkdir()
    assert run(folder, "init", "--name", "沈某").returncode == 0
    return folder


@pytest.fixture
def in_use(place):
    """Somebody reads and somebody else is about to write: what is newest stands beside the file, not in it."""
    with closing(sqlite3.connect(place / "deliberation.db", isolation_level=None)) as connection:
        connection.execute(ENTRIES).fetchone()
        assert run(place, "person", "add", "li", "--passphrase", "one long passphrase").returncode == 0
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE audit_log SET name = name")
        yield place


def test_the_copy_of_a_database_in_use_is_whole(in_use, tmp_path):
    plain, made = tmp_path / "plain.db", tmp_path / "made.db"
    copyfile(in_use / "deliberation.db", plain)
    done = run(in_use, "backup", str(made))
    assert done.returncode == 0, done.stderr
    entries = count(in_use / "deliberation.db")
    assert f"{made}: checked, holds {entries} log entries" in done.stdout
    assert count(plain) < count(made) == entries
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("made")) == ["made.db"]


def test_a_restored_copy_verifies_and_knows_everybody(in_use, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    assert run(in_use, "backup", str(again / "deliberation.db")).returncode == 0
    copyfile(in_use / ".env", again / ".env")
    verified, listed = run(again, "log", "verify"), run(again, "person", "list")
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.splitlines()[1:] == run(in_use, "log", "verify").stdout.splitlines()[1:]
    assert ("admin" in listed.stdout, "li\t" in listed.stdout) == (True, True)


def test_a_file_that_exists_is_never_written_over(place, tmp_path):
    path = tmp_path / "kept.db"
    path.write_text("the backup of last week")
    done = run(place, "backup", str(path))
    assert (done.returncode, len(done.stderr.splitlines()), path.read_text()) == (2, 1, "the backup of last week")
    nowhere = run(place, "backup", str(tmp_path / "none" / "kept.db"))
    assert (nowhere.returncode, len(nowhere.stderr.splitlines())) == (2, 1)


def test_a_damaged_database_gives_no_copy(place, tmp_path):
    """Its pages are overwritten in the middle: the copy would be as bad."""
    path = place / "deliberation.db"
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 4))
    done = run(place, "backup", str(tmp_path / "made.db"))
    assert (done.returncode, (tmp_path / "made.db").exists()) == (2, False)
    assert "Traceback" not in done.stderr


def test_for_postgresql_it_names_the_tool(tmp_path):
    done = run(tmp_path, "backup", "made.dump", DATABASE_URL="postgresql://li:secret@127.0.0.1:1/yishi")
    assert (done.returncode, done.stderr.splitlines()) == (
        2, ["this database is PostgreSQL's: pg_dump --format=custom --file=made.dump yishi"],
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []
