"""Places in a hearing: who applies, how the lot falls, and how anybody draws it again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.wrappers import Response

from deliberation.agenda.models import Matter
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.hearings import hearing_or_404
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.session_plan import signed_in
from deliberation.blueprints.words import when
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db
from deliberation.hearings import draw as lots
from deliberation.hearings import places
from deliberation.hearings.models import Hearing
from deliberation.hearings.places_forms import ApplyForm, DrawForm, InviteForm, invite_form
from deliberation.hearings.places_models import Application, Call
from deliberation.hearings.states import party_words
from deliberation.kernel import clock
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import OVER
from deliberation.people.models import Person
from deliberation.people.permissions import Permission as P

bp = Blueprint("places", __name__, url_prefix="/c/<community>/hearings/<int:hearing_id>/places")


def _address(council: Council, hearing: Hearing) -> str:
    return url_for("places.show", community=council.slug, hearing_id=hearing.id)


@bp.get("")
def show(community: str, hearing_id: int) -> str:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    call, person, may = places.call_of(hearing), actor(), permissions_of(actor(), council)
    made = places.applications(hearing) if call else []
    mine = next((one for one in made if person and one.person_id == person.id), None)
    return render_template(
        "hearings/places.html",
        council=council,
        hearing=hearing,
        call=call,
        made=made,
        mine=mine,
        sides=list(_sides(call, made)) if call else [],
        is_running=call is not None and places.is_running(call),
        may_close=call is not None and call.closed_at is None and clock.now() >= call.until_at,
        may_draw=call is not None and call.closed_at is not None and call.drawn_at is None and clock.now() >= call.seed_at,
        records=P.MEETING_RECORD in may,
        reads=P.MEETING_READ in may,
        applies=person is not None and mine is None and P.HEARING_TAKE_PART in may,
        signed_in=person is not None,
        before=_before(made, mine) if mine else None,
        party_words=party_words,
    )


def _before(made: list[Application], mine: Application) -> int | None:
    """How many of one's side are on reserve before oneself; None for somebody who is not on reserve."""
    if mine.place is None or mine.participant_id or mine.withdrawn_at:
        return None
    others = (one for one in made if one.party == mine.party and one.participant_id is None and one.withdrawn_at is None)
    return sum(one.place is not None and one.place < mine.place for one in others)


def _sides(call: Call, made: list[Application]) -> Iterator[dict[str, Any]]:
    """Each side with its places, and its tickets in the order that was drawn, each with what it is sorted by."""
    for seats in call.seats:
        side = [one for one in made if one.party == seats.party]
        drawn = sorted((one for one in side if one.place), key=lambda one: one.place or 0)
        tickets = [(one, lots.ticket(one.party, one.number), lots.mark(call.seed or "", lots.ticket(one.party, one.number)))
                   for one in drawn]  # fmt: skip
        yield {"party": seats.party, "seats": seats.number, "applied": side, "tickets": tickets,
               "standing": sum(one.withdrawn_at is None for one in side)}  # fmt: skip


def _form(
    council: Council, hearing: Hearing, form: Any, service: Any, title: str, submit: str, said: str, intro: list[str]
) -> Answer:
    done = _address(council, hearing)
    return form_page(
        form, service, done, title=title, submit_label=submit, said=said, council=council,
        intro=[hearing.question, *intro], back_url=done,
    )  # fmt: skip


