"""The council's year at a glance: month by month, what it held, has called, laid open for comment and decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings.queries import SessionLine
from deliberation.meetings.states import HELD, OVER
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.review.models import CommentWindow


@dataclass
class Month:
    """One month. ``is_now`` marks the present one; what lies after it is still to come."""

    first: date
    is_now: bool
    is_past: bool
    held: int = 0
    coming: int = 0
    opened: int = 0
    decided: int = 0


@dataclass(frozen=True)
class Year:
    number: int
    months: list[Month]


def year(council: Council, sessions: Iterable[SessionLine]) -> Year:
    """The present year of the council: two statements beside the sessions that the page has read already."""
    today, zone = clock.today(council.zone), ZoneInfo(council.zone)
    months = [Month(date(today.year, n, 1), n == today.month, n < today.month) for n in range(1, 13)]
    for one in sessions:
        for month in _of(months, local_day(one.starts_at, zone)):
            month.held += one.state in HELD
            month.coming += one.state not in OVER
    begin = datetime(today.year, 1, 1, tzinfo=zone)
    opened = select(CommentWindow.opens_at).where(CommentWindow.council_id == council.id, CommentWindow.opens_at >= begin)
    for at in db.session.scalars(opened):
        for month in _of(months, local_day(at, zone)):
            month.opened += 1
    issued = (
        select(Resolution.issued_on)
        .join(DocumentNumber, DocumentNumber.id == Resolution.number_id)
        .where(Resolution.council_id == council.id, Resolution.issued_on >= begin.date(), DocumentNumber.voided_at.is_(None))
    )
    for day in db.session.scalars(issued):
        for month in _of(months, day):
            month.decided += 1
    return Year(today.year, months)


def _of(months: list[Month], day: date) -> list[Month]:
    """The month of this day, if it is one of this year."""
    return [months[day.month - 1]] if day.year == months[0].first.year else []
