"""The chair's rulings on points of order, and the appeal from them to the council.

A ruling is words with a reason; it moves no motion. On whether a counted motion is adopted nobody rules: the verdict says it.
"""

from __future__ import annotations

from sqlalchemy import select

from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.procedure import chairing, in_the_room, reason_given
from deliberation.meetings.services import council_of, require_open
from deliberation.motions.models import Debate, Motion, Ruling
from deliberation.people.models import Person
from deliberation.people.permissions import Permission


def rule(item: AgendaItem, text: str, reason: str, *, motion: Motion | None = None, actor: Person) -> Ruling:
    """The chair rules on a point of order, on a motion or on the debate. Raises `Refused` (``verdict_stands``) for a motion
    whose vote is open or counted."""
    meeting, capacity = chairing(item.meeting, actor)
    debate = item.debate
    if debate is None or debate.state != "open":
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    if motion is not None and motion.matter_id != item.matter_id:
        raise Invalid(N_("This motion belongs to another matter."), field="motion")
    if motion is not None and motion.poll_id is not None:
        raise Refused(
            N_("%(label)s was put to the vote: the count decides about it, and no ruling."),
            label=motion.label,
            code="verdict_stands",
        )
    ruling = Ruling(
        council_id=meeting.council_id,
        matter_id=item.matter_id,
        debate_id=debate.id,
        motion=motion,
        chair_id=actor.id,
        text=reason_given(text, "text"),
        reason=reason_given(reason),
        ruled_at=clock.now(),
    )
    with recording(capacity, "ruling.make", ruling):
        db.session.add(ruling)
    return ruling


def appeal(ruling: Ruling, *, actor: Person) -> None:
    """A member in the room appeals to the council, while the matter is still before it. The chair does not appeal own rulings."""
    meeting = sitting_of(ruling)
    capacity = authorize(actor, Permission.MOTION_PROPOSE, council_of(meeting))
    _require_debate(ruling, meeting)
    if actor.id in (ruling.chair_id, meeting.chair_id):
        raise Forbidden(N_("Who ruled does not appeal against it."), code="own_ruling")
    if actor.id not in in_the_room(meeting, ruling.matter_id):
        raise Forbidden(N_("Only members who are present and act on the matter can appeal."), code="not_here")
    if ruling.appealed_at is not None:
        raise Refused(N_("This ruling was appealed already."), code="done_already")
    with recording(capacity, "ruling.appeal", ruling):
        ruling.appealed_by_id = actor.id
        ruling.appealed_at = clock.now()


def decide_appeal(ruling: Ruling, hands_for: int, hands_against: int, *, actor: Person) -> None:
    """The clerk counts the hands for and against the ruling. More against than for overturn it; a tie lets it stand."""
    meeting = sitting_of(ruling)
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    if actor.id in (ruling.chair_id, meeting.chair_id):
        raise Forbidden(N_("Who ruled does not count the hands."), code="own_ruling")
    _require_debate(ruling, meeting)
    if ruling.appealed_at is None:
        raise Refused(N_("Nobody appealed against this ruling."), code="not_appealed")
    if ruling.decided_at is not None:
        raise Refused(N_("The council has decided on this ruling already."), code="done_already")
    room = len(in_the_room(meeting, ruling.matter_id))
    if hands_for < 0 or hands_against < 0 or not 0 < hands_for + hands_against <= room:
        raise Invalid(N_("Count again: %(n)s members are in the room who may raise a hand."), n=room, field="hands_against")
    with recording(capacity, "ruling.decide", ruling):
        ruling.hands_for, ruling.hands_against = hands_for, hands_against
        ruling.decided_at = clock.now()


def sitting_of(ruling: Ruling) -> Meeting:
    """The session in which it was ruled."""
    return db.session.scalars(select(Meeting).join(AgendaItem).where(AgendaItem.debate_id == ruling.debate_id)).one()


def _require_debate(ruling: Ruling, meeting: Meeting) -> None:
    require_open(meeting)
    if db.session.get_one(Debate, ruling.debate_id).state != "open":
        raise Refused(N_("The sitting is done with this matter: the ruling stands as it is."), code="too_late")


