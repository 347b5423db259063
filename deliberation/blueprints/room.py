"""The door of the room: the code as the clerk and the chair show it, and signing in with it, scanned or typed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from deliberation.blueprints import sitting
from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.card_faces import qr
from deliberation.blueprints.pages import actor, council_or_404, form_page
from deliberation.blueprints.security import door_of
from deliberation.blueprints.session_plan import address, meeting_or_404, signed_in
from deliberation.blueprints.words import short_language
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.kernel.words import N_
from deliberation.meetings import coming, door, queries, votes
from deliberation.meetings.coming import WrongCode
from deliberation.meetings.forms import ComingForm
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import KEPT, comes_today, kind, rules_of
from deliberation.meetings.states import MeetingState
from deliberation.people import throttle
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

bp = Blueprint("room", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>")
SCANNED = "scanned"
"""What a scan leaves in the signed cookie while its owner signs in: the meeting, the code, when."""


def is_open(meeting: Meeting) -> bool:
    """Whether people can come now."""
    return meeting.is_announced and meeting.state in KEPT and comes_today(meeting)


def may_show(council: Council, person: Person | None) -> bool:
    """Whether this reader may put the code on a wall: whoever could read it elsewhere could come from elsewhere."""
    return bool({Permission.MEETING_RECORD, Permission.MEETING_CHAIR} & permissions_of(person, council))


@bp.get("/here/<code>")
def scanned(community: str, meeting_id: int, code: str) -> Answer:
    """By camera. Nothing is written yet: previews and second scans are harmless, and the code leaves the address at once."""
    meeting_or_404(council_or_404(community), meeting_id)
    session[SCANNED] = [meeting_id, door.digits_in(code), int(clock.now().timestamp())]
    return redirect(url_for("room.here", community=community, meeting_id=meeting_id))


def _scan(meeting_id: int) -> tuple[str, datetime | None]:
    """The code that was scanned for this meeting, and when."""
    found = session.get(SCANNED)
    if not found or found[0] != meeting_id:
        return "", None
    at = datetime.fromtimestamp(found[2], UTC)
    return (found[1], at) if door_of(meeting_id).still_counts(at, clock.now()) else ("", None)


@bp.route("/here", methods=["GET", "POST"])
def here(community: str, meeting_id: int) -> Answer | tuple[str, int]:
    """One tap for who scanned the code; who did not types it."""
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    person = actor()
    if person is None and request.method == "GET":
        return redirect(url_for("auth.login", next=url_for("room.here", community=community, meeting_id=meeting_id)))
    person = signed_in()
    code, at = _scan(meeting_id)
    form = ComingForm(data={"code": code})
    wrong: list[Person] = []

    def come() -> None:
        typed = door.digits_in(form.code.data)
        try:
            _come(meeting, typed, at if typed == code else None, person)
        except WrongCode:
            wrong.append(person)
            raise

    page = form_page(
        form,
        come,
        address(council, meeting_id),
        title=_("Sign in to the meeting"),
        submit_label=_("I am here"),
        said=_("You are on the roster as present."),
        template="meetings/here.html",
        council=council,
        meeting=meeting,
        kind_name=kind(meeting).name(rules_of(meeting), short_language()),
        was_scanned=bool(code),
        is_open=is_open(meeting),
        own_state=queries.own_state(meeting, person),
        back_url=address(council, meeting_id),
    )
    if wrong:
        session.pop(SCANNED, None)
        with transaction():
            throttle.note(throttle.keys_of_room(person.id))
    return page


def _come(meeting: Meeting, code: str, scanned_at: datetime | None, person: Person) -> None:
    before = votes.room_now(meeting) if meeting.state == MeetingState.OPEN and kind(meeting).decides else None
    coming.sign_in(meeting, door_of(meeting.id), code, scanned_at=scanned_at, actor=person)
    db.session.flush()
    sitting.tell_of_quorum(meeting, before)


@bp.get("/door")
def show(community: str, meeting_id: int) -> str:
    """The code for a table or for paper: the clerk's and the chair's page."""
    council = council_or_404(community)
    if not may_show(council, actor()):
        raise Forbidden(N_("The code of the room is shown by the clerk and by the chair."))
    meeting = meeting_or_404(council, meeting_id)
    return render_template("meetings/door.html", council=council, meeting=meeting, door=face(council, meeting),
                           typed_at=_typed_at(council, meeting), paper=_paper(council, meeting))  # fmt: skip


@bp.get("/door/now")
def now(community: str, meeting_id: int) -> Response:
    """The part that changes: for the page above, and for a wall that was opened by the clerk or the chair. Nothing for
    whoever may not show it, so that a wall whose sign-in has ended stops showing it."""
    council = council_or_404(community)
    shown = may_show(council, actor())
    body = render_template("meetings/_door.html", door=face(council, meeting_or_404(council, meeting_id))) if shown else ""
    return make_response(body, {"Cache-Control": "no-store"})


def face(council: Council, meeting: Meeting) -> dict[str, Any] | None:
    """The code as it is shown: digits in two groups, the square, until when. None while nobody can come."""
    if not is_open(meeting):
        return None
    the_door, at = door_of(meeting.id), clock.now()
    code = the_door.code(at)
    is_busy = meeting.state == MeetingState.OPEN and any(one.debate and one.debate.state == "open" for one in meeting.items)
    return {
        "digits": f"{code[:3]} {code[3:]}",
        "qr": qr(printed_address("room.scanned", community=council.slug, meeting_id=meeting.id, code=code)),
        "until": the_door.until(at),
        "large": not is_busy,
    }


def _typed_at(council: Council, meeting: Meeting) -> str:
    """Where the digits are typed, without what a browser adds by itself."""
    return printed_address("room.here", community=council.slug, meeting_id=meeting.id).partition("://")[2]


def _paper(council: Council, meeting: Meeting) -> Any:
    """The square for paper: it leads to where the digits are typed, and holds none itself."""
    return qr(printed_address("room.here", community=council.slug, meeting_id=meeting.id))
