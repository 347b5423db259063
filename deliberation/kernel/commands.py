"""What every command shares: a refusal in one line, also of a file that cannot be read."""

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


class Given(click.File):
    """A file to read; one that cannot be read is refused in one line, without the lines on usage."""

    def fail(self, message: str, param: click.Parameter | None = None, ctx: click.Context | None = None) -> NoReturn:
        refuse(" ".join(message.split()))


@contextmanager
def usable_database() -> Iterator[None]:
    """A database that cannot be reached, or a file that is none, ends the command with one line."""
    try:
        yield
    except DatabaseError as error:
        refuse(f"the database cannot be used: {' '.join(str(error.orig).split())}")
