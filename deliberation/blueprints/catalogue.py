"""The catalogue of everything that the log can tell: each action, its sentence, and what it may touch."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from flask import Blueprint, render_template

from deliberation.audit import recorded_tables
from deliberation.audit.actions import ACTIONS, Action
from deliberation.blueprints.words import in_every_language, say
from deliberation.extensions import db
from deliberation.kernel.words import N_, Words

bp = Blueprint("catalogue", __name__, url_prefix="/log")

SECTIONS = {
    N_("Appeals and proposals"): "appeal proposal",
    N_("Matters and their plans"): "matter plan recusal challenge",
    N_("Meetings"): "meeting minutes attendance item speech floor hearing side point agreement report",
    N_("Rating rounds and promises"): "rating promise",
    N_("Debate and motions"): "debate motion ruling",
    N_("Votes"): "poll ballot paper key",
    N_("Public review"): "window comment",
    N_("Resolutions and their carrying out"): "resolution task satisfaction",
    N_("Council, offices and rules"): "council office term rules calendar unit household",
    N_("People and how they come in"): "person account card founder personal_data data_request",
    N_("The log itself"): "log",
}
OTHERS = N_("Parts from elsewhere")
SHOWN = {
    "public": N_("as it is"),
    "digest": N_("as a hash of the official text"),
    "committed": N_("only under a salted commitment"),
    "withheld": N_("not at all"),
}
"""How a column stands in an entry, see `kernel.database`."""


@bp.get("/actions")
def show() -> str:
    return render_template(
        "log/actions.html", sections=_sections(), tables=map(_table, sorted(recorded_tables())), number=len(ACTIONS.values())
    )


def _sections() -> list[tuple[Words, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, action in sorted(ACTIONS.items()):
        found[section_of(name)].append(_line(action))
    return [(Words(title), found[title]) for title in (*SECTIONS, OTHERS) if found[title]]


def section_of(action: str) -> str:
    """Under which heading an action stands."""
    subject = action.partition(".")[0]
    return next((title for title, subjects in SECTIONS.items() if subject in subjects.split()), OTHERS)


def _line(action: Action) -> dict[str, Any]:
    return {
        "name": action.name,
        "sentences": in_every_language(sentence_of(action)),
        "creates": sorted(action.creates - {"personal_record"}),
        "changes": [(table, sorted(columns)) for table, columns in sorted(action.changes.items())],
        "deletes": sorted(action.deletes),
    }


def sentence_of(action: Action) -> Words:
    """The action's sentence with words for what each entry puts there."""
    places = re.findall(r"%\((\w+)\)s", action.sentence)
    known = {"office": Words(N_("‹office›")), "label": Words(N_("‹name›"))}
    return Words(action.sentence, **{name: known.get(name, "…") for name in places})


def _table(name: str) -> tuple[str, list[tuple[str, str]]]:
    shown = [(column.name, SHOWN[column.info["log"]]) for column in db.metadata.tables[name].columns]
    return name, [(column, say(Words(how))) for column, how in shown]
