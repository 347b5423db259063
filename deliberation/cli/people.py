"""Commands for people, councils and days of rest."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from deliberation.app import is_demo
from deliberation.blueprints.security import card_key
from deliberation.cli.common import changing
from deliberation.councils import services as councils
from deliberation.councils.models import Appointment, Council
from deliberation.councils.queries import CATEGORY_WORDS
from deliberation.councils.rules import DEFAULT, presets
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.commands import Given, refuse
from deliberation.people import cards
from deliberation.people import services as people
from deliberation.people.models import Account, Person
from deliberation.people.permissions import Office


@click.group()
def person() -> None:
    """People, their accounts and offices."""


PASSPHRASE = click.option("--passphrase", prompt=True, hide_input=True, confirmation_prompt=True, help="asked for if not given")


@person.command("add")
@click.argument("login")
@click.option("--name", help="the name under which the council knows the person (default: the login)")
@PASSPHRASE
@with_appcontext
def add_person(login: str, name: str | None, passphrase: str) -> None:
    """Add a person with an account named LOGIN."""
    with changing():
        people.open_account(login, passphrase, name=name or login)
    click.echo(f"added {people.login_key(login)}")


@person.command()
@click.argument("login")
@click.argument("slug", metavar="COUNCIL")
@click.argument("office", type=click.Choice([office.value for office in Office if office is not Office.INSTALLATION]))
@click.option("--category", type=click.Choice(list(CATEGORY_WORDS)), help="a council member's seat category")
@click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="first day in office (default: today)")
@with_appcontext
def appoint(login: str, slug: str, office: str, category: str | None, starts_on: Any) -> None:
    """Put the person with the account LOGIN into an OFFICE of the COUNCIL."""
    with changing():
        council = council_named(slug)
        first = starts_on.date() if starts_on else clock.today(council.zone)
        held = people.account_named(login).person
        councils.appoint(council, held, Office(office), category=category, starts_on=first)
    click.echo(f"{people.login_key(login)} is {office} from {first}")


@person.command("end-office")
@click.argument("login")
@click.argument("slug", metavar="COUNCIL")
@click.argument("office", type=click.Choice([office.value for office in Office if office is not Office.INSTALLATION]))
@click.option("--on", "last", type=click.DateTime(["%Y-%m-%d"]), help="last day in office (default: yesterday)")
@with_appcontext
def end_office(login: str, slug: str, office: str, last: Any) -> None:
    """End the OFFICE that LOGIN holds in the COUNCIL; it stays in the record."""
    with changing():
        council = council_named(slug)
        day = last.date() if last else clock.today(council.zone) - timedelta(days=1)
        held = councils.held_office(council, people.account_named(login).person, Office(office))
        councils.end_office(held, council, on=day)
    click.echo(f"{people.login_key(login)} is {office} until {day}")


@person.command()
@click.argument("login")
@PASSPHRASE
@with_appcontext
def password(login: str, passphrase: str) -> None:
    """Set a new passphrase for LOGIN and sign the person out everywhere."""
    with changing():
        people.set_password(people.account_named(login), passphrase)
    click.echo(f"changed; {people.login_key(login)} is signed out everywhere")


@person.command()
@click.argument("login")
@with_appcontext
def card(login: str) -> None:
    """Print a new card for LOGIN on the screen; the one before is void."""
    with changing():
        # A demonstration has a clock of its own.
        is_demo(current_app._get_current_object())  # type: ignore[attr-defined]
        issued = cards.issue(people.account_named(login), key=card_key())
    click.echo(f"card {issued.grouped}, opens once, until {issued.expires_at:%Y-%m-%d}")


@person.command()
@click.argument("login")
@with_appcontext
def disable(login: str) -> None:
    """Close the account LOGIN; what the person did stays."""
    with changing():
        people.disable(people.account_named(login))
    click.echo(f"closed {people.login_key(login)}")


@person.command("list")
@with_appcontext
def list_people() -> None:
    """List the accounts with the offices held today."""
    with changing():
        today = clock.now().date()
        held: dict[int, list[str]] = {}
        columns = (Appointment.person_id, Council.slug, Appointment.office)
        offices = select(*columns).join(Council, Council.id == Appointment.council_id)
        running = (Appointment.starts_on <= today) & (Appointment.ends_on.is_(None) | (Appointment.ends_on >= today))
        for person_id, slug, office in db.session.execute(offices.where(running).order_by(Appointment.id)):
            held.setdefault(person_id, []).append(f"{slug}:{office}")
        for account in db.session.scalars(select(Account).join(Person).order_by(Account.login)):
            closed = " (closed)" if account.disabled_at else ""
            click.echo(f"{account.login}\t{account.kind}\t{' '.join(held.get(account.person_id, ['-']))}{closed}")


def council_named(slug: str) -> Council:
    known = db.session.scalar(select(Council).where(Council.slug == slug))
    if known is None:
        refuse(f"there is no council at the address {slug!r}")
    return known


@click.group()
def council() -> None:
    """Councils."""


@council.command()
@click.argument("slug")
@click.option("--name", required=True, help="the council's full name")
@click.option("--unit", help="the community's name (default: the council's)")
@click.option("--prefix", required=True, help="what its numbers begin with, as in PREFIX〔2026〕1")
@click.option("--zone", default="Asia/Shanghai", show_default=True)
@click.option("--preset", type=click.Choice(list(presets())), default=DEFAULT, show_default=True)
@click.option("--from", "starts_on", type=click.DateTime(["%Y-%m-%d"]), help="first day of its first term (default: today)")
@with_appcontext
def found(slug: str, name: str, unit: str | None, prefix: str, zone: str, preset: str, starts_on: Any) -> None:
    """Found a council at the address /c/SLUG/."""
    with changing():
        councils.check_founding(slug, name, zone, prefix)
        first = starts_on.date() if starts_on else clock.today(zone)
        place = people.add_unit("community", unit or name)
    with transaction():
        councils.found(place, slug=slug, name=name, zone=zone, number_prefix=prefix, preset=preset, starts_on=first)
    click.echo(f"founded {slug}, rules {preset}, first term from {first}")


@click.group()
def holidays() -> None:
    """Days of rest."""


@holidays.command("load")
@click.argument("file", type=Given("r", encoding="utf-8-sig"))
@with_appcontext
def load_holidays(file: Any) -> None:
    """Load FILE (CSV: day,rest or day,work; one day a line) over the shipped calendar."""
    days: dict[date, bool] = {}
    try:
        for number, row in enumerate(csv.reader(file), 1):
            if not row or (number == 1 and row[0].strip().lower() == "day"):
                continue
            days[date.fromisoformat(row[0].strip())] = {"rest": True, "work": False}[row[1].strip().lower()]
    except (ValueError, KeyError, IndexError):
        refuse(f"line {number}: expected a day and rest or work, as in 2026-10-01,rest")
    if not days:
        refuse("the file names no day")
    with changing():
        councils.load_rest_days(days)
    click.echo(f"loaded {len(days)} days")
