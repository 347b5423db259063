"""The minutes as data, composed from what happened: nothing in them is typed but the summaries.

The document names nobody. People are numbers on the roster with their office or the category of their seat; what somebody
said, or gave as a reason, is the id of a personal text with its salted commitment, both under a secret (``masking``). So it can
be read by everybody, its hash stays good when a text is erased, and who may read names puts them in from the roster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Recusal
from deliberation.councils.models import Appointment
from deliberation.extensions import db
from deliberation.kernel.calendar import local_day
from deliberation.meetings import minuted, queries, turns
from deliberation.meetings.kinds import kind_of
from deliberation.meetings.masking import masked
from deliberation.meetings.minuted import Doc, moment
from deliberation.meetings.minutes_models import Minutes, MinutesEdit, Objection
from deliberation.meetings.models import AgendaItem, Attendance, Meeting, MeetingPoll, PollSubject, Speech
from deliberation.meetings.record_parts import parts_of, words_of
from deliberation.meetings.roster import council_of, rules_of, stays
from deliberation.meetings.states import Presence
from deliberation.motions.queries import SHOWN_OFFICES
from deliberation.people.permissions import Office
from deliberation.voting.dry_run import dry_run
from deliberation.voting.models import Poll
from deliberation.voting.verdicts import PassRule

VERSION = 1
NAMED: dict[str, int] = {
    office.value: rank
    for rank, office in enumerate((*SHOWN_OFFICES, Office.MEMBER, Office.COMMITTEE, Office.UNIT, Office.STATION_WORKER))
    if office is not Office.MEMBER
}


def compose(meeting: Meeting) -> Doc:
    """What the minutes of this meeting say as things stand. Which sections there are is declared by its kind."""
    council, kind = council_of(meeting), kind_of(meeting.kind)
    rows = numbered(meeting)
    numbers = {row.person_id: n for n, row in enumerate(rows, 1)}
    written, salt = latest(meeting), salt_of(meeting)
    doc: Doc = {
        "v": VERSION,
        "meeting": meeting.id,
        **({"order": order_of(salt)} if salt else {}),
        "kind": meeting.kind,
        "names": {language: kind.name(rules_of(meeting), language) for language in kind.names},
        "council": council.name,
        "zone": council.zone,
        "place": meeting.place,
        "called_at": moment(meeting.called_at),
        "starts_at": moment(meeting.starts_at),
        "opened_at": moment(meeting.opened_at),
        "closed_at": moment(meeting.closed_at),
        "recesses": [[moment(one.adjourned_at), moment(one.until_at), moment(one.resumed_at)] for one in meeting.recesses],
        "chair": numbers.get(meeting.chair_id),
        "people": _people(meeting, rows),
        "guests": written["guests"].text if "guests" in written else None,
        **({"topics": [one.text for one in meeting.topics]} if meeting.topics else {}),
        "items": _items(meeting, numbers, written, kind.record),
        "arrangements": written["arrangements"].text if "arrangements" in written else None,
        "objections": _objections(meeting, numbers),
    }
    if "quorum" in kind.record:
        doc["quorum"] = _quorum(meeting, doc["people"])
    # A kind that usually asks nothing tells of what was asked all the same.
    if (asked := _questions(meeting)) or "questions" in kind.record:
        subjects = _subjects(meeting)
        doc["questions"] = [minuted.question(poll, subjects.get(poll.id)) for poll in asked]
    if parts := parts_of(meeting, kind.record, numbers):
        doc["parts"] = parts
    return masked(doc, salt) if salt else doc


def numbered(meeting: Meeting) -> list[Attendance]:
    """The roster in the order of the minutes' numbers, with its reasons. The log lists the roster in the order of appointment
    under each person's reference; the numbers follow a secret instead, so that nobody is found by counting."""
    whole = (joinedload(Attendance.reason), joinedload(Attendance.person), joinedload(Attendance.capacity))
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).options(*whole)
    rows, salt = list(db.session.scalars(query.order_by(Attendance.id))), salt_of(meeting)
    return rows if salt is None else sorted(rows, key=lambda row: hashlib.sha256(salt + str(row.person_id).encode()).digest())


def salt_of(meeting: Meeting) -> bytes | None:
    """The secret of the minutes from the day they are laid out; those laid out before there was one have none."""
    kept = db.session.get(Minutes, meeting.id)
    return kept.salt if kept is not None else None


