"""Somebody who reads everything that is stored, at every moment, and tries to tell who voted how.

The attacker looks at the database after every single vote, keeps what was seen, reads the file and the log beside it byte by
byte, and after the count pairs every order of the voters with every order of the opened ballots. It knows no key.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, text

VOTERS = 120
LIMIT = 5
"""Chance links one of 120 on average (Poisson, sigma 1): chance and three sigma, rounded up."""


def linked(voters: Sequence[int], ballots: Sequence[str], truth: Mapping[int, str]) -> int:
    """How many voters are given their own ballot when the two orders are laid side by side."""
    return sum(truth[person] == ballot for person, ballot in zip(voters, ballots, strict=False))


def attack(voters: Mapping[str, Sequence[int]], ballots: Mapping[str, Sequence[str]], truth: Mapping[int, str]) -> dict[str, int]:
    """Every order of voters with every order of ballots, forwards and backwards."""
    found = {}
    for how, people in voters.items():
        for where, texts in ballots.items():
            found[f"{how} × {where}"] = linked(people, texts, truth)
            found[f"{how} × {where}, backwards"] = linked(people, list(reversed(texts)), truth)
    return found


def by_chance(truth: Mapping[int, str]) -> int:
    """What guessing links, for the report."""
    people, ballots = list(truth), list(truth.values())
    random.shuffle(ballots)
    return linked(people, ballots, truth)


def files(engine: Engine) -> list[Path]:
    """Where the database lies: SQLite's file with those beside it, PostgreSQL's tables and its write-ahead log."""
    if engine.dialect.name == "sqlite":
        path = str(engine.url.database)
        return [one for one in (Path(path), Path(path + "-wal"), Path(path + "-shm")) if one.exists()]
    with engine.connect() as connection:
        root = Path(connection.execute(text("SELECT current_setting('data_directory')")).scalar_one())
        oid = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
        connection.execute(text("CHECKPOINT"))
    return [one for place in (root / "base" / str(oid), root / "pg_wal") for one in place.rglob("*") if one.is_file()]


def stored(engine: Engine) -> list[bytes]:
    return [path.read_bytes() for path in files(engine)]


def offsets(contents: Sequence[bytes], ballots: Sequence[str], find: Callable[[bytes, bytes], int]) -> list[str]:
    """Ballots in the order in which their words stand in the files, counted from the front or from the back."""
    places = []
    for ballot in ballots:
        for number, content in enumerate(contents):
            if (at := find(content, ballot.encode())) >= 0:
                places.append(((number, at), ballot))
                break
    return [ballot for _place, ballot in sorted(places)]


def ballot_orders(connection: Connection, contents: Sequence[bytes], table: str) -> dict[str, list[str]]:
    """The opened ballots by their key, as the database gives them, by page and place, and by where they lie in the files."""

    def rows(order: str) -> list[str]:
        return list(connection.execute(text(f"SELECT content FROM {table} {order}")).scalars())

    found = {"key": rows("ORDER BY id"), "as it comes": rows(""), "words": rows("ORDER BY content")}
    if connection.dialect.name == "postgresql":
        found |= {"ctid": rows("ORDER BY ctid"), "xmin": rows("ORDER BY xmin::text::bigint, ctid")}
    found["first place in the files"] = offsets(contents, found["key"], bytes.find)
    found["last place in the files"] = offsets(contents, found["key"], bytes.rfind)
    return found


def voter_orders(connection: Connection, table: str, more: Mapping[str, str]) -> dict[str, list[int]]:
    """Those on the roll by key, as the database gives them, by page and place, and by whatever else the table tells."""
    kinds = {"roll by person": "person_id", **more}
    if connection.dialect.name == "postgresql":
        kinds |= {"roll by ctid": "ctid", "roll by xmin": "xmin::text::bigint, ctid"}
    found = {"roll as it comes": f"SELECT person_id FROM {table}"}
    found |= {name: f"SELECT person_id FROM {table} ORDER BY {order}" for name, order in kinds.items()}
    return {name: [int(one) for one in connection.execute(text(query)).scalars()] for name, query in found.items()}


class Watcher:
    """Looks after every vote: who is newly marked, what is new in the box."""

    def __init__(self, engine: Engine, poll: int) -> None:
        self.engine, self.poll = engine, {"poll": poll}
        self.marked: list[int] = []
        self.boxed: list[tuple[str, bytes]] = []

    def look(self) -> None:
        with self.engine.connect() as connection:
            people = connection.execute(text("SELECT person_id FROM roll WHERE voted AND poll_id = :poll"), self.poll).scalars()
            self.marked += [one for one in people if one not in set(self.marked)]
            known = {key for key, _sealed in self.boxed}
            rows = connection.execute(text("SELECT id, sealed FROM box WHERE poll_id = :poll"), self.poll)
            self.boxed += [(key, bytes(sealed)) for key, sealed in rows if key not in known]
            connection.rollback()

    def orders(self, receipt: Callable[[bytes], str]) -> dict[str, list[int]]:
        """The voters as they came, and in every order in which their sealed ballots can be laid: who sealed which is known."""
        sealed = list(zip(self.marked, self.boxed, strict=True))
        return {
            "as they came": list(self.marked),
            "by place in the box": [person for person, (key, _one) in sorted(sealed, key=lambda pair: pair[1][0])],
            "by receipt": [person for person, (_key, one) in sorted(sealed, key=lambda pair: receipt(pair[1][1]))],
            "by sealed bytes": [person for person, (_key, one) in sorted(sealed, key=lambda pair: pair[1][1])],
            "by length of the sealed": [person for person, (_key, one) in sorted(sealed, key=lambda pair: len(pair[1][1]))],
        }
