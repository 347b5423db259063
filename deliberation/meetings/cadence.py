"""Clocks of the kinds of meeting that come back: in which calendar periods one was held, and since when one is overdue. Pure.

A council's rules say how many months a period has; periods are counted from January, so that three months are the calendar's
quarters (beyond twelve: from the January of every second year), and the last is shorter where they do not go into it. The first
that counts for a council is the first that begins on or after the first day of its first term, or of the rule.
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


class Standing(StrEnum):
    HELD = "held"
    LATE = "late"
    MISSING = "missing"
    PLANNED = "planned"
    RUNNING = "running"
    COMING = "coming"
    BEFORE = "before"


STANDING_WORDS = {
    Standing.HELD: N_("Held"),
    Standing.LATE: N_("Held late"),
    Standing.MISSING: N_("Missed"),
    Standing.PLANNED: N_("Planned"),
    Standing.RUNNING: N_("Not yet due"),
    Standing.COMING: N_("To come"),
    Standing.BEFORE: N_("Before the council began"),
}


def standing_words(standing: str) -> Words:
    return Words(STANDING_WORDS[Standing(standing)])


@dataclass(frozen=True, order=True)
class Period:
    """``months`` whole calendar months, or those that are left of the year, the first and last day among them."""

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
    """A meeting of the kind: the day on which it was opened (one that still goes on counts as held), or on which it is to be."""

    day: date
    is_held: bool
    id: int = 0


@dataclass(frozen=True)
class Line:
    """How one period stands, and by which meeting."""

    period: Period
    standing: Standing
    by: Meet | None = None


def period_of(day: date, months: int) -> Period:
    """The period in which a day lies."""
    years = -(-months // 12)
    january = day.year // years * years * 12
    begin = january + (day.year * 12 + day.month - 1 - january) // months * months
    return Period(_month(begin), _month(min(begin + months, january + years * 12)) - ONE_DAY, months)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def lines(months: int, meets: Iterable[Meet], *, since: date, today: date, until: date) -> list[Line]:
    """Every period from the one in which the council began to the one of ``until``, in order."""
    rows = sorted(meets, key=lambda one: (one.day, one.id))
    first, found = period_of(since, months), []
    while first.first <= until:
        mine = [one for one in rows if first.first <= one.day <= first.last]
        found.append((first, [one for one in mine if one.is_held], [one for one in mine if not one.is_held and one.day >= today]))
        first = first.next
    told: list[Line] = []
    for n, (period, held, planned) in enumerate(found):
        line = _line(period, held, planned, since, today)
        spare = found[n + 1][1] if n + 1 < len(found) else []
        if line.standing is Standing.MISSING and len(spare) > 1:
            line = Line(period, Standing.LATE, spare.pop(0))
        told.append(line)
    return told


@dataclass(frozen=True)
class Run:
    """How long a kind was held in the same rhythm: from the day the rule came into force to the day before the next one's."""

    months: int
    since: date
    until: date


def lines_of(runs: Sequence[Run], meets: Sequence[Meet], *, today: date) -> list[Line]:
    """Each period under the rule that was in force in the whole of it: of a run that ended, those that ended within it."""
    told: list[Line] = []
    for run in runs:
        some = lines(run.months, meets, since=run.since, today=today, until=run.until)
        ended = [one for one in some if run is runs[-1] or one.period.last <= run.until]
        told += [one for one in ended if not told or one.period.first > told[-1].period.last]
    return told


def _line(period: Period, held: Sequence[Meet], planned: Sequence[Meet], since: date, today: date) -> Line:
    if held:
        return Line(period, Standing.HELD, held[0])
    if period.first < since:
        return Line(period, Standing.BEFORE)
    if period.last < today:
        return Line(period, Standing.MISSING)
    if planned:
        return Line(period, Standing.PLANNED, planned[0])
    return Line(period, Standing.RUNNING if period.first <= today else Standing.COMING)


def overdue(told: Sequence[Line], today: date) -> Line | None:
    """The first of the periods that were missed one after the other up to now; None where one was held since, or where the
    kind was not to be held for a while."""
    first, ended = None, None
    for line in told:
        if line.standing is Standing.BEFORE or (ended is not None and line.period.first > ended + ONE_DAY):
            first = None
        ended = line.period.last
        if line.period.last < today:
            first = (first or line) if line.standing is Standing.MISSING else None
        elif line.period.first <= today and line.standing is Standing.HELD:
            return None
    return first
