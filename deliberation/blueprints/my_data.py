"""My data: what is kept about the person signed in, as a page and as a file, and what they may ask for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.blueprints import overview
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.me import own_account, own_council, thing_words
from deliberation.blueprints.pages import LARGEST_ID, act, council_or_404, form_page
from deliberation.blueprints.words import day, say
from deliberation.councils.founding import may_found
from deliberation.councils.models import Council
from deliberation.councils.queries import Held, offices_of
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.people.models import Household, Person, Unit
from deliberation.people.permissions import GRANTS, Office, Permission, office_words
from deliberation.privacy import queries, services
from deliberation.privacy.forms import AskForm, CorrectForm, NameForm, NoWordsForm, WishForm
from deliberation.privacy.models import DataRequest
from deliberation.privacy.queries import Item
from deliberation.privacy.states import STATE_WORDS, WISH_WORDS, State, Wish
from deliberation.review import services as review

bp = Blueprint("my_data", __name__, url_prefix="/me/data")
EVERY = 100_000
MOST_SHOWN = 200
ABOUT_A_TEXT = (Wish.CORRECT, Wish.DELETE, Wish.RESTRICT)


@bp.get("/")
def show() -> str:
    account = own_account()
    person = account.person
    held = offices_of(person)
    items, asked = queries.kept_about(person), queries.requests_of(person)
    return render_template(
        "me/data.html",
        council=own_council(held),
        account=account,
        home=home_of(person),
        kinds=by_kind(items),
        requests=asked,
        words=queries.words_of(one.record_id for one in asked),
        ties=queries.ties_of(person, held),
        answers_in=answers_in(held),
        answers_names=may_found(person),
        days=current_app.config["ANSWER_WORKING_DAYS"],
        wishes=WISH_WORDS,
        states=STATE_WORDS,
    )


def by_kind(items: list[Item]) -> list[tuple[str, list[Item]]]:
    kinds: dict[str, list[Item]] = {}
    for item in items:
        kinds.setdefault(item.holding.words, []).append(item)
    return list(kinds.items())


def home_of(person: Person) -> str | None:
    """The building group in which the person's home is, where a printed code was used."""
    query = select(Unit.name).join(Household, Household.unit_id == Unit.id).where(Household.id == person.household_id)
    return db.session.scalar(query)


def answers_in(held: list[Held]) -> list[Held]:
    """The councils in which this person answers requests today, once each."""
    answering = [one for one in held if Permission.PERSONAL_DATA_ANSWER in GRANTS[Office(one.office)] and one.is_current]
    return list({one.slug: one for one in answering}.values())


