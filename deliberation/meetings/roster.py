"""Who is on a meeting's roster, and when each was in the room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from deliberation.audit.actions import LAPSED
from deliberation.audit.recording import recording
from deliberation.audit.services import personal, wipe
from deliberation.councils import rules
from deliberation.councils.authority import authorize, holders_of
from deliberation.councils.models import Council, RuleSet
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Forbidden, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import turns
from deliberation.meetings.kinds import MeetingKind, kind_of
from deliberation.meetings.models import Attendance, Meeting, Stay
from deliberation.meetings.states import Channel, MeetingState, Presence
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

KEPT = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.ADJOURNED)


def council_of(meeting: Meeting) -> Council:
    return db.session.get_one(Council, meeting.council_id)


def rules_of(meeting: Meeting) -> rules.Rules:
    """The rules under which the meeting was called."""
    return rules.parse(db.session.get_one(RuleSet, meeting.rule_set_id).data)


def kind(meeting: Meeting) -> MeetingKind:
    return kind_of(meeting.kind)


def roster(meeting: Meeting) -> list[Attendance]:
    """The roster, in the order in which its people were appointed."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).order_by(Attendance.id)
    return list(db.session.scalars(query))


def stays(meeting: Meeting) -> list[Stay]:
    """Every stretch of time in which somebody was in the room, in the order of coming."""
    return list(db.session.scalars(select(Stay).where(Stay.meeting_id == meeting.id).order_by(Stay.came_at, Stay.id)))


def is_attending(meeting: Meeting, person: Person) -> bool:
    here = (Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    return db.session.scalar(select(Attendance.state).where(*here)) == Presence.ATTENDING


def complete(meeting: Meeting) -> None:
    """Put everybody who takes part and is not on the roster yet onto it; inside a recording."""
    known = {row.person_id: row for row in roster(meeting)}
    for held in holders_of(council_of(meeting), kind(meeting).roster_offices):
        if held.person_id in known:
            # Who was to sit in and took office since belongs to the meeting.
            _forget_capacity(known[held.person_id])
        else:
            row = Attendance(meeting_id=meeting.id, person_id=held.person_id, state=Presence.EXPECTED.value)
            row.council_id = meeting.council_id
            known[held.person_id] = row
            db.session.add(row)


def _forget_capacity(row: Attendance) -> None:
    """As what somebody was to sit in is nobody's business any more. What is restricted stays stored."""
    old, row.capacity = row.capacity, None
    if old is not None and old.erased_at is None and old.restricted_at is None:
        wipe(old, basis=LAPSED)


def note_attendance(
    meeting: Meeting,
    states: Mapping[int, Presence],
    *,
    reasons: Mapping[int, str] | None = None,
    channel: Channel = Channel.CLERK,
    actor: Person,
) -> None:
    """Bring the roster up to date, by person id: what is unchanged is left alone. The clerk for everybody; who is on it may
    send apologies for self, say that one leaves, and come: with the room's code (``coming.sign_in``, which names the
    ``channel``), or from elsewhere where the rules let those vote who are not in the room.

    Raises `Refused` before the notice and after the close, `NotFound` for who is not on the roster.
    """
    council = council_of(meeting)
    permission = _needed(meeting, states, channel, actor)
    capacity = authorize(actor, permission, council)
    if meeting.state not in KEPT:
        raise Refused(N_("The roster is kept from the notice until the session is closed."), code="no_roster")
    _require_its_day(meeting, states)
    rows = {row.person_id: row for row in roster(meeting)}
    if actor.id in states and actor.id not in rows and permission is not Permission.MEETING_RECORD:
        raise Forbidden(N_("You are not on the roster of this meeting. The clerk enters whoever sits in."), code="not_on_roster")
    if unknown := set(states) - set(rows):
        raise NotFound(N_("Somebody is not on the roster of this session."), count=len(unknown))
    if states == {actor.id: Presence.LEFT} and rows[actor.id].state != Presence.ATTENDING:
        raise Refused(N_("Only who is here can leave."), code="not_here")
    given = reasons or {}
    fresh = {
        person_id: Presence(state)
        for person_id, state in states.items()
        if rows[person_id].state != state or (given.get(person_id) and given[person_id] != _reason_of(rows[person_id]))
    }
    if not fresh:
        return
    now = clock.now()
    with recording(capacity, "attendance.note", meeting):
        for person_id, state in fresh.items():
            row = rows[person_id]
            mark(row, state, now, Channel.AFAR if permission is Permission.RECUSAL_ASK else channel)
            if given.get(person_id):
                row.reason = personal(capacity.log_id, "attendance.reason", given[person_id])
    turns.end(meeting, capacity, of={person_id for person_id, state in fresh.items() if state != Presence.ATTENDING})


def _needed(meeting: Meeting, states: Mapping[int, Presence], channel: Channel, actor: Person) -> Permission:
    """The permission that such a note needs."""
    if states == {actor.id: Presence.ATTENDING}:
        if channel in (Channel.QR, Channel.CODE):
            return Permission.MEETING_COME
        if rules_of(meeting)["remote_vote"]:
            return Permission.RECUSAL_ASK
    if states == {actor.id: Presence.LEFT}:
        return Permission.MEETING_COME
    return Permission.RECUSAL_ASK if states == {actor.id: Presence.EXCUSED} else Permission.MEETING_RECORD


def comes_today(meeting: Meeting) -> bool:
    """Whether it is the day of the meeting, or of its going on."""
    zone = ZoneInfo(council_of(meeting).zone)
    begins = meeting.recesses[-1].until_at if meeting.state == MeetingState.ADJOURNED else meeting.starts_at
    return local_day(clock.now(), zone) >= local_day(begins, zone)


def _require_its_day(meeting: Meeting, states: Mapping[int, Presence]) -> None:
    if Presence.ATTENDING in states.values() and not comes_today(meeting):
        raise Refused(N_("Who attends is noted on the day of the session. Before it, note who is excused."), code="too_early")


def _reason_of(row: Attendance) -> str | None:
    return row.reason.value if row.reason else None


def mark(row: Attendance, state: Presence, now: datetime, channel: Channel = Channel.CLERK) -> None:
    """Write how somebody stands, and the hours with it; inside a recording."""
    if row.state == state:
        return
    if row.state == Presence.ATTENDING:
        leave(row, now)
    row.state = state.value
    row.since = now if state == Presence.ATTENDING else None
    if state == Presence.ATTENDING:
        of = {"council_id": row.council_id, "meeting_id": row.meeting_id, "person_id": row.person_id}
        db.session.add(Stay(**of, came_at=now, channel=channel.value))


def leave(row: Attendance, now: datetime) -> None:
    """End the stretch of time in which somebody is in the room; inside a recording. A clock that was set back ends it where
    it began."""
    here = (Stay.meeting_id == row.meeting_id, Stay.person_id == row.person_id, Stay.left_at.is_(None))
    stay = db.session.scalar(select(Stay).where(*here))
    if stay is not None:
        stay.left_at = max(now, stay.came_at)
