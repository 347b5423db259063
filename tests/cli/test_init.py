"""``deliberation init``: one command from nothing to a real, empty installation; it destroys nothing that is there."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deliberation.audit.services import verify
from deliberation.cli import main
from deliberation.councils import founding
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.people import cards
from deliberation.people.models import Account
from tests.commands import command
from tests.conftest import let_go, make_app

COMMAND = str(Path(sys.executable).with_name("deliberation"))
DIGITS = re.compile(r"\b(\d{4}) (\d{4})\b")


def run(folder, *words, typed="", **environment):
    """Run the real command in a folder of its own; a setting of None is taken away."""
    env = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DATABASE_URL")}
    env.update(environment)
    return command(words, folder, env, typed)


def key_in(folder):
    return dict(line.split("=", 1) for line in (folder / ".env").read_text().splitlines())["SECRET_KEY"]


@pytest.fixture
def begun(empty_database_url, tmp_path):
    done = run(tmp_path, "init", "--name", "沈某", DATABASE_URL=empty_database_url)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture
def inside(begun, empty_database_url, tmp_path):
    """The application of that installation, with an open context."""
    app = make_app(empty_database_url)
    app.config["SECRET_KEY"] = key_in(tmp_path)
    with app.app_context():
        yield app
    let_go(app)


def test_one_command_makes_tables_a_key_an_administrator_and_a_card(begun, inside, tmp_path):
    lines = begun.stdout.strip().splitlines()
    assert len(lines) <= 5
    assert "deliberation serve" in begun.stdout
    assert "/card?next=/setup/" in begun.stdout
    code = "".join(DIGITS.search(begun.stdout).groups())
    assert db.session.scalar(select(func.count()).select_from(Council)) == 0
    account = db.session.scalars(select(Account)).one()
    assert (account.login, account.person.name, account.password_hash) == ("admin", "沈某", "")
    assert [person.id for person in founding.founders()] == [account.person_id]
    assert cards.look_up(code, key=cards.key_from(key_in(tmp_path)), address="127.0.0.1").account_id == account.id
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    db.session.rollback()
    assert [found.bad_seq for found in verify()] == [None]


def test_afterwards_nothing_more_is_needed_to_serve(begun, tmp_path):
    """In the same folder, without any setting in the environment."""
    script = "from deliberation.app import create_app, require_key; app = create_app(); print(require_key(app))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
        env={name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DATABASE_URL")},
    )  # fmt: skip
    assert (done.stdout.strip(), done.returncode) == ("None", 0), done.stderr


def test_the_name_is_asked_for_and_a_key_in_the_environment_needs_no_file(empty_database_url, tmp_path):
    done = run(tmp_path, "init", typed="沈某\n", DATABASE_URL=empty_database_url, SECRET_KEY="from outside")
    assert (done.returncode, (tmp_path / ".env").exists()) == (0, False), done.stderr
    assert "Your name" in done.stdout


def test_again_before_the_first_council_it_prints_a_new_card_for_the_same_person(begun, inside, empty_database_url, tmp_path):
    again = run(tmp_path, "init", "--name", "another", DATABASE_URL=empty_database_url)
    assert again.returncode == 0, again.stderr
    assert DIGITS.search(again.stdout)[0] != DIGITS.search(begun.stdout)[0]
    account = db.session.scalars(select(Account)).one()
    assert account.person.name == "沈某"


def refused(database_url, folder):
    """Whether the command refused in one line and left everything as it was."""
    accounts = select(func.count()).select_from(Account)
    before = db.session.scalar(accounts)
    db.session.rollback()
    done = run(folder, "init", "--name", "沈某", DATABASE_URL=database_url)
    said = (done.returncode, len(done.stderr.splitlines()), "holds a council or a demonstration already" in done.stderr)
    return said == (2, 1, True) and not (folder / ".env").exists() and db.session.scalar(accounts) == before


def test_a_database_with_a_council_is_refused_and_left_as_it_is(world, database_url, tmp_path):
    assert refused(database_url, tmp_path)


def test_a_demonstration_is_refused_and_left_as_it_is(demo, database_url, tmp_path):
    assert refused(database_url, tmp_path)


def test_an_existing_file_of_settings_is_never_touched(empty_database_url, tmp_path):
    path = tmp_path / ".env"
    path.write_text("BEHIND_TLS=1\n")
    done = run(tmp_path, "init", "--name", "沈某", DATABASE_URL=empty_database_url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "add the line SECRET_KEY=" in done.stderr
    assert path.read_text() == "BEHIND_TLS=1\n"
    path.write_text("BEHIND_TLS=1\nSECRET_KEY=a key that was there before\n")
    assert run(tmp_path, "init", "--name", "沈某", DATABASE_URL=empty_database_url).returncode == 0
    assert path.read_text() == "BEHIND_TLS=1\nSECRET_KEY=a key that was there before\n"


def test_a_bad_name_is_said_in_one_line(empty_database_url, tmp_path):
    done = run(tmp_path, "init", "--name", "长" * 41, DATABASE_URL=empty_database_url)
    assert (done.returncode, "at most 40 characters" in done.stderr.splitlines()[-1]) == (2, True)


def test_a_lost_card_is_made_anew_on_the_command_line(app, world):
    done = app.test_cli_runner().invoke(main, ["person", "card", "mochou-a01"])
    assert (done.exit_code, bool(DIGITS.search(done.stdout))) == (0, True)
    missing = app.test_cli_runner().invoke(main, ["person", "card", "nobody"])
    assert (missing.exit_code, "There is no account" in missing.stderr) == (2, True)


def test_a_demonstration_is_not_played_into_a_real_installation(begun, inside, empty_database_url, tmp_path):
    """Its accounts have a passphrase that everybody knows, and its clock stands elsewhere."""
    done = run(tmp_path, "demo", DATABASE_URL=empty_database_url)
    assert done.returncode == 1
    assert "not empty" in done.stderr or "空" in done.stderr
    assert db.session.scalars(select(Account.login)).all() == ["admin"]
    assert db.session.scalar(select(func.count()).select_from(Council)) == 0


def test_the_public_address_is_kept_and_printed(tmp_path):
    done = run(tmp_path, "init", "--name", "沈某", "--address", "https://yishi.example.cn/")
    assert done.returncode == 0, done.stderr
    assert "PUBLIC_ADDRESS=https://yishi.example.cn" in (tmp_path / ".env").read_text().splitlines()
    assert "https://yishi.example.cn/card?next=/setup/" in done.stdout
    again = run(tmp_path, "init", "--name", "沈某")
    assert "https://yishi.example.cn/card?next=/setup/" in again.stdout
    other = run(tmp_path, "init", "--name", "沈某", "--address", "http://192.168.1.5:8124")
    assert "put into .env: PUBLIC_ADDRESS=http://192.168.1.5:8124" in other.stdout
    assert "deliberation serve --host 0.0.0.0 --port 8124" in other.stdout


def test_a_port_of_this_computer_is_printed_and_not_kept_as_everybodys_address(tmp_path):
    done = run(tmp_path, "init", "--name", "沈某", "--address", "http://127.0.0.1:8124")
    assert ("deliberation serve --port 8124 " in done.stdout, "http://127.0.0.1:8124/card" in done.stdout) == (True, True)
    assert "PUBLIC_ADDRESS" not in (tmp_path / ".env").read_text() + done.stdout


def test_an_address_that_cannot_be_read_makes_nothing(tmp_path):
    done = run(tmp_path, "init", "--name", "沈某", "--address", "yishi.example.cn")
    assert (done.returncode, len(done.stderr.splitlines()), list(tmp_path.iterdir())) == (2, 1, [])


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path):
    path = tmp_path / "deliberation.db"
    path.write_text("a list of what to buy\n" * 200)
    done = run(tmp_path, "init", "--name", "沈某")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert "file is not a database" in done.stderr
    assert (path.read_text()[:6], (tmp_path / ".env").exists()) == ("a list", False)


def test_the_database_is_its_owners_alone(tmp_path):
    assert run(tmp_path, "init", "--name", "沈某").returncode == 0
    assert stat.S_IMODE((tmp_path / "deliberation.db").stat().st_mode) == 0o600
