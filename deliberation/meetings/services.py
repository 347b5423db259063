"""Council sessions: plan, call with notice, keep the roster, take matters up, open and close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from deliberation.agenda.models import Matter
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils import rules
from deliberation.councils.authority import authorize, members, offices
from deliberation.councils.models import Council, RuleSet
from deliberation.councils.services import rules_in_force
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Forbidden, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import planning
from deliberation.meetings.models import AgendaItem, Attendance, Material, Meeting, MeetingPoll
from deliberation.meetings.planning import Plan
from deliberation.meetings.states import MEETING, MeetingAct, MeetingState, Presence
from deliberation.motions import sittings
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.voting.models import Poll
from deliberation.voting.states import PollState


def council_of(meeting: Meeting) -> Council:
    return db.session.get_one(Council, meeting.council_id)


def rules_of(meeting: Meeting) -> rules.Rules:
    """The rules under which the sitting was called."""
    return rules.parse(db.session.get_one(RuleSet, meeting.rule_set_id).data)


def plan(
    council: Council,
    *,
    starts_at: datetime,
    place: str,
    matters: Sequence[Matter],
    materials: Sequence[str] = (),
    chair: Person,
    clerk: Person,
    actor: Person,
) -> Meeting:
    """Put a session on the calendar with its agenda. The chair is the president, the clerk a clerk.

    Raises `Invalid` for a day that is too near for the notice or an empty agenda, `Refused` for a matter that the council
    has not got.
    """
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    planned = Plan(starts_at, place, matters, materials, chair, clerk)
    planning.check(council, planned)
    meeting = Meeting(council_id=council.id, kind="council", state=MEETING.start.value)
    with recording(capacity, "meeting.plan", meeting, matters=tuple(m.id for m in matters)):
        _lay_out(planned, meeting, council)
        db.session.add(meeting)
    return meeting


def replan(
    meeting: Meeting,
    *,
    starts_at: datetime,
    place: str,
    matters: Sequence[Matter],
    materials: Sequence[str] = (),
    chair: Person,
    clerk: Person,
    actor: Person,
) -> None:
    """Change day, place or agenda of a session whose notice has not gone out, under the rules in force today.

    Raises what `plan` raises, and `Refused` once the notice is out.
    """
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    require_planned(meeting)
    planned = Plan(starts_at, place, matters, materials, chair, clerk)
    planning.check(council, planned)
    with recording(capacity, "meeting.replan", meeting, matters=tuple({*_matters(meeting), *(m.id for m in matters)})):
        for row in (*meeting.items, *meeting.materials):
            db.session.delete(row)
        db.session.flush()
        db.session.expire(meeting, ["items", "materials"])
        _lay_out(planned, meeting, council)


def require_planned(meeting: Meeting) -> None:
    if meeting.state != MeetingState.PLANNED:
        raise Refused(N_("The notice has gone out: day, place and agenda stand."), code="notice_is_out")


def _lay_out(planned: Plan, meeting: Meeting, council: Council) -> None:
    """Write the plan into the session, agenda and papers as new rows; inside a recording."""
    meeting.rule_set_id = rules_in_force(council).id
    meeting.starts_at, meeting.place = planned.starts_at, planned.place
    meeting.chair_id, meeting.clerk_id = planned.chair.id, planned.clerk.id
    of = {"council_id": council.id}
    meeting.items = [AgendaItem(**of, matter_id=m.id, position=n) for n, m in enumerate(planned.matters, 1)]
    meeting.materials = [Material(**of, position=n, title=t) for n, t in enumerate(planned.materials, 1)]


def notice_missing(meeting: Meeting) -> tuple[int, int]:
    """(clear days if the notice went out now, clear days that the rules ask for)."""
    return planning.clear_days(council_of(meeting), meeting.starts_at), rules_of(meeting)["notice_days"]


def call(meeting: Meeting, *, actor: Person) -> None:
    """Send the notice and draw up the roster. Raises `Refused` (``notice_too_short``) where clear days are missing."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    MEETING.next(MeetingState(meeting.state), MeetingAct.CALL)
    clear, needed = notice_missing(meeting)
    if clear < needed:
        raise Refused(
            N_("The notice comes too late: %(clear)s clear days before the session, %(needed)s are needed. Choose a later day."),
            clear=clear,
            needed=needed,
            code="notice_too_short",
        )
    with recording(capacity, "meeting.call", meeting, matters=_matters(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.CALL).value
        meeting.called_at = clock.now()
        _complete_roster(meeting)


def _complete_roster(meeting: Meeting) -> None:
    """Put every member who is not on the roster yet onto it; inside a recording."""
    known = {row.person_id for row in roster(meeting)}
    for seat in members(council_of(meeting)):
        if seat.person_id not in known:
            row = Attendance(meeting_id=meeting.id, person_id=seat.person_id, state=Presence.EXPECTED.value)
            row.council_id = meeting.council_id
            db.session.add(row)


def first_possible_day(meeting: Meeting) -> date:
    """The earliest day of the session if the notice went out today."""
    return planning.first_day(council_of(meeting), rules_of(meeting)["notice_days"])


def _matters(meeting: Meeting) -> tuple[int, ...]:
    return tuple(item.matter_id for item in meeting.items)


def note_attendance(
    meeting: Meeting, states: Mapping[int, Presence], *, reasons: Mapping[int, str] | None = None, actor: Person
) -> None:
    """Bring the roster up to date, by person id: what is unchanged is left alone. The clerk for everybody; a member may
    send apologies for self.

    Raises `Refused` before the notice and after the close, `NotFound` for who is not on the roster.
    """
    council = council_of(meeting)
    own_apology = states == {actor.id: Presence.EXCUSED}
    may_sign_in = states == {actor.id: Presence.ATTENDING} and rules_of(meeting)["remote_vote"]
    permission = Permission.RECUSAL_ASK if own_apology or may_sign_in else Permission.MEETING_RECORD
    capacity = authorize(actor, permission, council)
    if meeting.state not in (MeetingState.CALLED, MeetingState.OPEN):
        raise Refused(N_("The roster is kept from the notice until the session is closed."), code="no_roster")
    zone = ZoneInfo(council.zone)
    if Presence.ATTENDING in states.values() and local_day(clock.now(), zone) < local_day(meeting.starts_at, zone):
        raise Refused(N_("Who attends is noted on the day of the session. Before it, note who is excused."), code="too_early")
    rows = {row.person_id: row for row in roster(meeting)}
    if unknown := set(states) - set(rows):
        raise NotFound(N_("Somebody is not on the roster of this session."), count=len(unknown))
    given = reasons or {}
    fresh = {
        person_id: Presence(state)
        for person_id, state in states.items()
        if rows[person_id].state != state or (given.get(person_id) and given[person_id] != _reason_of(rows[person_id]))
    }
    if not fresh:
        return
    with recording(capacity, "attendance.note", meeting):
        for person_id, state in fresh.items():
            row = rows[person_id]
            if row.state != state:
                row.since = clock.now() if state == Presence.ATTENDING else None
            row.state = state.value
            if given.get(person_id):
                row.reason = personal(capacity.log_id, "attendance.reason", given[person_id])


def _reason_of(row: Attendance) -> str | None:
    return row.reason.value if row.reason else None


def roster(meeting: Meeting) -> list[Attendance]:
    """The roster, in the order in which the members were appointed."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).order_by(Attendance.id)
    return list(db.session.scalars(query))


def open_meeting(meeting: Meeting, *, actor: Person) -> None:
    """The chair opens the session; only this session's chair can."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    zone = ZoneInfo(council_of(meeting).zone)
    if local_day(clock.now(), zone) < local_day(meeting.starts_at, zone):
        raise Refused(N_("The session opens on its day, not before."), code="too_early")
    with recording(capacity, "meeting.open", meeting, matters=_matters(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.OPEN).value
        meeting.opened_at = clock.now()
        _complete_roster(meeting)


def require_chair(meeting: Meeting, actor: Person) -> None:
    if actor.id != meeting.chair_id:
        raise Forbidden(N_("Only the chair of this session can do this."), code="not_the_chair")


def may_take_chair(meeting: Meeting, person: Person) -> bool:
    """Whether the chair is free for this person: its holder is president no more, or is not in the room."""
    council = council_of(meeting)
    if meeting.state == MeetingState.CLOSED or person.id == meeting.chair_id or Office.PRESIDENT not in offices(person, council):
        return False
    holder = db.session.get_one(Person, meeting.chair_id)
    return Office.PRESIDENT not in offices(holder, council) or not is_attending(meeting, holder)


def is_attending(meeting: Meeting, person: Person) -> bool:
    here = (Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    return db.session.scalar(select(Attendance.state).where(*here)) == Presence.ATTENDING


def take_chair(meeting: Meeting, *, actor: Person) -> None:
    """Another president takes the chair that its holder left, so that an open vote or session never stays without one."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    if not may_take_chair(meeting, actor):
        raise Refused(N_("The chair is taken: its holder is here, or the session is closed."), code="chair_taken")
    with recording(capacity, "meeting.take_chair", meeting, matters=_matters(meeting)):
        meeting.chair_id = actor.id


def take_up(item: AgendaItem, *, actor: Person) -> Debate:
    """The chair calls a matter up; what members moved beforehand lies before the council from now on."""
    meeting = item.meeting
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    if item.debate_id is not None:
        raise Refused(N_("This matter was called up already."), code="done_already")
    if any(other.debate is not None and other.debate.state == "open" for other in meeting.items):
        raise Refused(N_("Another matter is being deliberated: finish with it first."), code="one_at_a_time")
    debate = sittings.open_debate(item.matter, actor=actor)
    with recording(capacity, "item.take_up", item):
        item.debate_id = debate.id
    return debate


def finish(item: AgendaItem, *, actor: Person) -> None:
    """The chair ends the consideration of a matter; what is undecided waits for the next session."""
    authorize(actor, Permission.MEETING_CHAIR, council_of(item.meeting))
    require_chair(item.meeting, actor)
    require_open(item.meeting)
    if item.debate is None:
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    sittings.close_debate(item.debate, actor=actor)


def require_open(meeting: Meeting) -> None:
    if meeting.state != MeetingState.OPEN:
        raise Refused(N_("The session is not open."), code="meeting_not_open")


def open_question_in(meeting: Meeting) -> Poll | None:
    """The question that is open in this sitting."""
    query = select(Poll).join(MeetingPoll, MeetingPoll.poll_id == Poll.id)
    return db.session.scalar(query.where(MeetingPoll.meeting_id == meeting.id, Poll.state == PollState.OPEN.value))


def close_meeting(meeting: Meeting, *, actor: Person) -> None:
    """Close the session; its debates close with it, in entries of their own. Who was expected and did not come was absent."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    if (busy := open_question_in(meeting)) is not None:
        raise Refused(N_("A vote on %(label)s is open: close and count it first."), label=busy.label, code="poll_open")
    for item in meeting.items:
        if item.debate is not None and item.debate.state == "open":
            sittings.close_debate(item.debate, actor=actor)
    with recording(capacity, "meeting.close", meeting, matters=_matters(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.CLOSE).value
        meeting.closed_at = clock.now()
        for row in roster(meeting):
            if row.state == Presence.EXPECTED:
                row.state = Presence.ABSENT.value
