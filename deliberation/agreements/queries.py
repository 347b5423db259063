"""Readings of sides, points and endings, in a constant number of statements."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from deliberation.agreements.models import Point, Settlement, Side
from deliberation.agreements.states import Ending, PointState, point_state
from deliberation.audit.canonical import canonical
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.meetings.kinds import kind_of, kinds
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import HELD

NEED_NO_AGREEMENT = [code for code, one in kinds().items() if one.agrees == "points"]


@dataclass(frozen=True)
class Who:
    """Who does something: a party of the preset, a side by its name, or an office."""

    party: str | None = None
    name: str | None = None
    office: str | None = None


@dataclass(frozen=True)
class PointLine:
    """One point that counts, as everybody reads it."""

    id: int
    meeting_id: int
    meeting_at: datetime
    text: str
    who: Who
    due_on: date
    state: PointState
    word: str | None


def sides(meeting: Meeting) -> list[Side]:
    """The sides in the order in which they were put down, with who speaks for them."""
    query = select(Side).where(Side.meeting_id == meeting.id).order_by(Side.id).options(joinedload(Side.speaker))
    return list(db.session.scalars(query))


def speakers(meeting: Meeting) -> list[str | None]:
    """Who speaks for a side, by name."""
    return [one.speaker.value for one in sides(meeting) if one.speaker is not None]


def settlement(meeting: Meeting) -> Settlement | None:
    return db.session.get(Settlement, meeting.id)


def who(one: Side | None, office: str | None = None) -> Who:
    return Who(one.party, one.name) if one is not None else Who(office=office)


def _points() -> Select[Any]:
    return select(Point).options(joinedload(Point.side), joinedload(Point.meeting)).order_by(Point.id)


def _lines(query: Select[Any], today: date) -> list[PointLine]:
    return [
        PointLine(
            one.id, one.meeting_id, one.meeting.starts_at, one.text, who(one.side, one.office), one.due_on,
            point_state(one.outcome, one.due_on, today), one.word,
        )
        for one in db.session.scalars(query)
    ]  # fmt: skip


def points(meeting: Meeting, today: date) -> list[PointLine]:
    """The points of one meeting, those that are only being drafted too."""
    return _lines(_points().where(Point.meeting_id == meeting.id), today)


def agreed_points(meeting: Meeting, today: date) -> list[PointLine]:
    """The points of one meeting; those of a concluded agreement as they stand in its text, with what became of each since."""
    ending, found = settlement(meeting), points(meeting, today)
    if ending is None or ending.document is None:
        return found
    return [
        replace(one, text=said["text"], who=Who(**said["who"]), due_on=date.fromisoformat(said["due_on"]))
        for one, said in zip(found, frozen(ending).get("points", ()), strict=False)
    ]


def is_altered(meeting: Meeting, ending: Settlement | None) -> bool:
    """Whether the text of a concluded agreement is not the one to which the sides agreed, or its rows are not of that text."""
    if ending is None or ending.document is None:
        return False
    rows = canonical(document(meeting, sides(meeting), points(meeting, date.max))).decode()
    return ending.document != rows or hashlib.sha256(ending.document.encode()).hexdigest() != ending.document_hash


def do_points_count(meeting: Meeting, ending: Settlement | None) -> bool:
    """Whether what stands there was agreed: in an agreement of every side, or in a meeting that needs none and is over."""
    if kind_of(meeting.kind).agrees == "points":
        return meeting.is_held
    return ending is not None and ending.ending == Ending.AGREED


def last_points(council: Council, meeting: Meeting, today: date) -> list[PointLine]:
    """What this meeting opens with: the points of the last one of its kind, and those from before that are not done."""
    if kind_of(meeting.kind).agrees != "points":
        return []
    before = (
        Meeting.council_id == council.id, Meeting.kind == meeting.kind, Meeting.state.in_([*HELD]),
        Meeting.starts_at < meeting.starts_at,
    )  # fmt: skip
    last = select(Meeting.id).where(*before).order_by(Meeting.starts_at.desc(), Meeting.id.desc()).limit(1).scalar_subquery()
    undone = or_(Point.outcome.is_(None), Point.outcome != PointState.DONE.value)
    return _lines(_points().join(Meeting).where(*before, or_(Meeting.id == last, undone)), today)


def points_between(council: Council, since: datetime, until: datetime, today: date) -> list[PointLine]:
    """The points that were agreed, settled or still open in a period."""
    open_then = or_(Point.outcome.is_(None), Point.settled_at >= since, Point.outcome != PointState.DONE.value)
    agreed = or_(Settlement.ending == Ending.AGREED.value, Meeting.kind.in_(NEED_NO_AGREEMENT))
    query = _points().join(Meeting).outerjoin(Settlement, Settlement.meeting_id == Meeting.id).where(
        Meeting.council_id == council.id, Meeting.state.in_([*HELD]), Meeting.closed_at < until, agreed,
        or_(Meeting.closed_at >= since, open_then),
    )  # fmt: skip
    return _lines(query, today)


def document(meeting: Meeting, found: Sequence[Side], said: Sequence[PointLine]) -> dict[str, Any]:
    """The agreement as data, without a person: its sides and its points."""
    return {
        "v": 1,
        "meeting": meeting.id,
        "sides": [_named(who(one)) for one in found],
        "points": [{"text": one.text, "who": _named(one.who), "due_on": one.due_on.isoformat()} for one in said],
    }


def _named(one: Who) -> dict[str, str]:
    return {name: value for name, value in (("party", one.party), ("name", one.name), ("office", one.office)) if value}


def frozen(one: Settlement) -> dict[str, Any]:
    """The text of a concluded agreement; nothing where somebody changed it so that it is none."""
    try:
        loaded = json.loads(one.document or "{}")
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}
