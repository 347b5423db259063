"""The first day: setting up a council, one question a page, read back before it is founded in one press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.pages import LARGEST_ID, act, actor
from deliberation.blueprints.rules import preset_words
from deliberation.blueprints.words import say
from deliberation.councils import founding, rules
from deliberation.councils.models import Council
from deliberation.councils.queries import CATEGORY_WORDS
from deliberation.councils.setup_forms import STEPS, USUAL_ZONE, charter_of, restored, typed
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import OFFICE_WORDS, Office
from deliberation.publishing.numbers import number_words

bp = Blueprint("setup", __name__, url_prefix="/setup")

TITLES = {
    "place": N_("Which community is it?"),
    "address": N_("Where is it found, and since when?"),
    "rules": N_("By which rules does it decide?"),
    "numbers": N_("How are its documents numbered?"),
    "offices": N_("Who holds its offices?"),
    "members": N_("Who are its members?"),
    "check": N_("Read it all once more"),
}
ORDER = list(TITLES)
READ = "V"
MAY_BE_EMPTY = ("offices", True)
"""Handed in empty, this page does not stop the path."""
SHOWN_RULES = ("quorum", "pass", "notice_days", "review_days")


@dataclass(frozen=True)
class Stop:
    """One page of the path, and whether anything is entered on it."""

    name: str
    title: str
    url: str
    is_done: bool


@bp.get("/")
def index() -> str:
    person = founding.require_founder(actor())
    answers = founding.answers_of(person)
    path = stops(answers)
    return render_template(
        "setup/index.html",
        path=path,
        next_stop=next((stop for stop in path if not stop.is_done and (stop.name, stop.name in answers) != MAY_BE_EMPTY), None),
        has_begun=bool(answers),
        councils=db.session.execute(select(Council.slug, Council.name).order_by(Council.name)).all(),
        founders=founding.founders(),
        eligible=founding.eligible(),
        me=person,
    )


def stops(answers: dict[str, Any]) -> list[Stop]:
    return [Stop(name, _(TITLES[name]), url_for(f"setup.{name}"), any(answers.get(name, {}).values())) for name in ORDER]


def step_form(name: str, answers: dict[str, Any]) -> Any:
    """The form of one step, filled with what was typed before, or with what most people would enter."""
    handed_in = request.method == "POST" and request.endpoint == f"setup.{name}"
    form = STEPS[name]() if handed_in else restored(name, answers.get(name))
    if name == "rules":
        form.preset.choices = [(preset, preset_label(preset)) for preset in rules.presets()]
    if not handed_in and name not in answers:
        if name == "address":
            count = db.session.scalar(select(func.count()).select_from(Council)) or 0
            form.slug.data, form.starts_on.data = f"council-{count + 1}", clock.today(USUAL_ZONE)
        elif name == "rules":
            form.preset.data = rules.DEFAULT
    return form


def preset_label(name: str) -> Markup:
    """A set of rules as one chooses it: its name, what it says about votes and days, and how far that can be trusted."""
    held = rules.parse(rules.preset(name))
    words = preset_words(name)
    lines = [_("%(label)s: %(value)s", label=_(rules.RULE_WORDS[rule]), value=say(held.words(rule))) for rule in SHOWN_RULES]
    # The other marks stand in the words of the source itself.
    source = words["source"]
    if words["trust"] == READ:
        source = _("%(source)s (%(trust)s)", source=source, trust=_(rules.TRUST_WORDS[READ]))
    notes = Markup("").join(Markup('<span class="row-note">{}</span>').format(one) for one in (*lines, source))
    return Markup("<span>{}{}</span>").format(words["name"], notes)


def step(name: str) -> Answer:
    """Show a page, or keep its answers and go on. Going back keeps them too, as they stand."""
    person = founding.require_founder(actor())
    answers = founding.answers_of(person)
    form = step_form(name, answers)
    place = ORDER.index(name)
    before = url_for(f"setup.{ORDER[place - 1]}") if place else url_for("setup.index")
    status = 200
    if is_resuming():
        flash(_("Filled as before. Please look it over and hand it in."), "info")
    elif request.method == "POST":
        back = request.form.get("go") == "back"
        if back or form.validate():
            with transaction():
                founding.keep_answers(name, typed(form), actor=person)
            if name == "members" and any(form.lists().values()):
                flash(counted(form.lists()), "done")
            return redirect(before if back else url_for(f"setup.{ORDER[place + 1]}"))
        status = 422
    shown = render_template(
        "setup/step.html", form=form, name=name, number=place + 1, steps=len(ORDER), title=_(TITLES[name]), pattern=number("…"),
        count=counted(form.lists()) if answers.get(name) and name == "members" else None,
        path=stops(answers), example=number(answers.get("numbers", {}).get("number_prefix") or _("Mo She")), me=person,
    )  # fmt: skip
    return shown, status


def counted(seats: Mapping[str, Any]) -> str:
    """How many seats there are by category, and in all: by this number a list that was read wrongly is noticed."""
    listed = [(_(CATEGORY_WORDS[code]), len(names)) for code, names in seats.items() if names]
    words = _(", ").join(_("%(num)s × %(what)s", num=count, what=what) for what, count in listed)
    number = sum(count for _what, count in listed)
    return ngettext("%(num)s seat: %(list)s", "%(num)s seats: %(list)s", number, list=words)


def number(prefix: str) -> str:
    """The number of this year's first resolution."""
    return say(number_words(prefix, clock.now().year, 1))


