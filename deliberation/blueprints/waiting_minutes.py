"""What waits for a person: what one thing is, the person's offices, and what the minutes and the year's meetings ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import and_, select

from deliberation.blueprints import cadence
from deliberation.blueprints.words import when
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings.minutes_models import Correction, Minutes
from deliberation.meetings.models import Attendance, Meeting
from deliberation.meetings.states import MeetingState, Presence
from deliberation.people.models import Person
from deliberation.people.permissions import GRANTS, Office, Permission

MOST = 50


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, about which matter (or in which council), and where."""

    text: str
    about: str
    url: str


@dataclass(frozen=True)
class Seats:
    """The offices that a person holds today, as ids of councils."""

    person: Person
    offices: dict[Office, set[int]]

    def that_may(self, permission: Permission) -> set[int]:
        return set[int]().union(*(ids for office, ids in self.offices.items() if permission in GRANTS[office]))

    def of(self, office: Office) -> set[int]:
        return self.offices.get(office, set())


def overdue(seats: Seats) -> Iterator[Waiting]:
    """Meetings of the kinds that come back which were not held in time: for those who watch over that."""
    for late in cadence.overdue(cadence.watched(seats.that_may(Permission.CADENCE_WATCH))):
        url = url_for("meetings.year", community=late.council.slug, number=late.line.period.first.year)
        yield Waiting(cadence.overdue_words(late), late.council.name, url)


def minutes(seats: Seats) -> Iterator[Waiting]:
    """Minutes to lay out and to sign, for the clerk and the chair of the meeting; to read through, for who was there."""
    me, now = seats.person.id, clock.now()
    there = and_(Attendance.meeting_id == Meeting.id, Attendance.person_id == me)
    query = select(Meeting, Minutes, Attendance.state, Council.slug, Council.name).join(Council, Council.id == Meeting.council_id)
    query = query.outerjoin(Minutes, Minutes.meeting_id == Meeting.id).outerjoin(Attendance, there).order_by(Meeting.id).limit(MOST)
    undone = Meeting.state.in_((MeetingState.CLOSED.value, MeetingState.MINUTED.value))
    for meeting, kept, state, slug, council in db.session.execute(
        query.where(undone, Meeting.council_id.in_(seats.that_may(Permission.MEETING_READ)))
    ):
        hour, url = when(meeting.starts_at), url_for("minutes.show", community=slug, meeting_id=meeting.id)
        if kept is None:
            if meeting.clerk_id == me:
                yield Waiting(_("Lay out the minutes of %(when)s", when=hour), council, url)
        elif kept.objections_until > now:
            if state in (Presence.ATTENDING, Presence.LEFT):
                yield Waiting(_("Read the minutes of %(when)s, and object if they are wrong", when=hour), council, url)
        elif me in (meeting.chair_id, meeting.clerk_id) and me not in (kept.chair_signer_id, kept.clerk_signer_id):
            yield Waiting(_("Sign the minutes of %(when)s", when=hour), council, url)


def corrections(seats: Seats) -> Iterator[Waiting]:
    """Corrections of published minutes to countersign, for the chair of the meeting and for whoever presides now."""
    query = select(Meeting, Council.slug, Council.name).join(Correction, Correction.meeting_id == Meeting.id)
    query = query.join(Council, Council.id == Meeting.council_id).where(
        Meeting.council_id.in_(seats.that_may(Permission.MEETING_CHAIR)), Correction.countersigned_at.is_(None),
        Correction.dropped_at.is_(None), Correction.made_by_id != seats.person.id,
    )  # fmt: skip
    for meeting, slug, council in db.session.execute(query.order_by(Correction.id).limit(MOST)):
        url = url_for("minutes.show", community=slug, meeting_id=meeting.id)
        yield Waiting(_("Countersign a correction of the minutes of %(when)s", when=when(meeting.starts_at)), council, url)
