"""Clocks of the meetings that come back: pure, from days to how each period stands."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.councils import rules
from deliberation.councils.services import set_rules
from deliberation.kernel import clock
from deliberation.meetings import clocks, life
from deliberation.meetings.cadence import Meet, Run, Standing, lines, lines_of, overdue, period_of
from tests.agreements.meetings import opened
from tests.builders import World, at, do

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


@pytest.mark.parametrize(("months", "last"), [(5, date(2026, 5, 31)), (9, date(2026, 9, 30)), (11, date(2026, 11, 30)),
                                              (18, date(2027, 6, 30))])  # fmt: skip
def test_every_year_begins_with_a_period_of_its_own(months: int, last: date) -> None:
    assert (period_of(BEGAN, months).first, period_of(BEGAN, months).last) == (BEGAN, last)
    assert told(today=date(2026, 1, 2), months=months)[0] == "running"


def test_no_rule_accuses_of_what_was_before_it() -> None:
    runs = [Run(6, BEGAN, date(2026, 6, 30)), Run(3, date(2026, 7, 1), date(2026, 12, 31))]
    rows = lines_of(runs, [held(2)], today=date(2026, 10, 1))
    assert [one.standing.value for one in rows] == ["held", "missing", "running"]
    late = lines_of([Run(3, date(2026, 8, 1), date(2026, 12, 31))], [], today=date(2026, 10, 1))
    assert [one.standing.value for one in late] == ["before", "running"] and overdue(late, date(2026, 10, 1)) is None
    gap = [Run(3, BEGAN, date(2026, 3, 31)), Run(3, date(2026, 10, 1), date(2026, 12, 31))]
    assert overdue(lines_of(gap, [], today=date(2026, 10, 1)), date(2026, 10, 1)) is None, "it was not to be held meanwhile"


def test_a_rule_that_comes_back_and_a_meeting_that_goes_on_over_the_quarter(world: World) -> None:
    def stands(day: str) -> list[tuple[str, bool]]:
        with clock.frozen(at(f"{day}T10:00")):
            return [(one.kind.code, one.overdue is not None) for one in clocks.clocks([world.council])[world.council.id]]

    meeting = opened(world, "joint", "2026-03-30T14:00", "2026-03-16T09:00")
    with clock.frozen(at("2026-03-30T16:00")):
        do(lambda: life.adjourn(meeting, at("2026-04-02T14:00"), actor=world["P01"]))
    assert ("joint", False) in stands("2026-04-01")
    for which, day in (("three", "2026-07-01"), ("four", "2026-10-01")):
        entries = json.dumps(json.loads(rules.preset("council")) | {"meetings": {"value": which, "trust": "own"}})
        with clock.frozen(at(f"{day}T09:00")):
            on = date.fromisoformat(day)
            do(lambda e=entries, on=on: set_rules(world.council, "council", e, effective_on=on, actor=world["A01"]))
    assert dict(stands("2026-10-01")) == {"joint": False, "report": False, "evaluation": False}
