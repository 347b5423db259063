"""What a page shows now, held against the entries that told of it: one text, one number, or a whole row of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from deliberation.audit import queries
from deliberation.audit.canonical import canonical
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import commitment_of, identity, read, table_of
from deliberation.audit.replaying import shown
from deliberation.audit.values import names_person
from deliberation.kernel.words import Words

SEAL = "commitment"


@dataclass(frozen=True)
class Claim:
    """``row`` as it stands in the database now: what its ``columns`` say, or all of them. ``now``: the value computed anew
    from what lies behind the only column (the hash of a text, a person's reference). A personal record is held by its seal, by
    nothing else. ``parts``: several rows that are one claim, such as a roster; ``differs``: what is wrong beforehand."""

    name: Words
    row: Any = None
    columns: tuple[str, ...] = ()
    now: str | None = None
    parts: tuple[Claim, ...] = ()
    differs: tuple[tuple[str, Any, Any], ...] = ()


@dataclass(frozen=True)
class Held:
    """How a claim came out. ``seq`` is the last entry that told of it, None where none did; ``then`` and ``now`` are the
    fingerprints in the entry and of today; ``differs`` names each column that says something else, with both values."""

    name: Words
    seq: int | None
    then: str
    now: str
    differs: tuple[tuple[str, Any, Any], ...]
    is_erased: bool = False

    @property
    def agrees(self) -> bool:
        return self.seq is not None and not self.differs and not self.is_erased


def hold(log_id: int, what: Sequence[str], claims: Sequence[Claim]) -> list[Held]:
    """Each claim against all the entries about any of ``what``: one statement, and only entries about these tables are decoded."""
    rows = [one for claim in claims for one in (claim.parts or (() if claim.row is None else (claim,)))]
    tables = {f'"table":"{claim.row.__tablename__}"'.encode() for claim in rows}
    told: dict[tuple[str, str], dict[str, tuple[int, Any]]] = {}
    for seq, body in queries.about(log_id, *what):
        for row in rows_of(body) if any(table in body for table in tables) else ():
            known = told.setdefault((row["table"], str(row["id"])), {})
            known.update({name: (seq, value) for name, value in row.get("set", {}).items()})
            if SEAL in row:
                known[SEAL] = (seq, row[SEAL])

    def known_of(claim: Claim) -> Mapping[str, tuple[int, Any]]:
        return told.get((claim.row.__tablename__, str(identity(claim.row))), {})

    return [_together(one, [_held(part, known_of(part)) for part in one.parts]) if one.row is None else _held(one, known_of(one))
            for one in claims]  # fmt: skip


def _together(claim: Claim, held: Sequence[Held]) -> Held:
    """Several rows as one: it agrees where each of them does."""
    unknown = tuple((f"{part.row.__tablename__} {identity(part.row)}", "", one.now)
                    for part, one in zip(claim.parts, held, strict=True) if one.seq is None)  # fmt: skip
    differs = claim.differs + unknown + tuple(
        (f"{part.row.__tablename__} {identity(part.row)}", one.then, one.now)
        for part, one in zip(claim.parts, held, strict=True) if one.seq is not None and one.differs
    )  # fmt: skip
    then, now = (sha256(canonical(list(values))).hexdigest() for values in ((one.then for one in held), (one.now for one in held)))
    return Held(claim.name, max((one.seq for one in held if one.seq is not None), default=None), then, now, differs)


def _held(claim: Claim, told: Mapping[str, tuple[int, Any]]) -> Held:
    if isinstance(claim.row, PersonalRecord):
        return _sealed(claim, claim.row, told)
    here = {column.name: shown(column, getattr(claim.row, column.name)) for column in _compared(claim)}
    if claim.now is not None:
        here[claim.columns[0]] = claim.now
    there = {name: told[name][1] if name in told else None for name in here}
    differs = tuple((name, there[name], here[name]) for name in here if here[name] != there[name])
    last = max((told[name][0] for name in here if name in told), default=None)
    if len(claim.columns) == 1:
        one = claim.columns[0]
        return Held(claim.name, last, str(there[one]), str(here[one]), differs)
    newest = [name for name in here if name in told and told[name][0] == last]
    then, now = (fingerprint({name: side[name] for name in newest}) for side in (there, here))
    return Held(claim.name, last, then, now, differs)


def _sealed(claim: Claim, record: PersonalRecord, told: Mapping[str, tuple[int, Any]]) -> Held:
    seq, then = told.get(SEAL, (None, ""))
    now = commitment_of(record) if record.salt is not None else ""
    differs = ((SEAL, then, now),) if now and now != then else ()
    return Held(claim.name, seq, then, now, differs, is_erased=not now)


def _compared(claim: Claim) -> list[Any]:
    """The columns that stand in entries as they are or as a hash, and name nobody."""
    return [column for column in table_of(claim.row).columns
            if column.name in (claim.columns or table_of(claim.row).columns) and column.info["log"] in ("public", "digest")
            and not column.primary_key and not names_person(column)]  # fmt: skip


def fingerprint(values: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of what an entry says of a row: of its ``set``, without what is empty."""
    return sha256(canonical({name: value for name, value in values.items() if value is not None})).hexdigest()


def rows_of(body: bytes) -> list[dict[str, Any]]:
    """What an entry says of rows; nothing where somebody changed it so that it says nothing at all."""
    try:
        data = read(body)
        rows = data["rows"] if isinstance(data, dict) else []
    except (ValueError, KeyError):
        return []
    return [row for row in rows if isinstance(row, dict) and {"table", "id"} <= row.keys()] if isinstance(rows, list) else []


def fingerprints(body: bytes) -> set[str]:
    """Every fingerprint that an entry holds: the hashes that it names, and those of what it says of each row."""
    found = set()
    for row in rows_of(body):
        values = row.get("set", {})
        found |= {value for value in [*values.values(), row.get(SEAL)] if isinstance(value, str) and len(value) == 64}
        found.add(fingerprint(values))
    return found
