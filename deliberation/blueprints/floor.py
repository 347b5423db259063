"""The floor list: asking to speak, giving the floor, ending a speech, noting what was said."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints import sitting
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.attendance import who_is
from deliberation.blueprints.notices import called_or_404
from deliberation.blueprints.pages import act, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import address, meeting_or_404, signed_in
from deliberation.councils.models import Council
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import floor, queries, speeches
from deliberation.meetings.floor_models import Turn
from deliberation.meetings.forms import FloorForm, TurnForm, WhyForm
from deliberation.meetings.models import AgendaItem
from deliberation.meetings.roster import rules_of
from deliberation.meetings.states import Presence
from deliberation.motions.forms import person_id
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

bp = Blueprint("floor", __name__, url_prefix="/c/<community>/meetings/<int:meeting_id>/floor")


def _found(community: str, meeting_id: int, item_id: int) -> tuple[Council, AgendaItem]:
    council = council_or_404(community)
    meeting = meeting_or_404(council, meeting_id)
    found = next((item for item in meeting.items if item.id == item_id), None)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return council, found


def _done(council: Council, meeting_id: int) -> str:
    return address(council, meeting_id) + "#floor"


def _member(item: AgendaItem, person: Person) -> Person:
    """Whom it is about: the reader, or whom the clerk names."""
    if "person" not in request.form:
        return person
    found = queries.people_on_roster(item.meeting).get(person_id(request.form["person"]))
    if found is None:
        raise NotFound(N_("Somebody is not on the roster of this session."))
    return found


@bp.post("/<int:item_id>/ask")
def ask(community: str, meeting_id: int, item_id: int) -> Response:
    council, item = _found(community, meeting_id, item_id)
    person, stance = signed_in(), request.form.get("stance", "")
    said = _("You are on the list.")
    return act(lambda: floor.ask(item, person, stance, actor=person), _done(council, meeting_id), said)


@bp.post("/<int:item_id>/withdraw")
def withdraw(community: str, meeting_id: int, item_id: int) -> Response:
    council, item = _found(community, meeting_id, item_id)
    person = signed_in()
    member = _member(item, person)
    said = _("Taken off the list.")
    return act(lambda: floor.withdraw(item, member, actor=person), _done(council, meeting_id), said)


@bp.route("/<int:item_id>/enter", methods=["GET", "POST"])
def enter(community: str, meeting_id: int, item_id: int) -> Answer:
    council, item = _found(community, meeting_id, item_id)
    person = need(Permission.MEETING_RECORD, council)
    form = FloorForm()
    rows = queries.roster_lines(item.meeting, council)
    form.speaker.choices = [(row.person_id, who_is(row)) for row in rows if row.state == Presence.ATTENDING and not row.is_guest]
    people = queries.people_on_roster(item.meeting)
    return form_page(
        form,
        lambda: floor.ask(item, people[form.speaker.data], form.stance.data, actor=person),
        _done(council, meeting_id),
        title=_("Put a member on the list"),
        submit_label=_("Put on the list"),
        said=_("On the list."),
        council=council,
        back_url=address(council, meeting_id),
    )


@bp.post("/<int:item_id>/give")
def give(community: str, meeting_id: int, item_id: int) -> Response:
    council, item = _found(community, meeting_id, item_id)
    return act(lambda: floor.give(item, actor=signed_in()), address(council, meeting_id))


@bp.post("/<int:item_id>/end")
def end(community: str, meeting_id: int, item_id: int) -> Response:
    council, item = _found(community, meeting_id, item_id)
    return act(lambda: floor.end(item, actor=signed_in()), address(council, meeting_id), _("The speech ended."))


@bp.route("/turns/<int:turn_id>", methods=["GET", "POST"])
def note(community: str, meeting_id: int, turn_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    meeting_or_404(council, meeting_id)
    turn = load_or_404(Turn, council, id=turn_id, meeting_id=meeting_id)
    form = TurnForm(data={"stance": turn.stance})
    name = turn.person.name or _("(erased)")
    return form_page(
        form,
        lambda: speeches.note_turn(turn, form.stance.data, form.gist.data, actor=person),
        address(council, meeting_id),
        title=_("What %(name)s said", name=name),
        submit_label=_("Note the speech"),
        said=_("Noted."),
        council=council,
        back_url=address(council, meeting_id),
    )


@bp.route("/turns/<int:turn_id>/back", methods=["GET", "POST"])
def take_back(community: str, meeting_id: int, turn_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    turn = load_or_404(Turn, council, id=turn_id, meeting_id=meeting_id)
    item = next(one for one in meeting.items if one.debate_id == turn.debate_id)
    form = WhyForm()
    return form_page(
        form,
        lambda: floor.take_back(item, turn, form.reason.data, actor=person),
        _done(council, meeting_id),
        title=_("Take the floor back"),
        submit_label=_("Take the floor back"),
        said=_("Taken back. Who had the floor is on the list again."),
        council=council,
        intro=[_("%(name)s has the floor.", name=turn.person.name or _("(erased)")) if turn.ended_at is None else
               _("%(name)s had the floor.", name=turn.person.name or _("(erased)")),
               _("For a floor that was given by mistake: it counts as no speech, and stands in no minutes.")],
        back_url=address(council, meeting_id),
    )  # fmt: skip


@bp.get("/sheets")
def sheets(community: str, meeting_id: int) -> str:
    """Roster, votes and speeches to be written by hand, one sheet each."""
    council = council_or_404(community)
    need(Permission.MEETING_RECORD, council)
    meeting = called_or_404(council, meeting_id)
    quorum = sitting.view(council, meeting).quorum
    return render_template(
        "meetings/sheets.html",
        council=council,
        meeting=meeting,
        roster=queries.roster_lines(meeting, council),
        rules=rules_of(meeting),
        needed=quorum.needed if quorum else 0,
    )
