"""The command line: ``deliberation …``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click
from babel.support import Translations
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext
from gunicorn.app.base import BaseApplication
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from deliberation.app import HERE, create_app, replay_erasures, warnings, why_not_served
from deliberation.audit import services as audit
from deliberation.audit.models import Log
from deliberation.cli.anchors import acknowledge, anchor, cosign
from deliberation.cli.common import require_database
from deliberation.cli.erasures import erasures, usable_ledger
from deliberation.cli.first_day import init
from deliberation.cli.keeping import backup, tidy_box
from deliberation.cli.logs import audit as audit_log
from deliberation.cli.logs import content_check, export, key
from deliberation.cli.people import council, holidays, person
from deliberation.cli.tables import db as db_tables
from deliberation.config import SettingError
from deliberation.demo.command import demo
from deliberation.extensions import db
from deliberation.kernel.commands import OLD_TABLES, Given, refuse
from deliberation.kernel.errors import DomainError
from deliberation.plugins import PluginError
from deliberation.plugins.command import plugins
from deliberation.voting.counting import tally_data
from deliberation.voting.verdicts import decide_data


def make() -> Flask:
    try:
        return create_app()
    except (PluginError, SettingError) as error:
        refuse(str(error))


@click.group(cls=FlaskGroup, create_app=make, add_default_commands=False, add_version_option=False, load_dotenv=False)
def main() -> None:
    """Community deliberation in five steps."""


for command in (init, demo, backup, erasures, tidy_box, person, council, holidays, plugins, db_tables):
    main.add_command(command)


@main.group()
def log() -> None:
    """The public log."""


for command in (audit_log, key, export, anchor, cosign, acknowledge, content_check):
    log.add_command(command)


def watched() -> list[audit.Verified]:
    """What ``verify`` finds, with a bar for whoever sits before the screen."""
    entries = db.session.scalar(select(func.sum(Log.size))) or 0
    # Each entry is read twice: for the tree, and for the index.
    with click.progressbar(length=2 * entries, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        return list(audit.verify(bar.update))


@log.command()
@with_appcontext
def verify() -> None:
    """Recompute every log; names the first bad entry and exits 1 where one does not hold."""
    require_database()
    bad = False
    try:
        for found in watched():
            if found.bad_seq is None:
                click.echo(f"{found.name}: verified {found.size} entries, root {found.root.hex()}")
            else:
                click.echo(f"{found.name}: bad entry at seq {found.bad_seq}: {found.problem}", err=True)
                bad = True
    except (OperationalError, ProgrammingError):
        refuse(OLD_TABLES)
    if bad:
        sys.exit(1)


@main.command()
@click.argument("file", type=Given("rb"))
def decide(file: Any) -> None:
    """Read one case's input as JSON from FILE (- for standard input) and print its verdict as JSON."""
    verdict = answer(decide_data, file)
    sentence: Any = verdict.pop("sentence")
    chinese = Translations.load(str(HERE / "translations"), ["zh_Hans_CN"])
    verdict["sentence"] = {"zh": sentence.render(chinese.gettext), "en": sentence.render()}
    click.echo(json.dumps(verdict, ensure_ascii=False))


@main.command()
@click.argument("file", type=Given("rb"))
def tally(file: Any) -> None:
    """Count one election of the format neutral-election/1 from FILE (- for standard input) and print the result as JSON."""
    click.echo(json.dumps(answer(tally_data, file), ensure_ascii=False))


def answer(question: Callable[[Any], dict[str, Any]], file: Any) -> dict[str, Any]:
    """What a pure function says to the JSON in a file; refuses what is no JSON or impossible in one line, exit 2."""
    try:
        return question(json.loads(file.read().decode("utf-8"), object_pairs_hook=without_doubles))
    except (ValueError, RecursionError) as error:
        refuse(f"this is not JSON: {' '.join(str(error).split())}")
    except DomainError as error:
        # What a file holds is not let loose on a terminal.
        refuse("".join(one if one.isprintable() else "\ufffd" for one in " ".join(str(error).split())))


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises ``ValueError`` where it gives a name twice, because then nobody knows which one counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Serve with gunicorn until Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    require_database()
    if missing := why_not_served(app):
        refuse(missing)
    for line in warnings(app):
        click.echo(line, err=True)
    with usable_ledger():
        if done := replay_erasures(app):
            click.echo(done)
    # No connection of this process goes on in those that answer.
    db.engine.dispose()
    click.echo(f"http://{host}:{port}/")
    Server(f"{host}:{port}", app.config["SECRET_KEY"]).run()


class Server(BaseApplication):
    """gunicorn with two workers; each makes its own application with the same key."""

    def __init__(self, bind: str, key: str) -> None:
        self.bind, self.key = bind, key
        super().__init__()

    def load_config(self) -> None:
        for name, value in (("bind", self.bind), ("workers", 2), ("threads", 4), ("loglevel", "warning")):
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app({"SECRET_KEY": self.key})
