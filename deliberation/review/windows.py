"""How long a call for comment lasts, and how its end is said. Pure.

The opening day is not counted, a last calendar day that is a rest day rolls on, and the last day ends at 24:00
(Civil Code, articles 201-203).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deliberation.councils.rules import Rules
from deliberation.kernel.calendar import Holidays, closing_instant, last_day_of_period, local_day
from deliberation.kernel.words import N_, Words


def closing(opens_at: datetime, rules: Rules, zone: ZoneInfo, holidays: Holidays) -> datetime:
    """The first instant that is too late, as an aware UTC instant."""
    start, days = local_day(opens_at, zone), rules["review_days"]
    if rules["review_day_kind"] == "working":
        return closing_instant(last_day_of_period(start, working_days=days, holidays=holidays), zone)
    return closing_instant(last_day_of_period(start, days=days, holidays=holidays), zone)


def closing_words(closes_at: datetime, zone: ZoneInfo) -> Words:
    """The end in words for people in ``zone``: midnight is said as 24:00 of the day that it ends."""
    local = closes_at.astimezone(zone)
    time = local.strftime("%H:%M")
    if time == "00:00":
        local, time = local - timedelta(days=1), "24:00"
    return Words(N_("%(year)s-%(month)s-%(day)s, %(time)s"), year=local.year, month=local.month, day=local.day, time=time)


def days_left(closes_at: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Whole days from today to the last day; 0 on the last day itself, and after it."""
    last = local_day(closes_at - timedelta(seconds=1), zone)
    return max((last - local_day(now, zone)).days, 0)
