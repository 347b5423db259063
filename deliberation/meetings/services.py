"""Meetings: plan, call with notice, take matters up, open and close. Moving, adjourning, calling off: ``life``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from deliberation.agenda import queries as agenda
from deliberation.agenda.models import Matter
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize, offices
from deliberation.councils.models import Council
from deliberation.councils.services import rules_in_force
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings import kinds, planning, turns
from deliberation.meetings import roster as rosters
from deliberation.meetings.models import AgendaItem, Material, Meeting, MeetingPoll, Notice, Topic
from deliberation.meetings.planning import Plan
from deliberation.meetings.roster import council_of as council_of
from deliberation.meetings.roster import is_attending as is_attending
from deliberation.meetings.roster import note_attendance as note_attendance
from deliberation.meetings.roster import roster as roster
from deliberation.meetings.roster import rules_of as rules_of
from deliberation.meetings.states import MEETING, MeetingAct, MeetingState, Presence
from deliberation.motions import sittings
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.voting.models import Poll
from deliberation.voting.states import PollState

closable: list[Callable[[Meeting], Words | None]] = []
"""What upper rooms ask of a meeting before it is closed: a sentence that says what is missing, or None."""
called: list[Callable[[Meeting, Person], None]] = []
"""What upper rooms do when a notice has gone out, in its transaction."""


def plan(
    council: Council,
    *,
    starts_at: datetime,
    place: str,
    matters: Sequence[Matter],
    materials: Sequence[str] = (),
    topics: Sequence[str] = (),
    chair: Person,
    clerk: Person,
    kind: str | None = None,
    actor: Person,
) -> Meeting:
    """Put a meeting on the calendar with its agenda: a council session, if no kind is named. The chair is the president, the
    clerk a clerk.

    Raises `Invalid` for a day that is too near for the notice or an empty agenda, `Refused` for a matter that the council
    has not got.
    """
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    planned = Plan(starts_at, place, matters, materials, chair, clerk, kind or kinds.usual(), topics)
    planning.check(council, planned)
    planning.require_convener(council, planned.kind, actor)
    meeting = Meeting(council_id=council.id, kind=planned.kind, state=MEETING.start.value)
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
    topics: Sequence[str] = (),
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
    planned = Plan(starts_at, place, matters, materials, chair, clerk, meeting.kind, topics)
    planning.check(council, planned)
    planning.require_convener(council, meeting.kind, actor)
    with recording(capacity, "meeting.replan", meeting, matters=tuple({*matters_of(meeting), *(m.id for m in matters)})):
        for row in (*meeting.items, *meeting.topics, *meeting.materials):
            db.session.delete(row)
        db.session.flush()
        db.session.expire(meeting, ["items", "topics", "materials"])
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
    meeting.topics = [Topic(**of, position=n, text=text) for n, text in enumerate(planned.topics, 1)]
    meeting.materials = [Material(**of, position=n, title=t) for n, t in enumerate(planned.materials, 1)]


def notice_missing(meeting: Meeting) -> tuple[int, int]:
    """(clear days if the notice went out now, clear days that the rules ask for)."""
    return planning.clear_days(council_of(meeting), meeting.starts_at), rules_of(meeting)[rosters.kind(meeting).notice]


def call(meeting: Meeting, *, actor: Person) -> None:
    """Send the notice and draw up the roster. Raises `Refused` (``notice_too_short``) where clear days are missing."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    MEETING.next(MeetingState(meeting.state), MeetingAct.CALL)
    planning.require_convener(council, meeting.kind, actor)
    clear, needed = notice_missing(meeting)
    if clear < needed:
        raise Refused(
            N_("The notice comes too late: %(clear)s clear days before the session, %(needed)s are needed. Choose a later day."),
            clear=clear,
            needed=needed,
            code="notice_too_short",
        )
    with recording(capacity, "meeting.call", meeting, matters=matters_of(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.CALL).value
        meeting.called_at = clock.now()
        meeting.notices = [notice(meeting, 1, None)]
        for item in meeting.items:
            item.version_id = open_version_id(item.matter)
        rosters.complete(meeting)
    for upper in called:
        upper(meeting, actor)


def open_version_id(matter: Matter) -> int | None:
    """The newest version of the plan that everybody may read: a draft goes out with no notice."""
    versions = agenda.open_versions(matter, agenda.handovers(matter), reads_drafts=False)
    return versions[-1].id if versions else None


def notice(meeting: Meeting, number: int, reason: str | None) -> Notice:
    """The notice as it goes out now."""
    return Notice(council_id=meeting.council_id, number=number, sent_at=clock.now(), starts_at=meeting.starts_at,
                  place=meeting.place, reason=reason)  # fmt: skip


def first_possible_day(meeting: Meeting) -> date:
    """The earliest day of the session if the notice went out today."""
    return planning.first_day(council_of(meeting), rules_of(meeting)[rosters.kind(meeting).notice])


def matters_of(meeting: Meeting) -> tuple[int, ...]:
    return tuple(item.matter_id for item in meeting.items)


def open_meeting(meeting: Meeting, *, actor: Person) -> None:
    """The chair opens the session; only this session's chair can."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    zone = ZoneInfo(council_of(meeting).zone)
    if local_day(clock.now(), zone) < local_day(meeting.starts_at, zone):
        raise Refused(N_("The session opens on its day, not before."), code="too_early")
    with recording(capacity, "meeting.open", meeting, matters=matters_of(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.OPEN).value
        meeting.opened_at = clock.now()
        rosters.complete(meeting)


def require_chair(meeting: Meeting, actor: Person) -> None:
    if actor.id != meeting.chair_id:
        raise Forbidden(N_("Only the chair of this session can do this."), code="not_the_chair")


def may_take_chair(meeting: Meeting, person: Person) -> bool:
    """Whether the chair is free for this person: its holder is president no more, or is not in the room."""
    council = council_of(meeting)
    if meeting.is_over or person.id == meeting.chair_id or Office.PRESIDENT not in offices(person, council):
        return False
    holder = db.session.get_one(Person, meeting.chair_id)
    return Office.PRESIDENT not in offices(holder, council) or not is_attending(meeting, holder)


def take_chair(meeting: Meeting, *, actor: Person) -> None:
    """Another president takes the chair that its holder left, so that an open vote or session never stays without one."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    if not may_take_chair(meeting, actor):
        raise Refused(N_("The chair is taken: its holder is here, or the session is closed."), code="chair_taken")
    with recording(capacity, "meeting.take_chair", meeting, matters=matters_of(meeting)):
        meeting.chair_id = actor.id


def take_up(item: AgendaItem, *, actor: Person) -> Debate:
    """The chair calls a matter up; what members moved beforehand lies before the council from now on."""
    meeting = item.meeting
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    require_open(meeting)
    if not rosters.kind(meeting).decides:
        raise Refused(N_("This meeting decides nothing: the council decides in a session of its own."), code="decides_nothing")
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
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(item.meeting))
    require_chair(item.meeting, actor)
    require_open(item.meeting)
    if item.debate is None:
        raise Refused(N_("The chair has not called this matter up."), code="no_debate")
    turns.over(item.meeting, capacity)
    sittings.close_debate(item.debate, actor=actor)


