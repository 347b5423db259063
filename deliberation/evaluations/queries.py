"""Readings of rating rounds: what is rated, who rates, how it stands, what came out. Nothing here adds two rounds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.councils.authority import holders_of
from deliberation.councils.models import Council
from deliberation.evaluations.groups import MEMBER, offices_rated
from deliberation.evaluations.models import Comment, Finding, Rater, Round, Subject
from deliberation.extensions import db
from deliberation.meetings.models import Meeting
from deliberation.people.models import Account, Person
from deliberation.people.services import name_key
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.voting import queries as polls
from deliberation.voting.models import Poll
from deliberation.voting.paper import queries as papers
from deliberation.voting.states import PollState

_RATED = selectinload(Round.subjects)
WHOLE = (
    joinedload(Round.meeting), joinedload(Round.poll), _RATED.joinedload(Subject.person),
    _RATED.joinedload(Subject.resolution).joinedload(Resolution.number),
)  # fmt: skip


def round_by_id(council: Council, round_id: int) -> Round | None:
    return db.session.scalar(select(Round).where(Round.id == round_id, Round.council_id == council.id).options(*WHOLE))


def round_of(poll: Poll) -> Round | None:
    """The round whose vote this is; None for every vote among members."""
    if poll.least_shown is None:
        return None
    return db.session.scalar(select(Round).where(Round.poll_id == poll.id).options(*WHOLE))


def rounds_of(meeting: Meeting) -> list[Round]:
    """The rounds of a meeting, in their order."""
    query = select(Round).where(Round.meeting_id == meeting.id).options(*WHOLE).order_by(Round.number)
    return list(db.session.scalars(query))


def published(council: Council) -> list[Round]:
    """The rounds whose results are public, the newest first."""
    query = select(Round).where(Round.council_id == council.id, Round.published_at.is_not(None)).options(*WHOLE)
    return list(db.session.scalars(query.order_by(Round.published_at.desc(), Round.id.desc())))


def unpublished(councils: Iterable[int]) -> list[tuple[Round, str]]:
    """The rounds of these councils that are counted and not published, with the council's address."""
    query = select(Round, Council.slug).join(Council, Council.id == Round.council_id).join(Poll, Poll.id == Round.poll_id)
    waiting = (Round.council_id.in_(councils), Round.published_at.is_(None), Poll.state == PollState.COUNTED.value)
    return [(round_, slug) for round_, slug in db.session.execute(query.where(*waiting).order_by(Round.id))]


def raters(round_: Round) -> list[Person]:
    """Who is on the list of a round; in the order of entering people, which is not that of rating."""
    query = select(Person).join(Rater, Rater.person_id == Person.id).where(Rater.round_id == round_.id).order_by(Person.id)
    return list(db.session.scalars(query))


def rated(round_: Round) -> list[Person]:
    """The people who are rated in a round today: as persons, or in an office."""
    held = {office for one in round_.subjects for office in offices_rated(one.kind)}
    ids = {one.person_id for one in round_.subjects} | {one.person_id for one in holders_of(round_.council, held)}
    return list(db.session.scalars(select(Person).where(Person.id.in_(ids - {None})).order_by(Person.id)))


def by_name(round_: Round) -> list[Person]:
    """Those on the list who are known by a name alone: no account can ever show that they are somebody else."""
    query = select(Person).join(Rater, Rater.person_id == Person.id).outerjoin(Account, Account.person_id == Person.id)
    return list(db.session.scalars(query.where(Rater.round_id == round_.id, Account.id.is_(None)).order_by(Person.id)))


def has_namesake(round_: Round) -> bool:
    """Whether somebody listed by name alone is called like one who is rated: it may be the same person."""
    called = {name_key(one.name) for one in rated(round_)} - {""}
    return any(name_key(one.name) in called for one in by_name(round_))


def rater_ids(round_id: int) -> list[int]:
    query = select(Rater.person_id).where(Rater.round_id == round_id).order_by(Rater.person_id)
    return list(db.session.scalars(query))


def names(round_: Round, *, reads: bool) -> dict[int, str | None]:
    """What each of those rated is called. A person's name only for who ``reads`` it: everybody else is given None."""
    return {
        one.position: one.name if one.person is None else one.person.name if reads else None for one in round_.subjects
    }  # fmt: skip


def resolutions(council: Council) -> list[Resolution]:
    """The council's resolutions whose number stands, the newest first."""
    query = (
        select(Resolution)
        .join(Resolution.number)
        .where(DocumentNumber.council_id == council.id, DocumentNumber.voided_at.is_(None))
        .options(joinedload(Resolution.number), joinedload(Resolution.matter))
        .order_by(Resolution.id.desc())
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Spread:
    """One of those rated: how many ballots gave each grade. None where too few judged it, or where it is not for this reader."""

    position: int
    grades: Sequence[int] | None
    is_person: bool


@dataclass(frozen=True)
class Results:
    """What a round came to. ``phone`` and ``paper`` are None where one of the ways, or both, has
    very few; ``invalid`` and ``abstained`` are 0 then. ``void``: why nothing counts."""

    entitled: int
    took_part: int
    phone: int | None
    paper: int | None
    invalid: int
    abstained: int
    void: str | None
    spreads: Sequence[Spread]


def is_one_way_few(poll: Poll) -> bool:
    """Whether so few rated on paper, or on a phone, that what they did not say would tell of them."""
    ways = papers.channels(poll)
    return ways is not None and (ways.phone is None or ways.paper is None)


def results(round_: Round) -> Results | None:
    """The result of a counted round; grades under the round's least number were never kept in it."""
    poll = round_.poll
    if poll is None or poll.state != PollState.COUNTED or poll.sealed_result is None:
        return None
    data, ways = json.loads(poll.sealed_result.result), papers.channels(poll)
    kinds = {one.position: one.kind for one in round_.subjects}
    few, unsplit = 0 < data["ballots"] < round_.least, is_one_way_few(poll)
    return Results(
        entitled=polls.progress(poll).entitled,
        took_part=data["ballots"],
        phone=None if few else ways.phone if ways else data["ballots"],
        paper=None if few else ways.paper if ways else 0,
        invalid=0 if unsplit else data.get("invalid", 0),
        abstained=0 if unsplit else data.get("abstain", 0),
        void=data.get("void"),
        spreads=[
            Spread(position, row, kinds[position] == MEMBER) for position, row in enumerate(data.get("grades", ()), 1)
        ],
    )  # fmt: skip


def comments(round_: Round) -> list[Comment]:
    """Every comment of a round, by its random id."""
    query = select(Comment).where(Comment.round_id == round_.id).options(joinedload(Comment.text))
    return list(db.session.scalars(query.order_by(Comment.id)))


def unsettled(round_: Round) -> int:
    """How many comments have come to no end yet."""
    open_ones = (Comment.round_id == round_.id, Comment.finding_id.is_(None), Comment.aside.is_(None))
    return db.session.scalar(select(func.count()).select_from(Comment).where(*open_ones)) or 0


def findings(round_: Round) -> list[tuple[Finding, int]]:
    """The findings of a round in the order of writing, with how many comments each has."""
    query = (
        select(Finding, func.count(Comment.id))
        .outerjoin(Comment, Comment.finding_id == Finding.id)
        .where(Finding.round_id == round_.id)
        .group_by(Finding.id)
        .order_by(Finding.id)
    )
    return [(finding, int(number)) for finding, number in db.session.execute(query)]
