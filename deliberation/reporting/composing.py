"""The report as data, composed from the records of a period: nothing in it is typed but the introductions, nobody is named.

Of appeals it knows numbers and days alone. Each section is a few statements, however much there is to tell.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter
from deliberation.agenda.states import ENDED, State
from deliberation.agreements.queries import PointLine, points_between
from deliberation.appeals.models import Appeal
from deliberation.appeals.states import OPEN
from deliberation.councils.models import Council
from deliberation.evaluations.promises import promises_between
from deliberation.extensions import db
from deliberation.implementation.models import Task
from deliberation.kernel.calendar import local_day
from deliberation.meetings.cadence import period_of
from deliberation.meetings.clocks import began_on, clocks
from deliberation.meetings.kinds import held_by, kind_of, kinds
from deliberation.meetings.minuted import moment
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import rules_of
from deliberation.meetings.states import HELD, MeetingState
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.reporting.models import Introduction, Paper
from deliberation.voting.models import Poll, VerdictRow

Doc = dict[str, Any]
VERSION = 1
MOST_LISTED = 100
"""So many unanswered appeals are listed by number, the oldest first; all of them are counted."""
AGES = (7, 30, 60)
"""Days up to which unanswered appeals are counted together; the last group is older."""


def beginning(council: Council, meeting: Meeting) -> datetime:
    """Where the report begins: where the last one left off, else with the period of the rules, or the council."""
    reporting = [code for code, one in kinds().items() if one.reports]
    query = (
        select(Paper.until, Meeting.closed_at)
        .select_from(Meeting)
        .outerjoin(Paper, Paper.meeting_id == Meeting.id)
        .where(
            Meeting.council_id == council.id, Meeting.kind.in_(reporting), Meeting.id != meeting.id,
            Meeting.state != MeetingState.CANCELLED.value, or_(Paper.until.is_not(None), Meeting.state.in_([*HELD])),
        )
        .order_by(func.coalesce(Paper.until, Meeting.closed_at).desc(), Meeting.id.desc())
        .limit(1)
    )  # fmt: skip
    for until, closed_at in db.session.execute(query):
        return until or closed_at or meeting.starts_at
    zone, kind = ZoneInfo(council.zone), kind_of(meeting.kind)
    assert kind.every is not None
    first = period_of(local_day(meeting.starts_at, zone), rules_of(meeting)[kind.every]).first
    return datetime.combine(max(first, began_on(council) or first), time(), zone)


def compose(council: Council, meeting: Meeting, since: datetime, until: datetime) -> Doc:
    """What the paper says of the time from ``since`` to ``until``."""
    kind, held = kind_of(meeting.kind), rules_of(meeting)
    today = local_day(until, ZoneInfo(council.zone))
    words = select(Introduction.section, Introduction.text).where(Introduction.meeting_id == meeting.id)
    return {
        "v": VERSION,
        "meeting": meeting.id,
        "names": {language: kind.name(held, language) for language in kind.names},
        "council": council.name,
        "zone": council.zone,
        "since": moment(since),
        "until": moment(until),
        "introductions": {section: text for section, text in db.session.execute(words) if text},
        "decisions": {"resolutions": _resolutions(council, since, until), "ended": _ended(council, since, until)},
        "implementation": _tasks(council, since, until, today),
        "appeals": _appeals(council, since, until, today),
        "promises": _promises(council, since, until, today),
        "points": [_point(one) for one in points_between(council, since, until, today)],
        "meetings": _meetings(council, meeting, since, until),
    }


def _resolutions(council: Council, since: datetime, until: datetime) -> list[Doc]:
    query = (
        select(Resolution, DocumentNumber, Matter)
        .join(Resolution.number)
        .join(Resolution.matter)
        .where(Resolution.council_id == council.id, Resolution.issued_at >= since, Resolution.issued_at < until)
        .order_by(Resolution.id)
    )
    found = list(db.session.execute(query))
    votes = _votes([matter.id for _one, _number, matter in found])
    return [
        {
            "prefix": number.prefix,
            "year": number.year,
            "number": number.number,
            "is_void": number.voided_at is not None,
            "title": matter.title,
            "matter": matter.no,
            "issued_on": one.issued_on.isoformat(),
            "votes": votes.get((matter.id, one.text_hash)),
        }
        for one, number, matter in found
    ]


def _votes(matter_ids: list[int]) -> dict[tuple[int | None, str | None], list[int]]:
    """For, against and abstaining by which each text was adopted."""
    query = (
        select(Poll.matter_id, Poll.text_hash, VerdictRow.votes_for, VerdictRow.votes_against, VerdictRow.votes_abstain)
        .join(VerdictRow, VerdictRow.poll_id == Poll.id)
        .where(Poll.matter_id.in_(matter_ids), VerdictRow.outcome == "adopted")
        .order_by(VerdictRow.decided_at)
    )
    return {(matter_id, text): list(figures) for matter_id, text, *figures in db.session.execute(query)}


def _ended(council: Council, since: datetime, until: datetime) -> list[Doc]:
    """The matters that ended otherwise than by being carried out."""
    ways = [state.value for state in ENDED if state is not State.CLOSED]
    query = (
        select(Matter)
        .where(Matter.council_id == council.id, Matter.state.in_(ways), Matter.ended_at >= since, Matter.ended_at < until)
        .order_by(Matter.ended_at, Matter.id)
    )
    return [
        {"title": one.title, "matter": one.no, "state": one.state, "reason": one.end_reason} for one in db.session.scalars(query)
    ]


def _tasks(council: Council, since: datetime, until: datetime, today: date) -> list[Doc]:
    """Each matter that is carried out, or has tasks that were done in the period, with how they stand."""
    first = local_day(since, ZoneInfo(council.zone))
    query = (
        select(Task)
        .join(Task.matter)
        .where(
            Task.council_id == council.id, Task.made_at < until,
            or_(Task.done_on >= first, (Task.done_on.is_(None)) & (Matter.state == State.IMPLEMENTING.value)),
        )
        .options(joinedload(Task.matter), selectinload(Task.progress))
        .order_by(Task.matter_id, Task.number)
    )  # fmt: skip
    matters: dict[int, Doc] = {}
    for one in db.session.scalars(query):
        matter = matters.setdefault(one.matter_id, {"title": one.matter.title, "matter": one.matter.no, "tasks": []})
        matter["tasks"].append(_task(one, today))
    return list(matters.values())


def _task(one: Task, today: date) -> Doc:
    state = "done" if one.done_on is not None else "overdue" if one.due_on < today else "open"
    counted = {"total": one.total, "remaining": one.remaining, "unit": one.unit} if one.total is not None else None
    return {
        "label": one.log_label,
        "what": one.what,
        "owner": one.owner,
        "due_on": one.due_on.isoformat(),
        "state": state,
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "counted": counted,
    }


def _appeals(council: Council, since: datetime, until: datetime, today: date) -> Doc:
    """Counts, and of the unanswered ones number, day and age."""
    zone, of_council = ZoneInfo(council.zone), Appeal.council_id == council.id
    received = select(func.count()).where(of_council, Appeal.received_at >= since, Appeal.received_at < until)
    closed = (
        select(Appeal.state, func.count())
        .where(of_council, Appeal.closed_at >= since, Appeal.closed_at < until)
        .group_by(Appeal.state)
    )
    columns = (Appeal.year, Appeal.number, Appeal.received_at, Appeal.reply_due_on, Appeal.extended_at)
    waiting = select(*columns).where(of_council, Appeal.state.in_(OPEN)).order_by(Appeal.received_at, Appeal.id)
    ways: dict[str, int] = {state: n for state, n in db.session.execute(closed)}  # noqa: C416
    open_ = db.session.execute(waiting).all()
    rows = [
        (f"QS-{one.year}-{one.number:04d}", (today - local_day(one.received_at, zone)).days, one.reply_due_on < today)
        for one in open_
    ]
    ages = Counter(sum(days > most for most in AGES) for _no, days, _late in rows)
    return {
        "received": db.session.scalar(received) or 0,
        "answered": ways.get("answered", 0),
        "declined": ways.get("declined", 0),
        "referred": ways.get("referred", 0),
        "unanswered": len(rows),
        "late": sum(late for _no, _days, late in rows),
        "extended": sum(one.extended_at is not None for one in open_),
        "ages": [ages.get(n, 0) for n in range(len(AGES) + 1)],
        "oldest": [{"no": no, "days": days, "is_late": late} for no, days, late in rows[:MOST_LISTED]],
    }


def _point(one: PointLine) -> Doc:
    who = {name: value for name, value in vars(one.who).items() if value}
    return {
        "at": moment(one.meeting_at), "text": one.text, "who": who, "due_on": one.due_on.isoformat(), "state": one.state.value,
        "word": one.word,
    }  # fmt: skip


def _promises(council: Council, since: datetime, until: datetime, today: date) -> list[Doc]:
    return [
        {
            "text": one.text, "owner": one.owner, "owner_kind": one.owner_kind, "due_on": one.due_on.isoformat(),
            "state": one.state(today),
        }
        for one in promises_between(council, since, until)
    ]  # fmt: skip


def _meetings(council: Council, meeting: Meeting, since: datetime, until: datetime) -> list[Doc]:
    """Each kind that the council holds: on which days it was held, and how the periods stand in which the rules ask for one."""
    held, zone = rules_of(meeting), ZoneInfo(council.zone)
    first, today = local_day(since, zone), local_day(until, zone)
    query = select(Meeting.kind, Meeting.starts_at).where(
        Meeting.council_id == council.id, Meeting.state.in_([*HELD]), Meeting.closed_at >= since, Meeting.closed_at < until
    )
    days: dict[str, list[str]] = {}
    for code, at in db.session.execute(query.order_by(Meeting.starts_at)):
        days.setdefault(code, []).append(local_day(at, zone).isoformat())
    by_kind = {one.kind.code: one for one in clocks([council], with_planned=False)[council.id]}
    return [
        {
            "kind": kind.code,
            "names": {language: kind.name(held, language) for language in kind.names},
            "days": days.get(kind.code, []),
            "periods": [
                {
                    "first": one.period.first.isoformat(), "last": one.period.last.isoformat(), "months": one.period.months,
                    "standing": one.standing.value,
                }
                for one in (by_kind[kind.code].lines if kind.code in by_kind else ())
                if one.period.last >= first and one.period.first <= today
            ],
        }
        for kind in held_by(held)
    ]  # fmt: skip
