"""``deliberation log key`` and ``deliberation log export``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.app import is_demo
from deliberation.audit import anchoring, contents, exporting, keyfile, notes, recorded_tables, signing, verify_log
from deliberation.audit.keyfile import KeyFileError, NoKeyFile
from deliberation.audit.models import Log
from deliberation.audit.notes import NoteError, SignerKey
from deliberation.audit.replaying import differences, rederived
from deliberation.audit.signing import SigningError
from deliberation.blueprints.check_page import check_page
from deliberation.cli.common import require_database
from deliberation.config import is_loopback
from deliberation.extensions import db, transaction
from deliberation.kernel.commands import OLD_TABLES, refuse
from deliberation.kernel.errors import DomainError

HOW = "write it as in --origin yishi.example.cn; it is signed into every checkpoint and stays when the address changes"
DEMONSTRATION = "demonstration.invalid"
READMES = {"README.md": "verify_readme.md", "README.zh.md": "verify_readme.zh.md"}


@contextmanager
def answering() -> Iterator[None]:
    """Says which database it is, and turns a refusal into one line and exit 2. What is signed is committed before, so
    each step has a transaction of its own."""
    require_database()
    try:
        yield
    except NoKeyFile as error:
        refuse(f"{error} first")
    except (KeyFileError, SigningError, LookupError, DomainError) as error:
        refuse(" ".join(str(error).split()))
    except (OperationalError, ProgrammingError):
        refuse(OLD_TABLES)
    except OSError as error:
        refuse(f"{error.filename} cannot be written: {error.strerror}")


@click.command()
@click.option("--origin", default="", help="under which name the logs are signed for ever (at first: the host of PUBLIC_ADDRESS)")
@click.option("--rotate", is_flag=True, help="add a new key beside the one in use; both sign")
@click.option("--retire", is_flag=True, help="end the time of the old key; the new one signs alone")
@with_appcontext
def key(origin: str, rotate: bool, retire: bool) -> None:
    """Make the key that signs the logs, or show the verifier keys; --rotate and --retire change keys."""
    if rotate and retire:
        refuse("--rotate first; --retire when everybody has the new verifier key")
    path = Path(current_app.config["LOG_KEY"])
    with answering():
        if rotate:
            change(path, add=True)
        elif retire:
            change(path, add=False)
        elif not path.exists():
            make_key(path, origin)
        elif origin:
            refuse(f"{path} exists already; its name is fixed")
        signing.usable_keys(path)
        shown = [(log.name, signing.verifier_keys(log.name)) for log in logs()]
    for name, verifiers in shown:
        for verifier in verifiers:
            click.echo(f"{name}: {verifier}")


def logs() -> list[Log]:
    return list(db.session.scalars(select(Log).order_by(Log.id)))


def make_key(path: Path, given: str) -> None:
    """The first key, or one more after the file was lost: under the name that the logs have already."""
    with transaction():
        known = {row.origin for row in signing.known_keys()}
        name = given or next(iter(known), "") or own_host()
        if known and name not in known:
            refuse(f"the logs are signed under {known.pop()} already")
        made = SignerKey.new(checked(name))
        signing.add_key(made)
        keyfile.write(path, [made], new=True)
    click.echo(f"{path}: a new key, mode 0600; keep a copy of it apart from the database")
    sign_all(path)


def own_host() -> str:
    address = current_app.config["PUBLIC_ADDRESS"]
    if is_demo(current_app._get_current_object()):  # type: ignore[attr-defined]
        return DEMONSTRATION
    if not address or is_loopback(address):
        refuse(f"name the installation: {HOW}")
    return urlsplit(address).hostname or ""


def checked(name: str) -> str:
    try:
        if not name.isascii() or len(name) > 80:
            raise NoteError("it must be short and ASCII")
        return notes.checked_name(name)
    except NoteError as error:
        refuse(f"--origin: {error}; {HOW}")


def change(path: Path, *, add: bool) -> None:
    """Add a key beside the one in use, or end the time of the older of two; then every checkpoint is signed anew."""
    with transaction():
        keys = signing.usable_keys(path)
        if add and len(keys) == keyfile.MOST:
            refuse(f"{path} holds two keys already: --retire the old one first")
        if not add and len(keys) == 1:
            refuse(f"{path} holds one key only: --rotate first")
        if add:
            kept = (SignerKey.new(keys[0].name), *keys)
            signing.add_key(kept[0])
        else:
            kept = keys[:1]
            old = keys[1].verifier.public.hex()
            signing.retire_key(next(row for row in signing.known_keys() if row.public_key == old))
        keyfile.write(path, kept, new=False)
    sign_all(path)


def sign_all(path: Path) -> None:
    """Every log's checkpoint with the keys of now."""
    keys = signing.usable_keys(path)
    for log_id in [log.id for log in logs()]:
        with transaction():
            signing.sign(log_id, keys, anew=True)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    """Write every log as static files into FOLDER, with the verifier and how to use it. FOLDER must be new or empty."""
    path = Path(current_app.config["LOG_KEY"])
    with answering():
        if folder.exists() and not folder.is_dir():
            refuse(f"{folder} is a file: name a new folder")
        if folder.is_dir() and any(folder.iterdir()):
            refuse(f"{folder} is not empty: name a new folder")
        if not path.exists() and is_demo(current_app._get_current_object()):  # type: ignore[attr-defined]
            make_key(path, "")
        ids = [(log.id, log.name) for log in logs()]
        keys = signing.usable_keys(path)
        for log_id, name in ids:
            export_log(log_id, name, keys, folder / name.replace("/", "-"))
        for name, content in beside().items():
            exporting.write(folder, name, content)
    click.echo(f"check it: python {folder / 'verify_log.py'} {folder}")


