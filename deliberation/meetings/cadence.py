"""Clocks of the kinds of meeting that come back: in which calendar periods one was held, and since when one is overdue. Pure.

A council's rules say how many months a period has; periods are counted from January of each year, so that three months are the
calendar's quarters, and where they do not come out even the year's last is shorter. More than twelve are whole calendar years.
The first that counts is the first that begins on or after the day from which the council has to hold such meetings.
A period is kept by a meeting that was held in it. One that was missed is made up for (late) where the next period has one more
than it needs; otherwise it stays missed. It is overdue from the day after its last until one is held again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from deliberation.kernel.words import N_, Words

ONE_DAY = timedelta(days=1)
YEAR = 12


class Standing(StrEnum):
    HELD = "held"
    LATE = "late"
    MISSING = "missing"
    PLANNED = "planned"
    GOING_ON = "going_on"
    RUNNING = "running"
    COMING = "coming"
    BEFORE = "before"


STANDING_WORDS = {
    Standing.HELD: N_("Held"),
    Standing.LATE: N_("Held late"),
    Standing.MISSING: N_("Missed"),
    Standing.PLANNED: N_("Planned"),
    Standing.GOING_ON: N_("Begun, not over"),
    Standing.RUNNING: N_("Not yet due"),
    Standing.COMING: N_("To come"),
    Standing.BEFORE: N_("Not asked for yet then"),
}


def standing_words(standing: str) -> Words:
    return Words(STANDING_WORDS[Standing(standing)])


@dataclass(frozen=True, order=True)
class Period:
    """Whole calendar months, ``months`` as the rules say them, the first and last day among them."""

    first: date
    last: date
    months: int

    @property
    def next(self) -> Period:
        return period_of(self.last + ONE_DAY, self.months)

    def touches(self, year: int) -> bool:
        return self.first.year <= year <= self.last.year


@dataclass(frozen=True)
class Meet:
    """A meeting of the kind: the day on which it was opened, or on which it is to be. ``is_on``: opened and not over."""

    day: date
    is_held: bool
    id: int = 0
    is_on: bool = False


@dataclass(frozen=True)
class Line:
    """How one period stands, and by which meeting."""

    period: Period
    standing: Standing
    by: Meet | None = None


def period_of(day: date, months: int) -> Period:
    """The period in which a day lies."""
    if months > YEAR:
        years = -(-months // YEAR)
        begin = day.year // years * years * YEAR
        return Period(_month(begin), _month(begin + years * YEAR) - ONE_DAY, months)
    january = day.year * YEAR
    begin = (day.month - 1) // months * months
    return Period(_month(january + begin), _month(january + min(begin + months, YEAR)) - ONE_DAY, months)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def lines(months: int, meets: Iterable[Meet], *, since: date, today: date, until: date, begin: date | None = None) -> list[Line]:
    """Every period from the one of ``begin`` (without it, of ``since``) to the one of ``until``, in order; none is asked for
    that begins before ``since``."""
    rows = sorted(meets, key=lambda one: (one.day, one.id))
    first, found = period_of(begin or since, months), []
    while first.first <= until:
        mine = [one for one in rows if first.first <= one.day <= first.last]
        ahead = [one for one in mine if not one.is_held and (one.is_on or one.day >= today)]
        found.append((first, [one for one in mine if one.is_held], ahead))
        first = first.next
    told: list[Line] = []
    for n, (period, held, planned) in enumerate(found):
        line = _line(period, held, planned, since, today)
        spare = found[n + 1][1] if n + 1 < len(found) else []
        if line.standing is Standing.MISSING and len(spare) > 1:
            line = Line(period, Standing.LATE, spare.pop(0))
        told.append(line)
    return told


def _line(period: Period, held: Sequence[Meet], planned: Sequence[Meet], since: date, today: date) -> Line:
    if held:
        return Line(period, Standing.HELD, held[0])
    if begun := next((one for one in planned if one.is_on), None):
        return Line(period, Standing.GOING_ON, begun)
    if period.first < since:
        return Line(period, Standing.BEFORE)
    if period.last < today:
        return Line(period, Standing.MISSING)
    if planned:
        return Line(period, Standing.PLANNED, planned[0])
    return Line(period, Standing.RUNNING if period.first <= today else Standing.COMING)


def overdue(told: Sequence[Line], today: date) -> Line | None:
    """The first of the periods that were missed one after the other up to now; None where one was held since."""
    first = None
    for line in told:
        if line.period.last < today:
            first = (first or line) if line.standing is Standing.MISSING else None
        elif line.period.first <= today and line.standing is Standing.HELD:
            return None
    return first
