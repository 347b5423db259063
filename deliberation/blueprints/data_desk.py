"""Requests about personal texts, at the desk that answers them: a council's, or (for names) the installation's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.audit.models import Log, PersonalRecord
from deliberation.audit.services import INSTALLATION, Restriction
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import LARGEST_ID, act, actor, council_or_404, form_page, need
from deliberation.blueprints.words import day
from deliberation.councils.founding import require_founder
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.privacy import queries, services
from deliberation.privacy.forms import LONGEST_SEARCH, AnswerForm, EnterForm
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import RELATION_WORDS, STATE_WORDS, WISH_WORDS, Relation, State, Wish

bp = Blueprint("data_desk", __name__)
NOWHERE = N_("There is nothing at this address.")


def desk(community: str) -> tuple[Council | None, Person]:
    """The council and the person who answers there; for no community those who look after the installation."""
    if community:
        council = council_or_404(community)
        return council, need(Permission.PERSONAL_DATA_ANSWER, council)
    return None, require_founder(actor())


def home(council: Council | None) -> str:
    return url_for("data_desk.index", community=council.slug) if council else url_for("data_desk.names")


def address(council: Council | None, what: str, **values: Any) -> str:
    """A page of this desk."""
    if council is None:
        return url_for(f"data_desk.{what}_name", **values)
    return url_for(f"data_desk.{what}", community=council.slug, **values)


def log_of(council: Council | None) -> int:
    return council.log_id if council else int(db.session.scalars(db.select(Log.id).where(Log.name == INSTALLATION)).one())


@bp.get("/personal-data/", endpoint="names")
@bp.get("/c/<community>/personal-data/")
def index(community: str = "") -> str:
    council, person = desk(community)
    asked = queries.requests_to(council)
    return render_template(
        "privacy/desk.html",
        council=council,
        person=person,
        requests=asked,
        things=queries.words_of(one.record_id for one in asked),
        restricted=queries.restricted_in(log_of(council)),
        address=address,
        wishes=WISH_WORDS,
        states=STATE_WORDS,
        relations=RELATION_WORDS,
    )


@bp.get("/c/<community>/personal-data/find")
def find(community: str) -> str:
    """What the desk may mean, by a number or a name; no text of it is shown."""
    council, _person = desk(community)
    wanted = "".join(c for c in request.args.get("q", "") if c.isprintable())[:LONGEST_SEARCH].strip()
    found = queries.found_at_desk(council, wanted) if council else []
    return render_template("privacy/find.html", council=council, wanted=wanted, found=found, address=address)


def record_or_404(council: Council | None, record_id: int) -> PersonalRecord:
    """A text in the log of this desk."""
    found = db.session.get(PersonalRecord, record_id) if record_id <= LARGEST_ID else None
    if found is None or found.log_id != log_of(council):
        raise NotFound(NOWHERE)
    return found


@bp.route("/personal-data/texts/<int:record_id>/enter", methods=["GET", "POST"], endpoint="enter_name")
@bp.route("/c/<community>/personal-data/texts/<int:record_id>/enter", methods=["GET", "POST"])
def enter(record_id: int, community: str = "") -> Answer:
    council, person = desk(community)
    record = record_or_404(council, record_id)
    form = EnterForm()
    things = queries.holdings_of(record)
    return form_page(
        form,
        lambda: services.enter_for(record, Wish(form.wish.data), form.text.data or "", Relation(form.relation.data), actor=person),
        home(council),
        title=_("Enter a request that came on paper"),
        submit_label=_("Enter the request"),
        said=_("The request is in. Somebody else of the desk answers it."),
        council=council,
        intro=[*(_("It concerns: %(text)s", text=f"{_(one.holding.words)} {one.label}") for one in things[:1])],
        back_url=home(council),
    )


@bp.route("/personal-data/<int:request_id>/answer", methods=["GET", "POST"], endpoint="answer_name")
@bp.route("/c/<community>/personal-data/<int:request_id>/answer", methods=["GET", "POST"])
def answer(request_id: int, community: str = "") -> Answer:
    council, person = desk(community)
    asked = request_or_404(council, request_id)
    form = AnswerForm()
    form.outcome.choices = outcomes(Wish(asked.kind))
    if asked.kind != Wish.DELETE:
        del form.restriction
    things = queries.words_of([asked.record_id])
    return form_page(
        form,
        lambda: services.answer(asked, State(form.outcome.data), form.reason.data or "", restriction(form), actor=person),
        home(council),
        title=_("Answer a request about a personal text"),
        submit_label=_("Give this answer"),
        said=_("Answered. The person concerned reads it under “My data”; nothing of it stays where a comment was erased."),
        template="privacy/answer.html",
        council=council,
        asked=asked,
        thing=things.get(asked.record_id or 0),
        wishes=WISH_WORDS,
        relations=RELATION_WORDS,
        last=day(asked.due_on),
        back_url=home(council),
    )


def outcomes(wish: Wish) -> list[tuple[str, str]]:
    """What may be answered, in words that say what then happens."""
    if wish is Wish.ASK:
        return [(State.GRANTED.value, _("Here is the answer")), (State.REFUSED.value, _("Refuse, with a reason"))]
    done = {
        Wish.CORRECT: _("Put the new wording in the place of the old one, and erase the old one"),
        Wish.DELETE: _("Erase it for good"),
        Wish.RESTRICT: _("Keep it stored and use it for nothing"),
    }
    kept = [(State.RESTRICTED.value, _("It has to be kept: store it and use it for nothing"))] if wish is Wish.DELETE else []
    return [(State.GRANTED.value, done[wish]), *kept, (State.REFUSED.value, _("Refuse, with a reason"))]


def restriction(form: AnswerForm) -> Restriction | None:
    given = form.restriction.data if "restriction" in form else None
    return Restriction(given) if given in set(Restriction) else None


def request_or_404(council: Council | None, request_id: int) -> DataRequest:
    found = db.session.get(DataRequest, request_id) if request_id <= LARGEST_ID else None
    if found is None or found.council_id != (council.id if council else None):
        raise NotFound(NOWHERE)
    return found


@bp.post("/personal-data/texts/<int:record_id>/use-again", endpoint="lift_name")
@bp.post("/c/<community>/personal-data/texts/<int:record_id>/use-again")
def lift(record_id: int, community: str = "") -> Any:
    council, person = desk(community)
    record = record_or_404(council, record_id)
    return act(lambda: services.lift(record, actor=person), home(council), _("The text is used again."))
