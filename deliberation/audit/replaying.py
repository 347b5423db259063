"""Replaying the log: every recorded row is made anew from the entries alone and compared with the one in its table.

What an entry shows of a column decides how it is compared: ``public`` as it is, ``digest`` by its hash, ``committed`` by the
row's commitment as long as its salt is there. ``withheld`` columns are the only ones that the log cannot vouch for.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Column, Table, select

from deliberation.audit.commitments import commit
from deliberation.audit.models import ActorRef, Entry, Log
from deliberation.audit.recording import read
from deliberation.audit.values import names_person, simple
from deliberation.extensions import db
from deliberation.kernel.registry import Registry

Key = tuple[Any, ...]


@dataclass
class Replayed:
    """What the log says of one row. ``seq`` is the last entry that told of it, in the log named ``log``."""

    log: str
    seq: int
    values: dict[str, Any] = field(default_factory=dict)
    commitment: str | None = None


@dataclass(frozen=True)
class Difference:
    """``seq`` is the last entry about the row; None where the log knows nothing of it."""

    table: str
    key: Key
    column: str | None
    problem: str
    log: str = ""
    seq: int | None = None

    def __str__(self) -> str:
        place = f"{self.table} {'/'.join(map(str, self.key))}" + (f" {self.column}" if self.column else "")
        return f"{place}: {self.problem}" + (f" (entry {self.seq} of {self.log})" if self.seq is not None else "")


rederived: Registry[Callable[[], Iterator[Difference]]] = Registry("derivation")
"""What follows from other rows is derived again by the room that knows how: ballots counted, texts hashed."""


def replay(tables: dict[str, Table]) -> dict[str, dict[Key, Replayed]]:
    """Every row of these tables as the entries of all logs tell it. Rows that were removed are not in it."""
    found: dict[str, dict[Key, Replayed]] = {name: {} for name in tables}
    for log, seq, table, key, shown in entries(tables):
        _apply(found[table.name], key, shown, Replayed(log, seq))
    return found


def entries(tables: Mapping[str, Table]) -> Iterator[tuple[str, int, Table, Key, dict[str, Any]]]:
    """What the entries of all logs show of rows of these tables, in order: log, entry, table, the row's key, what is shown.
    Persons stand in it as the tables know them."""
    query = select(Log.name, Log.id, Entry.seq, Entry.body).join(Entry, Entry.log_id == Log.id).order_by(Log.id, Entry.seq)
    references = db.session.execute(select(ActorRef.log_id, ActorRef.ref, ActorRef.person_id))
    people = {(log_id, ref): person for log_id, ref, person in references}
    for log, log_id, seq, body in db.session.execute(query.execution_options(yield_per=1000)):
        for shown in read(bytes(body))["rows"]:
            table = tables.get(shown["table"])
            if table is not None:
                yield log, seq, table, *_known(table, shown, partial(_person, people, log_id))


def _person(people: dict[tuple[int, str], int], log_id: int, ref: str) -> Any:
    """The person behind a reference; where the tie was cut, a mark that nothing is compared with."""
    return people.get((log_id, ref), f"?{ref}")


def _known(table: Table, shown: dict[str, Any], person: Callable[[str], Any]) -> tuple[Key, dict[str, Any]]:
    """The key and the values of one row of one entry, with persons in the place of their references."""
    parts = shown["id"] if isinstance(shown["id"], list) else [shown["id"]]
    key = tuple(person(part) if names_person(c) else part for c, part in zip(table.primary_key.columns, parts, strict=True))
    told = {
        name: person(value) if value is not None and name in table.columns and names_person(table.columns[name]) else value
        for name, value in shown.get("set", {}).items()
    }
    return key, {**shown, "set": told}


def _apply(rows: dict[Key, Replayed], key: Key, shown: dict[str, Any], told: Replayed) -> None:
    """One row of one entry."""
    if shown.get("gone"):
        rows.pop(key, None)
        return
    row = rows.setdefault(key, told)
    row.log, row.seq = told.log, told.seq
    row.values.update(shown["set"])
    row.commitment = shown.get("commitment", row.commitment)


def differences(tables: dict[str, Table]) -> Iterator[Difference]:
    """Every place where a table says something else than the log, table by table."""
    told = replay(tables)
    for name, table in sorted(tables.items()):
        known = told[name]
        cut = Counter(_masked(table, key) for key in known if any(map(_is_cut, key)))
        for row in db.session.execute(select(table).order_by(*table.primary_key.columns)).mappings():
            key = key_of(table, row)
            replayed = known.pop(key, None)
            if replayed is not None:
                yield from _compare(table, key, row, replayed)
            elif cut[_masked(table, key)]:
                cut[_masked(table, key)] -= 1
            else:
                yield Difference(name, key, None, "the log knows no such row")
        for key, gone in known.items():
            if not any(map(_is_cut, key)) or cut[_masked(table, key)]:
                yield Difference(name, key, None, "the row is gone", gone.log, gone.seq)


def key_of(table: Table, row: Mapping[Any, Any]) -> Key:
    """The key of a row of the database, as `entries` gives it."""
    return tuple(simple(row[column.name]) for column in table.primary_key.columns)


def sealed(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    """What stands under the row's commitment."""
    return {column.name: simple(row[column.name]) for column in table.columns if column.info["log"] == "committed"}


def _is_cut(value: Any) -> bool:
    """Whether this stands for a person whose tie to the log was deleted: nobody knows any more who it is."""
    return isinstance(value, str) and value.startswith("?")


def _masked(table: Table, key: Key) -> Key:
    """The key without the persons in it."""
    return tuple(None if names_person(c) else part for c, part in zip(table.primary_key.columns, key, strict=True))


def _compare(table: Table, key: Key, row: Any, replayed: Replayed) -> Iterator[Difference]:
    for column in table.columns:
        how = column.info["log"]
        if how not in ("committed", "withheld") and not column.primary_key:
            here, there = shown(column, row[column.name]), replayed.values.get(column.name)
            if here != there and not _is_cut(there):
                problem = f"the table says {_short(here)}, the log {_short(there)}"
                yield Difference(table.name, key, column.name, problem, replayed.log, replayed.seq)
    committed = sealed(table, row)
    salt = row["salt"] if committed else None
    if salt is not None and commit(table.name, bytes(salt), committed) != replayed.commitment:
        names = ", ".join(committed)
        yield Difference(table.name, key, names, "the commitment does not open", replayed.log, replayed.seq)


def shown(column: Column[Any], value: Any) -> Any:
    """What an entry would say of this value."""
    if value is not None and column.info["log"] == "digest":
        return hashlib.sha256(str(value).encode()).hexdigest()
    return json.loads(json.dumps(simple(value)))


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 70 else text[:67] + "…"
