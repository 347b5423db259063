"""``deliberation log anchor``, ``cosign`` and ``acknowledge``: copies outside, and what to do when one knows more than we."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from babel.support import Translations
from flask import current_app
from flask.cli import with_appcontext

from deliberation.app import HERE
from deliberation.audit import anchoring, marks, notes, places, seen, signing
from deliberation.audit.anchoring import Outcome
from deliberation.audit.delivering import Signed
from deliberation.audit.notes import NoteError
from deliberation.audit.places import Place
from deliberation.cli.logs import answering
from deliberation.kernel.commands import Given, refuse
from deliberation.kernel.words import N_, Words

SUBJECT = N_("Checkpoints of the public log, to be kept")
NONE = "LOG_ANCHORS names no place: write, for example, LOG_ANCHORS=archive=dir:/srv/anchors"


@click.command()
@click.option("--again", is_flag=True, help="also what a place has already")
@with_appcontext
def anchor(again: bool) -> None:
    """Hand the signed checkpoint of every log over to the places of LOG_ANCHORS that do not have it yet.

    One line a place; exit 1 where something was not handed over. The other places are served all the same.
    """
    asked = [place for place in places.configured(current_app.config) if place.address]
    if not asked:
        refuse(NONE)
    with answering():
        signed = list(anchoring.sign_all(signing.usable_keys(Path(current_app.config["LOG_KEY"]))))
        bad = any([complain(one.log, [one]) for one in signed if isinstance(one, Outcome)])  # noqa: C419 - all of them
        points = [one for one in signed if isinstance(one, Signed)]
        for place in asked:
            bad |= serve(place, points if again else anchoring.missing_at(place, points))
    if bad:
        sys.exit(1)


def serve(place: Place, points: list[Signed]) -> bool:
    """One place, one line; whether something went wrong."""
    outcomes = list(anchoring.deliver(place, points, subject()))
    done = [one.log for one in outcomes if not one.problem]
    if done or not outcomes:
        click.echo(f"{place.name}: " + (", ".join(done) if done else "has everything already"))
    return complain(place.name, [one for one in outcomes if one.problem])


def complain(name: str, problems: list[Outcome]) -> bool:
    for one in problems:
        where = f"{one.log}: " if one.log and one.log != name else ""
        word = "FORK, somebody shows another history" if one.is_fork else "not handed over"
        click.echo(f"{name}: {word}: {where}{one.problem}", err=True)
    return bool(problems)


def subject() -> str:
    language = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    return Words(SUBJECT).render(Translations.load(str(HERE / "translations"), [language]).gettext)


@click.command()
@click.argument("file", type=Given("rb"))
@with_appcontext
def cosign(file: Any) -> None:
    """Keep the signatures of witnesses in FILE (- for standard input): their lines, or a whole signed checkpoint.

    Only witnesses of LOG_ANCHORS count, and only the last signed checkpoint of each log.
    """
    keys = [place.key for place in places.configured(current_app.config) if place.key is not None]
    if not keys:
        refuse("LOG_ANCHORS names no witness: write NAME=witness:KEY")
    with answering():
        try:
            found = anchoring.accept_by_hand(file.read(notes.LONGEST + 1), keys)
        except NoteError as error:
            refuse(f"nothing is kept: {error}")
    for log, key in found:
        click.echo(f"{log}: signed by {key.name}")


@click.command()
@click.option("--yes", is_flag=True, help="say in the logs that this is lost, and let everybody write again")
@with_appcontext
def acknowledge(yes: bool) -> None:
    """After restoring an older copy: what was published and is not here. With --yes the logs go on without it."""
    with answering():
        found = seen.losses()
        for loss in found:
            click.echo(str(loss.words))
        if not found:
            click.echo("everything that was published is here")
        elif not yes:
            refuse("nothing is recorded until you acknowledge this with --yes; look for a newer copy first")
        else:
            seen.acknowledge()
            kept = marks.acknowledged_file(Path(current_app.config["LOG_KEY"]))
            click.echo(f"acknowledged in each log; {kept} holds what was published: make it known, with what is lost")
