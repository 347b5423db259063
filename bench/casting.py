"""Casting a vote into a table of a thousand ballots and of a million: the same statements, the same plan, the same cost."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy.dialects import sqlite

from bench.__main__ import ROUNDS, VOTES, WARM_UP, Job, ballots, in_turns, spend, verdict
from bench.scene import NOW, Scene, make
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.voting.queries import VOTER
from tests.conftest import SeparateClient
from tests.web import statements

SIZES = (1_000, 1_000_000)
AIM = 1.25
VOTERS = VOTES * (ROUNDS + WARM_UP + 1)


def fill(file: Path, poll_id: int, up_to: int) -> None:
    """Ballots of people who never were, by plain SQL: what is measured is the table's size."""
    with sqlite3.connect(file) as connection:
        (held, council) = connection.execute(
            "SELECT (SELECT count(*) FROM ballot), council_id FROM poll WHERE id = ?", (poll_id,)
        ).fetchone()
        connection.executemany(
            "INSERT INTO ballot (council_id, poll_id, person_id, choice, salt, channel, cast_at, confirmed_at)"
            " VALUES (?, ?, ?, 'for', ?, 'own_device', '2026-03-26 06:40:00.000000', '2026-03-26 06:40:00.000000')",
            ((council, poll_id, 10_000_000 + n, bytes(32)) for n in range(held, up_to)),
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def plan(file: Path, poll_id: int) -> list[str]:
    """How SQLite looks up one of the electorate with the vote."""
    query = VOTER.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": False})
    with sqlite3.connect(file) as connection:
        lines = connection.execute(f"EXPLAIN QUERY PLAN {query}", (poll_id, 1)).fetchall()
    connection.close()
    return [str(line[-1]) for line in lines]


def cast(scene: Scene) -> Callable[[], list[Job]]:
    return ballots(scene.real, scene, f"/c/mochou/polls/{scene.poll_id}/cast", {"confirmed": "1"})


def ready(folder: Path, size: int) -> Scene:
    folder.mkdir()
    scene = make(folder, voters=VOTERS + 8)
    scene.real.test_client_class = SeparateClient
    fill(folder / "real.db", scene.poll_id, size)
    return scene


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, clock.frozen(NOW):
        scenes = {size: ready(Path(folder) / str(size), size) for size in SIZES}
        jobs = {str(size): cast(scene) for size, scene in scenes.items()}
        spent = {size: statistics.median(took) for size, took in in_turns(jobs, 302).items()}
        told = {}
        for size, scene in scenes.items():
            with statements(scene.real) as sent:
                spend(jobs[str(size)]()[:1], 302)
            told[size] = (len(sent), plan(Path(folder) / str(size) / "real.db", scene.poll_id))
            with scene.real.app_context():
                db.engine.dispose()
    click.echo("\na vote cast while the table holds so many ballots already")
    for size, (sent_, lines) in told.items():
        click.echo(f"{size:>10,}: {spent[str(size)]:.2f} CPU-ms, {sent_} statements, {'; '.join(lines)}")
    small, large = (str(size) for size in SIZES)
    click.echo(verdict("a million to a thousand", spent[large] / spent[small], AIM))
    click.echo(f"the same statements and plan: {'yes' if told[SIZES[0]] == told[SIZES[1]] else 'NO'}")


if __name__ == "__main__":
    main()
