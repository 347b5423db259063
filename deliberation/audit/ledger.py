"""The ledger of erasures: a file beside the database, so that what was erased stays erased when an older copy is put back.

One line an erasure: the log's name, the record's number, its commitment, the basis, the instant. Never a text, never a salt.
Numbers are given again after a copy is put back, so a record is only taken for the one that was erased where its commitment
opens. Also the ties between persons and logs that were cut, by the reference, which is random.

A line is on the disk before the erasure is committed; where the commit fails, a second line takes it back. What a crash
leaves between the two is an erasure that somebody asked for and that is finished at the next start.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from deliberation.audit.models import Log
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_

Line = dict[str, Any]
CONTENT = ("log", "record", "commitment", "ref")
after_erasing: list[Callable[[], None]] = []
"""Called once an erasure stands in the database."""


class LedgerError(ValueError):
    """The file is no ledger; the message names the line."""


def path() -> Path:
    return Path(current_app.config["ERASURE_LEDGER"])


def note_record(session: Session, log_id: int, record_id: int, commitment: str, basis: str) -> None:
    """Remember for the commit that this record is erased."""
    _note(session, log_id, record=record_id, commitment=commitment, basis=basis)


def note_tie(session: Session, log_id: int, ref: str) -> None:
    """Remember for the commit that the tie between this reference and its person is cut."""
    _note(session, log_id, ref=ref)


def _note(session: Session, log_id: int, **what: Any) -> None:
    name = session.scalars(select(Log.name).where(Log.id == log_id)).one()
    line = {"log": name, **what, "at": clock.now().isoformat(timespec="seconds")}
    session.info.setdefault("erasures", []).append(line)


def watch(target: Any) -> None:
    """Write the ledger in step with the transactions of every session made by ``target``."""
    if event.contains(target, "before_commit", _before_commit):
        return
    event.listen(target, "before_commit", _before_commit)
    event.listen(target, "after_commit", _after_commit)
    event.listen(target, "after_rollback", _after_rollback)


def _before_commit(session: Session) -> None:
    lines = session.info.get("erasures")
    if lines and not session.info.get("erasures_written"):
        session.flush()
        try:
            append(path(), lines)
        except OSError as error:
            raise Refused(
                N_("Nothing was erased: the list of erasures cannot be written. Please tell whoever looks after these pages.")
            ) from error
        session.info["erasures_written"] = True


def _after_commit(session: Session) -> None:
    session.info.pop("erasures_written", None)
    if session.info.pop("erasures", None):
        for forget in after_erasing:
            forget()


def _after_rollback(session: Session) -> None:
    lines = session.info.pop("erasures", [])
    if session.info.pop("erasures_written", False):
        append(path(), [{**line, "taken_back": True} for line in lines])


def append(file: Path, lines: Iterable[Line]) -> None:
    """Write lines at the end, in one piece and down to the disk. The file is readable by its owner alone.

    A last line that a crash broke off is taken away: what it was about was not committed. Where the disk refuses, the file
    is what it was before; only what takes a line back stays as far as it was written.
    """
    lines = list(lines)
    text = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines).encode()
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        opened.truncate(opened.read().rfind(b"\n") + 1)
        before = opened.seek(0, os.SEEK_END)
        try:
            if opened.write(text) != len(text):
                raise OSError(f"{file} is full")
            os.fsync(opened)
        except OSError:
            if not any(line.get("taken_back") for line in lines):
                opened.truncate(before)
                with suppress(OSError):
                    os.fsync(opened)
            raise


def read(file: Path) -> list[Line]:
    """What the ledger holds, without what was taken back; nothing where there is no file. Raises `LedgerError`.

    A last line that a crash broke off counts for nothing: its erasure was not committed.
    """
    if not file.exists():
        return []
    standing: dict[str, Line] = {}
    for line in _lines(file):
        key = json.dumps([line.get(name) for name in CONTENT])
        if line.get("taken_back"):
            standing.pop(key, None)
        else:
            standing[key] = line
    return list(standing.values())


def _lines(file: Path) -> Iterator[Line]:
    *whole, _rest = file.read_bytes().split(b"\n")
    for number, text in enumerate(whole, 1):
        try:
            line = json.loads(text)
        except ValueError:
            line = None
        if not _is_line(line):
            raise LedgerError(f"{file}: line {number} is no line of a ledger of erasures")
        yield line


def _is_line(line: Any) -> bool:
    if not isinstance(line, dict) or not isinstance(line.get("log"), str):
        return False
    if "ref" in line:
        return isinstance(line["ref"], str)
    number = line.get("record")
    return isinstance(number, int) and 0 < number < 2**31 and isinstance(line.get("commitment"), str)
