"""``deliberation init``: from nothing to a real, empty installation with its first administrator."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.cli.common import changing
from deliberation.config import ENV_FILE, is_loopback, public_address, shown_address, throwaway_key
from deliberation.councils import founding
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.commands import refuse, usable_database
from deliberation.people import cards
from deliberation.people import services as people
from deliberation.people.models import Account, Setting
from deliberation.plugins.migrations import upgrade

NOT_EMPTY = "this database holds a council or a demonstration already: choose another one with DATABASE_URL"


@click.command()
@click.option("--name", prompt="Your name", help="the first administrator's name (asked for if not given)")
@click.option("--login", default="admin", show_default=True, help="the name of the account, for signing in with a passphrase later")
@click.option("--address", default="", help="where everybody will find the pages (PUBLIC_ADDRESS), as in https://yishi.example.cn")
@with_appcontext
def init(name: str, login: str, address: str) -> None:
    """Make everything ready for a real, empty installation: tables, a key, the first administrator and their card.

    Run again before the first council is founded, it prints a new card for the same administrator.
    """
    address = checked(address) or current_app.config["PUBLIC_ADDRESS"]
    # The database's file, too, is its owner's alone.
    os.umask(0o077)
    with usable_database():
        require_empty()
        upgrade()
    given = current_app.config["SECRET_KEY"]
    secret = given or write_key(Path(ENV_FILE), address)
    with changing():
        issued = cards.issue(administrator(name, login), key=cards.key_from(secret))
    if given and address != current_app.config["PUBLIC_ADDRESS"] and not is_loopback(address):
        click.echo(f"put into {ENV_FILE}: PUBLIC_ADDRESS={address}")
    folder = "" if given else f"   (in {Path.cwd()}, where {ENV_FILE} keeps the key)"
    click.echo(f"1. start:  deliberation serve{where(address)}{folder}")
    click.echo(f"2. open:   {address or 'http://127.0.0.1:8000'}/card?next=/setup/")
    click.echo(f"3. type:   {issued.grouped}   (your card: opens once, until {issued.expires_at:%Y-%m-%d})")
    click.echo("The pages ask for the rest: ten minutes, one question a page.")


def checked(address: str) -> str:
    try:
        return public_address(address)
    except ValueError:
        refuse(f"--address: cannot read {address!r}; write it as in https://yishi.example.cn")


def where(address: str) -> str:
    """The options of ``deliberation serve`` that answer at this address; behind a proxy none."""
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.port is None:
        return ""
    return ("" if is_loopback(address) else " --host 0.0.0.0") + f" --port {parts.port}"


def require_empty() -> None:
    """Stop with one line where the database is in use. One without tables is empty."""
    try:
        taken = db.session.scalar(select(Council.id).limit(1)) or db.session.get(Setting, "clock_offset")
    except (OperationalError, ProgrammingError):
        taken = None
    db.session.rollback()
    if taken is not None:
        refuse(f"{shown_address(current_app.config['SQLALCHEMY_DATABASE_URI'])}: {NOT_EMPTY}")


def write_key(path: Path, address: str) -> str:
    """A new key in a file that only its owner reads, with the database's address where the environment names one.

    With that of the pages, too, unless it leads to this computer only.

    An existing file is never touched.
    """
    secret = throwaway_key()
    lines = [f"SECRET_KEY={secret}"]
    if os.environ.get("DATABASE_URL"):
        lines.append(f"DATABASE_URL={os.environ['DATABASE_URL']}")
    if address and not is_loopback(address):
        lines.append(f"PUBLIC_ADDRESS={address}")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(f"the file {path} has no SECRET_KEY: add the line {lines[0]} to it and start again")
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return secret


def administrator(name: str, login: str) -> Account:
    """The account of the one who may found councils: the first one's, or a new one."""
    for person in founding.founders():
        if (known := people.account_of(person)) is not None:
            return known
    account = people.open_account(login, None, name=name)
    founding.name_founder(account.person)
    return account
