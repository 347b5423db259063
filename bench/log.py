"""What the log costs: an entry appended, a proof made, a million entries verified; each beside the least that would do."""

from __future__ import annotations

import gc
import json
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import flask_migrate
from sqlalchemy import insert, select, text

from bench.__main__ import ROUNDS, WARM_UP, line, verdict
from deliberation.app import create_app
from deliberation.audit import queries, services, tree, verifying
from deliberation.audit.models import Log
from deliberation.audit.recording import Capacity, recording
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.transactions import connection_of
from deliberation.people.models import Unit
from deliberation.people.services import installation
from tests.web import statements
from tools.with_postgres import postgres

APPENDS = 60  # a round and side
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PROOFS = 100
AIMS = {"append": 1.5, "verify": 2.0, "proof": 2.0, "reads": 1}
LOG, MATTERS, POLLS = 99, 977, 5000


class PlainUnit(db.Model):  # type: ignore[name-defined,misc]
    """The same row in a table without laws."""

    __tablename__ = "plain_unit"
    id = db.mapped_column(db.Integer, primary_key=True)
    parent_id = db.mapped_column(db.Integer)
    level = db.mapped_column(db.String(20))
    name = db.mapped_column(db.Text)


class PlainLine(db.Model):  # type: ignore[name-defined,misc]
    """A plain line of log."""

    __tablename__ = "plain_line"
    id = db.mapped_column(db.Integer, primary_key=True)
    body = db.mapped_column(db.LargeBinary)


def plainly(name: str) -> None:
    """The same insert, and a line of log that says the same in JSON."""
    with transaction():
        row = PlainUnit(level="building_group", name=name)
        db.session.add(row)
        db.session.flush()
        said = {"action": "unit.add", "at": clock.now().isoformat(), "row": row.id, "set": {"level": row.level, "name": name}}
        db.session.execute(insert(PlainLine), {"body": json.dumps(said).encode()})


def recorded(capacity: Capacity) -> Callable[[str], None]:
    def act(name: str) -> None:
        with transaction():
            row = Unit(level="building_group", name=name)
            with recording(capacity, "unit.add", row):
                db.session.add(row)

    return act


def cpu_of(pid: int) -> float:
    """CPU-seconds of another process: the one of the database that answers us."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def spend(act: Callable[[str], None], pid: int) -> tuple[float, float]:
    """CPU-milliseconds an act, of this process and of the database's."""
    gc.collect()
    here, there = time.process_time(), cpu_of(pid)
    for n in range(APPENDS):
        act(str(n))
        db.session.remove()
    return 1000 * (time.process_time() - here) / APPENDS, 1000 * (cpu_of(pid) - there) / APPENDS


def appending(address: str) -> None:
    options = {"pool_size": 1, "connect_args": {"options": "-c synchronous_commit=on"}}
    app = create_app({"SQLALCHEMY_DATABASE_URI": address, "SECRET_KEY": "bench", "SQLALCHEMY_ENGINE_OPTIONS": options})
    with app.app_context():
        flask_migrate.upgrade(revision="head")
        db.metadata.create_all(db.engine, [PlainUnit.__table__, PlainLine.__table__])
        with transaction():
            sides = {"plain": plainly, "recorded": recorded(installation())}
        pid = db.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        db.session.remove()
        spent: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
        for n in range(WARM_UP + ROUNDS):
            for name in list(sides)[:: 1 if n % 2 else -1]:
                took = spend(sides[name], pid)
                if n >= WARM_UP:
                    spent[name].append(took)
        db.engine.dispose()
    click.echo("\nan insert with its entry in the log, on PostgreSQL, synchronous_commit on for both; CPU-ms")
    for name, rounds in spent.items():
        click.echo(line(f"{name}, this process", [here for here, _there in rounds]))
        click.echo(f"{name + ', the database':<34}{statistics.fmean(there for _here, there in rounds):>8.2f}   (the mean)")
    here = {name: statistics.median(here for here, _there in rounds) for name, rounds in spent.items()}
    whole = {name: here[name] + statistics.fmean(there for _here, there in rounds) for name, rounds in spent.items()}
    click.echo(verdict("this process, ratio", here["recorded"] / here["plain"], AIMS["append"]))
    click.echo(verdict("with the database's, ratio", whole["recorded"] / whole["plain"], AIMS["append"]))


def body(n: int) -> bytes:
    """An entry as long as that of a vote."""
    sealed = sha256(n.to_bytes(8, "big")).hexdigest()
    moment = "2026-03-26T07:45:00Z"
    row = {"commitment": sealed, "id": n, "new": True, "table": "ballot",
           "set": {"cast_at": moment, "channel": "own_device", "confirmed_at": moment, "council_id": 1, "poll_id": 6}}  # fmt: skip
    said = {"action": "ballot.cast", "actor": sealed[:12], "at": moment, "label": "A5", "matters": [n % MATTERS],
            "office": "member", "rows": [row], "subject": f"poll:{n % POLLS}", "v": 1}  # fmt: skip
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def nodes(leaves: list[bytes]) -> Iterator[tuple[int, int, bytes]]:
    level = 0
    while leaves:
        yield from ((level, at, value) for at, value in enumerate(leaves))
        leaves = paired(leaves)
        level += 1