def beside() -> dict[str, bytes]:
    """What goes along with the logs: how to check them, with what, and the sums of these files."""
    here = Path(verify_log.__file__)
    files = {name: here.with_name(source).read_bytes() for name, source in READMES.items()}
    files |= {here.name: here.read_bytes(), "check.html": check_page().content}
    sums = (f"{sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    return {**files, verify_log.SUMS: "".join(sums).encode()}


def export_log(log_id: int, name: str, keys: tuple[SignerKey, ...], folder: Path) -> None:
    with transaction():
        note = signing.sign(log_id, keys)
    point = notes.checkpoint(notes.parse(note.encode()).text)
    in_use, retired = signing.verifier_keys(name), signing.verifier_keys(name, retired=True)
    note = anchoring.with_witnesses(log_id, note)
    for path, content in exporting.files(log_id, note, point, in_use, retired):
        exporting.write(folder, path, content)
    click.echo(f"{folder}: {point.size} entries, root {point.root.hex()}")


@click.command()
@with_appcontext
def audit() -> None:
    """Make every recorded row anew from the log and compare it with its table, count every vote and hash every text again;
    names every difference, exit 1 with one."""
    with answering():
        tables = {name: db.metadata.tables[name] for name in recorded_tables()}
        found = False
        for difference in chain(differences(tables), *(again() for again in rederived.values())):
            click.echo(str(difference), err=True)
            found = True
        if found:
            sys.exit(1)
        click.echo(f"{len(tables)} tables agree with the log; counts and texts with what they come from")


@click.command(name="content-check")
@with_appcontext
def content_check() -> None:
    """Compare every personal text and every vote that is stored with its commitment in the log; names every mismatch, exit 1
    with one. Texts are not printed."""
    with answering():
        counts = dict.fromkeys(contents.KINDS, 0)
        for found in contents.check({name: db.metadata.tables[name] for name in recorded_tables()}):
            counts[found.kind] += 1
            if found.difference is not None:
                click.echo(f"mismatch: {found.difference}", err=True)
        click.echo(", ".join(f"{kind} {number}" for kind, number in counts.items()))
        if counts["mismatch"]:
            sys.exit(1)
