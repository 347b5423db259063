"""The public log: entries, Merkle tree, commitments to personal texts, erasure."""

from __future__ import annotations

from flask import Flask

from deliberation.audit import guards, ledger, seen
from deliberation.extensions import before_writing, db, registry


def setup(app: Flask) -> None:
    """Put up the three doors of law 1. Called after every room's models are known."""
    guards.mark_recorded(registry.mappers)
    guards.watch_session(db.session)
    guards.watch_engine(db.engine, recorded_tables)
    if seen.require_whole not in before_writing:
        before_writing.append(seen.require_whole)
    ledger.watch(db.session)


def recorded_tables() -> frozenset[str]:
    """The names of the tables that law 1 protects."""
    return frozenset(name for name, table in db.Model.metadata.tables.items() if table.info.get("recorded"))
