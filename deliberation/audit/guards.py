"""The three doors of law 1, put up once in ``setup``."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.orm import ORMExecuteState, Session

from deliberation.audit.appending import UnrecordedWrite
from deliberation.audit.models import LOG_TABLES
from deliberation.audit.recording import collect, is_recorded, refuse_undeclared
from deliberation.kernel.transactions import connection_of

DML = (
    r"\b(?:(?:insert|replace|merge)(?:\s+or\s+\w+)?\s+into|update(?:\s+or\s+\w+)?|delete\s+from|truncate(?:\s+table)?|copy)"
    r"\s+(?:only\s+)?(?:[\"`\[]?\w+[\"`\]]?\.)?[\"`\[]?(%s)\b"
)
DDL = re.compile(r"\s*(select|create|alter|drop|pragma)\b", re.IGNORECASE)
CTE = re.compile(r"\s*select\b.*\b(insert\s+into|update|delete\s+from)\b", re.IGNORECASE | re.DOTALL)


_watched: set[int] = set()


def mark_recorded(mappers: Any) -> None:
    """Copy ``__recorded__`` of the models to their tables, where Core can see it."""
    for mapper in mappers:
        if getattr(mapper.class_, "__recorded__", False):
            mapper.local_table.info["recorded"] = True


def watch_session(target: Any) -> None:
    """Doors one and two: flushes and bulk statements of every session made by ``target``."""
    if id(target) in _watched:
        return
    _watched.add(id(target))

    @event.listens_for(target, "before_flush")
    def before_flush(session: Session, context: Any, instances: Any) -> None:
        new, deleted = list(session.new), list(session.deleted)
        touched = [row for row in (*new, *deleted) if is_recorded(row.__table__)]
        touched += [row for row in session.dirty if is_recorded(row.__table__) and session.is_modified(row)]
        if (record := session.info.get("recording")) is not None:
            refuse_undeclared(new, deleted, record)
        elif touched:
            raise UnrecordedWrite(f"{touched[0].__tablename__} changed outside recording()")
        session.info["door"] = door = connection_of(session).info
        door["flushing"] = bool(touched)

    @event.listens_for(target, "after_flush")
    def after_flush(session: Session, context: Any) -> None:
        record = session.info.get("recording")
        session.info["door"]["flushing"] = False
        if record is not None:
            collect(session, record)

    @event.listens_for(target, "do_orm_execute")
    def bulk(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            table = getattr(state.statement, "table", None)
            if isinstance(table, Table) and (is_recorded(table) or table.name in LOG_TABLES):
                raise UnrecordedWrite(f"bulk statements cannot touch {table.name}: its entry could not tell of them")

    @event.listens_for(target, "before_commit")
    def before_commit(session: Session) -> None:
        if session.info.get("doomed"):
            raise UnrecordedWrite("a recording failed in this transaction: it can only be rolled back")

    @event.listens_for(target, "after_transaction_end")
    def after_end(session: Session, transaction: Any) -> None:
        if transaction.parent is None:
            session.info.pop("doomed", None)
            session.info.pop("held", None)


def watch_engine(engine: Engine, recorded: Callable[[], frozenset[str]]) -> None:
    """Door three: every SQL text. ``recorded`` names the tables of law 1."""

    @lru_cache(maxsize=4096)
    def writes(sql: str) -> frozenset[str]:
        if DDL.match(sql) and not CTE.match(sql):
            return frozenset()
        names = recorded() | frozenset(LOG_TABLES)
        return frozenset(m.group(1).lower() for m in re.finditer(DML % "|".join(sorted(names)), sql, re.IGNORECASE))

    @event.listens_for(engine, "before_cursor_execute")
    def guard(connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        for table in writes(sql):
            door = "appending" if table in LOG_TABLES else "flushing"
            if not connection.info.get(door):
                raise UnrecordedWrite(f"{table} cannot be written by this statement")

    @event.listens_for(engine, "checkin")
    def checkin(dbapi: Any, record: Any) -> None:
        _forget(record.info)

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    @event.listens_for(engine, "rollback_savepoint")
    def end(connection: Any, *savepoint: Any) -> None:
        _forget(connection.info)


def _forget(info: dict[str, Any]) -> None:
    """What a connection knows for the length of one transaction: which door is open, where the log's head is."""
    for name in ("flushing", "appending", "head", "ref"):
        info.pop(name, None)
