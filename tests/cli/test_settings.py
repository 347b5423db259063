"""A folder with nothing in it and a setting that cannot be read: one line that says what to do, never a traceback."""

import pytest

from deliberation.config import SettingError, database_uri, is_loopback, public_address, read_environment
from tests.cli.test_init import run

# Files and settings only: what the suite's database is makes no difference.
pytestmark = pytest.mark.once

COMMANDS = (("serve", "--port", "1"), ("log", "verify"), ("person", "list"), ("person", "card", "admin"), ("backup", "made.db"))


def test_in_an_empty_folder_every_command_names_the_first_one(tmp_path):
    for words in COMMANDS:
        done = run(tmp_path, *words, SECRET_KEY="k")
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
        assert "there is no database" in done.stderr
        assert ("deliberation init" in done.stderr, "deliberation demo" in done.stderr) == (True, True)
        assert list(tmp_path.iterdir()) == [], words


def test_a_file_without_tables_and_one_that_is_no_database_are_told_apart(tmp_path):
    path = tmp_path / "deliberation.db"
    path.touch()
    for words in COMMANDS:
        done = run(tmp_path, *words, SECRET_KEY="k")
        assert (done.returncode, "no tables yet" in done.stderr, "deliberation init" in done.stderr) == (2, True, True)
    path.write_text("a list of what to buy\n" * 200)
    for words in (*COMMANDS, ("demo",), ("db", "upgrade")):
        done = run(tmp_path, *words, SECRET_KEY="k")
        assert (done.returncode, done.stderr) == (2, "the database cannot be used: file is not a database\n")


@pytest.mark.parametrize("given", ["deliberation.db", "mysql://li:secret@host/base", "postgresql://li:secret@host:port/base", "://"])
def test_a_database_address_that_cannot_be_read_ends_in_one_line(given, tmp_path):
    done = run(tmp_path, "serve", DATABASE_URL=given)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert done.stderr.startswith("DATABASE_URL: ")
    assert "secret" not in done.stderr


def test_what_may_stand_in_the_settings():
    assert public_address(" https://yishi.example.cn/ ") == "https://yishi.example.cn"
    assert public_address("http://[::1]:8124") == "http://[::1]:8124"
    assert public_address("") == ""
    for bad in ("yishi.example.cn", "ftp://yishi.example.cn", "https://", "https://a.cn/path", "https://li@a.cn", "http://a.cn:x"):
        with pytest.raises(SettingError, match="PUBLIC_ADDRESS"):
            read_environment({"PUBLIC_ADDRESS": bad})
    assert database_uri("postgres://li@host/base") == "postgresql+psycopg://li@host/base"
    with pytest.raises(SettingError):
        database_uri("oracle://li@host/base")


def test_which_addresses_lead_to_this_computer_only():
    for here in ("http://127.0.0.1:8124", "http://localhost", "http://[::1]:8000", "http://127.0.1.1"):
        assert is_loopback(here), here
    for out in ("https://yishi.example.cn", "http://192.168.1.5:8000", "https://127.example.cn"):
        assert not is_loopback(out), out
