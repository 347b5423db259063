"""``deliberation erasures``: the ledger of what was erased, made from the logs, and erased again after a restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.app import ErasuresError, replay_erasures
from deliberation.audit import contents, ledger
from deliberation.cli.common import require_database
from deliberation.extensions import db
from deliberation.kernel.commands import OLD_TABLES, refuse


@contextmanager
def usable_ledger() -> Iterator[None]:
    """Turns what is wrong with the ledger into one line and exit 2."""
    try:
        yield
    except ErasuresError as error:
        refuse(str(error))


@click.group()
def erasures() -> None:
    """What was erased: the list that is kept apart from the backups."""


@erasures.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def export(file: Path) -> None:
    """Write into FILE (which must not exist) every erasure that the logs tell of: numbers and commitments, no text."""
    require_database()
    if file.exists():
        refuse(f"{file} exists already: name a file that does not")
    try:
        lines = list(contents.erasures(db.metadata.tables))
        ledger.append(file, lines)
    except (OperationalError, ProgrammingError):
        refuse(OLD_TABLES)
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}")
    click.echo(f"{file}: {len(lines)} erasures")


@erasures.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@with_appcontext
def replay(file: Path | None) -> None:
    """Erase again what FILE (or else the ledger of this installation) lists and the database still holds."""
    require_database()
    if file is not None and not file.is_file():
        refuse(f"{file} is no file: name the list that was exported")
    with usable_ledger():
        said = replay_erasures(current_app._get_current_object(), file)  # type: ignore[attr-defined]
    click.echo(said or "nothing to erase again")
