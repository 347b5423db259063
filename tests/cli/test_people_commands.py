"""The commands for people, councils and days of rest: what they do, and one line and exit 2 for what they cannot do."""

import contextvars
import csv
import os
from pathlib import Path

import pytest
from sqlalchemy import select

from deliberation.cli import main
from deliberation.councils.authority import members, offices
from deliberation.councils.models import Council, RestDay
from deliberation.councils.services import holidays
from deliberation.extensions import db
from deliberation.people.models import Account
from deliberation.people.permissions import Office
from tests.builders import PASSWORD
from tests.commands import command
from tests.web import post, sign_in


@pytest.fixture
def run(app):
    """Run one command on the test's database, outside the test's own context as in a process of its own."""

    def run(*words, status=0):
        done = contextvars.Context().run(app.test_cli_runner().invoke, main, list(words))
        assert done.exit_code == status, (done.output, done.exception)
        return done.stdout if status == 0 else done.stderr

    return run


def test_a_council_is_founded_and_its_people_put_in_office(run, app_context, client):
    said = run("council", "found", "qingliang", "--name", "清凉社区党员议事会", "--prefix", "清社", "--from", "2025-06-01")
    assert "founded qingliang, rules council, first term from 2025-06-01" in said
    run("person", "add", "Wang", "--name", "王某", "--passphrase", PASSWORD)
    run("person", "appoint", "wang", "qingliang", "member", "--category", "self_managed", "--from", "2025-06-01")
    run("person", "appoint", "wang", "qingliang", "president", "--from", "2025-06-01")
    council = db.session.scalars(select(Council)).one()
    account = db.session.scalars(select(Account)).one()
    assert (council.name, account.login, account.person.name) == ("清凉社区党员议事会", "wang", "王某")
    assert offices(account.person, council)[:2] == [Office.PRESIDENT, Office.MEMBER]
    assert [seat.person_id for seat in members(council)] == [account.person_id]
    assert "wang\tfull\tqingliang:member qingliang:president" in run("person", "list")
    sign_in(client, "wang")


def test_every_command_says_which_database_it_used(run, database_url):
    shown = database_url.removeprefix("sqlite:///") if database_url.startswith("sqlite") else database_url.rpartition("/")[2]
    assert shown in run("person", "list").splitlines()[0]


def test_a_new_passphrase_signs_out_and_a_closed_account_stays_out(run, world, client, new_client):
    sign_in(client, "mochou-m01")
    run("person", "password", "mochou-m01", "--passphrase", "quite another passphrase")
    assert client.get("/me/").status_code == 403
    sign_in(client, "mochou-m01", "quite another passphrase")
    run("person", "disable", "mochou-m01")
    assert client.get("/me/").status_code == 403
    assert post(new_client(), "/login", {"login": "mochou-m01", "password": "quite another passphrase"}).status_code == 422


def test_days_of_rest_are_loaded_over_the_shipped_calendar(run, app_context, tmp_path):
    path = tmp_path / "days.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("day", "kind"), ("2027-03-01", "rest"), ("2027-03-06", "work")])
    assert "loaded 2 days" in run("holidays", "load", str(path))
    rows = db.session.execute(select(RestDay.day, RestDay.is_rest).order_by(RestDay.day)).all()
    assert [(day.isoformat(), rest) for day, rest in rows] == [("2027-03-01", True), ("2027-03-06", False)]
    assert [holidays().is_rest_day(day) for day, _rest in rows] == [True, False]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("person", "add", "x", "--passphrase", PASSWORD), "A login name has 2 to 40 characters."),
        (("person", "add", "mochou-m01", "--passphrase", PASSWORD), "That name is taken here."),
        (("person", "add", "newcomer", "--passphrase", "short"), "Please choose a passphrase of at least 8 characters."),
        (("person", "password", "nobody", "--passphrase", PASSWORD), "There is no account with the name “nobody”."),
        (("person", "disable", "nobody"), "There is no account with the name “nobody”."),
        (("person", "appoint", "mochou-m01", "nowhere", "clerk"), "there is no council at the address 'nowhere'"),
        (("person", "appoint", "mochou-m01", "mochou", "member"), "A council member needs a seat category"),
        (("council", "found", "mochou", "--name", "甲", "--prefix", "甲"), "The address “mochou” is taken."),
        (("council", "found", "A B", "--name", "甲", "--prefix", "甲"), "An address has 2 to 40 small letters"),
        (("council", "found", "new", "--name", "甲", "--prefix", "甲", "--zone", "Moon/Base"), "There is no time zone"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run, world, words, said):
    error = run(*words, status=2)
    assert said in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize("text", ["2026-13-01,rest\n", "2026-10-01,holiday\n", "2026-10-01\n", ""])
def test_a_bad_file_of_days_loads_nothing(run, app_context, tmp_path, text):
    path = tmp_path / "days.csv"
    path.write_text(text, encoding="utf-8")
    assert len(run("holidays", "load", str(path), status=2).splitlines()) == 1
    assert db.session.scalars(select(RestDay)).all() == []


def test_a_database_without_tables_is_said_in_one_line(empty_database_url):
    env = {**os.environ, "DATABASE_URL": empty_database_url, "SECRET_KEY": "test"}
    done = command(["person", "list"], Path.cwd(), env)
    assert done.returncode == 2
    assert "deliberation init" in done.stderr.splitlines()[-1]


def test_an_office_is_ended_and_stays_in_the_record(run, world):
    run("person", "end-office", "mochou-p01", "mochou", "president", "--on", "2025-12-31")
    db.session.rollback()
    assert offices(world["P01"], world.council)[0] == Office.MEMBER
    assert "does not hold that office" in run("person", "end-office", "mochou-p01", "mochou", "president", status=2)
    assert "before it began" in run("person", "end-office", "mochou-m01", "mochou", "member", "--on", "2020-01-01", status=2)