def order_of(salt: bytes) -> str:
    """What the document holds of the secret: with another one the names would stand at other numbers."""
    return hashlib.sha256(b"order of the minutes" + salt).hexdigest()


def _questions(meeting: Meeting) -> list[Poll]:
    """The questions that were counted, with what came out. What a rating round came to is its own room's to tell: it may be
    nobody's business, or not yet."""
    query = select(Poll).join(MeetingPoll, MeetingPoll.poll_id == Poll.id)
    query = query.where(MeetingPoll.meeting_id == meeting.id, Poll.counted_at.is_not(None), Poll.least_shown.is_(None))
    whole = (joinedload(Poll.rule), joinedload(Poll.verdict), joinedload(Poll.result), selectinload(Poll.options))
    return list(db.session.scalars(query.options(*whole).order_by(Poll.id)))


def _subjects(meeting: Meeting) -> dict[int, Doc]:
    """What of the agenda each question belonged to, by poll."""
    query = select(PollSubject).where(PollSubject.meeting_id == meeting.id)
    whole = (joinedload(PollSubject.item).joinedload(AgendaItem.matter), joinedload(PollSubject.topic))
    return {one.poll_id: minuted.subject(one) for one in db.session.scalars(query.options(*whole))}


def latest(meeting: Meeting) -> dict[str, MinutesEdit]:
    """The wording of each part that stands, with its number."""
    query = select(MinutesEdit).where(MinutesEdit.meeting_id == meeting.id).options(joinedload(MinutesEdit.words))
    return {one.part: one for one in db.session.scalars(query.order_by(MinutesEdit.number))}


def _people(meeting: Meeting, rows: Iterable[Attendance]) -> list[Doc]:
    """Everybody on the roster: seat, how it stood, and the hours in the room."""
    seats = _seats(meeting)
    hours: dict[int, list[list[str | None]]] = {}
    for stay in stays(meeting):
        hours.setdefault(stay.person_id, []).append([moment(stay.came_at), moment(stay.left_at)])
    return [
        {
            "n": n,
            **seats.get(row.person_id, {"office": None, "category": None}),
            "state": row.state,
            "reason": words_of(row.reason) if row.state == Presence.EXCUSED else None,
            # A roster from before the hours were kept knows only who was there.
            "hours": hours.get(row.person_id, [[moment(row.since), None]] if row.since else []),
            **({"sits_in": words_of(row.capacity)} if row.is_guest else {}),
        }
        for n, row in enumerate(rows, 1)
    ]


def _seats(meeting: Meeting) -> dict[int, Doc]:
    """Office and category of each person on the day of the meeting."""
    day = local_day(meeting.starts_at, ZoneInfo(council_of(meeting).zone))
    query = select(Appointment).where(
        Appointment.council_id == meeting.council_id,
        Appointment.starts_on <= day,
        Appointment.ends_on.is_(None) | (Appointment.ends_on >= day),
    )
    found: dict[int, Doc] = {}
    for held in sorted(db.session.scalars(query), key=lambda one: (NAMED.get(one.office, len(NAMED)), one.id)):
        seat = found.setdefault(held.person_id, {"office": None, "category": None})
        # A member is known by the seat, unless as one of those whom everybody knows by the office.
        if held.office in NAMED and seat["office"] is None and (held.office in SHOWN_OFFICES or seat["category"] is None):
            seat["office"] = held.office
        seat["category"] = seat["category"] or held.category
    return found


def _quorum(meeting: Meeting, people: list[Doc]) -> Doc:
    """How many were entitled and there at the opening, and what that made."""
    held = rules_of(meeting)
    entitled = [one for one in people if one["category"] is not None and "sits_in" not in one]
    at = _first_roll(meeting, entitled)
    here = [one for one in entitled if any(came <= at and (left is None or left > at) for came, left in one["hours"])]
    rule = PassRule.from_data(held.poll_rule())
    measure = dry_run(rule, entitled=len(entitled), present=len(here), recused=0, may_vote=len(here)).quorum if entitled else None
    return {
        "entitled": len(entitled),
        "present": len(here),
        "needed": measure.needed if measure else None,
        "met": measure.met if measure else True,
    }


