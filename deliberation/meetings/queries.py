"""Readings of council sessions: the calendar, one session with everything on its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter, PlanVersion, Recusal
from deliberation.councils.authority import members
from deliberation.councils.models import Appointment, Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.words import Words
from deliberation.meetings.kinds import MeetingKind, kind_of, usual
from deliberation.meetings.models import AgendaItem, Attendance, Meeting, Speech
from deliberation.meetings.roster import stays
from deliberation.meetings.states import OVER, Presence
from deliberation.motions import queries as motions
from deliberation.motions.lines import Line, RulingLine, Tree, Who
from deliberation.motions.models import Debate
from deliberation.motions.sittings import postponed_until
from deliberation.people.models import Person
from deliberation.people.permissions import Office


@dataclass(frozen=True)
class SessionLine:
    """One session in the calendar. ``matters``: number and title."""

    id: int
    starts_at: datetime
    place: str
    state: str
    matters: list[tuple[str, str]]
    kind: str = field(default_factory=usual)


@dataclass(frozen=True)
class RosterLine:
    """One member on the roster, for those who may read it."""

    person_id: int
    name: str | None
    seat: Words
    state: str
    reason: str | None
    since: datetime | None
    hours: list[tuple[datetime, datetime | None]] = field(default_factory=list)


@dataclass(frozen=True)
class SpeechLine:
    """One speech; the gist only for those who may read it."""

    position: int
    who: Who
    stance: str
    text: str | None
    at: datetime
    nth: int


@dataclass(frozen=True)
class ItemView:
    """One matter on the agenda: its debate, its motions in voting order, what was said."""

    item: AgendaItem
    trees: list[Tree]
    speeches: list[SpeechLine]
    recused: set[int] = field(default_factory=set)
    rulings: list[RulingLine] = field(default_factory=list)
    postponed_until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.item.debate is not None and self.item.debate.state == "open"

    @property
    def pending(self) -> list[Tree]:
        """What lies before the council or was decided in this sitting."""
        debate_id = self.item.debate_id
        return [one for one in self.trees if any(line.is_pending or line.state == "voting" for line in one.lines)
                or (debate_id is not None and any(line.debate_id == debate_id for line in one.lines))]  # fmt: skip

    @property
    def next(self) -> Line | None:
        return next((one.next for one in self.trees if one.next is not None), None)

    @property
    def appealed(self) -> list[RulingLine]:
        """The rulings on which the council has yet to decide."""
        return [one for one in self.rulings if one.appealed_at is not None and one.decided_at is None]

    @property
    def is_debate_closed(self) -> bool:
        """Whether nobody speaks until the motion on which debate is closed was voted on."""
        return any(line.is_debate_closed for one in self.trees for line in one.lines)

    @property
    def voting(self) -> Line | None:
        """The motion that is being voted on."""
        return next((line for one in self.trees for line in one.lines if line.state == "voting"), None)


def calendar(council: Council, *, with_planned: bool) -> tuple[list[SessionLine], list[SessionLine]]:
    """The sessions to come (or sitting), the next first, and the past ones, the newest first."""
    query = (
        select(Meeting)
        .where(Meeting.council_id == council.id)
        .options(selectinload(Meeting.items).joinedload(AgendaItem.matter))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    if not with_planned:
        query = query.where(Meeting.called_at.is_not(None))
    lines = [
        SessionLine(m.id, m.starts_at, m.place, m.state, [(item.matter.no, item.matter.title) for item in m.items], m.kind)
        for m in db.session.scalars(query)
    ]
    return [one for one in lines if one.state not in OVER], [one for one in reversed(lines) if one.state in OVER]


def meeting_by_id(council: Council, meeting_id: int) -> Meeting | None:
    """One session of this council with its agenda, debates, matters and papers."""
    query = (
        select(Meeting)
        .where(Meeting.council_id == council.id, Meeting.id == meeting_id)
        .options(
            joinedload(Meeting.chair),
            joinedload(Meeting.clerk),
            selectinload(Meeting.items).joinedload(AgendaItem.debate),
            selectinload(Meeting.items).joinedload(AgendaItem.version),
            selectinload(Meeting.items).joinedload(AgendaItem.matter).joinedload(Matter.rule_set),
            selectinload(Meeting.items)
            .joinedload(AgendaItem.matter)
            .selectinload(Matter.versions)
            .selectinload(PlanVersion.paragraphs),
            selectinload(Meeting.materials),
            selectinload(Meeting.topics),
            selectinload(Meeting.notices),
            selectinload(Meeting.recesses),
        )
    )
    return db.session.scalar(query)


def items(meeting: Meeting, council: Council, *, reads: bool) -> list[ItemView]:
    """The agenda with its motions and speeches; names and words only where the reader may read them."""
    known = motions.seats(council)
    seated = members(council)
    by_matter = motions.load(item.matter_id for item in meeting.items)
    spoken = _speeches(meeting, known, reads=reads)
    recused = _recused(item.matter_id for item in meeting.items)
    matters = [item.matter_id for item in meeting.items]
    ruled = motions.rulings(matters, known, names=reads)
    until = postponed_until(matters, clock.today(council.zone))
    return [
        ItemView(
            item,
            motions.trees(item.matter, by_matter[item.matter_id], known, names=reads, seated=seated),
            spoken.get(item.debate_id or 0, []),
            recused.get(item.matter_id, set()),
            [one for one in ruled if item.debate_id is not None and one.debate_id == item.debate_id],
            until.get(item.matter_id),
        )
        for item in meeting.items
    ]


def _recused(matter_ids: object) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    query = select(Recusal.matter_id, Recusal.person_id).where(
        Recusal.matter_id.in_(list(matter_ids)),  # type: ignore[call-overload]
        Recusal.approved_at.is_not(None),
    )
    for matter_id, person_id in db.session.execute(query):
        found.setdefault(matter_id, set()).add(person_id)
    return found


def _speeches(meeting: Meeting, known: Mapping[int, Words], *, reads: bool) -> dict[int, list[SpeechLine]]:
    query = (
        select(Speech)
        .where(Speech.meeting_id == meeting.id)
        .options(joinedload(Speech.person), joinedload(Speech.text))
        .order_by(Speech.id)
    )
    found: dict[int, list[SpeechLine]] = {}
    times: Counter[tuple[int, int]] = Counter()
    for speech in db.session.scalars(query):
        times[speech.debate_id, speech.person_id] += 1
        found.setdefault(speech.debate_id, []).append(
            SpeechLine(
                speech.position,
                motions.who(speech.person, known, names=reads),
                speech.stance,
                speech.text.value if reads else None,
                speech.at,
                times[speech.debate_id, speech.person_id],
            )
        )
    return found


def roster_lines(meeting: Meeting, council: Council) -> list[RosterLine]:
    """The roster with names and reasons: only for those who may read it."""
    known = motions.seats(council)
    hours: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for stay in stays(meeting):
        hours.setdefault(stay.person_id, []).append((stay.came_at, stay.left_at))
    query = (
        select(Attendance)
        .where(Attendance.meeting_id == meeting.id)
        .options(joinedload(Attendance.person), joinedload(Attendance.reason))
        .order_by(Attendance.id)
    )
    return [
        RosterLine(
            row.person_id,
            row.person.name,
            motions.who(row.person, known, names=False).seat,
            row.state,
            row.reason.value if row.reason and row.state == Presence.EXCUSED else None,
            row.since,
            hours.get(row.person_id, []),
        )
        for row in db.session.scalars(query)
    ]


def own_state(meeting: Meeting, person: Person | None) -> str | None:
    """How a person stands on the roster, or None for who is not on it."""
    if person is None:
        return None
    return db.session.scalar(
        select(Attendance.state).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    )


def people_on_roster(meeting: Meeting) -> dict[int, Person]:
    """Everybody on the roster, by id."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).options(joinedload(Attendance.person))
    return {row.person_id: row.person for row in db.session.scalars(query)}


