"""Which meetings a calendar holds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings.models import AgendaItem, Meeting

CALENDAR_REACHES_BACK = timedelta(days=366)
MOST_IN_CALENDAR = 500


def for_calendars(council: Council) -> list[Meeting]:
    """The meetings whose notice went out, of the past year and to come, the newest first."""
    since = clock.now() - CALENDAR_REACHES_BACK
    query = (
        select(Meeting)
        .where(Meeting.council_id == council.id, Meeting.called_at.is_not(None), Meeting.starts_at >= since)
        .options(selectinload(Meeting.items).joinedload(AgendaItem.matter), selectinload(Meeting.notices))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MOST_IN_CALENDAR)
    )
    return list(db.session.scalars(query))
