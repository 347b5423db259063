"""Checking a whole log in runs: every body hashed, every stored node compared; then the index. In constant memory.

It only says whether everything holds. Where something does not, `services.verify` walks entry by entry and names the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, TextClause, text

from deliberation.audit import tree

RUN = 1024
"""Entries read at a time: a power of two."""
LEVELS = RUN.bit_length() - 1
# As text, and the driver's own rows: for a million of them that is half of the time.
BODIES = text("SELECT seq, body FROM audit_entry WHERE log_id = :log AND seq >= :start AND seq < :end ORDER BY seq")
ENDS = text("SELECT min(seq), max(seq) FROM audit_entry WHERE log_id = :log")
HASHES = text(
    "SELECT hash FROM audit_node WHERE log_id = :log AND level = :level AND position >= :start AND position < :end"
    " ORDER BY position"
)
INDEX = text("SELECT what, seq FROM audit_about WHERE log_id = :log")
# A body is canonical JSON: its keys are sorted, and nothing in a text is an unescaped quotation mark.
MATTERS = re.compile(rb'"matters":\[([0-9,]+)\]')
SUBJECT = re.compile(rb'"subject":"([^"\\]+)","v":[0-9]+\}\Z')
Progress = Callable[[int], None]


def holds(connection: Connection, log_id: int, size: int, frontier: bytes, progress: Progress = lambda entries: None) -> bool:
    """Whether the first ``size`` entries lead to this frontier and to every stored node that they complete."""
    if connection.execute(ENDS, {"log": log_id}).one() != ((0, size - 1) if size else (None, None)):
        return False
    stored = _Stored(connection, log_id)
    above, upper = b"", 0
    rest: list[bytes] = []
    for start in range(0, size, RUN):
        end = min(start + RUN, size)
        rows = _run(connection, log_id, start, end)
        if len(rows) != end - start or rows[0][0] != start or rows[-1][0] != end - 1:
            return False
        level = [sha256(b"\x00" + raw(body)).digest() for _seq, body in rows]
        for height in range(LEVELS + 1):
            stored.expect(height, level)
            if len(level) & 1 and end - start < RUN:
                rest.append(level[-1])
            if height < LEVELS:
                level = [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        if end - start == RUN:
            above, completed = tree.push(upper, above, level[0])
            upper += 1
            for height, _at, value in completed[1:]:
                stored.expect(LEVELS + height, [value])
        if not stored.agree:
            return False
        progress(end - start)
    return stored.settle() and above + b"".join(reversed(rest)) == frontier


def index_holds(connection: Connection, log_id: int, size: int, progress: Progress = lambda entries: None) -> bool:
    """Whether the index says of each of the first ``size`` entries what its body says, and nothing more.

    Both sides are added up, so that no order is needed. What is added are Python's own hashes, secret to this process: nobody
    can choose rows that make up for others.
    """
    told = 0
    for start in range(0, size, RUN):
        end = min(start + RUN, size)
        told += sum(hash((what, seq)) for seq, body in _run(connection, log_id, start, end) for what in about(raw(body)))
        progress(end - start)
    rows = connection.execute(INDEX, {"log": log_id}, execution_options={"yield_per": RUN})
    return told == sum(hash((what, seq)) for what, seq in rows)


def about(body: bytes) -> set[str]:
    """What an entry tells of, as `recording.about` has it, without reading the whole body."""
    matters = MATTERS.search(body, 0, max(body.find(b'"rows":['), 0))
    found = {f"matter:{number}" for number in matters[1].decode().split(",")} if matters else set()
    subject = SUBJECT.search(body, max(len(body) - 300, 0))
    return found | {subject[1].decode(errors="replace")} if subject else found


def raw(value: Any) -> bytes:
    """The bytes of a column; nothing where somebody put another type there, which SQLite lets happen."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def _run(connection: Connection, log_id: int, start: int, end: int) -> list[Any]:
    return _rows(connection, BODIES, {"log": log_id, "start": start, "end": end})


def _rows(connection: Connection, query: TextClause, values: dict[str, int]) -> list[Any]:
    result = connection.execute(query, values)
    rows = list(result.cursor.fetchall())
    result.close()
    return rows


class _Stored:
    """What the nodes must be, gathered by level until a run of them is worth a statement."""

    def __init__(self, connection: Connection, log_id: int) -> None:
        self.connection, self.log_id = connection, log_id
        self.wanted: dict[int, list[bytes]] = {}
        self.done: dict[int, int] = {}
        self.agree = True

    def expect(self, level: int, hashes: list[bytes]) -> None:
        waiting = self.wanted.setdefault(level, [])
        waiting += hashes
        if len(waiting) >= RUN:
            self._compare(level)

    def settle(self) -> bool:
        for level in list(self.wanted):
            self._compare(level)
        return self.agree

    def _compare(self, level: int) -> None:
        wanted, start = self.wanted.pop(level), self.done.get(level, 0)
        self.done[level] = start + len(wanted)
        values = {"log": self.log_id, "level": level, "start": start, "end": start + len(wanted)}
        if [value for (value,) in _rows(self.connection, HASHES, values)] != wanted:
            self.agree = False
