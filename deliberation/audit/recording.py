"""No write without a record: ``recording`` turns what was flushed into one entry of the public log.

Three doors see every change of a recorded table: the session before a flush, the session before a bulk statement, and
the engine before any SQL. Outside ``recording`` all three refuse; inside it only the flush passes, because only a flush
can be read back into the entry. Whatever the action did not declare is refused, so an entry neither omits nor invents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Connection, Table, inspect
from sqlalchemy.orm import Session, object_mapper

from deliberation.audit.actions import ACTIONS, Action
from deliberation.audit.appending import HEAD, HEAD_AND_ACTOR, UnrecordedWrite, append, reference
from deliberation.audit.canonical import canonical
from deliberation.audit.commitments import commit
from deliberation.audit.values import instant, names_person, names_resident, simple
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.transactions import connection_of

VERSION = 1


@dataclass(frozen=True)
class Capacity:
    """Who acts, in which office, in which log. ``person_id`` is None for the installation itself.

    What somebody does ``as_resident``, whatever their offices, stands under another reference than what they do in office.
    """

    person_id: int | None
    office: str
    log_id: int
    council_id: int | None = None
    as_resident: bool = False


@dataclass
class Recording:
    capacity: Capacity
    action: Action
    subject: Any
    rows: list[dict[str, Any]] = field(default_factory=list)
    more_matters: tuple[int, ...] = ()
    named: dict[int, bool] = field(default_factory=dict)

    def found(self, council: Any) -> None:
        """From here on the rows belong to this council: only the act that founds it needs to say so."""
        db.session.flush()
        self.capacity = replace(self.capacity, council_id=council.id)


@contextmanager
def recording(capacity: Capacity, action: str, subject: Any = None, *, matters: tuple[int, ...] = ()) -> Iterator[Recording]:
    """Everything flushed in the block becomes one entry, in the same transaction.

    ``subject`` is the row that the entry is about; its ``log_label`` and ``matter_id`` (where it has them) are read at
    the end of the block. An exception dooms the transaction: it can only be rolled back.
    """
    session = db.session()
    if session.info.get("recording") is not None:
        raise UnrecordedWrite("recordings do not nest: one verb, one entry")
    if not session.info.get("writing"):
        raise UnrecordedWrite(f"{action}: recording needs transaction()")
    session.flush()
    record = Recording(capacity, ACTIONS[action], subject, more_matters=matters)
    hold(session, capacity.log_id)
    session.info["recording"] = record
    try:
        yield record
        session.flush()
        _append(session, record)
    except BaseException:
        session.info["doomed"] = True
        raise
    finally:
        session.info["recording"] = None


def hold(session: Session, log_id: int, person_id: int | None = None, as_resident: bool = False) -> None:
    """Take the log's head for this transaction: from here on nobody else writes in this log.

    The reference of ``person_id``, who is about to act in office or ``as_resident``, is read along with it.

    On PostgreSQL what was read before is read anew, so that no decision rests on a row from before the lock.
    Raises `UnrecordedWrite` when the transaction already holds another log.
    """
    held = session.info.get("held")
    if held == log_id:
        return
    if held is not None:
        raise UnrecordedWrite("one log a transaction")
    session.flush()
    connection = connection_of(session)
    if person_id is None:
        size, frontier = connection.execute(HEAD, {"log": log_id}).one()
    else:
        asked = {"log": log_id, "person": person_id, "as_resident": as_resident}
        size, frontier, ref = connection.execute(HEAD_AND_ACTOR, asked).one()
        connection.info["ref"] = (asked, ref) if ref else None
    connection.info["head"] = (log_id, size, frontier)
    session.info["held"] = log_id
    if session.get_bind().dialect.name != "sqlite":
        session.expire_all()


def table_of(row: Any) -> Table:
    return cast(Table, object_mapper(row).local_table)


def is_recorded(table: Table) -> bool:
    return bool(table.info.get("recorded"))


def refuse_undeclared(new: Iterable[Any], deleted: Iterable[Any], record: Recording) -> None:
    """Before a flush: rows that the action may not make or delete, so that the refusal is ours and not the database's."""
    for rows, declared, verb in ((new, record.action.creates, "make"), (deleted, record.action.deletes, "delete")):
        for table in map(table_of, rows):
            if is_recorded(table) and table.name not in declared:
                raise UnrecordedWrite(f"{record.action.name} does not declare to {verb} rows of {table.name}")


def collect(session: Session, record: Recording) -> None:
    """Read the flush into the record; called after the flush, while the attribute histories still stand."""
    connection = connection_of(session)
    for row in _ordered(session.new):
        _take(record, connection, row, "new", _every_column(row))
    for row in _ordered(session.dirty):
        if columns := _changed_columns(row):
            _take(record, connection, row, "set", columns)
    for row in _ordered(session.deleted):
        _take(record, connection, row, "gone", ())


def _ordered(rows: Any) -> list[Any]:
    kept = [row for row in rows if is_recorded(table_of(row))]
    return sorted(kept, key=lambda row: (row.__tablename__, _key(row)))


def _key(row: Any) -> tuple[Any, ...]:
    """The primary key, which a row flushed just now has before its identity is set."""
    return tuple(object_mapper(row).primary_key_from_instance(row))


