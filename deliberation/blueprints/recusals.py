"""Members who step back from a matter: asking for oneself, taking it down for a member, approving."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda import queries
from deliberation.agenda import recusals as services
from deliberation.agenda.forms import MemberRecusalForm, RecusalForm
from deliberation.agenda.models import Matter, Recusal
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, load_or_404, matter_or_404, need
from deliberation.councils.authority import members
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.meetings.queries import holders
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

bp = Blueprint("recusals", __name__, url_prefix="/c/<community>")


def list_address(matter: Matter, council: Council) -> str:
    return url_for("recusals.index", community=council.slug, no=matter.no)


@bp.get("/agenda/<no>/recusals")
def index(community: str, no: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.MEETING_READ, council)
    may = permissions_of(person, council)
    asked = queries.recusals(matter)
    return render_template(
        "agenda/recusals.html",
        council=council,
        matter=matter,
        recusals=asked,
        reader=person,
        may_ask=Permission.RECUSAL_ASK in may and person.id not in {one.person_id for one in asked},
        may_take_down=Permission.MEETING_RECORD in may,
        presidents={holder.id for holder in holders(council, Office.PRESIDENT)},
        approvable=approvable(asked, matter, person) if Permission.RECUSAL_APPROVE in may else set(),
    )


def approvable(asked: list[Recusal], matter: Matter, reader: Person) -> set[int]:
    """The ids of those that wait for this reader."""
    return {one.id for one in asked if one.approved_at is None and services.may_approve(one, matter, reader)}


@bp.route("/agenda/<no>/recusals/ask", methods=["GET", "POST"])
def ask(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(Permission.RECUSAL_ASK, council)
    form = RecusalForm()
    return form_page(
        form,
        lambda: services.ask_recusal(matter, person, form.reason.data, actor=person),
        list_address(matter, council),
        title=_("Step back from “%(title)s”", title=matter.title),
        submit_label=_("Ask to step back"),
        said=_("Asked. The president approves it; from then on you neither speak nor vote on this matter."),
        council=council,
        intro=[_("Whoever is touched by a matter, or whose family is, steps back from it. You still count among those present.")],
        back_url=list_address(matter, council),
    )


@bp.route("/agenda/<no>/recusals/take-down", methods=["GET", "POST"])
def take_down(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    clerk = need(Permission.MEETING_RECORD, council)
    form = MemberRecusalForm()
    seats = {seat.person_id: seat.person for seat in members(council)}
    form.person.choices = [(id_, person.name or _("(erased)")) for id_, person in seats.items()]
    return form_page(
        form,
        lambda: services.ask_recusal(matter, seats[form.person.data], form.reason.data, actor=clerk),
        list_address(matter, council),
        title=_("Take down a member's stepping back"),
        submit_label=_("Take it down"),
        said=_("Taken down. The president approves it."),
        council=council,
        back_url=list_address(matter, council),
    )


@bp.post("/agenda/<no>/recusals/<int:recusal_id>/approve")
def approve(community: str, no: str, recusal_id: int) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    asked = load_or_404(Recusal, council, id=recusal_id, matter_id=matter.id)
    return act(
        lambda: services.approve_recusal(asked, matter, actor=actor()),  # type: ignore[arg-type]
        list_address(matter, council),
        _("Approved."),
    )
