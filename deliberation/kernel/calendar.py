"""Counting days as the law counts them: working days, periods, clear days, and the instant at which a day ends.

Source: Civil Code of the People's Republic of China, articles 201 (the opening day is not counted), 202 (a period of
months ends on the matching day, or on the last day of a month that has none) and 203 (a last day that is a rest day
moves to the first day after the rest; the last day ends at 24:00). Which days are rest days is settled each year by
the State Council; the package ``chinesecalendar`` carries those notices. Of a year without a notice only the feasts
with a day of their own in the calendar are known (Regulation on Public Holidays, State Council order 795, article 2).

Days are plain `datetime.date` in the council's own time zone; instants are aware `datetime.datetime` in UTC.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from types import MappingProxyType

from chinese_calendar import constants as published  # type: ignore[import-untyped,unused-ignore]

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

ONE_DAY = timedelta(days=1)
LONGEST_PERIOD = 36_500
"""The largest count of days, working days or months that a period may have: a guard against typing errors."""


FIXED_FEASTS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of New Year, Labour Day (two days) and National Day (three), as the law has had them since 2025."""
FEASTS_SINCE = 2025


@dataclass(frozen=True, init=False)
class Holidays:
    """An immutable table of exceptions to the rule that Saturdays and Sundays are rest days and other days are not.

    ``overrides`` maps a day to True (rest day) or False (make-up working day). ``years`` are the years for which the
    table is complete: by default every year that it names. Of other years only weekends and, since 2025,
    `FIXED_FEASTS` are known as rest days.
    """

    overrides: Mapping[date, bool]
    years: frozenset[int]

    def __init__(self, overrides: Mapping[date, bool], years: Iterable[int] | None = None) -> None:
        table = {_plain(day): bool(rest) for day, rest in overrides.items()}
        covered = {day.year for day in table} if years is None else years
        object.__setattr__(self, "overrides", MappingProxyType(table))
        object.__setattr__(self, "years", frozenset(covered))

    def __hash__(self) -> int:
        return hash((self.years, frozenset(self.overrides.items())))

    @classmethod
    def shipped(cls) -> Holidays:
        """The table for mainland China that comes with the house; never raises, whatever year is asked later."""
        return _shipped()

    def with_overrides(self, overrides: Mapping[date, bool], years: Iterable[int] | None = None) -> Holidays:
        """A new table in which ``overrides`` win; it also covers ``years`` (by default those that they name)."""
        added = Holidays(overrides, years)
        return Holidays({**self.overrides, **added.overrides}, self.years | added.years)

    def known(self, year: int) -> bool:
        """Whether this table covers ``year``; if not, its rest days are weekends and fixed feasts alone."""
        return year in self.years

    def is_rest_day(self, day: date) -> bool:
        """Whether nobody is expected to work on ``day`` (weekend or holiday, and not a make-up working day)."""
        feast = _plain(day).year >= FEASTS_SINCE and (day.month, day.day) in FIXED_FEASTS
        return self.overrides.get(day, feast or day.weekday() >= calendar.SATURDAY)

    def working_day_from(self, day: date) -> date:
        """``day`` itself, or the first working day after it."""
        while self.is_rest_day(day):
            day += ONE_DAY
        return day


@cache
def _shipped() -> Holidays:
    rest: dict[date, str] = published.holidays
    work: dict[date, str] = published.workdays
    # A year's notice may name a stray day of its neighbour; only a year with its National Day has its own notice.
    years = {day.year for day in rest if (day.month, day.day) == (10, 1)}
    return Holidays({**dict.fromkeys(rest, True), **dict.fromkeys(work, False)}, years)


def add_months(day: date, n: int) -> date:
    """The matching day ``n`` months later (earlier if negative), or the last day of a month that has none.

    Civil Code, article 202. The result may be a rest day: see `last_day_of_period`.
    """
    _plain(day)
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not date.min.year <= year <= date.max.year:
        raise Invalid(N_("This date is outside the calendar."), code="date_out_of_range")
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_working_days(day: date, n: int, holidays: Holidays) -> date:
    """The ``n``-th working day after ``day``; ``day`` itself is not counted, and is the answer when ``n`` is 0."""
    if not 0 <= n <= LONGEST_PERIOD:
        raise _bad_count()
    _plain(day)
    for _ in range(n):
        day = holidays.working_day_from(day + ONE_DAY)
    return day


def last_day_of_period(
    start: date,
    *,
    days: int | None = None,
    months: int | None = None,
    working_days: int | None = None,
    holidays: Holidays,
) -> date:
    """The last day of a period that opens on ``start``, which is not counted (Civil Code, articles 201–203).

    Exactly one of ``days``, ``months`` and ``working_days`` is given, from 1 to `LONGEST_PERIOD`. Calendar days and
    months that would end on a rest day end on the next working day; working days end on a working day by themselves.
    Raises `Invalid` for any other count. Ask ``holidays.known(answer.year)`` before promising the day to anybody.
    """
    given = [count for count in (days, months, working_days) if count is not None]
    if len(given) != 1 or not 1 <= given[0] <= LONGEST_PERIOD:
        raise _bad_count()
    if working_days is not None:
        return add_working_days(start, working_days, holidays)
    end = add_months(start, months) if months is not None else _plain(start) + timedelta(days=given[0])
    return holidays.working_day_from(end)


def closing_instant(last_day: date, tz: tzinfo) -> datetime:
    """24:00 of ``last_day`` in ``tz``, as an aware UTC instant: the first instant that is too late."""
    return datetime.combine(_plain(last_day) + ONE_DAY, time.min, tzinfo=tz).astimezone(UTC)


def clear_days_between(notice_day: date, meeting_day: date) -> int:
    """How many whole days lie between the two, both ends excluded; 0 if they touch or stand in the wrong order."""
    return max((_plain(meeting_day) - _plain(notice_day)).days - 1, 0)


def local_day(instant: datetime, tz: tzinfo) -> date:
    """The day that people in ``tz`` are living at ``instant``; a naive instant is a `ValueError`."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(tz).date()


def _plain(day: date) -> date:
    """``day``, unless it carries a time: then it would silently miss the table, and which day it is is in doubt."""
    if isinstance(day, datetime):
        raise TypeError("a day is expected, not an instant: use local_day() first")
    return day


def _bad_count() -> Invalid:
    message = N_("Give the length of the period once, in days, months or working days, from 1 to %(most)s.")
    return Invalid(message, code="bad_period", most=LONGEST_PERIOD)
