"""Readings: what is kept about a person, what was asked. As many statements, however much there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import aliased, joinedload

from deliberation.agenda.models import Matter
from deliberation.appeals import queries as appeals
from deliberation.appeals.models import Appeal
from deliberation.audit.models import ActorRef, PersonalRecord
from deliberation.audit.services import RESTRICTION_WORDS, Restriction
from deliberation.councils.models import Council
from deliberation.councils.queries import Held
from deliberation.extensions import db
from deliberation.kernel.database import Instant
from deliberation.kernel.words import Words
from deliberation.people.models import Person
from deliberation.privacy.holdings import HOLDINGS, Holding
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import State
from deliberation.review.models import Comment

COMMENT = re.compile(r"([0-9]{4})-([0-9]{1,6})\s+C-([0-9]{1,7})")
MOST = 1000
NUMBERS = 3
ON_PAPER = 20
BY_NAME = ("speech", "minutes_edit", "attendance", "recusal")
"""What stands beside the person's name on the pages of the council."""


@dataclass(frozen=True)
class Item:
    """One text that is kept. ``text`` only where the reader is the person concerned; it is there for a restricted one too."""

    id: int
    holding: Holding
    text: str | None
    since: datetime | None
    erased_at: datetime | None
    restriction: str | None
    council: str | None
    slug: str | None
    log_id: int
    numbers: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """``2026-3 C-05`` or ``QS-2026-0001``; empty where the thing has no number."""
        return self.holding.label.format(*self.numbers)

    @property
    def words(self) -> Words:
        return Words(self.holding.words)

    @property
    def is_living(self) -> bool:
        return self.erased_at is None

    @property
    def is_own_wish(self) -> bool:
        return self.restriction == Restriction.WISH

    @property
    def why(self) -> Words | None:
        """Why it is restricted."""
        return Words(RESTRICTION_WORDS[Restriction(self.restriction)]) if self.restriction else None


def _part(number: int, holding: Holding, which: Any) -> Select[Any]:
    """The rows of one kind; ``which`` says whose, or which ones."""
    # Only what is nothing is cast: SQLite would make a number of an instant.
    at = holding.at if holding.at is not None else null().cast(Instant())
    numbers = (*holding.numbers, *[null()] * (NUMBERS - len(holding.numbers)))
    query = (
        select(
            literal(number).label("number"), PersonalRecord.id, PersonalRecord.kept, type_coerce(at, Instant()).label("since"),
            PersonalRecord.erased_at, PersonalRecord.restriction, PersonalRecord.log_id,
            *(one.cast(Integer).label(f"n{place}") for place, one in enumerate(numbers)),
        )
        .select_from(holding.column.class_)
        .join(PersonalRecord, PersonalRecord.id == holding.column)
    )  # fmt: skip
    if holding.join is not None:
        query = query.join(*holding.join)
    return query.where(which) if holding.where is None else query.where(which, holding.where)


def _items(parts: Sequence[Select[Any]], *, with_text: bool) -> list[Item]:
    rows = union_all(*parts).subquery()
    query = select(rows, Council.name, Council.slug).outerjoin(Council, Council.log_id == rows.c.log_id)
    found: dict[int, Item] = {}
    for row in db.session.execute(query.order_by(rows.c.number, rows.c.id)):
        # A correction is asked for in the words that take the old one's place: it stands there, and not twice.
        found.setdefault(row.id, Item(
            row.id, HOLDINGS[row.number], row.kept if with_text else None, row.since, row.erased_at, row.restriction,
            row.name, row.slug, row.log_id, tuple(n for n in (row.n0, row.n1, row.n2) if n is not None),
        ))  # fmt: skip
    return list(found.values())


def kept_about(person: Person) -> list[Item]:
    """Every text that is kept about this person, with its words: for nobody's eyes but this person's."""
    parts = [_part(n, one, one.person == person.id) for n, one in enumerate(HOLDINGS) if one.person is not None]
    return _items(parts, with_text=True)


def found_at_desk(council: Council, words: str) -> list[Item]:
    """What the desk can mean when it enters a request for somebody, without a word of it: an appeal by its number, a comment
    as ``2026-3 C-05``, or what bears exactly this name for the desk anyway: never what would tell who wrote a comment, an
    objection, a challenge or a proposal. For no words: what came last on paper, of people who have no page of their own."""
    if not words:
        return _on_paper(council)
    comment, appeal = COMMENT.fullmatch(words), appeals.find(council, words.upper())
    if appeal is not None:
        which = {"appeal": Appeal.id == appeal.id}
    elif comment is not None:
        year, number, label = (min(int(part), 2**31 - 1) for part in comment.groups())
        matters = select(Matter.id).where(Matter.council_id == council.id, Matter.year == year, Matter.number == number)
        which = {"comment": and_(Comment.matter_id.in_(matters), Comment.number == label)}
    else:
        return _of_name(council, words)
    parts = [_part(n, one, which[_table(one)]) for n, one in enumerate(HOLDINGS) if _table(one) in which]
    return _items(parts, with_text=False)


