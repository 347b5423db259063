"""Official texts: of the length they may have, and without the name of anybody, since they are published and never erased."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select

from deliberation.audit.models import ActorRef, PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.meetings.models import Meeting
from deliberation.people.models import Person
from deliberation.people.services import name_key

SHORTEST_NAME = 2

named_in: list[Callable[[Meeting], Iterable[str | None]]] = []
"""Rooms upstairs that keep names of people in a meeting who have no account: each gives those of one meeting."""


def require_text(text: str, field: str, most: int) -> None:
    """Raises `Invalid` for a text that is empty or has more than ``most`` characters."""
    if not text or not text.strip() or len(text) > most:
        raise Invalid(N_("Please write from 1 to %(n)s characters."), n=most, field=field)


def official(text: str, field: str, most: int, meeting: Meeting) -> None:
    """Raises `Invalid` for an official text that is empty, too long, or names somebody who is known here."""
    require_text(text, field, most)
    require_no_names(text, field=field, meeting=meeting)


def require_no_names(text: str, *, field: str, meeting: Meeting) -> None:
    """An official text is published as it is and can never be erased: nobody who ever did anything in this council or was
    on one of its rolls stands in it by name, however it is spaced; nor who is known by name in this ``meeting`` alone."""
    others = (name for give in named_in for name in give(meeting))
    _refuse_names(text, field, (*names_known(meeting.council_id), *others))


def require_none_named(texts: Iterable[str], *, field: str, council_id: int) -> None:
    """The same for the texts of a meeting that is only being planned."""
    known = names_known(council_id) if (texts := list(texts)) else []
    for text in texts:
        _refuse_names(text, field, known)


def names_known(council_id: int) -> list[str]:
    """The names of all whom the council's log knows: not of everybody in the installation, where some name is like any word."""
    query = (
        select(PersonalRecord.value)
        .join(Person, Person.name_id == PersonalRecord.id)
        .join(ActorRef, ActorRef.person_id == Person.id)
        .join(Council, Council.log_id == ActorRef.log_id)
        .where(Council.id == council_id, PersonalRecord.value.is_not(None))
    )
    return [str(name) for name in db.session.scalars(query.distinct())]


def _refuse_names(text: str, field: str, names: Iterable[str | None]) -> None:
    folded = name_key(text)
    for name in names:
        if name and len(name_key(name)) >= SHORTEST_NAME and name_key(name) in folded:
            raise Invalid(
                N_("“%(name)s” stands here. Minutes are published: say the office or the seat instead of the name."),
                name=name, field=field, code="name_in_summary",
            )  # fmt: skip