def _every_column(row: Any) -> tuple[Column[Any], ...]:
    return tuple(table_of(row).columns)


@cache
def _keys(mapper: Any) -> dict[Column[Any], str]:
    """Under which attribute the model has each column of its table."""
    return {column: mapper.get_property_by_column(column).key for column in mapper.local_table.columns}


def _changed_columns(row: Any) -> tuple[Column[Any], ...]:
    state = inspect(row)
    mapper = state.mapper
    names = {a.key for a in state.attrs if a.history.has_changes()}
    return tuple(column for column, key in _keys(mapper).items() if key in names)


def _take(record: Recording, connection: Connection, row: Any, what: str, columns: tuple[Column[Any], ...]) -> None:
    mapper = object_mapper(row)
    table = table_of(row)
    shown: dict[str, Any] = {"table": table.name, "id": _shown_identity(record, connection, row)}
    _allow(record, table, what, columns, shown["id"])
    if "council_id" in table.columns and row.council_id != record.capacity.council_id:
        raise UnrecordedWrite(f"{record.action.name}: a row of {table.name} belongs to another council")
    values: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    keys = _keys(mapper)
    for column in columns:
        value = getattr(row, keys[column])
        how = column.info["log"]
        if how == "committed":
            sealed[column.name] = value
        elif column.primary_key or how == "withheld" or (what == "new" and value is None):
            continue
        else:
            values[column.name] = _plain(record, connection, row, column, value)
    if sealed and row.salt is not None:
        shown["commitment"] = commit(table.name, row.salt, _sealed(row))
    if what == "gone":
        shown["gone"] = True
    else:
        shown["set"] = values
    if what == "new":
        shown["new"] = True
    record.rows.append(shown)


def _allow(record: Recording, table: Table, what: str, columns: tuple[Column[Any], ...], identity: Any) -> None:
    name, action = table.name, record.action
    if what != "set":
        return
    fresh = {(shown["table"], str(shown["id"])) for shown in record.rows if shown.get("new")}
    if (name, str(identity)) in fresh:
        return
    if more := {c.name for c in columns} - action.changes.get(name, frozenset()):
        raise UnrecordedWrite(f"{action.name} does not declare changes of {name}: {', '.join(sorted(more))}")


def identity(row: Any) -> Any:
    key = [simple(part) for part in _key(row)]
    return key[0] if len(key) == 1 else key


def _shown_identity(record: Recording, connection: Connection, row: Any) -> Any:
    """The row's key as the log shows it: a part that names a person is that person's reference."""
    columns = cast(tuple[Column[Any], ...], object_mapper(row).primary_key)
    key = [_plain(record, connection, row, column, part) for column, part in zip(columns, _key(row), strict=True)]
    return key[0] if len(key) == 1 else key


def _sealed(row: Any) -> dict[str, Any]:
    """The values under the row's commitment, by column name."""
    keys = _keys(object_mapper(row))
    return {c.name: simple(getattr(row, key)) for c, key in keys.items() if c.info.get("log") == "committed"}


def commitment_of(row: Any) -> str:
    """The commitment that the log holds for a living row; raises ``ValueError`` where its salt is gone."""
    return commit(row.__tablename__, row.salt, _sealed(row))


def _named(record: Recording, connection: Connection, person_id: int, as_resident: bool) -> str:
    """The person's reference. No entry names anybody in office and as a resident: whoever read it would know that they are one."""
    if record.named.setdefault(person_id, as_resident) != as_resident:
        raise UnrecordedWrite(f"{record.action.name} would name one person in office and as a resident")
    return reference(connection, record.capacity.log_id, person_id, as_resident)


def _plain(record: Recording, connection: Connection, row: Any, column: ColumnElement[Any], value: Any) -> Any:
    if value is None:
        return None
    if column.info["log"] == "digest":
        return hashlib.sha256(str(value).encode()).hexdigest()
    if names_person(cast(Column[Any], column)):
        return _named(record, connection, value, names_resident(row, column))
    return simple(value)


def _append(session: Session, record: Recording) -> None:
    connection, capacity = connection_of(session), record.capacity
    matters = sorted({*record.more_matters, *filter(None, [getattr(record.subject, "matter_id", None)])})
    body: dict[str, Any] = {
        "v": VERSION,
        "at": instant(clock.now()),
        "office": capacity.office,
        "action": record.action.name,
        "rows": record.rows,
    }
    if capacity.person_id is not None:
        body["actor"] = _named(record, connection, capacity.person_id, capacity.as_resident)
    if record.subject is not None:
        body["subject"] = f"{record.subject.__tablename__}:{identity(record.subject)}"
        body["label"] = str(getattr(record.subject, "log_label", "") or "")
    if matters:
        body["matters"] = matters
    append(connection, capacity.log_id, canonical(body), about(body))


def about(body: dict[str, Any]) -> list[str]:
    """What an entry tells of, as the index of a log has it: its subject and each of its matters."""
    matters = {f"matter:{matter}" for matter in body.get("matters", ())}
    return sorted(matters | {body["subject"]} if "subject" in body else matters)


def read(body: bytes) -> dict[str, Any]:
    """An entry's body as data."""
    data: dict[str, Any] = json.loads(body)
    return data
