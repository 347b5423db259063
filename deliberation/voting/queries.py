"""Readings of polls: who may vote, who has, what came out, and which open vote awaits a member."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from deliberation.audit.values import instant
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people.models import Person
from deliberation.voting.kinds import Kind, Mode, Paper
from deliberation.voting.models import Ballot, Poll, PollVoter
from deliberation.voting.secret.models import BoxKey, OpenedBallot, RollMark, SealedPoll
from deliberation.voting.states import PollState

YES_NO = Paper(Kind.YES_NO)
FACTS = ("kind", "mode", "text_hash", "seats", "most", "scale", "method", "method_version", "by_correspondence")
POLL = (
    select(Poll)
    .join(Poll.council)
    .where(Council.slug == bindparam("slug"), Poll.id == bindparam("poll"))
    .options(contains_eager(Poll.council))
)

# One of the electorate as frozen, and the vote if there is one.
VOTER = (
    select(PollVoter.recused, PollVoter.present, PollVoter.may_vote, Ballot.id.label("ballot_id"))
    .outerjoin(Ballot, and_(Ballot.poll_id == PollVoter.poll_id, Ballot.person_id == PollVoter.person_id))
    .where(PollVoter.poll_id == bindparam("poll"), PollVoter.person_id == bindparam("person"))
)


@dataclass(frozen=True)
class RollLine:
    """One person of a poll's electorate with the vote, for those who may read names."""

    person_id: int
    name: str | None
    present: bool
    recused: bool
    may_vote: bool
    choice: str | None
    channel: str | None
    confirmed: bool
    at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Taken down by the clerk, and not yet confirmed by the chair."""
        return self.choice is not None and not self.confirmed


@dataclass(frozen=True)
class Progress:
    """How far an open vote is, without what was voted: safe to show before the count."""

    entitled: int
    present: int
    recused: int
    may_vote: int
    voted: int
    waiting: int

    @property
    def missing(self) -> int:
        return self.may_vote - self.voted


def poll_with_verdict(council: Council, poll_id: int) -> Poll | None:
    """One poll of this council with its rule and verdict."""
    query = (
        select(Poll)
        .where(Poll.council_id == council.id, Poll.id == poll_id)
        .options(joinedload(Poll.rule), joinedload(Poll.verdict), joinedload(Poll.result))
    )
    return db.session.scalar(query)


def poll_at(slug: str, poll_id: int) -> Poll | None:
    """The poll at this address with its council, for a vote: neither rule nor verdict is needed."""
    return db.session.scalar(POLL, {"slug": slug, "poll": poll_id})


def paper(poll: Poll) -> Paper:
    """What a ballot of this poll may say."""
    if poll.kind == Kind.YES_NO:
        return YES_NO
    return Paper(Kind(poll.kind), len(poll.options), poll.most, poll.scale)


def facts(poll: Poll) -> dict[str, Any]:
    """What a poll asks and how, as it is frozen: see `freezing`."""
    return {name: getattr(poll, name) for name in FACTS} | {
        "question": hashlib.sha256(poll.question.encode()).hexdigest() if poll.question is not None else None,
        "closes_at": instant(poll.closes_at) if poll.closes_at else None,
        **({"box_key": box_key(poll)} if poll.mode == Mode.SECRET else {}),
        **({"least_shown": poll.least_shown} if poll.least_shown is not None else {}),
    }


def box_key(poll: Poll) -> str | None:
    """The public key to which the ballots of a secret poll are sealed."""
    query = select(BoxKey.public_key).join(SealedPoll, SealedPoll.key_id == BoxKey.id)
    return db.session.scalar(query.where(SealedPoll.poll_id == poll.id))


def piles(poll: Poll) -> list[tuple[str, int]]:
    """Equal ballots with how many there are of each, grouped in the database."""
    if poll.mode == Mode.SECRET:
        opened = OpenedBallot.content
        grouped = select(opened, func.count()).where(OpenedBallot.poll_id == poll.id).group_by(opened).order_by(opened)
    else:
        grouped = select(Ballot.choice, func.count()).where(Ballot.poll_id == poll.id).group_by(Ballot.choice)
    return [(choice, int(number)) for choice, number in db.session.execute(grouped)]


def roll(poll: Poll) -> list[RollLine]:
    """The electorate as frozen, with each vote: only for who may read names."""
    query = (
        select(PollVoter, Ballot)
        .outerjoin(Ballot, and_(Ballot.poll_id == PollVoter.poll_id, Ballot.person_id == PollVoter.person_id))
        .where(PollVoter.poll_id == poll.id)
        .options(joinedload(PollVoter.person))
        .order_by(PollVoter.person_id)
    )
    return [
        RollLine(
            voter.person_id,
            voter.person.name,
            voter.present,
            voter.recused,
            voter.may_vote,
            ballot.choice if ballot else None,
            ballot.channel if ballot else None,
            bool(ballot and ballot.confirmed_at),
            ballot.cast_at if ballot else None,
        )
        for voter, ballot in db.session.execute(query)
    ]


def progress(poll: Poll) -> Progress:
    """How many may vote and have voted."""
    people = select(PollVoter.present, PollVoter.recused, PollVoter.may_vote, Ballot.id, Ballot.confirmed_at).outerjoin(
        Ballot, and_(Ballot.poll_id == PollVoter.poll_id, Ballot.person_id == PollVoter.person_id)
    )
    rows = db.session.execute(people.where(PollVoter.poll_id == poll.id)).all()
    marked = select(func.count()).select_from(RollMark).where(RollMark.poll_id == poll.id, RollMark.voted)
    sealed = (db.session.scalar(marked) or 0) if poll.mode == Mode.SECRET else 0
    return Progress(
        entitled=len(rows),
        present=sum(row.present for row in rows),
        recused=sum(row.recused for row in rows),
        may_vote=sum(row.may_vote for row in rows),
        voted=sealed + sum(row.id is not None for row in rows),
        waiting=sum(row.id is not None and row.confirmed_at is None for row in rows),
    )


def may_vote_ids(poll_id: int) -> list[int]:
    """The persons who may vote in an open poll, as frozen when it was opened."""
    voters = select(PollVoter.person_id).where(PollVoter.poll_id == poll_id, PollVoter.may_vote)
    return list(db.session.scalars(voters.order_by(PollVoter.person_id)))


def own_ballot(poll: Poll, person: Person | None) -> Ballot | None:
    """The person's own vote in a poll, if there is one."""
    if person is None:
        return None
    return db.session.scalar(select(Ballot).where(Ballot.poll_id == poll.id, Ballot.person_id == person.id))


