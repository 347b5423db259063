"""What goes out when a meeting is called: the notice as a sheet, a calendar file for the meeting, a feed for the council."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from deliberation.blueprints import rating_words as words
from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.marks import mark
from deliberation.blueprints.pages import council_or_404
from deliberation.blueprints.session_plan import meeting_or_404
from deliberation.blueprints.words import short_language
from deliberation.councils.models import Council
from deliberation.councils.rules import parse
from deliberation.councils.services import rules_in_force
from deliberation.evaluations.queries import rounds_of
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import calendars, ical
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import kind, rules_of
from deliberation.meetings.states import MeetingState
from deliberation.reporting.services import paper_of

bp = Blueprint("notices", __name__, url_prefix="/c/<community>/meetings")


def called_or_404(council: Council, meeting_id: int) -> Meeting:
    """A meeting whose notice went out: before that there is nothing to print or to note in a calendar."""
    meeting = meeting_or_404(council, meeting_id)
    if not meeting.is_announced:
        raise NotFound(N_("There is nothing at this address."))
    return meeting


@bp.get("/<int:meeting_id>/notice")
def show(community: str, meeting_id: int) -> str:
    council = council_or_404(community)
    meeting = called_or_404(council, meeting_id)
    language = short_language()
    return render_template(
        "meetings/notice.html",
        council=council,
        meeting=meeting,
        kind=kind(meeting),
        kind_name=kind(meeting).name(rules_of(meeting), language),
        language=language,
        sent_at=meeting.notices[-1].sent_at if meeting.notices else meeting.called_at,
        where=printed_address("meetings.show", community=council.slug, meeting_id=meeting.id),
        rounds=[(one, words.group_words(one), list(words.things(one, None).values())) for one in rounds_of(meeting)],
        report=printed_address("reports.show", community=council.slug, meeting_id=meeting.id) if paper_of(meeting) else "",
        mark=mark(council, "meeting", meeting.id),
    )


@bp.get("/<int:meeting_id>/meeting.ics")
def one(community: str, meeting_id: int) -> Response:
    council = council_or_404(community)
    return _calendar(council, [called_or_404(council, meeting_id)])


@bp.get("/calendar.ics")
def feed(community: str) -> Response:
    council = council_or_404(community)
    return _calendar(council, calendars.for_calendars(council))


def _calendar(council: Council, meetings: Iterable[Meeting]) -> Response:
    held, language = parse(rules_in_force(council).data), short_language()
    events = [_event(council, meeting, kind(meeting).name(held, language)) for meeting in meetings]
    return Response(ical.calendar(council.name, events), content_type="text/calendar; charset=utf-8")


def _event(council: Council, meeting: Meeting, name: str) -> ical.Event:
    agenda = [f"{item.position}. {item.matter.title}" for item in meeting.items]
    if meeting.state == MeetingState.CANCELLED:
        agenda = [_("Called off. Reason: %(reason)s", reason=meeting.cancel_reason)]
    last = meeting.notices[-1] if meeting.notices else None
    return ical.Event(
        uid=f"meeting-{meeting.id}@{council.slug}",
        stamped_at=meeting.cancelled_at or (last.sent_at if last else meeting.called_at) or meeting.starts_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.closed_at,
        summary=_("%(kind)s: %(what)s", kind=name, what=meeting.items[0].matter.title if len(meeting.items) == 1 else council.name),
        place=meeting.place,
        description="\n".join(agenda),
        url=printed_address("meetings.show", community=council.slug, meeting_id=meeting.id),
        sequence=(last.number if last else 1) - 1 + (meeting.cancelled_at is not None),
        is_cancelled=meeting.cancelled_at is not None,
    )
