"""One transaction a command, opened for writing before its first read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from deliberation.kernel import clock


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Run the block in one write transaction: commit at its end, roll back on any exception.

    What the session read before is let go first, so that SQLite can begin immediate; unsaved changes from before are
    refused with ``RuntimeError``. Blocks nest: the outermost commits.
    """
    if session.info.get("writing"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        session.rollback()
        raise RuntimeError("changes made outside transaction()")
    if session.in_transaction():
        session.commit()
    session.info["writing"] = True
    try:
        session.info["writing"] = session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


def connection_of(session: Session) -> Connection:
    """The connection of the session's transaction; that of `writing` without asking again for it."""
    held = session.info.get("writing")
    return held if isinstance(held, Connection) else session.connection()


# Not CURRENT_TIMESTAMP, which on PostgreSQL is when the transaction began: a vote may have waited for the log's head.
PRESENT = {
    "sqlite": text("SELECT CAST(strftime('%s', 'now') AS INTEGER)"),
    "postgresql": text("SELECT floor(extract(epoch FROM clock_timestamp()))"),
}


def database_now(connection: Connection) -> datetime:
    """The present instant as the database tells it: deadlines are judged by one clock, however many machines answer."""
    told = connection.execute(PRESENT[connection.dialect.name]).scalar_one()
    return clock.at(datetime.fromtimestamp(int(told), UTC))


def prepare_sqlite(engine: Engine, *, durable: bool = True) -> None:
    """Give SQLite real transactions: WAL, foreign keys, a patient wait for the lock, BEGIN IMMEDIATE for writes."""

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, record: Any) -> None:
        dbapi.isolation_level = None
        cursor = dbapi.cursor()
        for pragma in ("journal_mode=WAL", "busy_timeout=30000", "foreign_keys=ON", f"synchronous={'FULL' if durable else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        # What is erased is overwritten, not only let go.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