def _on_paper(council: Council) -> list[Item]:
    which = {
        "comment.text_id": and_(Comment.council_id == council.id, Comment.channel == "paper"),
        "appeal.text_id": and_(Appeal.council_id == council.id, Appeal.appellant_id.is_(None)),
    }
    parts = [_part(n, one, which[one.name]) for n, one in enumerate(HOLDINGS) if one.name in which]
    living = [item for item in _items(parts, with_text=False) if item.is_living and item.since is not None]
    return sorted(living, key=lambda item: str(item.since), reverse=True)[:ON_PAPER]


def _of_name(council: Council, name: str) -> list[Item]:
    named = aliased(PersonalRecord)
    people = select(Person.id).join(named, named.id == Person.name_id).where(named.value == name)
    appeals_of = select(Appeal.id).join(named, named.id == Appeal.name_id).where(named.value == name)
    here = PersonalRecord.log_id == council.log_id
    which = dict.fromkeys(("appeal", "appeal_reply", "contact_attempt"), Appeal.id.in_(appeals_of))
    parts = [_part(n, one, and_(here, which[_table(one)])) for n, one in enumerate(HOLDINGS) if _table(one) in which]
    parts += [_part(n, one, and_(here, one.person.in_(people))) for n, one in enumerate(HOLDINGS) if _table(one) in BY_NAME]
    return _items(parts, with_text=False)


def _table(holding: Holding) -> str:
    return str(holding.column.class_.__tablename__)


def holdings_of(record: PersonalRecord) -> list[Item]:
    """Where this text stands; empty where no row points to it any more."""
    return _items([_part(n, one, PersonalRecord.id == record.id) for n, one in enumerate(HOLDINGS)], with_text=False)


def person_of(record: PersonalRecord) -> int | None:
    """The id of the person whom this text is about; None for what came on paper, or was cut loose from its author."""
    return concerned(record)[0]


def concerned(record: PersonalRecord) -> tuple[int | None, bool]:
    """Whom this text is about, as `person_of`, and whether the log names them there as a resident."""
    parts = [select(literal(0).label("n"), literal(0).label("person"), literal(False).label("as_resident")).where(literal(False))]
    for n, one in enumerate(HOLDINGS):
        if one.person is not None:
            said = one.person.property.columns[0].info.get("as_resident", False)
            said = getattr(one.person.class_, said).is_(True) if isinstance(said, str) else literal(said)
            query = select(literal(n).label("n"), one.person.label("person"), said.label("as_resident"))
            query = query.select_from(one.column.class_)
            query = query.join(*one.join) if one.join is not None else query
            parts.append(query.where(one.column == record.id))
    rows = union_all(*parts).subquery()
    found = db.session.execute(select(rows.c.person, rows.c.as_resident).order_by(rows.c.n).limit(1)).first()
    return (None, False) if found is None else (found.person, bool(found.as_resident))


def requests_of(person: Person) -> list[DataRequest]:
    """What this person asked, the newest first."""
    query = select(DataRequest).where(DataRequest.person_id == person.id)
    return list(db.session.scalars(_loaded(query).order_by(DataRequest.id.desc()).limit(MOST)))


def requests_to(council: Council | None) -> list[DataRequest]:
    """What was asked of this council (of the installation for None): what waits first, by its day, then the answered."""
    place = DataRequest.council_id == council.id if council is not None else DataRequest.council_id.is_(None)
    query = _loaded(select(DataRequest).where(place))
    waits = (DataRequest.state != State.WAITING.value, DataRequest.due_on, DataRequest.id)
    return list(db.session.scalars(query.order_by(*waits).limit(MOST)))


def _loaded(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(DataRequest.text), joinedload(DataRequest.answer), joinedload(DataRequest.record),
        joinedload(DataRequest.council), joinedload(DataRequest.person),
    )  # fmt: skip


def restricted_in(log_id: int) -> list[Item]:
    """What is stored in this log's council and used for nothing, without its words."""
    which = and_(PersonalRecord.log_id == log_id, PersonalRecord.restricted_at.is_not(None))
    return _items([_part(n, one, which) for n, one in enumerate(HOLDINGS)], with_text=False)


def words_of(ids: Iterable[int | None]) -> dict[int, Words]:
    """What the texts with these numbers are called."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    parts = [_part(n, one, PersonalRecord.id.in_(wanted)) for n, one in enumerate(HOLDINGS)]
    return {item.id: item.words for item in _items(parts, with_text=False)}


@dataclass(frozen=True)
class Tie:
    """A council in whose log the person is known by a reference; ``holds_office`` today or from some day on."""

    council: str
    slug: str
    holds_office: bool


def ties_of(person: Person, held: Iterable[Held]) -> list[Tie]:
    """The councils whose logs know this person, who holds or held these offices."""
    holds = {one.slug for one in held if not one.is_over}
    query = (
        select(Council.name, Council.slug)
        .where(Council.log_id.in_(select(ActorRef.log_id).where(ActorRef.person_id == person.id)))
        .order_by(Council.name)
    )
    return [Tie(name, slug, slug in holds) for name, slug in db.session.execute(query)]
