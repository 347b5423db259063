"""The check of contents: does every text and every vote that is stored still open the commitment in the log?

The entries are read once, in order; of each row only the last commitment is kept meanwhile. `erasures` tells of the same
entries what was erased, so that a ledger can be made from a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from deliberation.audit.commitments import opens
from deliberation.audit.replaying import Difference, Key, entries, key_of, sealed
from deliberation.extensions import db

KINDS = ("ok", "erased", "restricted", "mismatch")


@dataclass
class Told:
    """The last commitment of a row, whether the log says that it was erased, and the entry that told of it."""

    log: str
    seq: int
    commitment: bytes
    is_erased: bool = False


@dataclass(frozen=True)
class Checked:
    """One row: ``kind`` is one of `KINDS`; ``difference`` names a mismatch."""

    kind: str
    difference: Difference | None = None


def sealed_tables(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Those whose rows have a commitment."""
    return {name: table for name, table in tables.items() if any(c.info.get("log") == "committed" for c in table.columns)}


def check(tables: Mapping[str, Table]) -> Iterator[Checked]:
    """Every row with a commitment, compared with the log; then the rows that the log knows and the tables do not have."""
    kept = sealed_tables(tables)
    told = _told(kept)
    for name, table in sorted(kept.items()):
        known = told[name]
        rows = db.session.execute(select(table).order_by(*table.primary_key.columns).execution_options(yield_per=1000))
        for row in rows.mappings():
            key = key_of(table, row)
            yield _checked(table, key, row, known.pop(key, None))
        for key, gone in known.items():
            yield Checked("mismatch", Difference(name, key, None, "the row is gone", gone.log, gone.seq))


def _told(tables: Mapping[str, Table]) -> dict[str, dict[Key, Told]]:
    found: dict[str, dict[Key, Told]] = {name: {} for name in tables}
    for log, seq, table, key, shown in entries(tables):
        rows = found[table.name]
        if shown.get("gone"):
            rows.pop(key, None)
            continue
        row = rows.setdefault(key, Told(log, seq, b""))
        row.log, row.seq = log, seq
        row.commitment = bytes.fromhex(shown["commitment"]) if "commitment" in shown else row.commitment
        row.is_erased = row.is_erased or bool(shown.get("set", {}).get("erased_at"))
    return found


def _checked(table: Table, key: Key, row: Mapping[Any, Any], told: Told | None) -> Checked:
    if told is None:
        return Checked("mismatch", Difference(table.name, key, None, "the log knows no such row"))
    problem = _problem(table, row, told)
    if problem:
        return Checked("mismatch", Difference(table.name, key, None, problem, told.log, told.seq))
    if row["salt"] is None:
        return Checked("erased")
    return Checked("restricted" if row.get("restricted_at") is not None else "ok")


def _problem(table: Table, row: Mapping[Any, Any], told: Told) -> str:
    if row["salt"] is None:
        return "" if told.is_erased else "it is gone, and the log does not say that it was erased"
    if told.is_erased:
        return "it is there, and the log says that it was erased"
    holds = opens(told.commitment.hex(), table.name, bytes(row["salt"]), sealed(table, row))
    return "" if holds else "the commitment does not open"


def erasures(tables: Mapping[str, Table]) -> Iterator[dict[str, Any]]:
    """A line of the ledger for every record that the logs call erased."""
    only = {"personal_record": tables["personal_record"]}
    commitments: dict[Key, str] = {}
    for log, _seq, _table, key, shown in entries(only):
        commitments[key] = shown.get("commitment", commitments.get(key, ""))
        told = shown.get("set", {})
        if told.get("erased_at"):
            line = {"log": log, "record": key[0], "commitment": commitments.pop(key)}
            yield {**line, "at": told["erased_at"], "basis": told.get("basis")}
