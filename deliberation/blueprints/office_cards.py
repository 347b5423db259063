"""A council's people and their way in: cards, and closing an account on leaving. Parts of the offices' surface."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.blueprints.addresses import leads_here_only
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.card_faces import face
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.pages import actor, council_or_404, form_page, need
from deliberation.blueprints.security import card_key
from deliberation.councils import entries, offices
from deliberation.councils.authority import why_not
from deliberation.councils.models import Council
from deliberation.councils.offices_forms import CardsForm, LeaveForm
from deliberation.extensions import transaction
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

bp = Blueprint("offices", __name__, url_prefix="/c/<community>/offices")


@bp.app_context_processor
def menu() -> dict[str, Any]:
    """The menu shows an administrator the way in. Asked once a page, and only of somebody signed in. What
    leads to this computer only is said before it is printed."""
    return {
        "administers": lambda council: isinstance(council, Council) and may_appoint(actor(), council),
        "leads_here_only": leads_here_only,
    }


def may_appoint(person: Person | None, council: Council) -> bool:
    return person is not None and why_not(person, Permission.APPOINT, council) is None


def here(council: Council) -> str:
    return url_for("offices.index", community=council.slug)


def person_or_404(council: Council, person_id: int) -> Person:
    """Somebody who holds or held an office here; the same 404 for everybody else."""
    known = {one.id: one for one in offices.known_people(council)}
    if person_id not in known:
        raise NotFound(N_("There is nothing at this address."))
    return known[person_id]


@bp.route("/people/<int:person_id>/close", methods=["GET", "POST"])
def close(community: str, person_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    leaving = person_or_404(council, person_id)
    return form_page(
        LeaveForm(),
        lambda: offices.close_account(leaving, council, actor=person),
        here(council),
        title=_("Close the account of %(name)s", name=leaving.name or ""),
        submit_label=_("Close the account"),
        said=_("The account is closed."),
        intro=[
            _("%(name)s is signed out everywhere and cannot come in any more.", name=leaving.name or ""),
            _("What was moved, seconded and voted stays in the record."),
        ],
        council=council,
        back_url=here(council),
    )


@bp.route("/cards", methods=["GET", "POST"])
def cards(community: str) -> Answer:
    """Cards for many. They are shown in the answer to the press itself: their digits are nowhere to be read again."""
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    form: Any = CardsForm()
    if request.method == "GET":
        form.who.data = "without"
    if request.method == "POST" and not is_resuming() and form.validate():
        wanted = entries.in_need(council, again=form.who.data == "again", actor=person)
        if wanted:
            return printed(council, wanted, person)
        form.form_errors.append(_("Nobody needs a card: everybody has one or is in already."))
        return render_template("offices/cards.html", form=form, **cards_page(council)), 422
    status = 422 if request.method == "POST" and not is_resuming() else 200
    return render_template("offices/cards.html", form=form, **cards_page(council)), status


def cards_page(council: Council) -> dict[str, Any]:
    states = Counter(entry.state for entry in entries.entries(council))
    words = {"title": _("Cards"), "submit_label": _("Print the cards")}
    return {"council": council, "states": states, "back_url": here(council), **words}


@bp.post("/people/<int:person_id>/card")
def card(community: str, person_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    return printed(council, [person_or_404(council, person_id)], person)


def printed(council: Council, wanted: list[Person], person: Person) -> Answer:
    """The sheet of cards. Pressed twice, the second sheet is not made: its cards would void those on the first."""
    once = request.form.get("once", "")
    if people.handed_in(once, person.id) is not None:
        flash(_("These cards have been made already. Where the sheet is lost, make new ones."), "info")
        return redirect(here(council))
    with transaction():
        made = entries.print_cards(council, wanted, key=card_key(), actor=person)
        if once:
            people.note_handed_in(once, person.id, here(council))
    faces = [face(issued, name=one.name or "", council=council.name) for one, issued in made]
    return render_template("offices/sheet.html", council=council, faces=faces, back_url=here(council)), 200
