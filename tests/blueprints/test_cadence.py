"""The council's year: what stands in a month is what the records say, in the council's own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from deliberation.blueprints import cadence
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings.queries import SessionLine, calendar
from deliberation.publishing.models import Resolution
from deliberation.review.models import CommentWindow
from tests.builders import at


def test_every_session_window_and_resolution_of_the_year_is_counted_once(demo):
    council = db.session.scalars(select(Council)).first()
    coming, past = calendar(council, with_planned=True)
    year = cadence.year(council, [*coming, *past])
    assert year.number == 2026
    assert [month.first for month in year.months if month.is_now] == [date(2026, 12, 1)]
    assert sum(month.held for month in year.months) == len(past) > 0
    assert sum(month.coming for month in year.months) == len(coming) > 0
    assert sum(month.opened for month in year.months) == db.session.scalar(select(func.count()).select_from(CommentWindow))
    assert sum(month.decided for month in year.months) == db.session.scalar(select(func.count()).select_from(Resolution))


def test_a_month_begins_at_the_councils_midnight_and_other_years_do_not_count(world):
    def session(moment: datetime) -> SessionLine:
        return SessionLine(1, moment, "社区会议室", "closed", [])

    with clock.frozen(at("2026-03-20T09:00")):
        year = cadence.year(world.council, [
            session(datetime(2026, 1, 31, 16, 0, tzinfo=UTC)),  # 1 February, 0:00 in Shanghai
            session(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)),  # still 2025 there
            session(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)),  # 1 January there
        ])  # fmt: skip
    assert [month.held for month in year.months[:3]] == [1, 1, 0]


def test_a_meeting_that_was_called_and_never_opened_is_not_to_come_for_ever(world):
    days = [SessionLine(1, at(f"2026-03-{day}T14:30"), "社区会议室", state, [])
            for day, state in (("10", "called"), ("19", "open"), ("20", "called"), ("28", "called"))]  # fmt: skip
    with clock.frozen(at("2026-03-20T18:00")):
        assert cadence.year(world.council, days).months[2].coming == 3


def test_the_calendar_says_it_in_words(demo, client):
    december = client.get("/c/mochou/meetings/").text.partition('aria-current="date"')[2].partition("</li>")[0]
    assert "十二月" in december
    assert "待开会7次" in december
