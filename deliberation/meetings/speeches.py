"""Speeches in a session, as the clerk notes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from deliberation.audit.recording import Capacity, recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.floor import require_may_speak
from deliberation.meetings.floor_models import Turn
from deliberation.meetings.models import AgendaItem, Meeting, Speech
from deliberation.meetings.services import council_of, require_open
from deliberation.meetings.states import STANCE_WORDS, MeetingState
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.people.permissions import Permission


def speak(item: AgendaItem, speaker: Person, stance: str, gist: str, *, actor: Person) -> Speech:
    """The clerk notes a speech: who, which stance, the gist.

    Raises `Refused` for one more than the rules allow, `Forbidden` for who is absent or recused.
    """
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(item.meeting))
    require_open(item.meeting)
    debate = item.debate
    if debate is None or debate.state != "open":
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    require_may_speak(item, debate, speaker)
    made = _speech(capacity, item.meeting, debate.id, speaker, stance, gist, clock.now())
    with recording(capacity, "speech.note", made, matters=(item.matter_id,)):
        db.session.add(made)
    return made


def note_turn(turn: Turn, stance: str, gist: str, *, actor: Person) -> Speech:
    """The clerk notes what was said by somebody who had the floor, also when the matter is done with, until the minutes are
    laid out."""
    meeting = db.session.get_one(Meeting, turn.meeting_id)
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    if meeting.state not in (MeetingState.OPEN, MeetingState.ADJOURNED, MeetingState.CLOSED):
        raise Refused(N_("The minutes are laid out: what was said is corrected there."), code="minutes_are_out")
    if turn.speech_id is not None or turn.taken_back_at is not None:
        raise Refused(N_("This speech is noted already, or was taken back."), code="done_already")
    made = _speech(capacity, meeting, turn.debate_id, turn.person, stance, gist, turn.started_at)
    matter_id = db.session.get_one(Debate, turn.debate_id).matter_id
    with recording(capacity, "speech.note", made, matters=(matter_id,)):
        db.session.add(made)
        turn.speech = made
    return made


def _speech(
    capacity: Capacity, meeting: Meeting, debate_id: int, speaker: Person, stance: str, gist: str, began: datetime
) -> Speech:
    text = personal(capacity.log_id, "speech.text", gist)
    if text is None:
        raise Invalid(N_("Please note what was said, in a sentence or two."), field="gist")
    if stance not in STANCE_WORDS:
        raise Invalid(N_("A speech is in favour, against or neutral."), field="stance")
    last = db.session.scalar(select(func.max(Speech.position)).where(Speech.debate_id == debate_id)) or 0
    return Speech(
        council_id=meeting.council_id,
        meeting_id=meeting.id,
        debate_id=debate_id,
        person_id=speaker.id,
        position=last + 1,
        stance=stance,
        text=text,
        at=began,
    )