def _first_roll(meeting: Meeting, entitled: list[Doc]) -> str:
    """When the roll counts as called: at the opening, or, where it was kept only after that, at the last of the comings noted
    before the first matter was called up (if none was, at the first coming)."""
    opened = moment(meeting.opened_at) or ""
    hours = [one for person in entitled for one in person["hours"]]
    if any(came <= opened and (left is None or left > opened) for came, left in hours):
        return opened
    comings = sorted(came for came, _left in hours if came > opened)
    called_up = min((moment(one.debate.opened_at) or "" for one in meeting.items if one.debate), default="")
    return max((came for came in comings if came <= called_up), default=comings[0] if comings else opened)


def _items(meeting: Meeting, numbers: Mapping[int, int], written: Mapping[str, MinutesEdit], record: tuple[str, ...]) -> list[Doc]:
    council = council_of(meeting)
    recused, said, floors = _recused(meeting), _speeches(meeting, numbers, written), _unnoted(meeting, numbers)
    return [
        {
            "id": view.item.id,
            "position": view.item.position,
            "no": view.item.matter.no,
            "title": view.item.matter.title,
            "called_up_at": moment(view.item.debate.opened_at) if view.item.debate else None,
            "ended_at": moment(view.item.debate.closed_at) if view.item.debate else None,
            "summary": summary.text if (summary := written.get(f"item:{view.item.id}")) else None,
            **({"recused": _numbered(recused.get(view.item.matter_id, ()), numbers)} if "recusals" in record else {}),
            **({"speeches": said.get(view.item.debate_id, [])} if "speeches" in record else {}),
            **({"unnoted": floors[view.item.debate_id]} if "speeches" in record and view.item.debate_id in floors else {}),
            **({"rulings": [minuted.ruling(one, numbers) for one in view.rulings]} if "rulings" in record else {}),
            **({"motions": minuted.motions(view, numbers), "adopted": minuted.adopted(view)} if "motions" in record else {}),
        }
        for view in queries.items(meeting, council, reads=False)
    ]


def _recused(meeting: Meeting) -> dict[int, list[int]]:
    """Who had stepped back from each matter by the end of the meeting."""
    query = select(Recusal.matter_id, Recusal.person_id).where(
        Recusal.matter_id.in_([item.matter_id for item in meeting.items]), Recusal.approved_at <= meeting.closed_at
    )
    found: dict[int, list[int]] = {}
    for matter_id, person_id in db.session.execute(query):
        found.setdefault(matter_id, []).append(person_id)
    return found


def _numbered(people: Iterable[int], numbers: Mapping[int, int]) -> list[int]:
    return sorted(numbers[one] for one in people if one in numbers)


def _speeches(
    meeting: Meeting, numbers: Mapping[int, int], written: Mapping[str, MinutesEdit]
) -> dict[int | None, list[Doc]]:
    """What was said, by debate."""
    query = select(Speech).where(Speech.meeting_id == meeting.id).options(joinedload(Speech.text))
    said: dict[int | None, list[Doc]] = {}
    for one in db.session.scalars(query.order_by(Speech.position)):
        newer = written.get(f"speech:{one.id}")
        text = words_of(newer.words if newer else one.text)
        said.setdefault(one.debate_id, []).append(
            {"id": one.id, "by": numbers.get(one.person_id), "at": moment(one.at), "stance": one.stance, "words": text}
        )
    return said


def _unnoted(meeting: Meeting, numbers: Mapping[int, int]) -> dict[int | None, list[Doc]]:
    """Who had the floor without anything of it being noted, by debate: from when to when, with which stance."""
    found: dict[int | None, list[Doc]] = {}
    for one in turns.unnoted(meeting):
        span = {"from": moment(one.started_at), "to": moment(one.ended_at)}
        found.setdefault(one.debate_id, []).append({"by": numbers.get(one.person_id), "stance": one.stance, **span})
    return found


def _objections(meeting: Meeting, numbers: Mapping[int, int]) -> list[Doc]:
    return [
        {
            "id": one.id,
            "by": numbers.get(one.by_id),
            "at": moment(one.made_at),
            "words": words_of(one.text),
            "answer": one.answer,
            "upheld": one.upheld,
        }
        for one in objections(meeting)
    ]


def objections(meeting: Meeting) -> list[Objection]:
    query = select(Objection).where(Objection.meeting_id == meeting.id).options(joinedload(Objection.text))
    return list(db.session.scalars(query.order_by(Objection.id)))
