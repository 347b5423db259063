"""Readings of hearings, in a constant number of statements. Names go only to who reads the council's papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from deliberation.agenda.models import Matter
from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.hearings.models import Hearing, Participant, Word
from deliberation.hearings.states import Kind, Party
from deliberation.meetings.kinds import hearing_kinds
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.states import HELD, MeetingState


@dataclass(frozen=True)
class Said:
    """One word of the record. ``who`` is the number on the list of those who take part; ``to`` the question answered."""

    id: int
    who: int
    party: str
    kind: str
    minutes: int | None
    to: int | None
    text: str | None
    at: datetime


@dataclass(frozen=True)
class Side:
    """What one side said: its statements, and how many minutes they took together."""

    party: str
    statements: Sequence[Said]

    @property
    def minutes(self) -> int:
        return sum(one.minutes or 0 for one in self.statements)


def hearing_by_id(council: Council, hearing_id: int) -> Hearing | None:
    query = select(Hearing).where(Hearing.id == hearing_id, Hearing.council_id == council.id)
    return db.session.scalar(query.options(joinedload(Hearing.meeting), joinedload(Hearing.matter)))


def hearings_of(matter: Matter, *, reads: bool) -> list[Hearing]:
    """The rounds on a matter; one whose notice has not gone out is the council's own business."""
    query = select(Hearing).join(Meeting).where(Hearing.matter_id == matter.id).options(joinedload(Hearing.meeting))
    if not reads:
        query = query.where(Meeting.state != MeetingState.PLANNED.value)
    return list(db.session.scalars(query.order_by(Hearing.round)))


def rounds_of(meeting: Meeting) -> dict[int, Hearing]:
    """The rounds of one meeting, by matter."""
    return {one.matter_id: one for one in db.session.scalars(select(Hearing).where(Hearing.meeting_id == meeting.id))}


def participants(hearing: Hearing) -> list[Participant]:
    """Everybody who takes part, with names."""
    query = select(Participant).where(Participant.hearing_id == hearing.id).order_by(Participant.number)
    return list(db.session.scalars(query.options(joinedload(Participant.name), joinedload(Participant.reservation))))


def names(meeting: Meeting) -> list[str | None]:
    """Under which names people take part in the hearings of a meeting with an account; without one it may be a company."""
    query = select(PersonalRecord.value).join(Participant, Participant.name_id == PersonalRecord.id)
    return list(db.session.scalars(query.join(Hearing).where(Hearing.meeting_id == meeting.id, Participant.person_id.is_not(None))))


def said(hearing: Hearing) -> list[Said]:
    """Everything that was said or sent, in its order."""
    query = (
        select(Word)
        .options(joinedload(Word.text), joinedload(Word.participant))
        .where(Word.hearing_id == hearing.id)
        .order_by(Word.id)
    )
    return [
        Said(one.id, one.participant.number, one.participant.party, one.kind, one.minutes, one.to_id, one.text.value, one.at)
        for one in db.session.scalars(query)
    ]


def sides(words: Sequence[Said], joined: Sequence[Participant]) -> list[Side]:
    """The sides that have somebody, in the order of the list of parties, each with its statements."""
    here = {one.party for one in joined}
    return [
        Side(party, [one for one in words if one.kind == Kind.STATEMENT and one.party == party]) for party in Party if party in here
    ]


def unanswered(matter_id: int) -> tuple[int, Hearing | None] | None:
    """(meeting, its round) of the first hearing on the matter that was held and is not answered; None where there is none.

    A meeting that was to hear people and whose question was never put counts too: nobody evades the answer that way.
    """
    query = (
        select(Meeting.id, Hearing)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .outerjoin(Hearing, and_(Hearing.meeting_id == Meeting.id, Hearing.matter_id == AgendaItem.matter_id))
        .where(
            AgendaItem.matter_id == matter_id,
            Meeting.kind.in_(hearing_kinds()),
            Meeting.state.in_([state.value for state in HELD]),
            or_(Hearing.id.is_(None), Hearing.answered_at.is_(None)),
        )
        .order_by(Meeting.id)
        .limit(1)
    )
    found = db.session.execute(query).first()
    return None if found is None else (found[0], found[1])
