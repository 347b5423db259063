"""Comments as items of a list: everybody's, rendered once each, and the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from deliberation.blueprints.words import language, moments, say, zone
from deliberation.councils.models import Council
from deliberation.people.models import Person
from deliberation.review import listing
from deliberation.review.rows import CommentRow, Forum

NOBODY = dict.fromkeys(("answer", "moderate", "original", "transcribe"), False)


@dataclass(frozen=True)
class Around:
    """What one needs to know of a matter's page in order to list comments on it: the numbers of the paragraphs in its text,
    where the paragraphs stand in each text that was called for comment, and whether comments may still be changed."""

    matter_id: int
    paragraphs: frozenset[int]
    positions: Mapping[int, Mapping[str, int]]
    editable: bool

    @classmethod
    def of(cls, matter_id: int, forum: Forum, editable: bool) -> Around:
        return cls(matter_id, frozenset(one.number for one in forum.paragraphs), forum.positions, editable)


def listed(rows: list[CommentRow], around: Around, council: Council, allowed: Mapping[str, bool], prefix: str) -> Markup:
    """The comments as list items. A page has a hundred of them and an act changes one: what was made of the others is kept."""
    here, locale = zone(), language()
    told, powers, parts = allowed["answer"] and around.editable, any(allowed.values()), _parts()
    made = []
    for row in rows:
        item = _made(row, row.paragraph in around.paragraphs, told and not row.is_answered, prefix, here, locale)
        acts = parts.acts(row, council, allowed, around.editable) if powers or row.is_own else ""
        made.append(f"{item}{acts}</li>")
    return Markup("".join(made))


def own(council: Council, reader: Person | None, around: Around | None) -> Markup:
    """The reader's own comments on the matter, with what may be done with them; empty where there are none."""
    if reader is None or around is None:
        return Markup("")
    return listed(listing.own(around.matter_id, around.positions, reader), around, council, NOBODY, "own-")


def _parts() -> Any:
    return current_app.jinja_env.get_template("forum/_parts.html").module


@lru_cache(maxsize=4096)
def _made(row: CommentRow, stands: bool, waits: bool, prefix: str, here: ZoneInfo, locale: str) -> Markup:
    """One comment in the reader's language, its list item left open.

    ``stands``: its paragraph is in the text shown; ``waits``: the reader is told that it has no answer."""
    author = _("Your comment") if row.is_own else say(row.author)
    tail = [author, moments()(row.at)]
    if row.paragraph is None:
        tail.insert(0, _("on the whole text"))
    if row.channel == "paper":
        tail.append(_("entered by the desk, paper %(number)s", number=row.paper_no))
    about = _("on paragraph %(n)s", n=row.paragraph) if row.paragraph else ""
    return Markup(_parts().comment(row, about, " · ".join(tail), stands, waits, prefix))
