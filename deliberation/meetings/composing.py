"""The minutes as data, composed from what happened: nothing in them is typed but the summaries.

The document names nobody. People are numbers on the roster with their office or the category of their seat; what somebody
said, or gave as a reason, is the id of a personal text with its salted commitment. So it can be read by everybody, its hash
stays good when a text is erased, and who may read names puts them in from the roster.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Recusal
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import commitment_of, instant
from deliberation.councils.models import Appointment
from deliberation.extensions import db
from deliberation.kernel.calendar import local_day
from deliberation.meetings import queries
from deliberation.meetings.kinds import kind_of
from deliberation.meetings.minutes_models import MinutesEdit, Objection
from deliberation.meetings.models import Attendance, Meeting, MeetingPoll, Speech
from deliberation.meetings.queries import ItemView
from deliberation.meetings.roster import council_of, rules_of, stays
from deliberation.meetings.states import Presence
from deliberation.motions.lines import Line, RulingLine, Tree
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
Doc = dict[str, Any]


def compose(meeting: Meeting) -> Doc:
    """What the minutes of this meeting say as things stand. Which sections there are is declared by its kind."""
    council, kind = council_of(meeting), kind_of(meeting.kind)
    rows = _roster(meeting)
    numbers = {row.person_id: n for n, row in enumerate(rows, 1)}
    written = latest(meeting)
    doc: Doc = {
        "v": VERSION,
        "meeting": meeting.id,
        "kind": meeting.kind,
        "names": {language: kind.name(rules_of(meeting), language) for language in kind.names},
        "council": council.name,
        "zone": council.zone,
        "place": meeting.place,
        "called_at": _at(meeting.called_at),
        "starts_at": _at(meeting.starts_at),
        "opened_at": _at(meeting.opened_at),
        "closed_at": _at(meeting.closed_at),
        "recesses": [[_at(one.adjourned_at), _at(one.until_at), _at(one.resumed_at)] for one in meeting.recesses],
        "chair": numbers.get(meeting.chair_id),
        "people": _people(meeting, rows),
        "guests": written["guests"].text if "guests" in written else None,
        "items": _items(meeting, numbers, written, kind.record),
        "arrangements": written["arrangements"].text if "arrangements" in written else None,
        "objections": _objections(meeting, numbers),
    }
    if "quorum" in kind.record:
        doc["quorum"] = _quorum(meeting, doc["people"])
    if "questions" in kind.record:
        doc["questions"] = [_question(poll) for poll in _questions(meeting)]
    return doc


def _roster(meeting: Meeting) -> list[Attendance]:
    """The roster with its reasons, in one statement."""
    query = select(Attendance).where(Attendance.meeting_id == meeting.id).options(joinedload(Attendance.reason))
    return list(db.session.scalars(query.order_by(Attendance.id)))


def _questions(meeting: Meeting) -> list[Poll]:
    """The questions that were counted, with what came out."""
    query = select(Poll).join(MeetingPoll, MeetingPoll.poll_id == Poll.id)
    query = query.where(MeetingPoll.meeting_id == meeting.id, Poll.counted_at.is_not(None)).order_by(Poll.id)
    whole = (joinedload(Poll.rule), joinedload(Poll.verdict), joinedload(Poll.result), selectinload(Poll.options))
    return list(db.session.scalars(query.options(*whole)))


def latest(meeting: Meeting) -> dict[str, MinutesEdit]:
    """The wording of each part that stands, with its number."""
    query = select(MinutesEdit).where(MinutesEdit.meeting_id == meeting.id).options(joinedload(MinutesEdit.words))
    return {one.part: one for one in db.session.scalars(query.order_by(MinutesEdit.number))}


def words_of(record: PersonalRecord | None) -> Doc | None:
    """A personal text as the document holds it."""
    if record is None:
        return None
    return {"record": record.id, "commitment": commitment_of(record) if record.salt is not None else None}


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def _people(meeting: Meeting, rows: Iterable[Attendance]) -> list[Doc]:
    """Everybody on the roster: seat, how it stood, and the hours in the room."""
    seats = _seats(meeting)
    hours: dict[int, list[list[str | None]]] = {}
    for stay in stays(meeting):
        hours.setdefault(stay.person_id, []).append([_at(stay.came_at), _at(stay.left_at)])
    return [
        {
            "n": n,
            **seats.get(row.person_id, {"office": None, "category": None}),
            "state": row.state,
            "reason": words_of(row.reason) if row.state == Presence.EXCUSED else None,
            # A roster from before the hours were kept knows only who was there.
            "hours": hours.get(row.person_id, [[_at(row.since), None]] if row.since else []),
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
    held, opened = rules_of(meeting), _at(meeting.opened_at) or ""
    entitled = [one for one in people if one["category"] is not None]
    here = [one for one in entitled if any(came <= opened and (left is None or left > opened) for came, left in one["hours"])]
    rule = PassRule.from_data(held.poll_rule())
    measure = dry_run(rule, entitled=len(entitled), present=len(here), recused=0, may_vote=len(here)).quorum if entitled else None
    return {
        "entitled": len(entitled),
        "present": len(here),
        "needed": measure.needed if measure else None,
        "met": measure.met if measure else True,
    }


def _items(meeting: Meeting, numbers: Mapping[int, int], written: Mapping[str, MinutesEdit], record: tuple[str, ...]) -> list[Doc]:
    council = council_of(meeting)
    recused, said = _recused(meeting), _speeches(meeting, numbers, written)
    return [
        {
            "id": view.item.id,
            "position": view.item.position,
            "no": view.item.matter.no,
            "title": view.item.matter.title,
            "called_up_at": _at(view.item.debate.opened_at) if view.item.debate else None,
            "ended_at": _at(view.item.debate.closed_at) if view.item.debate else None,
            "summary": summary.text if (summary := written.get(f"item:{view.item.id}")) else None,
            **({"recused": _numbered(recused.get(view.item.matter_id, ()), numbers)} if "recusals" in record else {}),
            **({"speeches": said.get(view.item.debate_id, [])} if "speeches" in record else {}),
            **({"rulings": [_ruling(one, numbers) for one in view.rulings]} if "rulings" in record else {}),
            **({"motions": _motions(view, numbers), "adopted": _adopted(view)} if "motions" in record else {}),
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
            {"id": one.id, "by": numbers.get(one.person_id), "at": _at(one.at), "stance": one.stance, "words": text}
        )
    return said


def _ruling(one: RulingLine, numbers: Mapping[int, int]) -> Doc:
    return {
        "motion": one.motion,
        "text": one.text,
        "reason": one.reason,
        "at": _at(one.ruled_at),
        "appealed_by": numbers.get(one.appealed_by.person_id) if one.appealed_by else None,
        "hands": None if one.hands_for is None else [one.hands_for, one.hands_against],
        "overturned": one.is_overturned,
    }


def _motions(view: ItemView, numbers: Mapping[int, int]) -> list[Doc]:
    """What lay before this sitting, in the order in which it was decided."""
    debate = view.item.debate_id
    every = [line for one in view.trees for line in one.lines] if debate is not None else []
    lines = [line for line in every if line.debate_id == debate or any(one.debate_id == debate for one in line.procedures)]
    lines.sort(key=lambda line: (line.decided_at is None, line.decided_at or line.proposed_at, line.id))
    return [_motion(line, numbers, debate) for line in lines]


def _motion(line: Line, numbers: Mapping[int, int], debate: int | None) -> Doc:
    return {
        "label": line.label,
        "kind": line.kind,
        "parent": line.parent,
        "op": line.op,
        "number": line.number,
        "text": line.text,
        "mover": numbers.get(line.mover.person_id),
        "seconder": numbers.get(line.seconder.person_id) if line.seconder else None,
        "proposed_at": _at(line.proposed_at),
        "state": line.state,
        "reconsiders": line.reconsiders,
        "vote": _vote(line.poll) if line.poll else None,
        "procedures": [
            {
                "kind": one.kind,
                "mover": numbers.get(one.mover.person_id),
                "seconder": numbers.get(one.seconder.person_id),
                "until": one.until_on.isoformat() if one.until_on else None,
                "reason": one.reason,
                "at": _at(one.made_at),
            }
            for one in line.procedures
            if one.debate_id == debate
        ],
    }


def _vote(poll: Poll) -> Doc | None:
    """The figures of a counted vote with the rule that judged them: enough to say the verdict again."""
    row, rule = poll.verdict, poll.rule
    if row is None or rule is None:
        return None
    return {
        "poll": poll.id,
        "mode": poll.mode,
        "opened_at": _at(poll.opened_at),
        "decided_at": _at(row.decided_at),
        "rule": json.loads(rule.rule),
        "rule_version": rule.rule_version,
        "entitled": row.entitled,
        "present": row.present,
        "recused": row.recused,
        "for": row.votes_for,
        "against": row.votes_against,
        "abstain": row.votes_abstain,
        "invalid": row.votes_invalid,
        "outcome": row.outcome,
        "void": row.void,
    }


def _adopted(view: ItemView) -> list[str] | None:
    """The text that was adopted here, where a main motion was carried."""
    carried: list[Tree] = [one for one in view.trees if one.main.state == "carried" and one.main.debate_id == view.item.debate_id]
    return [one.text for one in carried[-1].text] if carried else None


def _question(poll: Poll) -> Doc:
    return {
        "label": poll.label,
        "question": poll.question,
        "kind": poll.kind,
        "mode": poll.mode,
        "scale": poll.scale,
        "options": [one.text for one in poll.options],
        "vote": _vote(poll),
        # As it was kept: figures of a count are no whole numbers, and stay text here.
        "result": poll.result.result if poll.result else None,
    }


def _objections(meeting: Meeting, numbers: Mapping[int, int]) -> list[Doc]:
    return [
        {
            "id": one.id,
            "by": numbers.get(one.by_id),
            "at": _at(one.made_at),
            "words": words_of(one.text),
            "answer": one.answer,
            "upheld": one.upheld,
        }
        for one in objections(meeting)
    ]


def objections(meeting: Meeting) -> list[Objection]:
    query = select(Objection).where(Objection.meeting_id == meeting.id).options(joinedload(Objection.text))
    return list(db.session.scalars(query.order_by(Objection.id)))
