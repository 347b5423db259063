"""What the commands share: one transaction a command, and refusals in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from flask import current_app
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.config import shown_address
from deliberation.extensions import transaction
from deliberation.kernel.errors import DomainError

NO_TABLES = "the database has no tables yet, or cannot be reached: run 'deliberation db upgrade' first"


def refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)


@contextmanager
def changing() -> Iterator[None]:
    """One command, one transaction: says which database it is, and turns a refusal into one line and exit 2."""
    click.echo(f"database {shown_address(current_app.config['SQLALCHEMY_DATABASE_URI'])}")
    try:
        with transaction():
            yield
    except DomainError as error:
        refuse(" ".join(str(error).split()))
    except (OperationalError, ProgrammingError):
        refuse(NO_TABLES)
