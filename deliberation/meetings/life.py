"""What can befall a meeting between its notice and its close: moved, called off, adjourned, gone on with."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deliberation.audit.actions import LAPSED
from deliberation.audit.recording import recording
from deliberation.audit.services import wipe
from deliberation.councils.authority import authorize
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import planning, turns
from deliberation.meetings.models import Attendance, Meeting, Recess
from deliberation.meetings.procedure import reason_given
from deliberation.meetings.roster import council_of, kind, mark, roster, rules_of
from deliberation.meetings.services import matters_of, notice, require_chair, require_open
from deliberation.meetings.states import MEETING, MeetingAct, MeetingState, Presence
from deliberation.meetings.votes import require_no_vote
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

FARTHEST = timedelta(days=366)


def move(meeting: Meeting, *, starts_at: datetime, place: str, reason: str, actor: Person) -> None:
    """Send a new notice for another day or place; the old one stays readable as changed. Apologies were for the old day.

    Raises `Invalid` for a day that the new notice does not reach, and where nothing is changed.
    """
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CALL, council)
    state = MEETING.next(MeetingState(meeting.state), MeetingAct.MOVE)
    planning.require_convener(council, meeting.kind, actor)
    if (starts_at, place) == (meeting.starts_at, meeting.place):
        raise Invalid(N_("Day and place are as before."), field="starts_at")
    planning.require_notice(council, starts_at, rules_of(meeting)[kind(meeting).notice])
    planning.require_place(place)
    planning.require_not_postponed(council, [item.matter for item in meeting.items], starts_at)
    why = reason_given(reason)
    with recording(capacity, "meeting.move", meeting, matters=matters_of(meeting)):
        meeting.state = state.value
        meeting.starts_at, meeting.place = starts_at, place
        # A meeting that was called before notices were kept has none.
        meeting.notices.append(notice(meeting, max((one.number for one in meeting.notices), default=1) + 1, why))
        for row in roster(meeting):
            mark(row, Presence.EXPECTED, clock.now())
            _forget_reason(row)


def _forget_reason(row: Attendance) -> None:
    """Why somebody could not come on the old day is nobody's business for the new one. What is restricted stays stored."""
    if row.reason is not None and row.reason.restricted_at is None:
        if row.reason.erased_at is None:
            wipe(row.reason, basis=LAPSED)
        row.reason = None


def cancel(meeting: Meeting, reason: str, *, actor: Person) -> None:
    """Call a meeting off before it was opened, with a reason that everybody reads."""
    capacity = authorize(actor, Permission.MEETING_CALL, council_of(meeting))
    state = MEETING.next(MeetingState(meeting.state), MeetingAct.CANCEL)
    why = reason_given(reason)
    with recording(capacity, "meeting.cancel", meeting, matters=matters_of(meeting)):
        meeting.state = state.value
        meeting.cancelled_at = clock.now()
        meeting.cancel_reason = why


def adjourn(meeting: Meeting, until: datetime, *, actor: Person) -> None:
    """The chair adjourns the meeting: whoever was there is expected anew, and was there until now. No vote is open meanwhile."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CHAIR, council)
    require_chair(meeting, actor)
    require_open(meeting)
    require_no_vote(meeting)
    now = clock.now()
    if not now < until <= now + FARTHEST:
        raise Invalid(N_("Say when it goes on: after now, within a year."), field="until")
    turns.end(meeting, capacity)
    with recording(capacity, "meeting.adjourn", meeting, matters=matters_of(meeting)):
        meeting.state = MEETING.next(MeetingState.OPEN, MeetingAct.ADJOURN).value
        meeting.recesses.append(Recess(council_id=council.id, adjourned_at=now, until_at=until))
        for row in roster(meeting):
            if row.state == Presence.ATTENDING:
                mark(row, Presence.EXPECTED, now)


def resume(meeting: Meeting, *, actor: Person) -> None:
    """The chair goes on with an adjourned meeting, on the day that was said or later."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_CHAIR, council)
    require_chair(meeting, actor)
    state = MEETING.next(MeetingState(meeting.state), MeetingAct.RESUME)
    recess, zone = meeting.recesses[-1], ZoneInfo(council.zone)
    if local_day(clock.now(), zone) < local_day(recess.until_at, zone):
        raise Refused(N_("It goes on on the day that was said, not before."), code="too_early")
    with recording(capacity, "meeting.resume", meeting, matters=matters_of(meeting)):
        meeting.state = state.value
        recess.resumed_at = clock.now()