@bp.route("/call", methods=["GET", "POST"])
def invite(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    form: InviteForm = invite_form()

    def service() -> Call:
        return places.invite(
            hearing, form.seats(), until=form.instant(council.zone, form.until), seed_source=form.seed_source.data,
            seed_at=form.instant(council.zone, form.seed_at), actor=person,
        )  # fmt: skip

    intro = [_("Give places only to the sides that apply; whom the council invites, enter yourself.")]
    return _form(council, hearing, form, service, _("Call for applications"), _("Call people to apply"),
                 _("Everybody can apply now."), intro)  # fmt: skip


@bp.route("/apply", methods=["GET", "POST"])
def apply(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.HEARING_TAKE_PART, council)
    return _apply(council, hearing, person, on_paper=False)


@bp.route("/enter", methods=["GET", "POST"])
def enter(community: str, hearing_id: int) -> Answer:
    """What came on paper or by telephone, through the clerk."""
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    return _apply(council, hearing, person, on_paper=True)


def _apply(council: Council, hearing: Hearing, person: Person, *, on_paper: bool) -> Answer:
    call = places.call_of(hearing)
    form = ApplyForm()
    form.offer([one.party for one in call.seats] if call else [], on_paper=on_paper)

    def service() -> Application:
        return places.apply(hearing, form.party.data, name=form.name.data if on_paper else "", actor=person)

    title = _("Enter an application from paper") if on_paper else _("Apply for a place")
    intro = [_("Where more apply than there are places a lot is drawn, each side its own. Names are for the council; "
               "everybody else reads numbers.")]  # fmt: skip
    return _form(council, hearing, form, service, title, _("Apply"), _("The application is in."), intro)


@bp.post("/<int:number>/withdraw")
def withdraw(community: str, hearing_id: int, number: int) -> Response:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    one = load_or_404(Application, council, hearing_id=hearing.id, number=number)
    said = _("Taken back. Whoever is next on reserve gets the place.") if one.place else _("Taken back.")
    return act(lambda: places.withdraw(hearing, one, actor=signed_in()), _address(council, hearing), said)


@bp.post("/close")
def close(community: str, hearing_id: int) -> Response:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    said = _("The list is closed. Enter the seed once it is public.")
    return act(lambda: places.close(hearing, actor=signed_in()), _address(council, hearing), said)


@bp.route("/draw", methods=["GET", "POST"])
def draw(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    call, form = places.call_of(hearing), DrawForm()
    intro = [_("Announced was: %(source)s", source=call.seed_source)] if call else []
    return _form(council, hearing, form, lambda: places.draw(hearing, form.seed.data, actor=person), _("Draw the lot"),
                 _("Draw the lot"), _("The lot is drawn."), intro)  # fmt: skip


def waiting_places(person: Person, clerk_in: set[int]) -> Iterator[tuple[str, str, str]]:
    """(what, about which matter, where): how an application stands, for whoever made it; a list to close or a lot to draw."""
    own = (Application.hearing_id == Hearing.id) & (Application.person_id == person.id) & Application.withdrawn_at.is_(None)
    query = select(Call, Application, Meeting.starts_at, Matter.title, Council.slug).join(Hearing, Hearing.id == Call.hearing_id)
    query = query.join(Meeting, Meeting.id == Hearing.meeting_id).join(Matter, Matter.id == Hearing.matter_id)
    query = query.join(Council, Council.id == Hearing.council_id).outerjoin(Application, own)
    mine = or_(Application.id.is_not(None), Hearing.council_id.in_(clerk_in) & Call.drawn_at.is_(None))
    for call, one, starts_at, title, slug in db.session.execute(
        query.where(Meeting.state.not_in([*OVER]), mine).order_by(Call.id).limit(50)
    ):
        url = url_for("places.show", community=slug, hearing_id=call.hearing_id)
        if one is not None:
            yield _told(call, one, when(starts_at)), title, url
        elif call.closed_at is None and clock.now() >= call.until_at:
            yield _("Close the list of applications"), title, url
        elif call.closed_at is not None and clock.now() >= call.seed_at:
            yield _("Draw the lot for the places in the hearing"), title, url


def _told(call: Call, one: Application, hour: str) -> str:
    if one.participant_id is not None:
        return _("You have a place in the hearing on %(when)s", when=hour)
    if call.drawn_at is not None:
        return _("You are on reserve for the hearing on %(when)s", when=hour)
    return _("You have applied for the hearing on %(when)s, as no. %(n)s", when=hour, n=one.number)
