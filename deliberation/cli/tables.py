"""``deliberation db``: the tables of the database, brought up to date or taken back a step."""

from __future__ import annotations

import click
import flask_migrate
from flask.cli import with_appcontext

from deliberation.cli.common import require_database
from deliberation.kernel.commands import refuse, usable_database
from deliberation.plugins import PluginError, migrations


@click.group()
def db() -> None:
    """The tables of the database."""


@db.command()
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the database up to date, with the tables of every plugin."""
    try:
        with usable_database():
            migrations.upgrade(revision)
    except PluginError as error:
        refuse(str(error))


@db.command()
@click.argument("revision", default="-1")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the house's tables back to REVISION (default: one step); refused where that would destroy records."""
    require_database()
    with usable_database():
        flask_migrate.downgrade(revision=revision)


@db.command()
@with_appcontext
def current() -> None:
    """The step at which the tables stand."""
    require_database()
    with usable_database():
        flask_migrate.current()
