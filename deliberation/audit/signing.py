"""Signing checkpoints: only what is committed, only what goes on from what was signed before.

One key signs all logs of an installation, so a council founded tomorrow has a signed log tomorrow; each log has an origin
of its own, ``<name of the key>/<name of the log>``, and so its own verifier key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, bindparam, select, update

from deliberation.audit import keyfile, marks, tree
from deliberation.audit.marks import Mark
from deliberation.audit.models import Log, LogKey, Signed
from deliberation.audit.notes import Checkpoint, SignerKey, VerifierKey
from deliberation.audit.notes import sign as sign_note
from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import INSTALLATION, open_log
from deliberation.audit.stored import goes_on, root_of
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.transactions import connection_of

OFFICE = "installation"
STATE = (
    select(Log.name, Log.size, Log.frontier, Signed.size.label("signed"), Signed.root, Signed.note)
    .join(Signed, Signed.log_id == Log.id)
    .where(Log.id == bindparam("log"))
)
SWAP = (
    update(Signed)
    .where(Signed.log_id == bindparam("log"), Signed.size == bindparam("was"), Signed.root == bindparam("was_root"))
    .values(size=bindparam("now"), root=bindparam("now_root"), note=bindparam("new_note"))
)
TRIES = 20


class SigningError(RuntimeError):
    """Nothing is signed; the message is one line and says why."""


class Forked(SigningError):
    """What the log holds does not go on from what was signed: somebody changed the past."""


def origin(key_name: str, log_name: str) -> str:
    """The first line of a log's checkpoints."""
    return f"{key_name}/{log_name}"


def name_of(log_id: int) -> str:
    return db.session.scalars(select(Log.name).where(Log.id == log_id)).one()


def known_keys() -> list[LogKey]:
    """Every key that ever signed here, the newest first."""
    return list(db.session.scalars(select(LogKey).order_by(LogKey.id.desc())))


def verifier_keys(log_name: str, *, retired: bool = False) -> list[VerifierKey]:
    """The verifier keys of one log: those that sign now, or those that did."""
    rows = (row for row in known_keys() if (row.retired_at is not None) is retired)
    return [VerifierKey(origin(row.origin, log_name), bytes.fromhex(row.public_key)) for row in rows]


def add_key(key: SignerKey) -> LogKey:
    """Make a key known; it signs from the next checkpoint on."""
    row = LogKey(origin=key.name, public_key=key.verifier.public.hex(), added_at=clock.now())
    with recording(_capacity(), "log.key_add", row):
        db.session.add(row)
    return row


def retire_key(row: LogKey, at: datetime | None = None) -> None:
    """What it signed stays signed; it signs no more."""
    with recording(_capacity(), "log.key_retire", row):
        row.retired_at = at or clock.now()


def _capacity() -> Capacity:
    return Capacity(None, OFFICE, open_log(INSTALLATION))


def usable_keys(path: Path) -> tuple[SignerKey, ...]:
    """The keys of the file, all of them known to this database and in use.

    A key that another database made would sign two histories under one name. Raises `SigningError` and what
    `keyfile.read` raises.
    """
    keys = keyfile.read(path)
    in_use = {(row.origin, row.public_key) for row in known_keys() if row.retired_at is None}
    if any((key.name, key.verifier.public.hex()) not in in_use for key in keys):
        raise SigningError(f"{path} holds a key that this database does not know: name another file with LOG_KEY")
    return keys


def last_signed(log_id: int) -> tuple[str, bool]:
    """The last signed note, empty where there is none, and whether it covers all entries."""
    row = connection_of(db.session()).execute(STATE, {"log": log_id}).one()
    return row.note, bool(row.note) and row.signed == row.size


def sign(log_id: int, keys: Sequence[SignerKey], *, anew: bool = False) -> str:
    """Sign what is committed of a log and keep the note, by compare-and-swap on the last: of two signers at once, the
    later one takes what the earlier left. With ``anew`` also where nothing was appended (other keys sign now).

    Raises `Forked` rather than sign what does not contain everything signed before.
    """
    connection = connection_of(db.session())
    if connection.info.get("head") is not None:
        raise SigningError("what is not committed is not signed")
    for _try in range(TRIES):
        row = connection.execute(STATE, {"log": log_id}).one()
        if row.note and row.signed == row.size and not anew:
            return str(row.note)
        root = tree.root(row.size, bytes(row.frontier))
        if not goes_on(connection, log_id, row.signed, bytes(row.root), row.size, root):
            raise Forked(f"log {log_id} of {row.size} entries does not go on from the {row.signed} that were signed")
        named = [key.named(origin(key.name, row.name)) for key in keys]
        note = sign_note(Checkpoint(named[0].name, row.size, root).text(), named)
        mark = Mark(named[0].name, row.size, root)
        _check_mark(connection, log_id, mark)
        if _swap(connection, log_id, row.signed, bytes(row.root), row.size, root, note):
            _remember(mark)
            return note
    raise SigningError("others kept signing at the same time")


def _check_mark(connection: Connection, log_id: int, now: Mark) -> None:
    """Whether the log goes on from what is remembered outside the database too."""
    for mark in marks.read(marks.last_file(Path(current_app.config["LOG_KEY"]))):
        if mark.origin == now.origin and not contains(connection, log_id, mark, now.size):
            raise Forked(f"{now.origin} of {now.size} entries does not go on from the {mark.size} that were published")


def _remember(mark: Mark) -> None:
    """Only what is committed is signed, so the mark holds even if this transaction does not."""
    key = Path(current_app.config["LOG_KEY"])
    if key.exists():
        try:
            marks.keep(key, mark)
        except OSError as error:
            current_app.logger.warning("%s cannot be written: %s", marks.last_file(key), error.strerror)


def contains(connection: Connection, log_id: int, mark: Mark, size: int) -> bool:
    """Whether the stored tree of ``size`` entries begins with what the mark says."""
    try:
        return mark.size <= size and root_of(connection, log_id, mark.size) == mark.root
    except KeyError:
        return False


def _swap(connection: Connection, log_id: int, was: int, was_root: bytes, now: int, root: bytes, note: str) -> bool:
    values = {"log": log_id, "was": was, "was_root": was_root, "now": now, "now_root": root, "new_note": note}
    connection.info["appending"] = True
    try:
        return connection.execute(SWAP, values).rowcount == 1
    finally:
        connection.info["appending"] = False