def of_kind(council: Council, kind: MeetingKind) -> list[Matter]:
    """The matters that can stand on the agenda of such a meeting."""
    query = select(Matter).where(Matter.council_id == council.id, Matter.state.in_(kind.matters)).order_by(Matter.id)
    return list(db.session.scalars(query))


def adoptable(council: Council) -> list[Matter]:
    """The matters that lie before the council."""
    return of_kind(council, kind_of(usual()))


def waiting(council: Council, kind: MeetingKind) -> list[Matter]:
    """Those of them that wait: neither postponed to a later day nor on the agenda of a meeting that is to come."""
    matters = of_kind(council, kind)
    until = postponed_until((one.id for one in matters), clock.today(council.zone))
    coming = select(AgendaItem.matter_id).join(Meeting).where(
        Meeting.council_id == council.id, Meeting.kind == kind.code, Meeting.state.not_in([*OVER])
    )  # fmt: skip
    listed = set(db.session.scalars(coming))
    return [one for one in matters if one.id not in until and one.id not in listed]


def holders(council: Council, office: Office) -> list[Person]:
    """Those who hold an office today, in the order of appointment."""
    today = clock.today(council.zone)
    query = (
        select(Appointment)
        .where(Appointment.council_id == council.id, Appointment.office == office.value, Appointment.starts_on <= today)
        .where(Appointment.ends_on.is_(None) | (Appointment.ends_on >= today))
        .order_by(Appointment.id)
    )
    return [held.person for held in db.session.scalars(query)]


def sitting_of(matter: Matter) -> Meeting | None:
    """The session that is considering the matter now."""
    query = (
        select(Meeting)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .join(Debate, Debate.id == AgendaItem.debate_id)
        .where(Debate.matter_id == matter.id, Debate.state == "open")
    )
    return db.session.scalar(query)


def meeting_of_debate(debate_id: int | None) -> Meeting | None:
    """The session to which a debate belongs."""
    if debate_id is None:
        return None
    return db.session.scalar(select(Meeting).join(AgendaItem).where(AgendaItem.debate_id == debate_id))
