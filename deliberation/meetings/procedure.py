"""How a sitting goes on with a motion: postponing it, and closing debate on it.

Both are moved by one member, seconded by another, and noted by the chair after asking whether anybody objects. That is a
way of working of this house, not law; where somebody objects, the chair notes nothing and the matter goes on.
`close_debate_on` ends the discussion of one motion so that it is put to the vote; the end of a matter's consideration in
the sitting is ``motions.sittings.close_debate``.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from deliberation.agenda.services import recused_ids
from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize, members
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.services import council_of, require_chair, require_open, roster
from deliberation.meetings.states import Presence
from deliberation.meetings.votes import meeting_of
from deliberation.motions import order, sittings
from deliberation.motions.models import Debate, Motion, ProceduralMotion
from deliberation.motions.services import require_current
from deliberation.motions.states import CLOSE_DEBATE, PENDING, POSTPONE, MotionState
from deliberation.motions.texts import is_end_of_debate, who_needs_second
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

FARTHEST = timedelta(days=366)
LONGEST_REASON = 500


def chairing(meeting: Meeting | None, actor: Person) -> tuple[Meeting, Capacity]:
    """The open sitting and the capacity of its chair; raises for everybody else and where nothing is sitting."""
    if meeting is None:
        raise Refused(N_("The matter is not being debated now: take it up in a sitting first."), code="no_debate")
    capacity = authorize(actor, Permission.MOTION_PUT, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    return meeting, capacity


def in_the_room(meeting: Meeting, matter_id: int) -> set[int]:
    """The members who are present and act on the matter: not recused, seated today."""
    seated = {seat.person_id for seat in members(council_of(meeting))}
    here = {row.person_id for row in roster(meeting) if row.state == Presence.ATTENDING and not row.is_guest}
    return (here & seated) - recused_ids(matter_id)


def require_mover_and_seconder(meeting: Meeting, matter_id: int, mover: Person, seconder: Person) -> None:
    """Two different members in the room who act on the matter, neither of them in the chair."""
    room = in_the_room(meeting, matter_id) - {meeting.chair_id}
    for person, field in ((mover, "mover"), (seconder, "seconder")):
        if person.id not in room:
            raise Invalid(
                N_("This member is not present, chairs the session, or stepped back from the matter."), field=field, code="not_here"
            )
    if mover.id == seconder.id:
        raise Invalid(N_("Who made the motion cannot second it."), field="seconder", code="own_motion")


def reason_given(reason: str, field: str = "reason") -> str:
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(N_("Give the reason, in at most %(n)s characters."), n=LONGEST_REASON, field=field)
    return words


def pending_main(debate: Debate) -> Motion | None:
    """The main motion that lies before the sitting."""
    pending = [state.value for state in PENDING]
    query = select(Motion).where(Motion.debate_id == debate.id, Motion.kind == order.MAIN, Motion.state.in_(pending))
    return db.session.scalars(query.order_by(Motion.id.desc())).first()


def postpone(
    item: AgendaItem, mover: Person, seconder: Person, *, until: date | None, reason: str, actor: Person
) -> ProceduralMotion:
    """Postpone the pending main motion to a day, or to the next session (``until`` None). Its debate ends with it; what is
    pending keeps its place, and the matter comes onto no agenda before that day."""
    meeting, capacity = chairing(item.meeting, actor)
    debate = item.debate
    if debate is None or debate.state != "open":
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    motion = pending_main(debate)
    if motion is None:
        raise Refused(N_("No main motion is pending: there is nothing to postpone."), code="nothing_pending")
    _require_no_vote(debate)
    require_mover_and_seconder(meeting, item.matter_id, mover, seconder)
    today = clock.today(council_of(meeting).zone)
    if until is not None and not today < until <= today + FARTHEST:
        raise Invalid(N_("Choose a day after today, within a year."), field="until")
    made = _procedural(motion, POSTPONE, mover, seconder)
    made.until_on, made.reason = until, reason_given(reason)
    with recording(capacity, "motion.postpone", made):
        _enter(made, motion)
    sittings.close_debate(debate, actor=actor)
    return made


def close_debate_on(motion: Motion, mover: Person, seconder: Person, *, actor: Person) -> ProceduralMotion:
    """Close debate on one motion: in this sitting nobody speaks on it or amends it any more, and the question is put."""
    meeting, capacity = chairing(meeting_of(motion), actor)
    debate = db.session.get_one(Debate, motion.debate_id)
    if debate.state != "open":
        raise Refused(N_("This debate is closed already."), code="no_debate")
    if motion.state not in PENDING:
        raise Refused(N_("%(label)s has been put to the vote or is settled."), label=motion.label, code="not_pending")
    if motion.state == MotionState.PROPOSED and who_needs_second(motion.matter)(motion):
        raise Refused(N_("%(label)s awaits a second and cannot be voted on."), label=motion.label, code="not_seconded")
    require_current(motion)
    _require_no_vote(debate)
    if any(is_end_of_debate(one, motion) for one in motion.procedures):
        raise Refused(N_("Debate on %(label)s is closed already."), label=motion.label, code="done_already")
    require_mover_and_seconder(meeting, motion.matter_id, mover, seconder)
    made = _procedural(motion, CLOSE_DEBATE, mover, seconder)
    with recording(capacity, "motion.close_debate", made):
        _enter(made, motion)
    return made


def _enter(made: ProceduralMotion, motion: Motion) -> None:
    """Write it and hang it on its motion; inside a recording."""
    db.session.add(made)
    made.motion = motion


def _require_no_vote(debate: Debate) -> None:
    voting = select(Motion.id).where(Motion.debate_id == debate.id, Motion.state == MotionState.VOTING.value)
    if db.session.scalar(voting) is not None:
        raise Refused(N_("A vote is open: close and count it first."), code="poll_open")


def _procedural(motion: Motion, kind: str, mover: Person, seconder: Person) -> ProceduralMotion:
    assert motion.debate_id is not None
    return ProceduralMotion(
        council_id=motion.council_id,
        matter_id=motion.matter_id,
        debate_id=motion.debate_id,
        kind=kind,
        mover_id=mover.id,
        seconder_id=seconder.id,
        made_at=clock.now(),
    )


def debate_closed_on(debate_id: int) -> Motion | None:
    """The motion on which debate is closed in this sitting and which waits for its vote: until then nobody speaks."""
    waiting = [state.value for state in (*PENDING, MotionState.VOTING)]
    query = (
        select(Motion)
        .join(ProceduralMotion, ProceduralMotion.motion_id == Motion.id)
        .where(ProceduralMotion.debate_id == debate_id, ProceduralMotion.kind == CLOSE_DEBATE, Motion.state.in_(waiting))
    )
    return db.session.scalars(query.order_by(Motion.id)).first()