def require_open(meeting: Meeting) -> None:
    if meeting.state != MeetingState.OPEN:
        raise Refused(N_("The session is not open."), code="meeting_not_open")


def open_question_in(meeting: Meeting) -> Poll | None:
    """The question that is open in this sitting."""
    return next((poll for poll in unfinished_questions(meeting) if poll.state == PollState.OPEN), None)


def unfinished_questions(meeting: Meeting) -> list[Poll]:
    """The questions of this sitting that are neither counted nor cancelled."""
    query = select(Poll).join(MeetingPoll, MeetingPoll.poll_id == Poll.id).where(MeetingPoll.meeting_id == meeting.id)
    over = (PollState.COUNTED.value, PollState.CANCELLED.value)
    return list(db.session.scalars(query.where(Poll.state.not_in(over)).order_by(Poll.id)))


def close_meeting(meeting: Meeting, *, actor: Person) -> None:
    """Close the session; its debates close with it, in entries of their own. Who was
    expected and never came was absent; who was there before a break has left."""
    capacity = authorize(actor, Permission.MEETING_CHAIR, council_of(meeting))
    require_chair(meeting, actor)
    if meeting.state != MeetingState.ADJOURNED:
        require_open(meeting)
    if (busy := open_question_in(meeting)) is not None:
        raise Refused(N_("A vote on %(label)s is open: close and count it first."), label=busy.label, code="poll_open")
    for rule in closable:
        if (missing := rule(meeting)) is not None:
            raise Refused(missing, code="not_ended")
    turns.over(meeting, capacity)
    for item in meeting.items:
        if item.debate is not None and item.debate.state == "open":
            sittings.close_debate(item.debate, actor=actor)
    with recording(capacity, "meeting.close", meeting, matters=matters_of(meeting)):
        meeting.state = MEETING.next(MeetingState(meeting.state), MeetingAct.CLOSE).value
        meeting.closed_at = clock.now()
        been = {stay.person_id for stay in rosters.stays(meeting)}
        for row in roster(meeting):
            if row.state == Presence.EXPECTED:
                row.state = (Presence.LEFT if row.person_id in been else Presence.ABSENT).value
            rosters.leave(row, meeting.closed_at)
