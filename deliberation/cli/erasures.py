"""``deliberation erasures``: the ledger of what was erased, made from the logs, and erased again after a restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.audit import contents, ledger
from deliberation.audit.ledger import LedgerError, Line
from deliberation.audit.seen import allowed
from deliberation.cli.common import OLD_TABLES, require_database
from deliberation.extensions import db, transaction
from deliberation.kernel.commands import refuse
from deliberation.kernel.errors import DomainError
from deliberation.privacy import restoring


class ErasuresError(RuntimeError):
    """What the ledger lists cannot be erased again; nobody may be let in before it is."""


def replay_erasures(app: Flask, file: Path | None = None) -> str:
    """Erase again what the ledger lists and the database still holds, before anybody is answered. Returns one line that
    says how many; empty where there was nothing. Raises `ErasuresError`."""
    with app.app_context():
        try:
            done = _replay(ledger.read(file or ledger.path()))
        except (LedgerError, DomainError) as error:
            raise ErasuresError(" ".join(str(error).split())) from error
        except (OperationalError, ProgrammingError) as error:
            raise ErasuresError(OLD_TABLES) from error
        except OSError as error:
            raise ErasuresError(f"{error.filename} cannot be read: {error.strerror}") from error
        finally:
            db.session.remove()
    return f"erased again after a restore: {done}" if done else ""


def _replay(lines: list[Line]) -> int:
    by_log: dict[str, list[Line]] = {}
    for line in lines:
        by_log.setdefault(line["log"], []).append(line)
    done = 0
    for name, some in by_log.items():
        # The law does not wait for the keeper to have looked into an older copy.
        with allowed(), transaction():
            done += restoring.replay(name, some)
    return done


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
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
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
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
@with_appcontext
def replay(file: Path | None) -> None:
    """Erase again what FILE (or else the ledger of this installation) lists and the database still holds."""
    require_database()
    with usable_ledger():
        said = replay_erasures(current_app._get_current_object(), file)  # type: ignore[attr-defined]
    click.echo(said or "nothing to erase again")
