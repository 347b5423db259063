"""The two clocks of an appeal: the first response and the final reply. Pure.

Both count from the day on which the appeal came in, which is not counted (see `kernel.calendar` for the articles).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberation.councils.rules import Rules
from deliberation.kernel.calendar import Holidays, last_day_of_period


def first_due(received: date, rules: Rules, holidays: Holidays) -> date:
    """The last day for the first response: so many working days after the appeal came in."""
    return last_day_of_period(received, working_days=rules["first_reply_working_days"], holidays=holidays)


def reply_due(received: date, rules: Rules, holidays: Holidays) -> date:
    """The last day for the final reply: the matching day so many months later, rolled over rest days."""
    return last_day_of_period(received, months=rules["final_reply_months"], holidays=holidays)


@dataclass(frozen=True)
class Clock:
    """One clock as read on one day: ``met_on`` is the day on which it was answered, None while it runs."""

    due_on: date
    met_on: date | None
    today: date

    @property
    def is_running(self) -> bool:
        return self.met_on is None

    @property
    def days_left(self) -> int:
        """Days until the last day: 0 on that day itself, negative when it is over."""
        return (self.due_on - (self.met_on or self.today)).days

    @property
    def is_late(self) -> bool:
        """Overdue, or answered after its last day."""
        return self.days_left < 0

    @property
    def is_overdue(self) -> bool:
        return self.is_running and self.is_late
