"""``deliberation backup``: a copy of the database while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from deliberation.audit.models import Entry
from deliberation.cli.common import require_database
from deliberation.config import ENV_FILE
from deliberation.extensions import db
from deliberation.kernel.commands import refuse
from deliberation.voting.secret.cleaning import clean

COUNT = str(select(func.count()).select_from(Entry))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE, which must not exist yet, and check the copy. The pages may go on meanwhile."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        refuse(f"this database is PostgreSQL's: pg_dump --format=custom --file={file} {url.database}")
    require_database()
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        refuse(f"{file} exists already: name a file that does not")
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}")
    try:
        entries = copy(str(url.database), file)
    except sqlite3.Error as error:
        file.unlink()
        refuse(f"the copy is not good and was taken away: {error}")
    except BaseException:
        file.unlink()
        raise
    click.echo(f"{file}: checked, holds {entries} log entries; keep it together with {ENV_FILE}")


def copy(source: str, file: Path) -> int:
    """Copy one moment of the database and give the number of its log entries. Raises ``sqlite3.Error``."""
    with closing(sqlite3.connect(source, timeout=30)) as used, closing(sqlite3.connect(file)) as made:
        used.backup(made)
        # One file that needs no other beside it.
        made.execute("PRAGMA journal_mode=DELETE")
        found = made.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise sqlite3.DatabaseError(found)
        return int(made.execute(COUNT).fetchone()[0])


@click.command("tidy-box")
@with_appcontext
def tidy_box() -> None:
    """Take what is left of emptied boxes of secret votes out of the database file. Done after every count by itself; this
    repeats it where somebody was reading meanwhile."""
    require_database()
    if not clean():
        refuse("not now: a box is still closed, or the database is being read; try again later")
    click.echo("tidied up")
