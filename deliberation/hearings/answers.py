"""The council's answer to the findings of a hearing, and what does not happen before it is written."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.hearings.models import Hearing
from deliberation.hearings.queries import unanswered
from deliberation.hearings.services import LONGEST_TEXT
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings.naming import require_text
from deliberation.motions.models import Motion
from deliberation.motions.order import MAIN
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.models import Poll
from deliberation.voting.services import openable

ONWARDS = (Act.TO_FORUM, Act.TO_IMPLEMENTATION, Act.CLOSE)


def answer(hearing: Hearing, text: str, *, actor: Person) -> None:
    """What the council took from the findings, and why not the rest; written once, read by everybody."""
    capacity = authorize(actor, Permission.HEARING_ANSWER, hearing.matter.council)
    if hearing.findings is None:
        raise Refused(N_("The findings are not written yet."), code="no_findings")
    if hearing.answer is not None:
        raise Refused(N_("This hearing was answered already."), code="done_already")
    require_text(text, "answer", LONGEST_TEXT)
    with recording(capacity, "hearing.answer", hearing):
        hearing.answer, hearing.answered_at, hearing.answered_by_id = text, clock.now(), actor.id


def why_not_yet(matter_id: int) -> Words | None:
    """What is missing before the council decides about this matter, or None."""
    found = unanswered(matter_id)
    if found is None:
        return None
    hearing = found[1]
    if hearing is None:
        return Words(N_("A hearing on this matter was held whose question was never put: put it, and answer its findings first."))
    if hearing.findings is None:
        return Words(N_("The findings of round %(n)s of the hearing are not written yet."), n=hearing.round)
    return Words(N_("The council answers the findings of round %(n)s of the hearing first, in writing."), n=hearing.round)


def answered_first(matter: Matter, act: Act) -> Words | None:
    """A step rule: what the council gives on waits for its answer to every hearing that was held."""
    return why_not_yet(matter.id) if act in ONWARDS else None


def no_vote_before(poll: Poll) -> Words | None:
    """A rule of opening: no vote on a main motion before every hearing on its matter is answered."""
    matter_id = db.session.scalar(select(Motion.matter_id).where(Motion.poll_id == poll.id, Motion.kind == MAIN))
    return None if matter_id is None else why_not_yet(matter_id)


openable.append(no_vote_before)
