"""After a count: nothing of an emptied box stays in SQLite's file or in the log beside it.

PostgreSQL keeps rows that were deleted until it tidies up by itself; there the seal is the protection.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import select

from deliberation.extensions import db
from deliberation.voting.secret.models import BoxRow

PATIENCE = 10


def clean() -> bool:
    """Write the file anew, unless another box is still closed. False where it has to be done later: somebody was reading, or
    a box is open. Outside any transaction."""
    waiting = db.session.scalar(select(BoxRow.poll_id).limit(1))
    db.session.rollback()
    if waiting is not None:
        return False
    if db.engine.dialect.name != "sqlite":
        return True
    try:
        with closing(sqlite3.connect(str(db.engine.url.database), timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy, _frames, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    return bool(busy == 0)
