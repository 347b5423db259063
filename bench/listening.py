"""What the wall of the room costs: 200 screens and phones that follow one session, on two workers, for half a minute."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import flask_migrate
from flask import Flask

from bench.log import cpu_of
from deliberation.app import create_app
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.motions.amend import Op
from deliberation.people.models import Person
from deliberation.voting import casting
from deliberation.voting.models import Poll
from deliberation.voting.states import Choice
from tests.builders import do, make_world
from tests.motions.debates import NOW, amendment, sitting_of
from tests.motions.debates import main as moved

LISTENERS = 200
EVERY = 3.0  # seconds, as screen.js asks
SECONDS = 30
ACTS = 6
"""Votes cast meanwhile: after each, everybody gets the new state."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listener(port: int, path: str, start: float, end: float, told: list[tuple[int, float]]) -> None:
    """One screen: it remembers the tag of what it has seen, and begins a connection anew each time, as after a pause."""
    await asyncio.sleep(start)
    tag = ""
    while time.monotonic() < end:
        asked = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        asks = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: zh-CN\r\nConnection: close\r\n{known}\r\n"
        writer.write(asks.encode())
        head = (await reader.read()).partition(b"\r\n\r\n")[0].decode("latin-1")
        writer.close()
        found = re.search(r"^etag: (.+)$", head, re.IGNORECASE | re.MULTILINE)
        tag = found[1].strip() if found else tag
        told.append((int(head.split()[1]), time.monotonic() - asked))
        await asyncio.sleep(max(0.0, EVERY - (time.monotonic() - asked)))


async def follow(port: int, path: str, acts: list[Callable[[], object]]) -> list[tuple[int, float]]:
    told: list[tuple[int, float]] = []
    end = time.monotonic() + SECONDS
    screens = [listener(port, path, EVERY * n / LISTENERS, end, told) for n in range(LISTENERS)]

    async def acting() -> None:
        for act in acts:
            await asyncio.sleep(SECONDS / (ACTS + 1))
            await asyncio.to_thread(act)

    await asyncio.gather(acting(), *screens)
    return told


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def scene() -> tuple[int, int, list[int]]:
    """A session in which an amendment is voted on: the ids of the session, of the vote, and of some who may vote."""
    flask_migrate.upgrade(revision="head")
    world = make_world()
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        moved(sitting)
        motion = amendment(sitting, Op.REPLACE, "p1", "One, by the end of May.")
        poll = do(lambda: votes.put(motion, actor=world["P01"]))
    return sitting.meeting.id, poll.id, [world[f"M{n:02d}"].id for n in range(3, 3 + ACTS)]


def casting_by(app: Flask, poll_id: int, person_id: int) -> Callable[[], object]:
    def act() -> None:
        with app.app_context(), clock.frozen(NOW):
            do(lambda: casting.cast(db.session.get_one(Poll, poll_id), Choice.FOR, actor=db.session.get_one(Person, person_id)))

    return act


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/room.db"
        app = create_app({"SQLALCHEMY_DATABASE_URI": address, "SECRET_KEY": "bench"})
        with app.app_context():
            meeting_id, poll_id, voters = scene()
            db.session.remove()
        path, port = f"/c/mochou/meetings/{meeting_id}/screen/now", free_port()
        given = {**os.environ, "DATABASE_URL": address, "SECRET_KEY": "bench", "LOG_KEY": f"{folder}/log.key"}
        command = [str(Path(sys.executable).with_name("deliberation")), "serve", "--host", "127.0.0.1", "--port", str(port)]
        server = subprocess.Popen(command, env=given, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_port(port)
            workers = children(server.pid)
            before = sum(map(cpu_of, workers))
            told = asyncio.run(follow(port, path, [casting_by(app, poll_id, one) for one in voters]))
            spent = sum(map(cpu_of, workers)) - before
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=20)
        with app.app_context():
            db.engine.dispose()
    report(told, spent)


def await_port(port: int) -> None:
    for _try in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server does not answer")


def report(told: list[tuple[int, float]], spent: float) -> None:
    waits = sorted(wait for _status, wait in told)
    statuses = {status: sum(one == status for one, _wait in told) for status in sorted({status for status, _wait in told})}
    each = 1000 * spent / LISTENERS * 60 / SECONDS
    click.echo(f"\n{LISTENERS} listeners of one session on two workers, {SECONDS} s, every {EVERY:g} s; {ACTS} votes meanwhile")
    click.echo(f"answers by status: {statuses}; {1000 * spent / len(told):.2f} CPU-ms an answer")
    click.echo(f"CPU-ms of the workers a listener and minute: {each:.1f}; of two cores in use: {100 * spent / SECONDS / 2:.1f} %")
    click.echo(f"wait for an answer: median {1000 * waits[len(waits) // 2]:.1f} ms, worst {1000 * waits[-1]:.0f} ms")


if __name__ == "__main__":
    main()
