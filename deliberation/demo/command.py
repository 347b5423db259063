"""``deliberation demo``."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from deliberation.config import shown_address
from deliberation.demo.loader import load
from deliberation.kernel.commands import usable_database
from deliberation.kernel.errors import Refused
from deliberation.plugins.migrations import upgrade


@click.command()
@with_appcontext
def demo() -> None:
    """Bring an empty database up to date and play the worked case and some invented matters into it."""
    click.echo(f"database {shown_address(current_app.config['SQLALCHEMY_DATABASE_URI'])}")
    with usable_database():
        upgrade()
    try:
        loaded = load()
    except Refused as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"demonstration loaded; its clock stands at {loaded.now:%Y-%m-%d %H:%M}")
    click.echo(f"accounts: {' '.join(loaded.logins)}")
    click.echo(f"passphrase of all of them: {loaded.password}")
    click.echo(f"a printed card, not used yet, to be tried at /card: {loaded.card}")
