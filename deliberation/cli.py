"""The command line: ``deliberation …``."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from babel.support import Translations
from flask import Flask, current_app
from flask.cli import FlaskGroup, with_appcontext

from deliberation.app import HERE, create_app
from deliberation.audit import services as audit
from deliberation.config import shown_address, throwaway_key
from deliberation.kernel.errors import DomainError
from deliberation.voting.verdicts import decide_data


def make() -> Flask:
    return create_app()


@click.group(cls=FlaskGroup, create_app=make, add_default_commands=False, add_version_option=False, load_dotenv=False)
def main() -> None:
    """Community deliberation in five steps."""


@main.group()
def log() -> None:
    """The public log."""


@log.command()
@with_appcontext
def verify() -> None:
    """Recompute every log; names the first bad entry and exits 1 where one does not hold."""
    click.echo(f"database {shown_address(current_app.config['SQLALCHEMY_DATABASE_URI'])}")
    bad = False
    for found in audit.verify():
        if found.bad_seq is None:
            click.echo(f"{found.name}: verified {found.size} entries, root {found.root.hex()}")
        else:
            click.echo(f"{found.name}: bad entry at seq {found.bad_seq}: {found.problem}", err=True)
            bad = True
    if bad:
        sys.exit(1)


@main.command()
@click.argument("file", type=click.File("rb"))
def decide(file: Any) -> None:
    """Read one case's input as JSON from FILE (- for standard input) and print its verdict as JSON."""
    try:
        verdict = decide_data(json.loads(file.read().decode("utf-8")))
    except (ValueError, RecursionError) as error:
        refuse(f"this is not JSON: {' '.join(str(error).split())}")
    except DomainError as error:
        refuse(" ".join(str(error).split()))
    sentence = verdict.pop("sentence")
    chinese = Translations.load(str(HERE / "translations"), ["zh_Hans_CN"])
    verdict["sentence"] = {"zh": sentence.render(chinese.gettext), "en": sentence.render()}
    click.echo(json.dumps(verdict, ensure_ascii=False))


def refuse(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@with_appcontext
def serve(host: str, port: int) -> None:
    """Serve with gunicorn until Ctrl-C."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(f"database {shown_address(app.config['SQLALCHEMY_DATABASE_URI'])}")
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = throwaway_key()
    click.echo(f"http://{host}:{port}/")

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", f"{host}:{port}")
            self.cfg.set("workers", 2)
            self.cfg.set("threads", 4)
            self.cfg.set("loglevel", "warning")

        def load(self) -> Flask:
            return create_app({"SECRET_KEY": app.config["SECRET_KEY"]})

    Server().run()
