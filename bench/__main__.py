"""``make bench``: the real routes against the ideal ones, in turns, in CPU time of this process."""

from __future__ import annotations

import gc
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from bench import counting
from bench.scene import NOW, PASSWORD, SIZES, Scene, make
from deliberation.blueprints.kept import kept
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.conftest import SeparateClient
from tests.web import TOKEN, post, statements

ROUNDS = 11
VOTES = 12  # a round and side
PAGES = 20
WARM_UP = 2  # rounds that do not count
AIMS = {"vote": 1.4, "page": 2.0, "growth": 1.25, "statements": 8, "bytes": 40 * 1024}
Job = Callable[[], int]


def request(app: Flask, client: FlaskClient, path: str, data: dict[str, str] | None = None) -> Job:
    """A request made beforehand, to be answered straight through the application's WSGI door; returns the status."""
    builder = EnvironBuilder(path, method="POST" if data else "GET", data=data)
    environ = builder.get_environ()
    environ["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    cookie = client.get_cookie("session")
    if cookie is not None:
        environ["HTTP_COOKIE"] = f"session={cookie.value}"

    def job() -> int:
        said: list[str] = []
        answer = app(dict(environ), lambda status, headers, error=None: said.append(status))
        b"".join(answer)
        answer.close()
        return int(said[0][:3])

    return job


def spend(jobs: Iterable[Job], expected: int) -> float:
    """CPU-milliseconds a request: this process's, user and system, with the garbage of before collected before."""
    jobs = list(jobs)
    gc.collect()
    start = time.process_time()
    answers = [job() for job in jobs]
    spent = time.process_time() - start
    if set(answers) != {expected}:
        sys.exit(f"the bench is out of order: answers {sorted(set(answers))}, expected {expected}")
    return 1000 * spent / len(jobs)


def in_turns(sides: dict[str, Callable[[], list[Job]]], expected: int) -> dict[str, list[float]]:
    """Every side in every round, the order turned each time; the warm-up is thrown away."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for n in range(WARM_UP + ROUNDS):
        names = list(sides) if n % 2 else list(reversed(sides))
        for name in names:
            took = spend(sides[name](), expected)
            if n >= WARM_UP:
                spent[name].append(took)
    return spent


def signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    answer = post(client, "/login", {"login": login, "password": PASSWORD}, page="/login")
    if answer.status_code != 302:
        sys.exit(f"the bench cannot sign in: {answer.status}")
    return client


def ballots(app: Flask, scene: Scene, path: str, more: dict[str, str]) -> Callable[[], list[Job]]:
    """Votes ready to be cast: everybody is signed in and has the form with its token."""
    ready = []
    for login in scene.logins:
        client = signed_in(app, login)
        page = client.get(path).text
        found = TOKEN.search(page)
        if found is None:
            sys.exit("the bench finds no form")
        once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
        data = {"csrf_token": found[1], "choice": "for", **more, **({"once": once[1]} if once else {})}
        ready.append(request(app, client, path, data))
    jobs = iter(ready)
    return lambda: [next(jobs) for _ in range(VOTES)]


def votes(scene: Scene) -> dict[str, list[float]]:
    return in_turns({
        "ideal": ballots(scene.ideal, scene, "/vote/1", {}),
        "real": ballots(scene.real, scene, f"/c/mochou/polls/{scene.poll_id}/cast", {"confirmed": "1"}),
    }, 302)  # fmt: skip


def forum_path(scene: Scene, size: int) -> str:
    return f"/c/mochou/forum/{scene.matters[size]}"


def pages(scene: Scene) -> dict[str, list[float]]:
    """The page as the next reader gets it (kept since the last act in the council), and as the first one does."""

    def many(app: Flask, path: str, *, anew: bool = False, login: str = "") -> Callable[[], list[Job]]:
        job = request(app, signed_in(app, login) if login else app.test_client(), path)

        def first() -> int:
            kept.clear()
            return job()

        return lambda: [first if anew else job] * PAGES

    sides = {"ideal": many(scene.ideal, "/forum/100")}
    for size in SIZES:
        sides[f"next {size}"] = many(scene.real, forum_path(scene, size))
        sides[f"first {size}"] = many(scene.real, forum_path(scene, size), anew=True)
    sides["resident"] = many(scene.real, forum_path(scene, 100), login=scene.resident)
    sides["author"] = many(scene.real, forum_path(scene, 100), login=scene.logins[0])
    return in_turns(sides, 200)


def weigh(scene: Scene, size: int) -> tuple[int, int]:
    """(statements of the first reader's page, BEGIN included; bytes of its HTML, uncompressed)."""
    client = scene.real.test_client()
    client.get(forum_path(scene, size))
    kept.clear()
    with statements(scene.real) as sent:
        answer = client.get(forum_path(scene, size))
    return len(sent), len(answer.data)


def line(name: str, spent: list[float]) -> str:
    return f"{name:<34}{statistics.median(spent):>8.2f}   (from {min(spent):.2f} to {max(spent):.2f})"


def verdict(what: str, value: float, aim: float) -> str:
    shown = f"{value:>8}" if isinstance(value, int) else f"{value:>8.2f}"
    return f"{what:<34}{shown}   aim ≤ {aim:g}: {'holds' if value <= aim else 'does not hold'}"


def report(scene: Scene) -> None:
    cast, read = votes(scene), pages(scene)
    middle: dict[str, Any] = {name: statistics.median(spent) for name, spent in read.items()}
    click.echo(f"Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "jinja2", "werkzeug")))  # fmt: skip
    click.echo(f"{ROUNDS} rounds in turns after {WARM_UP} of warm-up; CPU-ms a request, the median of the rounds\n")
    for name, spent in cast.items():
        click.echo(line(f"a vote cast, {name}", spent))
    click.echo(verdict("a vote cast, ratio", statistics.median(cast["real"]) / statistics.median(cast["ideal"]), AIMS["vote"]))
    click.echo()
    click.echo(line("forum page, ideal, 100 comments", read["ideal"]))
    for who in ("next", "first"):
        click.echo(f"\nto the {who} reader after an act in the council")
        for size in SIZES:
            click.echo(line(f"forum page, {size} comments", read[f"{who} {size}"]))
        click.echo(verdict("forum page of 100, ratio", middle[f"{who} 100"] / middle["ideal"], AIMS["page"]))
        for size in SIZES[1:]:
            click.echo(verdict(f"{size} comments to 100", middle[f"{who} {size}"] / middle[f"{who} 100"], AIMS["growth"]))
    click.echo("\nto who is signed in, 100 comments")
    for who, name in (("resident", "who wrote none of them"), ("author", "who wrote one of them")):
        click.echo(line(name, read[who]))
        click.echo(verdict("ratio", middle[who] / middle["ideal"], AIMS["page"]))
    click.echo()
    for size in SIZES:
        sent, length = weigh(scene, size)
        click.echo(verdict(f"{size} comments, statements", sent, AIMS["statements"]))
        click.echo(verdict(f"{size} comments, bytes of HTML", length, AIMS["bytes"]))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, clock.frozen(NOW):
        scene = make(Path(folder), voters=VOTES * (ROUNDS + WARM_UP) + 8)
        for app in (scene.real, scene.ideal):
            app.test_client_class = SeparateClient
        gc.collect()
        gc.freeze()
        report(scene)
        with scene.real.app_context():
            db.engine.dispose()
    counting.main()


if __name__ == "__main__":
    main()
