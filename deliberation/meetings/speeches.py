"""Speeches in a session, as the clerk notes them."""

from __future__ import annotations

from sqlalchemy import func, select

from deliberation.agenda.services import recused_ids
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.models import AgendaItem, Speech
from deliberation.meetings.procedure import debate_closed_on
from deliberation.meetings.services import council_of, require_open, roster, rules_of
from deliberation.meetings.states import STANCE_WORDS, Presence
from deliberation.people.models import Person
from deliberation.people.permissions import Permission


def speak(item: AgendaItem, speaker: Person, stance: str, gist: str, *, actor: Person) -> Speech:
    """The clerk notes a speech: who, which stance, the gist.

    Raises `Refused` for one more than the rules allow, `Forbidden` for who is absent or recused.
    """
    meeting = item.meeting
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    require_open(meeting)
    debate = item.debate
    if debate is None or debate.state != "open":
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    closed = debate_closed_on(debate.id)
    if closed is not None:
        raise Refused(
            N_("Debate on %(label)s is closed: it is put to the vote as it stands."), label=closed.label, code="debate_closed"
        )
    present = {row.person_id for row in roster(meeting) if row.state == Presence.ATTENDING}
    if speaker.id not in present:
        raise Forbidden(N_("Only members who are present can speak."), code="absent")
    if speaker.id in recused_ids(item.matter_id):
        raise Forbidden(N_("This member stepped back from the matter and does not act on it."), code="recused")
    spoken = select(func.count()).select_from(Speech).where(Speech.debate_id == debate.id, Speech.person_id == speaker.id)
    times = rules_of(meeting)["speech_times"]
    if (db.session.scalar(spoken) or 0) >= times:
        raise Refused(N_("This member has spoken %(n)s times on the matter, as often as the rules allow."), n=times, code="spoken")
    last = db.session.scalar(select(func.max(Speech.position)).where(Speech.debate_id == debate.id)) or 0
    text = personal(capacity.log_id, "speech.text", gist)
    if text is None:
        raise Invalid(N_("Please note what was said, in a sentence or two."), field="gist")
    if stance not in STANCE_WORDS:
        raise Invalid(N_("A speech is in favour, against or neutral."), field="stance")
    speech = Speech(
        council_id=meeting.council_id,
        meeting_id=meeting.id,
        debate_id=debate.id,
        person_id=speaker.id,
        position=last + 1,
        stance=stance,
        text=text,
        at=clock.now(),
    )
    with recording(capacity, "speech.note", speech, matters=(item.matter_id,)):
        db.session.add(speech)
    return speech
