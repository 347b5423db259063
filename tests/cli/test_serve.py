"""Serving without a key is refused in one line, unless it is a demonstration."""

import os
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest

from tests.commands import command, wsgi
from tests.conftest import let_go, make_app

COMMANDS = {
    "serve": [os.path.join(os.path.dirname(sys.executable), "deliberation"), "serve", "--port", "1"],
    "wsgi": [sys.executable, "-c", "import wsgi"],
}


def test_a_real_database_is_not_served_without_a_key(world, database_url):
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    for words in COMMANDS.values():
        done = subprocess.run(
            words, env={**env, "DATABASE_URL": database_url}, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode != 0
        assert done.stderr.strip().splitlines()[-1].startswith("SECRET_KEY is not set.")
        assert "Traceback" not in done.stderr


def test_a_demonstration_needs_none(demo, database_url):
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    done = subprocess.run(COMMANDS["wsgi"], env={**env, "DATABASE_URL": database_url}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("wrong", ["older", "newer", "empty"])
def test_a_database_with_other_tables_than_the_programs_is_not_served(wrong, empty_database_url):
    app = make_app(empty_database_url)
    with app.app_context():
        if wrong != "empty":
            flask_migrate.upgrade(revision="head" if wrong == "newer" else "0011")
        if wrong == "newer":
            with app.extensions["sqlalchemy"].engine.begin() as connection:
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    let_go(app)
    if wrong == "empty" and empty_database_url.startswith("sqlite"):
        open(empty_database_url.removeprefix("sqlite:///"), "w").close()
    for name, start in {"serve": None, "wsgi": wsgi}.items():
        env = {**os.environ, "DATABASE_URL": empty_database_url, "SECRET_KEY": "x"}
        done = command(COMMANDS["serve"][1:], Path.cwd(), env, start=start)
        (line,) = done.stderr.splitlines()
        assert (done.returncode, "9999" in line) == (2, False)
        wanted = {"older": "deliberation db upgrade", "newer": "newer than this program",
                  "empty": "no tables yet" if name == "serve" else "deliberation db upgrade"}
        assert wanted[wrong] in line


def test_gunicorn_stops_and_does_not_try_again_and_again(empty_database_url):
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "wsgi:app"]
    env = {**os.environ, "DATABASE_URL": empty_database_url, "SECRET_KEY": "x"}
    if empty_database_url.startswith("sqlite"):
        open(empty_database_url.removeprefix("sqlite:///"), "w").close()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.count("deliberation db upgrade"), "Traceback" in done.stderr) == (3, 1, False)