@dataclass(frozen=True)
class Awaiting:
    """An open vote that somebody may take part in and has not. ``rates``: what a rating is about; None for any other vote."""

    slug: str
    poll_id: int
    label: str
    opened_at: datetime | None
    mode: str = Mode.RECORDED.value
    rates: str | None = None


def awaiting(person: Person | None) -> list[Awaiting]:
    """Every open vote that awaits this person, in all councils, oldest first."""
    if person is None:
        return []
    query = (
        _open_for(person.id)
        .with_only_columns(
            Council.slug, Poll.id, Poll.label, Poll.opened_at, Poll.mode, case((Poll.least_shown.is_not(None), Poll.question))
        )  # fmt: skip
        .join(Council, Council.id == Poll.council_id)
        .order_by(Poll.id)
    )
    return [Awaiting(*row) for row in db.session.execute(query)]


def _open_for(person_id: int) -> Select[Poll]:
    voted = select(Ballot.id).where(Ballot.poll_id == Poll.id, Ballot.person_id == person_id).exists()
    marked = select(RollMark.poll_id).where(RollMark.poll_id == Poll.id, RollMark.person_id == person_id, RollMark.voted).exists()
    return (
        select(Poll)
        .join(PollVoter, PollVoter.poll_id == Poll.id)
        .where(PollVoter.person_id == person_id, PollVoter.may_vote, Poll.state == PollState.OPEN.value, ~voted, ~marked)
        .where(or_(Poll.closes_at.is_(None), Poll.closes_at > clock.now()))
    )


def awaits(poll_id: int, person: Person | None) -> bool:
    """Whether this open poll awaits the person's vote."""
    if person is None:
        return False
    found = _open_for(person.id).with_only_columns(func.count()).where(Poll.id == poll_id)
    return bool(db.session.scalar(found))


def names_of(lines: Iterable[RollLine], choice: str) -> list[str]:
    """Who voted so, by name."""
    return [line.name or "" for line in lines if line.choice == choice]