def paired(level: list[bytes]) -> list[bytes]:
    return [sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]


def fill(file: Path, size: int) -> None:
    """A log of so many entries by plain SQL, with its tree."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        leaves: list[bytes] = []

        def entries() -> Iterator[tuple[int, int, bytes]]:
            for n in range(size):
                made = body(n)
                leaves.append(sha256(b"\x00" + made).digest())
                yield LOG, n, made

        connection.execute("INSERT INTO audit_log (id, name, size, frontier) VALUES (?, 'council/large', 0, x'')", (LOG,))
        connection.executemany("INSERT INTO audit_entry (log_id, seq, body) VALUES (?, ?, ?)", entries())
        about = ((LOG, what, n) for n in range(size) for what in (f"matter:{n % MATTERS}", f"poll:{n % POLLS}"))
        connection.executemany("INSERT INTO audit_about (log_id, what, seq) VALUES (?, ?, ?)", about)
        made = {(level, at): value for level, at, value in nodes(leaves)}
        connection.executemany(
            "INSERT INTO audit_node (log_id, level, position, hash) VALUES (?, ?, ?, ?)",
            ((LOG, level, at, value) for (level, at), value in made.items()),
        )
        frontier = b"".join(made[bit, (size >> bit) - 1] for bit in reversed(range(size.bit_length())) if size >> bit & 1)
        connection.execute("UPDATE audit_log SET size = ?, frontier = ? WHERE id = ?", (size, frontier, LOG))
    connection.close()


def bare(size: int) -> bytes:
    """The least: the same bytes read in the same runs, hashed, and hashed together; nothing compared, nothing kept."""
    connection, level = connection_of(db.session()), []
    for start in range(0, size, verifying.RUN):
        values = {"log": LOG, "start": start, "end": min(size, start + verifying.RUN)}
        result = connection.execute(verifying.BODIES, values)
        level += [sha256(b"\x00" + made).digest() for _seq, made in result.cursor.fetchall()]
        result.close()
    frontier = []
    while level:
        if len(level) & 1:
            frontier.append(level[-1])
        level = paired(level)
    return b"".join(reversed(frontier))


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.process_time()
    found = act()
    return 1000 * (time.process_time() - start), found


def grown(file: Path, size: int) -> dict[str, float]:
    """CPU-milliseconds of everything at one size."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{file}", "SECRET_KEY": "bench"})
    with app.app_context():
        flask_migrate.upgrade(revision="head")
        fill(file, size)
        kept = bytes(db.session.scalars(select(Log.frontier).where(Log.id == LOG)).one())
        rise = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        checked, held = timed(lambda: verifying.holds(connection_of(db.session()), LOG, size, kept))
        rise = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - rise
        whole, found = timed(lambda: [one for one in services.verify() if one.name == "council/large"])
        least, frontier = timed(lambda: bare(size))
        if not held or found[0].bad_seq is not None or frontier != kept:
            sys.exit("the bench is out of order: its log does not hold")
        places = [n * size // PROOFS for n in range(PROOFS)]
        queries.inclusion(LOG, 0, size)
        proof, paths = timed(lambda: [queries.inclusion(LOG, at, size) for at in places])
        for at, path in zip(places, paths, strict=True):
            tree.verify_inclusion(tree.leaf_hash(body(at)), at, size, path, tree.root(size, frontier))
        with statements(app) as sent:
            queries.inclusion(LOG, size // 3, size)
        act = recorded(Capacity(None, "installation", LOG))
        act("warm")
        appended, _none = timed(lambda: [act(str(n)) for n in range(PROOFS)])
        db.session.remove()
        db.engine.dispose()
    return {"bare": least, "verify": checked, "whole": whole, "rise": rise / 1024, "proof": proof / PROOFS,
            "reads": len([one for one in sent if one.startswith("SELECT")]), "append": appended / PROOFS}  # fmt: skip


def main() -> None:
    with postgres() as address:
        appending(address)
    click.echo("\nlogs of so many entries, on SQLite; CPU-ms")
    names = ("bare", "verified", "ratio", "log verify", "memory, MB", "a proof", "reads", "append")
    click.echo(f"{'entries':>10}" + "".join(f"{name:>12}" for name in names))
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            one = grown(Path(folder) / f"{size}.db", size)
            one["ratio"] = one["verify"] / one["bare"]
            shown = ("bare", "verify", "ratio", "whole", "rise", "proof", "reads", "append")
            click.echo(f"{size:>10,}" + "".join(f"{one[name]:>12,.2f}" for name in shown))
    click.echo(verdict("a million verified, ratio", one["ratio"], AIMS["verify"]))
    click.echo(verdict("a proof at a million, CPU-ms", one["proof"], AIMS["proof"]))
    click.echo(verdict("reads for it", int(one["reads"]), AIMS["reads"]))


if __name__ == "__main__":
    main()
