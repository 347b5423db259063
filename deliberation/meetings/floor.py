"""The floor list: members ask to speak with one tap, the law orders them, the chair gives the floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from deliberation.agenda.services import recused_ids
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import turns
from deliberation.meetings.floor_models import Hand, Turn
from deliberation.meetings.floor_order import Asked, in_order
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.procedure import debate_closed_on, reason_given
from deliberation.meetings.services import council_of, require_chair, require_open, roster, rules_of
from deliberation.meetings.states import STANCE_WORDS, Presence
from deliberation.meetings.votes import require_no_vote
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.people.permissions import Permission


@dataclass(frozen=True)
class Floor:
    """How the floor stands on the matter that is being considered."""

    item: AgendaItem
    turn: Turn | None
    until: datetime | None
    hands: list[Hand]
    heard: frozenset[int]
    able: frozenset[int]


def _debate(item: AgendaItem) -> Debate:
    if item.debate is None or item.debate.state != "open":
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    return item.debate


def _able(item: AgendaItem) -> frozenset[int]:
    """Who can be given the floor: in the room, not recused, with a speech left."""
    stepped_back, most = recused_ids(item.matter_id), rules_of(item.meeting)["speech_times"]
    spent = {one for one, n in turns.times(item.debate_id or 0).items() if n >= most}
    here = (row.person_id for row in roster(item.meeting) if row.state == Presence.ATTENDING and not row.is_guest)
    return frozenset(one for one in here if one not in stepped_back and one not in spent)


def _hands(item: AgendaItem, able: frozenset[int]) -> list[Hand]:
    """Who waits, in the order of the law. Whoever went out keeps the place, and is passed over until back."""
    query = select(Hand).where(Hand.debate_id == item.debate_id).options(joinedload(Hand.person)).order_by(Hand.id)
    rows = {row.person_id: row for row in db.session.scalars(query)}
    waiting = [Asked(row.person_id, row.stance, row.id) for row in rows.values() if row.person_id in able]
    return [rows[one.person_id] for one in in_order(waiting, turns.spoken(item.debate_id or 0))]


def view(item: AgendaItem) -> Floor:
    """How the floor stands."""
    turn = turns.speaking(item.meeting)
    able = _able(item)
    return Floor(
        item,
        turn,
        until(item.meeting, turn) if turn else None,
        _hands(item, able),
        frozenset(turns.times(item.debate_id or 0)),
        able,
    )


def until(meeting: Meeting, turn: Turn) -> datetime:
    """When the time of a turn is up."""
    return turn.started_at + timedelta(minutes=rules_of(meeting)["speech_minutes"])


def mark(meeting_id: int) -> str:
    """Another one whenever the list changes; it tells nothing but that."""
    last, many = db.session.execute(select(func.max(Hand.id), func.count()).where(Hand.meeting_id == meeting_id)).one()
    return f"{last or 0}-{many}"


def ask(item: AgendaItem, person: Person, stance: str, *, actor: Person) -> None:
    """Put somebody on the list: a member oneself, the clerk anybody. Asking again changes the stance and keeps the place.

    Raises `Forbidden` for who is absent or recused, `Refused` for who has spoken as often as the rules allow.
    """
    own = person.id == actor.id
    authorize(actor, Permission.MOTION_PROPOSE if own else Permission.MEETING_RECORD, council_of(item.meeting))
    require_open(item.meeting)
    debate = _debate(item)
    if stance not in STANCE_WORDS:
        raise Invalid(N_("A speech is in favour, against or neutral."), field="stance")
    require_may_speak(item, debate, person)
    known = db.session.scalar(select(Hand).where(Hand.debate_id == debate.id, Hand.person_id == person.id))
    if known is not None:
        known.stance = stance
    else:
        db.session.add(Hand(meeting_id=item.meeting_id, debate_id=debate.id, person_id=person.id, stance=stance))
    db.session.flush()


def require_may_speak(item: AgendaItem, debate: Debate, person: Person) -> None:
    """Raise what keeps somebody from speaking now."""
    closed = debate_closed_on(debate.id)
    if closed is not None:
        raise Refused(
            N_("Debate on %(label)s is closed: it is put to the vote as it stands."), label=closed.label, code="debate_closed"
        )
    if person.id not in {row.person_id for row in roster(item.meeting) if row.state == Presence.ATTENDING and not row.is_guest}:
        raise Forbidden(N_("Only members who are present can speak."), code="absent")
    if person.id in recused_ids(item.matter_id):
        raise Forbidden(N_("This member stepped back from the matter and does not act on it."), code="recused")
    most = rules_of(item.meeting)["speech_times"]
    if turns.times(debate.id)[person.id] >= most:
        raise Refused(N_("This member has spoken %(n)s times on the matter, as often as the rules allow."), n=most, code="spoken")


def withdraw(item: AgendaItem, person: Person, *, actor: Person) -> None:
    """Take somebody off the list; nothing happens where nobody was on it."""
    own = person.id == actor.id
    authorize(actor, Permission.MOTION_PROPOSE if own else Permission.MEETING_RECORD, council_of(item.meeting))
    hand = db.session.scalar(select(Hand).where(Hand.debate_id == item.debate_id, Hand.person_id == person.id))
    if hand is not None:
        db.session.delete(hand)


def give(item: AgendaItem, *, actor: Person) -> Turn:
    """The chair gives the floor to the next on the list. The speech begins now.

    Raises `Refused` while somebody speaks, while a vote is open, and where nobody waits.
    """
    meeting = item.meeting
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    require_no_vote(meeting)
    debate = _debate(item)
    if turns.speaking(meeting) is not None:
        raise Refused(N_("Somebody is speaking: end that speech first."), code="somebody_speaks")
    waiting = _hands(item, _able(item))
    if not waiting:
        raise Refused(N_("Nobody on the list can speak now."), code="nobody_waits")
    hand = waiting[0]
    require_may_speak(item, debate, hand.person)
    turn = Turn(council_id=meeting.council_id, meeting_id=meeting.id, debate_id=debate.id, person=hand.person,
                stance=hand.stance, started_at=clock.now())  # fmt: skip
    db.session.delete(hand)
    with recording(capacity, "floor.give", turn, matters=(item.matter_id,)):
        db.session.add(turn)
    return turn


def take_back(item: AgendaItem, turn: Turn, reason: str, *, actor: Person) -> None:
    """The chair takes a floor back that was given by mistake, with a reason: no speech was made. Who had it is on the list
    again.

    Raises `Refused` for a speech that the clerk has noted, and once the matter is done with.
    """
    meeting = item.meeting
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    debate = _debate(item)
    if turn.debate_id != debate.id:
        raise Refused(N_("The matter of this speech is done with."), code="no_debate")
    if turn.speech_id is not None or turn.taken_back_at is not None:
        raise Refused(N_("This speech is noted already, or was taken back."), code="done_already")
    turns.take_back(turn, reason_given(reason), capacity)
    waiting = select(Hand.id).where(Hand.debate_id == debate.id, Hand.person_id == turn.person_id)
    if db.session.scalar(waiting) is None:
        db.session.add(Hand(meeting_id=meeting.id, debate_id=debate.id, person_id=turn.person_id, stance=turn.stance))


def end(item: AgendaItem, *, actor: Person) -> None:
    """The chair or the clerk ends the speech. Raises `Refused` where nobody speaks."""
    council, meeting = council_of(item.meeting), item.meeting
    if actor.id == meeting.chair_id:
        capacity = authorize(actor, Permission.MEETING_CHAIR, council)
    else:
        capacity = authorize(actor, Permission.MEETING_RECORD, council)
    require_open(meeting)
    if turns.speaking(meeting) is None:
        raise Refused(N_("Nobody is speaking."), code="nobody_speaks")
    turns.end(meeting, capacity)