@bp.get("/my-data.json")
def export() -> Response:
    """Everything of `show` as a file, with the votes, offices and devices of one's own page."""
    account = own_account()
    told = json.dumps(everything(account), ensure_ascii=False, indent=1, default=_plain)
    # The same text as JSON, and markup for nobody who takes it for a page.
    told = told.replace("<", r"\u003c").replace(">", r"\u003e")
    answer = Response(told + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def everything(account: Any) -> dict[str, Any]:
    person, words = account.person, thing_words()
    motions, votes = overview.my_motions(person, EVERY), overview.my_votes(person, EVERY)
    return {
        "made_at": clock.now(),
        "account": {"login": account.login, "kind": account.kind},
        "building_group": home_of(person),
        "texts": [_item(item) for item in queries.kept_about(person)],
        "requests": [_asked(one) for one in queries.requests_of(person)],
        "offices": [
            {"council": one.council, "office": say(office_words(one.office)), "from": one.starts_on, "to": one.ends_on}
            for one in offices_of(person)
        ],
        "motions": [{"title": one.title, "label": one.label, "text": one.text, "at": one.at} for one in motions],
        "votes": [
            {"title": one.title, "label": one.label, "vote": one.text or words.get(one.state, one.state), "at": one.at}
            for one in votes
        ],
        "devices": [
            {"device": one.device, "since": one.created_at, "until": one.expires_at} for one in overview.my_devices(account)
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    state = "erased" if not item.is_living else "restricted" if item.restriction else "kept"
    return {
        "kind": say(item.words), "label": item.label or None, "text": item.text, "since": item.since, "council": item.council,
        "state": state, "why_restricted": say(item.why) or None, "erased_at": item.erased_at, "basis": _(item.holding.basis),
        "kept": _(item.holding.stays),
    }  # fmt: skip


def _asked(one: DataRequest) -> dict[str, Any]:
    return {
        "kind": _(WISH_WORDS[Wish(one.kind)]), "text": one.text.value if one.text else None, "asked_at": one.made_at,
        "due_on": one.due_on, "state": _(STATE_WORDS[State(one.state)]), "answer": one.answer.value if one.answer else None,
    }  # fmt: skip


def _plain(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def own_record(record_id: int) -> PersonalRecord:
    """A text about the person signed in; the same 404 for everybody else's and for what is not there."""
    person = own_account().person
    found = db.session.get(PersonalRecord, record_id) if record_id <= LARGEST_ID else None
    if found is None or queries.person_of(found) != person.id:
        raise NotFound(N_("There is nothing at this address."))
    return found


@bp.route("/<int:record_id>/<wish>", methods=["GET", "POST"])
def wish(record_id: int, wish: str) -> Answer:
    record = own_record(record_id)
    if wish not in ABOUT_A_TEXT:
        raise NotFound(N_("There is nothing at this address."))
    return at_once(record, Wish(wish)) or asked_for(record, Wish(wish))


def beginning(text: str) -> str:
    """The text, or its first words."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def at_once(record: PersonalRecord, wanted: Wish) -> Answer | None:
    """What needs nobody's answer: to delete one's own comment, to correct one's own name where one holds no office."""
    person = own_account().person
    comment = review.comment_with(record.id) if wanted is Wish.DELETE else None
    if comment is not None:
        return page(
            NoWordsForm(),
            lambda: review.erase(comment, actor=person),
            _("Delete the comment"),
            [
                _("It concerns: %(text)s", text=beginning(record.kept or "")),
                _("This is done at once and for good. The number, the stance and the answer stay, with “erased”."),
                _("What you asked about the comment is erased too and leaves this page; what waits for an answer is withdrawn."),
            ],
            said=_("The words are erased, and nothing here leads from the comment to you any more."),
        )
    if wanted is Wish.CORRECT and record.kind == "person.name" and not services.holds_office(person):
        form = NameForm(data={"text": record.kept})
        return page(
            form,
            lambda: services.rename(person, form.text.data, actor=person),
            _("Correct my name"),
            [_("This is done at once. Your name for signing in stays as it is.")],
            said=_("Your name is corrected; the old one is erased."),
        )
    return None


def asked_for(record: PersonalRecord, wanted: Wish) -> Answer:
    person, council = own_account().person, services.council_of(record)
    form = CorrectForm(data={"text": record.kept}) if wanted is Wish.CORRECT else WishForm()
    last = day(services.due_on(council.id if council else None))
    who = council.name if council else _("whoever looks after these pages")
    titles = {
        Wish.CORRECT: _("Ask for a correction"),
        Wish.DELETE: _("Ask for deletion"),
        Wish.RESTRICT: _("Ask that it is no longer used"),
    }
    return page(
        form,
        lambda: services.ask_about(record, wanted, form.text.data or "", actor=person),
        titles[wanted],
        [
            _("%(who)s answers by %(day)s. A refusal has to give its reason.", who=who, day=last),
            _("It concerns: %(text)s", text=beginning(record.kept or "")),
        ],
        said=_("Your request is in."),
    )


def page(form: Any, service: Any, title: str, intro: list[str], *, said: str) -> Answer:
    back = url_for("my_data.show")
    return form_page(form, service, back, title=title, submit_label=title, said=said, intro=intro, back_url=back)


@bp.route("/ask", methods=["GET", "POST"])
def ask() -> Answer:
    person = own_account().person
    councils = {one.slug: one for one in db.session.scalars(select(Council).order_by(Council.name))}
    form = AskForm()
    form.council.choices = [(slug, one.name) for slug, one in councils.items()]
    return page(
        form,
        lambda: services.ask(councils[form.council.data], form.text.data, actor=person),
        _("Ask what is kept and why"),
        [_("The council answers within %(n)s working days.", n=current_app.config["ANSWER_WORKING_DAYS"])],
        said=_("Your question is in."),
    )


@bp.post("/requests/<int:request_id>/withdraw")
def withdraw(request_id: int) -> Any:
    person = own_account().person
    found = db.session.get(DataRequest, request_id) if request_id <= LARGEST_ID else None
    if found is None or found.person_id != person.id:
        raise NotFound(N_("There is nothing at this address."))
    return act(lambda: services.withdraw(found, actor=person), url_for("my_data.show"), _("Your request is withdrawn."))


@bp.post("/<int:record_id>/use-again")
def lift(record_id: int) -> Any:
    record, person = own_record(record_id), own_account().person
    return act(lambda: services.lift(record, actor=person), url_for("my_data.show"), _("The text is used again."))


@bp.route("/ties/<community>", methods=["GET", "POST"])
def cut_tie(community: str) -> Answer:
    person, council = own_account().person, council_or_404(community)
    return page(
        NoWordsForm(),
        lambda: services.cut_tie(council, actor=person),
        _("Cut the tie to the log"),
        [
            _("The log of %(council)s knows you by random marks, and a table says whose they are.", council=council.name),
            _("Your lines in that table are deleted. Nobody can tell any more which entries are yours, and it cannot be undone."),
            _("What you wrote and how you voted stays until it is deleted. If you act here again, you get other marks."),
        ],
        said=_("The tie is cut."),
    )
