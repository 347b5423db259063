"""What every command shares: a refusal in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy.exc import DatabaseError

OLD_TABLES = "the database is not up to date: run 'deliberation db upgrade' first"


def refuse(message: str) -> NoReturn:
    """Say why not, and end with exit 2."""
    click.echo(message, err=True)
    sys.exit(2)


@contextmanager
def usable_database() -> Iterator[None]:
    """A database that cannot be reached, or a file that is none, ends the command with one line."""
    try:
        yield
    except DatabaseError as error:
        refuse(f"the database cannot be used: {' '.join(str(error.orig).split())}")
