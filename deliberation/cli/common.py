"""What the commands share: one transaction a command, and refusals in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.app import FIRST
from deliberation.config import missing_file, shown_address
from deliberation.extensions import db, transaction
from deliberation.kernel.commands import OLD_TABLES, refuse, usable_database
from deliberation.kernel.errors import DomainError


def require_database() -> None:
    """Say which database it is; stop with one line where it is not there, cannot be used or is empty."""
    uri = current_app.config["SQLALCHEMY_DATABASE_URI"]
    if missing := missing_file(uri):
        refuse(f"there is no database at {missing}: {FIRST}")
    with usable_database():
        begun = inspect(db.engine).has_table("alembic_version")
    if not begun:
        refuse(f"the database {shown_address(uri)} has no tables yet: {FIRST}")
    click.echo(f"database {shown_address(uri)}")


@contextmanager
def changing() -> Iterator[None]:
    """One command, one transaction: says which database it is, and turns a refusal into one line and exit 2."""
    require_database()
    try:
        with transaction():
            yield
    except DomainError as error:
        refuse(" ".join(str(error).split()))
    except (OperationalError, ProgrammingError):
        refuse(OLD_TABLES)
