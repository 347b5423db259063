"""What is printed: a ballot paper with its number and square, and the sheet for counting by hand. No name stands on either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.words import say
from deliberation.voting import kinds
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.paper import serials
from deliberation.voting.states import CHOICE_WORDS, Choice

SHORT_QUESTION, SHORT_OPTION = 32, 12
ROWS_OF_HALF = 3
ONE_COLUMN = 12
"""What stands on half a sheet at this size, and in one column of a whole one."""


def ballot_faces(poll: Poll, made: Sequence[str], shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the printed page shows: each paper's number and square, the rows to be marked, how to mark them."""
    rows = marks(poll, shown["options"])
    asked = poll.question or ""
    fits = poll.kind in (Kind.YES_NO, Kind.SINGLE, Kind.APPROVAL) and len(rows) <= ROWS_OF_HALF
    short = all(len(text) <= SHORT_OPTION for text in rows) and len(asked) <= SHORT_QUESTION
    return {
        "papers": [(serials.shown(one), qr(serials.in_square(poll.id, one))) for one in made],
        "rows": rows,
        "scale": [say(word) for word in kinds.scale_words(poll.scale)] if poll.scale else [],
        "how": how(poll),
        "halves": fits and short and not shown["motion"] or (bool(shown["motion"]) and not shown["motion"].text),
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
