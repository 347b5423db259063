"""Days are counted as the Civil Code counts them, against the holidays of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.calendar import (
    Holidays,
    add_months,
    add_working_days,
    clear_days_between,
    closing_instant,
    last_day_of_period,
    local_day,
)
from deliberation.kernel.errors import Invalid

CHINA = Holidays.shipped()
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2026, 1, 12), date(2026, 2, 12)),
        (date(2026, 1, 15), date(2026, 2, 24)),  # 15–23 February: Spring Festival
        (date(2026, 1, 16), date(2026, 2, 24)),
        (date(2026, 1, 31), date(2026, 2, 28)),  # a Saturday, but a make-up working day
        (date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 1, 31), date(2024, 2, 29)),
        (date(2027, 1, 31), date(2027, 3, 1)),  # 28 February 2027 is a Sunday, and no table says otherwise
    ],
)
def test_a_month_ends_on_its_matching_day_or_on_the_working_day_after_the_rest(start: date, last: date) -> None:
    assert last_day_of_period(start, months=1, holidays=CHINA) == last


@pytest.mark.parametrize(
    ("days", "last"), [(1, date(2026, 3, 30)), (7, date(2026, 4, 3)), (10, date(2026, 4, 7)), (5, date(2026, 4, 1))]
)
def test_calendar_days_leave_out_the_opening_day_and_roll_over_qingming(days: int, last: date) -> None:
    assert last_day_of_period(date(2026, 3, 27), days=days, holidays=CHINA) == last


def test_three_working_days_skip_weekends_and_holidays_and_count_make_up_days() -> None:
    def third(start: date) -> date:
        return last_day_of_period(start, working_days=3, holidays=CHINA)

    assert third(date(2026, 1, 12)) == date(2026, 1, 15)
    assert third(date(2026, 1, 16)) == date(2026, 1, 21)  # from a Friday
    assert third(date(2026, 2, 12)) == date(2026, 2, 24)  # 13, make-up Saturday 14, rest until 23
    assert third(date(2026, 1, 1)) == date(2026, 1, 6)  # make-up Sunday 4


def test_no_working_days_added_is_the_same_day() -> None:
    assert add_working_days(date(2026, 2, 17), 0, CHINA) == date(2026, 2, 17)


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(1999, 12, 31), 2, date(2000, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 31), -2, date(2025, 11, 30)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_months_are_added_over_year_ends_and_leap_days(day: date, n: int, expected: date) -> None:
    assert add_months(day, n) == expected


def test_adding_months_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        add_months(date(9999, 12, 1), 1)
    assert refusal.value.code == "date_out_of_range"


@pytest.mark.parametrize("period", [{}, {"days": 0}, {"days": -1}, {"months": 36_501}, {"days": 3, "months": 1}])
def test_a_period_is_given_once_and_is_at_least_one_long(period: dict[str, int]) -> None:
    with pytest.raises(Invalid) as refusal:
        last_day_of_period(date(2026, 1, 1), holidays=CHINA, **period)
    assert refusal.value.code == "bad_period"


@pytest.mark.parametrize(("notice", "clear"), [(21, 4), (20, 5), (25, 0), (26, 0), (27, 0)])
def test_clear_days_exclude_both_ends(notice: int, clear: int) -> None:
    assert clear_days_between(date(2026, 3, notice), date(2026, 3, 26)) == clear


def test_a_day_closes_at_the_next_local_midnight() -> None:
    closing = closing_instant(date(2026, 4, 3), SHANGHAI)
    assert closing == datetime(2026, 4, 3, 16, tzinfo=UTC)
    assert closing.tzinfo is UTC
    assert datetime(2026, 4, 4, 0, 0, 1, tzinfo=SHANGHAI) > closing


def test_a_day_of_twenty_three_hours_still_closes_at_its_midnight() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert closing_instant(date(2026, 3, 28), berlin) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert closing_instant(date(2026, 3, 29), berlin) == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_the_local_day_is_the_one_people_live_in() -> None:
    assert local_day(datetime(2026, 3, 26, 15, 59, 59, tzinfo=UTC), SHANGHAI) == date(2026, 3, 26)
    assert local_day(datetime(2026, 3, 26, 16, tzinfo=UTC), SHANGHAI) == date(2026, 3, 27)
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 3, 26, tzinfo=UTC).replace(tzinfo=None), SHANGHAI)


def test_the_shipped_table_knows_its_years_and_answers_for_others_by_weekends_and_fixed_feasts() -> None:
    assert CHINA.known(2026)
    assert CHINA.is_rest_day(date(2026, 2, 17))
    assert not CHINA.is_rest_day(date(2026, 2, 14))
    assert not CHINA.known(2099)
    assert CHINA.is_rest_day(date(2099, 10, 3))  # a Saturday
    assert [day for day in range(1, 11) if CHINA.is_rest_day(date(2099, 10, day))] == [1, 2, 3, 4, 10]
    assert CHINA.is_rest_day(date(2027, 1, 1)) and not CHINA.is_rest_day(date(2024, 5, 6))
    assert not CHINA.known(1949) and not CHINA.is_rest_day(date(1949, 10, 3))
    assert Holidays.shipped() is CHINA


def test_a_table_can_be_completed_without_changing_the_old_one() -> None:
    day = date(2099, 10, 7)
    completed = CHINA.with_overrides({day: True})
    assert completed.known(2099)
    assert completed.is_rest_day(day)
    assert completed.known(2026) and completed.is_rest_day(date(2099, 10, 1))
    assert not CHINA.known(2099)
    assert not CHINA.is_rest_day(day)


def test_a_table_cannot_be_changed_through_what_it_was_built_from() -> None:
    source = {date(2026, 1, 1): True}
    table = Holidays(source)
    source[date(2026, 1, 5)] = True
    assert not table.is_rest_day(date(2026, 1, 5))
    with pytest.raises(TypeError):
        table.overrides[date(2026, 1, 5)] = True  # type: ignore[index]
    assert table == Holidays({date(2026, 1, 1): True})
    assert hash(table) == hash(Holidays({date(2026, 1, 1): True}))


def test_an_instant_is_never_taken_for_a_day() -> None:
    instant = datetime(2026, 2, 17, tzinfo=UTC)
    with pytest.raises(TypeError):
        CHINA.is_rest_day(instant)
    with pytest.raises(TypeError):
        clear_days_between(instant, instant)
    with pytest.raises(TypeError):
        closing_instant(instant, SHANGHAI)
    with pytest.raises(TypeError):
        add_months(instant, 1)
    with pytest.raises(TypeError):
        add_working_days(instant, 0, CHINA)


@given(start=DAYS, days=st.integers(1, 400))
def test_a_period_ends_on_the_first_working_day_that_is_not_too_early(start: date, days: int) -> None:
    last = last_day_of_period(start, days=days, holidays=CHINA)
    due = start + timedelta(days=days)
    assert last >= due
    assert not CHINA.is_rest_day(last)
    assert all(CHINA.is_rest_day(due + timedelta(days=n)) for n in range((last - due).days))


@given(start=DAYS, n=st.integers(1, 60))
def test_working_days_are_counted_one_by_one(start: date, n: int) -> None:
    last = add_working_days(start, n, CHINA)
    passed = [start + timedelta(days=d) for d in range(1, (last - start).days + 1)]
    assert sum(not CHINA.is_rest_day(day) for day in passed) == n
    assert not CHINA.is_rest_day(last)


@given(day=DAYS, n=st.integers(-400, 400))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(day: date, n: int) -> None:
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(day=DAYS, hours=st.integers(-12, 14))
def test_the_last_instant_before_closing_is_still_that_day(day: date, hours: int) -> None:
    tz = timezone(timedelta(hours=hours))
    closing = closing_instant(day, tz)
    assert local_day(closing - timedelta(microseconds=1), tz) == day
    assert local_day(closing, tz) == day + timedelta(days=1)
