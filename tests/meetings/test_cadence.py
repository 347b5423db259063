"""Clocks of the meetings that come back: pure, from days to how each period stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.meetings.cadence import Meet, Standing, lines, overdue, period_of

BEGAN = date(2026, 1, 1)


def told(*meets: Meet, today: date, months: int = 3, since: date = BEGAN) -> list[str]:
    return [one.standing.value for one in lines(months, meets, since=since, today=today, until=date(2026, 12, 31))]


def held(month: int, day: int = 15, year: int = 2026) -> Meet:
    return Meet(date(year, month, day), True)


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [
        (date(2026, 3, 31), 3, date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), 3, date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2024, 2, 29), 1, date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 12, 31), 12, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2027, 5, 1), 24, date(2026, 1, 1), date(2027, 12, 31)),
        (date(2027, 5, 1), 18, date(2026, 1, 1), date(2027, 12, 31)),
        (date(2026, 1, 15), 5, date(2026, 1, 1), date(2026, 5, 31)),
        (date(2026, 12, 1), 5, date(2026, 11, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(day: date, months: int, first: date, last: date) -> None:
    period = period_of(day, months)
    assert (period.first, period.last) == (first, last)


def test_a_year_with_one_held_one_missed_one_planned_and_one_to_come() -> None:
    meets = [held(1), Meet(date(2026, 8, 20), False)]
    assert told(*meets, today=date(2026, 7, 10)) == ["held", "missing", "planned", "coming"]
    assert told(*meets, today=date(2026, 9, 1)) == ["held", "missing", "running", "coming"], "its day passed and it was not held"


def test_a_meeting_that_goes_on_over_the_end_of_its_period_is_not_missed() -> None:
    begun = Meet(date(2026, 3, 30), False, is_on=True)
    assert told(begun, today=date(2026, 4, 1))[0] == "going_on"
    assert overdue(lines(3, [begun], since=BEGAN, today=date(2026, 4, 1), until=date(2026, 12, 31)), date(2026, 4, 1)) is None


def test_the_last_day_of_a_period_is_still_in_time() -> None:
    assert told(today=date(2026, 3, 31))[0] == "running"
    assert told(today=date(2026, 4, 1))[0] == "missing"


def test_one_more_in_the_next_period_makes_up_for_a_missed_one_and_only_for_that() -> None:
    assert told(held(4), today=date(2026, 5, 1)) == ["missing", "held", "coming", "coming"]
    assert told(held(4), held(6), today=date(2026, 7, 1)) == ["late", "held", "running", "coming"]
    assert told(held(7), held(8), held(9), today=date(2026, 10, 1)) == ["missing", "late", "held", "running"]


def test_it_is_overdue_from_the_day_after_until_one_is_held_again() -> None:
    def since(*meets: Meet, today: date) -> date | None:
        found = overdue(lines(3, meets, since=BEGAN, today=today, until=date(2026, 12, 31)), today)
        return found.period.last + timedelta(days=1) if found else None

    assert since(today=date(2026, 3, 31)) is None
    assert since(today=date(2026, 4, 1)) == date(2026, 4, 1)
    assert since(today=date(2026, 9, 1)) == date(2026, 4, 1), "since the first that was missed"
    assert since(Meet(date(2026, 4, 9), False), today=date(2026, 4, 1)) == date(2026, 4, 1), "planned is not held"
    assert since(held(4), today=date(2026, 4, 20)) is None


def test_nothing_is_due_before_the_first_whole_period_of_the_council() -> None:
    assert told(today=date(2026, 12, 1), since=date(2026, 2, 1)) == ["before", "missing", "missing", "running"]
    assert told(held(3), today=date(2026, 4, 1), since=date(2026, 2, 1))[0] == "held"


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 24), st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    st.lists(st.builds(Meet, st.dates(date(2020, 1, 1), date(2027, 12, 31)), st.booleans(), st.integers(1, 9)), max_size=8),
)  # fmt: skip
def test_periods_follow_each_other_without_a_gap_and_no_meeting_counts_twice(
    months: int, since: date, today: date, meets: list[Meet]
) -> None:
    rows = lines(months, meets, since=since, today=today, until=date(2027, 12, 31))
    assert all(one.period.last + timedelta(days=1) == after.period.first for one, after in zip(rows, rows[1:], strict=False))
    assert rows[0].period.first <= since <= rows[0].period.last
    counted = [id(one.by) for one in rows if one.standing in (Standing.HELD, Standing.LATE)]
    assert len(counted) == len(set(counted))
    assert all(one.by and one.by.is_held for one in rows if one.standing is Standing.HELD)
    assert not any(one.standing is Standing.MISSING and one.period.last >= today for one in rows)
