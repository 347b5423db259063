"""People sitting in: on the roster with their hours, and of no quorum, no vote and no list of speakers."""

from __future__ import annotations

from sqlalchemy import func, select

from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, holders_of
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.meetings.models import Attendance, Meeting
from deliberation.meetings.naming import require_text
from deliberation.meetings.roster import KEPT, council_of, kind, roster
from deliberation.meetings.states import Presence
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_CAPACITY = 60
MOST_GUESTS = 100


def add_guest(meeting: Meeting, as_what: str, *, name: str = "", person: Person | None = None, actor: Person) -> Attendance:
    """The clerk enters somebody who sits in: a person whom the installation knows, or a name; ``as_what``: office or
    organisation. From then on they come and go like everybody else.

    Raises `Refused` before the notice and after the close, for who is on the roster already, and for who belongs to the
    meeting.
    """
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_RECORD, council)
    if meeting.state not in KEPT:
        raise Refused(N_("The roster is kept from the notice until the session is closed."), code="no_roster")
    require_text(as_what, "as_what", LONGEST_CAPACITY)
    guests = select(func.count()).where(Attendance.meeting_id == meeting.id, Attendance.capacity_id.is_not(None))
    if (db.session.scalar(guests) or 0) >= MOST_GUESTS:
        raise Refused(N_("At most %(n)s people sit in."), n=MOST_GUESTS, code="full")
    if person is None:
        person = people.add_person(name, capacity=capacity)
    elif person.id in {row.person_id for row in roster(meeting)}:
        raise Refused(N_("This person is on the roster already."), code="done_already", field="login")
    elif person.id in {held.person_id for held in holders_of(council, kind(meeting).roster_offices)}:
        raise Refused(N_("This person belongs to the meeting, and comes onto its roster as such."), code="belongs", field="login")
    with recording(capacity, "attendance.guest", meeting):
        row = Attendance(
            council_id=council.id, meeting_id=meeting.id, person_id=person.id, state=Presence.EXPECTED.value,
            capacity=personal(capacity.log_id, "attendance.capacity", as_what),
        )  # fmt: skip
        db.session.add(row)
    return row
