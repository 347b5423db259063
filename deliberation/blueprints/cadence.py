"""The council's year at a glance: month by month, what it held, has called, laid open for comment and decided; and the
meetings that come back every quarter, half-year or year, held, missed or still to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from deliberation.blueprints.words import day as day_words
from deliberation.blueprints.words import short_language
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings.cadence import ONE_DAY, Line, Period
from deliberation.meetings.clocks import ON, KindClock, clocks
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


def year(council: Council, sessions: Iterable[SessionLine], number: int | None = None) -> Year:
    """A year of the council, the present one if none is named: two statements beside the sessions that the page has read."""
    today, zone = clock.today(council.zone), ZoneInfo(council.zone)
    number = number or today.year
    begins = [date(number, n, 1) for n in range(1, 13)]
    this = today.replace(day=1)
    months = [Month(first, first == this, first < this) for first in begins]
    for one in sessions:
        day = local_day(one.starts_at, zone)
        for month in _of(months, day):
            month.held += one.state in HELD
            month.coming += one.state not in OVER and (day >= today or one.state in ON)
    begin = datetime(number, 1, 1, tzinfo=zone)
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
    return Year(number, months)


def _of(months: list[Month], day: date) -> list[Month]:
    """The month of this day, if it is one of this year."""
    return [months[day.month - 1]] if day.year == months[0].first.year else []


QUARTER, HALF, WHOLE = 3, 6, 12


def period_words(period: Period) -> str:
    """The third quarter of 2026, the second half of 2026, 2026; other periods by their months."""
    year, nth = period.first.year, (period.first.month - 1) // period.months + 1
    if period.months == QUARTER:
        return _("quarter %(n)s of %(year)s", n=nth, year=year)
    if period.months == HALF:
        return _("first half of %(year)s", year=year) if nth == 1 else _("second half of %(year)s", year=year)
    if period.months == WHOLE:
        return _("the year %(year)s", year=year)
    return _("%(first)s to %(last)s", first=day_words(period.first), last=day_words(period.last))


def period_short(period: Period) -> str:
    """A period on the page of its year."""
    nth = (period.first.month - 1) // period.months + 1
    if period.months == QUARTER:
        return _("Quarter %(n)s", n=nth)
    if period.months == HALF:
        return _("First half") if nth == 1 else _("Second half")
    return _("The whole year") if period.months == WHOLE else period_words(period)


@dataclass(frozen=True)
class Overdue:
    """A kind of meeting that a council did not hold in time."""

    council: Council
    clock: KindClock
    line: Line

    @property
    def since(self) -> date:
        return self.line.period.last + ONE_DAY


def watched(ids: Iterable[int]) -> list[Council]:
    found = select(Council).where(Council.id.in_(list(ids))).order_by(Council.name, Council.id)
    return list(db.session.scalars(found))


def overdue(councils: list[Council]) -> list[Overdue]:
    """What these councils are late with, in four statements at most."""
    by_council = clocks(councils) if councils else {}
    return [Overdue(one, kind, kind.overdue) for one in councils for kind in by_council[one.id] if kind.overdue]


def overdue_words(late: Overdue) -> str:
    said = {"meeting": late.clock.name(short_language()), "period": period_words(late.line.period), "day": day_words(late.since)}
    if (times := late.clock.missed) > 1:
        return _("%(meeting)s: not held %(num)s times running, the first for %(period)s; overdue since %(day)s", num=times, **said)
    return _("%(meeting)s for %(period)s: not held, overdue since %(day)s", **said)
