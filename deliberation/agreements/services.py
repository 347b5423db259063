"""The verbs: who takes part as a side, what is agreed, by whom, and what became of it. An agreement: ``endings``."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from deliberation.agreements import queries
from deliberation.agreements.models import Point, Side
from deliberation.agreements.states import OUTCOMES, PointState
from deliberation.audit.actions import LAPSED
from deliberation.audit.recording import recording
from deliberation.audit.services import personal, wipe
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.kinds import MeetingKind, kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.naming import official
from deliberation.meetings.roster import council_of
from deliberation.meetings.states import MeetingState
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

LONGEST_NAME, LONGEST_TEXT, LONGEST_WORD = 60, 500, 300
MOST_SIDES, MOST_POINTS = 20, 40
FARTHEST = timedelta(days=5 * 366)
CHARGED = (Office.SECRETARY_GENERAL, Office.PRESIDENT, Office.COMMITTEE, Office.STATION_WORKER, Office.CLERK)
"""The offices that can be charged with a point."""


def put_down(meeting: Meeting, *, actor: Person) -> None:
    """Put down every party of the preset that is not on the list yet."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    kind = _require_sides(meeting)
    known = {one.party for one in queries.sides(meeting)}
    fresh = [code for code in kind.parties if code not in known]
    if not fresh:
        raise Refused(N_("All of them are on the list already."), code="done_already")
    with recording(capacity, "side.enter", meeting):
        for code in fresh:
            db.session.add(_side(meeting, party=code))


def _side(meeting: Meeting, **more: object) -> Side:
    return Side(council_id=meeting.council_id, meeting_id=meeting.id, is_present=False, entered_at=clock.now(), **more)


def add_side(meeting: Meeting, name: str, *, actor: Person) -> Side:
    """Put down an organisation or a group by its name; a person stands here by no name."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_sides(meeting)
    official(name, "name", LONGEST_NAME, meeting)
    found = queries.sides(meeting)
    if any(one.name == name for one in found):
        raise Refused(N_("This side is on the list already."), code="done_already", field="name")
    if len(found) >= MOST_SIDES:
        raise Refused(N_("A meeting has at most %(n)s sides."), n=MOST_SIDES, code="full")
    made = _side(meeting, name=name)
    with recording(capacity, "side.enter", meeting):
        db.session.add(made)
    return made


def note_side(side: Side, meeting: Meeting, *, is_present: bool, speaker: str = "", actor: Person) -> None:
    """Whether a side came, and who speaks for it: a name that only the council's own people read."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_sides(meeting)
    if len(speaker) > LONGEST_NAME:
        raise Invalid(N_("This is too long: at most %(most)s characters."), most=LONGEST_NAME, field="speaker")
    before = side.speaker.value if side.speaker else None
    with recording(capacity, "side.note", meeting):
        side.is_present = is_present
        if (speaker or None) != before:
            _forget_speaker(side)
            side.speaker = personal(capacity.log_id, "side.speaker", speaker or None)


def remove_side(side: Side, meeting: Meeting, *, actor: Person) -> None:
    """Take a side off the list that was put down by mistake, or is no side of it."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    _require_sides(meeting)
    if db.session.scalar(select(Point.id).where(Point.side_id == side.id).limit(1)):
        raise Refused(N_("This side is to do one of the points: strike that out first."), code="has_points")
    with recording(capacity, "side.remove", meeting):
        _forget_speaker(side)
        db.session.delete(side)


def _forget_speaker(side: Side) -> None:
    """The name that stood there is nobody's business any more. What is restricted stays stored."""
    old = side.speaker
    if old is not None and old.erased_at is None and old.restricted_at is None:
        wipe(old, basis=LAPSED)


def agree_on(
    meeting: Meeting, text: str, *, due_on: date, side: Side | None = None, office: str | None = None, actor: Person
) -> Point:
    """Write a point down: what, who does it (a side or an office), by when."""
    council = council_of(meeting)
    capacity = authorize(actor, Permission.MEETING_RECORD, council)
    require_writable(meeting)
    official(text, "text", LONGEST_TEXT, meeting)
    if (side is None) == (office is None) or (office is not None and office not in CHARGED):
        raise Invalid(N_("Choose who does it."), field="who")
    if side is not None and side.meeting_id != meeting.id:
        raise NotFound(N_("There is nothing at this address."))
    today = clock.today(council.zone)
    if not today <= due_on <= today + FARTHEST:
        raise Invalid(N_("Give a day from today on, within five years."), field="due_on")
    if len(queries.points(meeting, today)) >= MOST_POINTS:
        raise Refused(N_("A meeting agrees on at most %(n)s points."), n=MOST_POINTS, code="full")
    made = Point(
        council_id=meeting.council_id, meeting_id=meeting.id, text=text, side_id=side.id if side else None, office=office,
        due_on=due_on,
    )  # fmt: skip
    with recording(capacity, "point.write", meeting):
        db.session.add(made)
    return made


def strike(point: Point, meeting: Meeting, *, actor: Person) -> None:
    """Strike a point out again while the text is open."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    require_writable(meeting)
    if point.outcome is not None:
        raise Refused(N_("What became of this point was noted already: it stands."), code="settled")
    with recording(capacity, "point.strike", meeting):
        db.session.delete(point)


def settle(point: Point, meeting: Meeting, outcome: str, word: str, *, actor: Person) -> None:
    """Note what became of a point, with a word. What was not done may be done later; done stands."""
    capacity = authorize(actor, Permission.MEETING_RECORD, council_of(meeting))
    if not meeting.is_held or not queries.do_points_count(meeting, queries.settlement(meeting)):
        raise Refused(N_("What became of a point is noted when the meeting is over and the point was agreed."), code="not_agreed")
    if point.outcome == PointState.DONE:
        raise Refused(N_("This point is done."), code="done_already")
    if outcome not in set(OUTCOMES):
        raise Invalid(N_("Please choose one of these."), field="outcome")
    official(word, "word", LONGEST_WORD, meeting)
    with recording(capacity, "point.settle", meeting):
        point.outcome, point.word, point.settled_at = outcome, word, clock.now()


def _require_sides(meeting: Meeting) -> MeetingKind:
    kind = require_agreeing(meeting)
    if meeting.is_over:
        raise Refused(N_("The meeting is over: its sides stand."), code="over")
    require_nobody_agreed(meeting)
    return kind


def require_agreeing(meeting: Meeting) -> MeetingKind:
    kind = kind_of(meeting.kind)
    if not kind.agrees:
        raise NotFound(N_("There is nothing at this address."))
    return kind


def require_nobody_agreed(meeting: Meeting) -> None:
    """A text to which a side agreed is changed by nobody, nor is who its sides are."""
    if queries.settlement(meeting) is not None:
        raise Refused(N_("How this meeting ended is written down: it stands."), code="stands")
    if any(one.agreed_at for one in queries.sides(meeting)):
        raise Refused(N_("A side has agreed to this text. Open it again first: then every side agrees anew."), code="agreed_to")


def require_writable(meeting: Meeting) -> None:
    """Points are written down in the meeting; where they need no agreement of every side, until its minutes are laid out."""
    kind = require_agreeing(meeting)
    states = {MeetingState.OPEN, MeetingState.ADJOURNED} | ({MeetingState.CLOSED} if kind.agrees == "points" else set())
    if meeting.state not in states:
        raise Refused(N_("Points are written down while the meeting goes on."), code="meeting_not_open")
    require_nobody_agreed(meeting)