def page(name: str) -> None:
    """One address a step, so that each is a page of its own."""

    def view() -> Answer:
        return step(name)

    bp.add_url_rule(f"/{name}", name, view, methods=["GET", "POST"])


for _name in STEPS:
    page(_name)


def filled(answers: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Every step's form with its answers, and the steps that are not answered well."""
    forms, open_steps = {}, []
    for name in STEPS:
        forms[name] = form = step_form(name, answers)
        if hasattr(form, "csrf_token"):
            del form.csrf_token
        if name not in answers or not form.validate():
            open_steps.append(name)
    return forms, open_steps


@bp.get("/check")
def check() -> str:
    person = founding.require_founder(actor())
    answers = founding.answers_of(person)
    forms, open_steps = filled(answers)
    return render_template(
        "setup/check.html",
        number=len(ORDER),
        steps=len(ORDER),
        title=_(TITLES["check"]),
        path=stops(answers),
        open_steps=[stop for stop in stops(answers) if stop.name in open_steps],
        charter=None if open_steps else read_back(forms),
        me=person,
    )


def read_back(forms: dict[str, Any]) -> dict[str, Any]:
    """The whole charter in words."""
    charter = charter_of(forms)
    held = rules.parse(rules.preset(charter.preset))
    seats = [(_(CATEGORY_WORDS[code]), names) for code, names in charter.seats.items()]
    seated = {name for names in charter.seats.values() for name in names}
    offices = [(_(OFFICE_WORDS[office]), names) for office, names in charter.offices.items()]
    leading = (Office.PRESIDENT, Office.SECRETARY_GENERAL)
    return {
        "it": charter,
        "preset": preset_words(charter.preset)["name"],
        "rules": [(_(rules.RULE_WORDS[rule]), say(held.words(rule))) for rule in SHOWN_RULES],
        "number": number(charter.number_prefix),
        "offices": offices,
        "vacant": [_(OFFICE_WORDS[office]) for office in leading if not charter.offices[office]],
        "seatless": [name for office in leading for name in charter.offices[office] if name not in seated],
        "seats": seats,
        "count": counted(charter.seats),
        "address": printed_address("site.home", community=charter.slug),
    }


@bp.post("/found")
def found() -> Response:
    """The one press. Place and people are entered first, in the installation's log; then the council, in its own."""
    person = founding.require_founder(actor())
    answers = founding.answers_of(person)

    def do() -> Council:
        return founding.found(charter, actor=person)

    forms, open_steps = filled(answers)
    if open_steps and answers:
        raise Refused(N_("Some pages are not filled in yet. Please go back to the last page and see which."))
    if answers:
        charter = charter_of(forms)
        with transaction():
            founding.enrol(charter, actor=person)
        return act(do, lambda made: url_for("offices.begun", community=made.slug), _("The council is founded."))
    return act(lambda: nothing_left(), url_for("setup.index"))


def nothing_left() -> None:
    raise Refused(N_("There is nothing to found yet, or it is founded already. Please look at the list of councils."))


@bp.post("/forget")
def forget() -> Response:
    person = founding.require_founder(actor())
    return act(lambda: founding.forget_answers(actor=person), url_for("setup.index"), _("The pages are empty again."))


@bp.post("/founders/<int:person_id>")
def founder(person_id: int) -> Response:
    """Name somebody who may set up councils, or take it back."""
    person = founding.require_founder(actor())
    other = db.session.get(Person, person_id) if person_id <= LARGEST_ID else None
    if other is None:
        raise NotFound(N_("There is nothing at this address."))
    if request.form.get("take") == "back":
        said = _("Taken back.")
        return act(lambda: founding.dismiss_founder(other, actor=person), url_for("setup.index"), said)
    return act(lambda: founding.name_founder(other, actor=person), url_for("setup.index"), _("Named."))
