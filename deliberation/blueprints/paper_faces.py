"""What is printed: a ballot paper with its number and square, and the sheet for counting by hand. No name stands on either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from flask_babel import gettext as _

from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.words import say
from deliberation.voting import kinds
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.paper import serials
from deliberation.voting.states import CHOICE_WORDS, Choice

IN_A_LINE, SHORT_OPTION = 24, 12
LINES_OF_HALF = 5
ONE_COLUMN = 12
"""What stands on half a sheet at this size, and in one column of a whole one."""
LONGEST_TEXT = 200
"""Characters of a motion's own text: a longer one hangs in the room, and the paper names it."""


def ballot_faces(poll: Poll, made: Sequence[str], shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the printed page shows: each paper's number and square, the rows to be marked, how to mark them."""
    rows, asked, on = marks(poll, shown["options"]), poll.question or shown["about"], ""
    if shown["motion"]:
        text = shown["motion"].text or ""
        on = f"{shown['matter'].title}: {text}" if 0 < len(text) <= LONGEST_TEXT else shown["matter"].title
    lines = len(rows) + ceil(len(asked) / IN_A_LINE) + ceil(len(on) / IN_A_LINE)
    return {
        "asked": asked,
        "on": on,
        "papers": [(serials.shown(one), qr(serials.in_square(poll.id, one))) for one in made],
        "rows": rows,
        "scale": [say(word) for word in kinds.scale_words(poll.scale)] if poll.scale else [],
        "how": how(poll),
        "halves": poll.kind not in (Kind.RANKED, Kind.RATING) and lines <= LINES_OF_HALF and max(map(len, rows)) <= SHORT_OPTION,
        "columns": len(rows) > ONE_COLUMN,
    }


def marks(poll: Poll, options: Sequence[str]) -> list[str]:
    """The rows in which a mark is put."""
    return [_(CHOICE_WORDS[one]) for one in Choice] if poll.kind == Kind.YES_NO else list(options)


def how(poll: Poll) -> str:
    """How this paper is marked, in a sentence."""
    if poll.kind == Kind.APPROVAL:
        return _("Tick every option that you approve of, at most %(n)s.", n=poll.most)
    if poll.kind == Kind.RANKED:
        return _("Write 1 beside your first choice, 2 beside your second, and so on. You need not number all.")
    if poll.kind == Kind.RATING:
        return _("Tick one box in every row.")
    return _("Tick one box.")


def sheet_rows(poll: Poll, options: Sequence[str]) -> dict[str, Any]:
    """The table of a count sheet: what is counted, and under which heads."""
    rows = marks(poll, options)
    if poll.kind == Kind.RATING:
        return {"rows": rows, "heads": [say(word) for word in kinds.scale_words(poll.scale or "")]}
    if poll.kind == Kind.RANKED:
        return {"rows": rows, "heads": [_("place %(n)s", n=n) for n in range(1, min(poll.most, 6) + 1)]}
    return {"rows": rows if poll.kind == Kind.YES_NO else [*rows, _("Abstain")], "heads": []}
