"""Turns at speaking: who has the floor, who had it, how it ends. Below the services, because they end a turn with the matter."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from deliberation.audit.recording import Capacity, recording
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings.floor_models import Hand, Turn
from deliberation.meetings.models import Meeting, Speech


def speaking(meeting: Meeting) -> Turn | None:
    """Who has the floor."""
    query = select(Turn).where(Turn.meeting_id == meeting.id, Turn.ended_at.is_(None)).options(joinedload(Turn.person))
    return db.session.scalar(query)


def unnoted(meeting: Meeting) -> list[Turn]:
    """The turns that are over and whose words the clerk has not noted."""
    over = (Turn.meeting_id == meeting.id, Turn.speech_id.is_(None), Turn.ended_at.is_not(None), Turn.taken_back_at.is_(None))
    return list(db.session.scalars(select(Turn).where(*over).options(joinedload(Turn.person)).order_by(Turn.id)))


def spoken(debate_id: int) -> list[tuple[int, str]]:
    """Person and stance of each speech on the matter in this sitting: the turns, and what was noted without one."""
    turns = select(Turn.person_id, Turn.stance).where(Turn.debate_id == debate_id, Turn.taken_back_at.is_(None))
    noted = select(Speech.person_id, Speech.stance).where(
        Speech.debate_id == debate_id, Speech.id.not_in(select(Turn.speech_id).where(Turn.speech_id.is_not(None)))
    )
    return [(person_id, stance) for person_id, stance in db.session.execute(turns.union_all(noted))]


def times(debate_id: int) -> Counter[int]:
    """How often each has spoken on the matter."""
    return Counter(person_id for person_id, _stance in spoken(debate_id))


def end(meeting: Meeting, capacity: Capacity, *, of: set[int] | None = None) -> None:
    """End the turn that runs, if there is one (``of``: only if one of these has the floor). A clock that was set back ends it
    where it began."""
    turn = speaking(meeting)
    if turn is not None and (of is None or turn.person_id in of):
        with recording(capacity, "floor.end", turn):
            turn.ended_at = max(clock.now(), turn.started_at)


def take_back(turn: Turn, reason: str, capacity: Capacity) -> None:
    """Undo the giving of the floor: it ends, if it runs, and counts as no speech."""
    now = clock.now()
    with recording(capacity, "floor.take_back", turn):
        turn.ended_at = turn.ended_at or max(now, turn.started_at)
        turn.taken_back_at, turn.back_reason = now, reason


def over(meeting: Meeting, capacity: Capacity) -> None:
    """The matter is done with: nobody speaks on it, and nobody waits to."""
    end(meeting, capacity)
    db.session.execute(delete(Hand).where(Hand.meeting_id == meeting.id))
