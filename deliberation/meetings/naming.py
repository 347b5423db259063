"""Nobody stands by name in what is published and can never be erased."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.meetings.models import Meeting
from deliberation.people.models import Person

SHORTEST_NAME = 2

named_in: list[Callable[[Meeting], Iterable[str | None]]] = []
"""Rooms upstairs that keep names of people in a meeting who have no account: each gives those of one meeting."""


def require_no_names(text: str, *, field: str, meeting: Meeting | None = None) -> None:
    """An official text is published as it is and can never be erased: nobody whose name is kept here stands in it by name,
    however it is spaced; nor who is known by name in this ``meeting`` alone."""
    folded = _folded(text)
    others = (name for give in named_in for name in give(meeting)) if meeting is not None else ()
    named = select(PersonalRecord.value).join(Person, Person.name_id == PersonalRecord.id).where(PersonalRecord.value.is_not(None))
    for name in (*db.session.scalars(named), *others):
        if name and len(_folded(name)) >= SHORTEST_NAME and _folded(name) in folded:
            raise Invalid(
                N_("“%(name)s” stands here. Minutes are published: say the office or the seat instead of the name."),
                name=name, field=field, code="name_in_summary",
            )  # fmt: skip


def _folded(text: str) -> str:
    """Without blanks, and of one width and case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
