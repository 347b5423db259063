"""The wall of the room: what is before the council now, in very large type, brought up to date by itself."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from deliberation.audit.queries import frontier
from deliberation.blueprints import room, sitting
from deliberation.blueprints.kept import Part, kept
from deliberation.blueprints.pages import LARGEST_ID, actor, council_or_404
from deliberation.blueprints.verdicts import verdict_card
from deliberation.councils.models import Council
from deliberation.kernel import clock
from deliberation.kernel.calendar import closing_instant, local_day
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import floor, queries
from deliberation.meetings.models import Meeting
from deliberation.meetings.questions import questions_of
from deliberation.motions import queries as motions
from deliberation.voting import queries as polls
from deliberation.voting import results
from deliberation.voting.kinds import Mode
from deliberation.voting.models import Poll

bp = Blueprint("screen", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/screen")


@bp.get("")
def show(community: str, meeting_id: int) -> str:
    council = council_or_404(community)
    now = _now(council, meeting_id)
    # The wall itself is open to everybody; the code is only on one that the clerk or the chair opened.
    meeting = queries.meeting_by_id(council, meeting_id) if room.may_show(council, actor()) else None
    return render_template(
        "meetings/screen.html", council=council, meeting_id=meeting_id, now=now, now_ms=milliseconds(),
        shows_door=meeting is not None, door=room.face(council, meeting) if meeting else None,
    )  # fmt: skip


@bp.get("/now")
def now(community: str, meeting_id: int) -> Response:
    """The part that changes. Nothing is sent while nothing was recorded."""
    council = council_or_404(community)
    tag = f"{frontier(council.log_id)[-16:].hex()}-{meeting_id}-{get_locale()}-{local_day(clock.now(), ZoneInfo(council.zone))}"
    answer = make_response("", 304) if tag in request.if_none_match else make_response(_now(council, meeting_id))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Now"] = milliseconds()
    return answer


@bp.get("/pulse", endpoint="pulse")
def pulse_now(community: str, meeting_id: int) -> Response:
    """What a page of the session asks whether it is still the newest."""
    council = council_or_404(community)
    headers = {"Cache-Control": "no-store", "X-Now": milliseconds(), "Content-Type": "text/plain"}
    return make_response(pulse(council, meeting_id), headers)


def pulse(council: Council, meeting_id: int) -> str:
    """Another one whenever something was recorded or the list of speakers changed."""
    if meeting_id > LARGEST_ID:
        raise NotFound(N_("There is nothing at this address."))
    return f"{frontier(council.log_id)[-16:].hex()}-{floor.mark(meeting_id)}"


def milliseconds() -> str:
    """The clock of the service, for the countdown on clocks that are wrong."""
    return str(int(clock.now().timestamp() * 1000))


def _now(council: Council, meeting_id: int) -> Markup:
    return Markup(kept.part(council, ("screen", meeting_id), lambda: _part(council, meeting_id)).body)


def _part(council: Council, meeting_id: int) -> Part:
    """The same for everybody, so a session without a notice has no wall, not even for the council."""
    meeting = queries.meeting_by_id(council, meeting_id) if meeting_id <= LARGEST_ID else None
    if meeting is None or not meeting.is_announced:
        raise NotFound(N_("There is nothing at this address."))
    at = sitting.view(council, meeting, publicly=True)
    poll = at.voting.poll if at.voting else None
    body = render_template(
        "meetings/_screen.html",
        at=at,
        happening=sitting.happening(at),
        seats=motions.seats(council) if at.floor and at.floor.turn else {},
        # How many have voted is on the wall only where everybody sees the hands.
        progress=polls.progress(poll) if poll and poll.mode != Mode.SECRET else None,
        decided=None if at.voting else _last_decided(at, meeting),
    )
    return Part("", body, _midnight(council))


def _last_decided(at: sitting.Sitting, meeting: Meeting) -> tuple[str, str] | None:
    """What was decided last, a motion in the matter that is being considered or a question: what it is called, and how."""
    told: list[tuple[datetime, str, str]] = []
    for line in [line for tree in at.current.pending for line in tree.lines] if at.current else []:
        if line.poll is not None and line.poll.verdict is not None:
            told.append((line.poll.verdict.decided_at, line.label, str(verdict_card(line.poll, "")["sentence"])))
    for poll in questions_of(meeting) if at.kind.decides else ():
        counted = poll.verdict or poll.result
        if counted is not None and poll.question and (how := _answer(poll)):
            told.append((counted.decided_at, poll.question, how))
    return max(told)[1:] if told else None


def _answer(poll: Poll) -> str:
    """How a question was answered, in one sentence; empty for grades, which a sentence does not hold."""
    if poll.verdict is not None:
        return str(verdict_card(poll, "")["sentence"])
    data = json.loads(poll.result.result) if poll.result is not None else {}
    if "counted" not in data:
        return ""
    if not results.is_decided(data):
        return _("Nothing is decided") if results.is_empty(data) else _("A tie")
    return _(", ").join(poll.options[int(one) - 1].text for one in data["counted"]["winners"])


def _midnight(council: Council) -> datetime:
    zone = ZoneInfo(council.zone)
    return closing_instant(local_day(clock.now(), zone), zone)
