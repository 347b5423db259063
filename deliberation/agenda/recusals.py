"""Members who step back from a matter that touches them: asking, and approving."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.agenda.models import Matter, Recusal
from deliberation.agenda.services import require_running
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, members, offices
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission


def ask_recusal(matter: Matter, member: Person, reason: str, *, actor: Person) -> Recusal:
    """A member steps back from a matter; the clerk may take it down for the member.

    Raises `Refused` for a second time, `Invalid` for somebody who is no council member.
    """
    by_self = member.id == actor.id
    permission = Permission.RECUSAL_ASK if by_self else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, matter.council)
    require_running(matter)
    if member.id not in {seat.person_id for seat in members(matter.council)}:
        raise Invalid(N_("Only a council member can step back from a matter."), field="person")
    if recusal_of(matter, member) is not None:
        raise Refused(N_("This member has asked already."), code="done_already")
    kept = personal(capacity.log_id, "recusal.reason", reason)
    if kept is None:
        raise Invalid(N_("Please give the reason; only the council reads it."), field="reason")
    asked = Recusal(
        council_id=matter.council_id, matter_id=matter.id, person_id=member.id, reason=kept, asked_at=clock.now()
    )
    with recording(capacity, "recusal.ask", asked):
        db.session.add(asked)
    return asked


def approve_recusal(recusal: Recusal, matter: Matter, *, actor: Person) -> None:
    """The president approves, the president's own the secretary-general; from then on the member neither speaks nor votes
    on the matter. Nobody approves one's own."""
    capacity = authorize(actor, Permission.RECUSAL_APPROVE, matter.council)
    if not may_approve(recusal, matter, actor):
        raise Forbidden(N_("Somebody else must approve this: the president, or for the president the secretary-general."))
    if recusal.approved_at is not None:
        raise Refused(N_("This has been approved already."), code="done_already")
    with recording(capacity, "recusal.approve", recusal):
        recusal.approved_by_id = actor.id
        recusal.approved_at = clock.now()


def may_approve(recusal: Recusal, matter: Matter, actor: Person) -> bool:
    """Whether it is for this person to approve."""
    if recusal.person_id == actor.id:
        return False
    of_president = Office.PRESIDENT in offices(recusal.person, matter.council)
    held = offices(actor, matter.council)
    return Office.PRESIDENT in held or (of_president and Office.SECRETARY_GENERAL in held)


def recusal_of(matter: Matter, member: Person) -> Recusal | None:
    return db.session.scalar(select(Recusal).where(Recusal.matter_id == matter.id, Recusal.person_id == member.id))
