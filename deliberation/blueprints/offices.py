"""Offices and terms of a council: what everybody may see, and the administrator's acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from deliberation.audit import anchoring
from deliberation.blueprints.addresses import printed_address
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.office_cards import bp, here
from deliberation.blueprints.pages import actor, council_or_404, form_page, load_or_404, need
from deliberation.blueprints.words import day, say
from deliberation.councils import entries, founding, offices, queries, services
from deliberation.councils.models import Appointment, Council
from deliberation.councils.offices_forms import AppointForm, EndForm, HandOverForm, TermForm
from deliberation.councils.queries import CATEGORY_WORDS
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission, office_words

# What stands still while nobody holds the office.
STOPS = {
    Office.PRESIDENT: N_("Until there is a new president nobody can chair a session, put motions to the vote or confirm votes."),
    Office.SECRETARY_GENERAL: N_(
        "Until there is a new secretary-general nobody can hand matters to the council, set tasks or close matters."
    ),
}
PUBLIC_OFFICES = (
    Office.PRESIDENT, Office.SECRETARY_GENERAL, Office.CLERK, Office.STATION_WORKER, Office.COMMITTEE, Office.ADMINISTRATOR,
)  # fmt: skip


@bp.get("/")
def index(community: str) -> str:
    """Everybody sees which offices are held since when, and the seats by category; names only those who see the roster:
    to show a neighbour's name beside a party council needs that neighbour's consent."""
    council = council_or_404(community)
    may = queries.permissions_of(actor(), council)
    all_of_them = queries.holdings(council)
    running = [one for one in all_of_them if not one.is_over and not one.is_coming]
    seats = Counter(one.category for one in running if one.office == Office.MEMBER)
    held = {one.office for one in running}
    return render_template(
        "offices/index.html",
        council=council,
        running=[one for one in running if one.office != Office.MEMBER],
        vacant=[office for office in PUBLIC_OFFICES if office not in held],
        seats=[(code, seats[code]) for code in CATEGORY_WORDS if seats[code]],
        category_words={code: _(words) for code, words in CATEGORY_WORDS.items()},
        members=[one for one in running if one.office == Office.MEMBER],
        coming=[one for one in all_of_them if one.is_coming],
        over=[one for one in reversed(all_of_them) if one.is_over],
        terms=queries.terms(council),
        may_appoint=Permission.APPOINT in may,
        overdue=anchoring.overdue(council.log_id) if Permission.APPOINT in may else None,
        sees_names=Permission.APPOINT in may or Permission.MEETING_READ in may,
        may_found=Permission.APPOINT in may and founding.may_found(actor()),
        ways={entry.person.id: entry for entry in entries.entries(council)} if Permission.APPOINT in may else {},
    )


@bp.get("/begun")
def begun(community: str) -> str:
    """What to do next after the founding."""
    council = council_or_404(community)
    need(Permission.APPOINT, council)
    return render_template("offices/begun.html", council=council, address=printed_address("site.home", community=council.slug))


class Newcomers:
    """The people whom a form names. Those who are new are entered before the act itself, because they belong to the
    installation's log and a transaction holds one log; ``check`` refuses first what the act would refuse.

    To be called inside the act: gives what ``enter`` gave, or raises its refusal, so that it is said at its field.
    """

    def __init__(self, form: Any, enter: Callable[[], Any], check: Callable[[], None] | None = None) -> None:
        self.error: DomainError | None = None
        self.found: Any = None
        if request.method != "POST" or is_resuming() or not form.validate():
            return
        try:
            if check is not None:
                check()
            with transaction():
                self.found = enter()
        except DomainError as error:
            self.error = error

    def __call__(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.found


def named(form: Any, council: Council, actor: Person) -> Person:
    """The person chosen, or the new one entered."""
    if form.person.data:
        return db.session.get_one(Person, int(form.person.data))
    return offices.enter(form.name.data, council, actor=actor)


@bp.route("/appoint", methods=["GET", "POST"])
def appoint(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    form: Any = AppointForm()
    form.offer(offices.known_people(council))
    if request.method == "GET":
        form.first.data = clock.today(council.zone)
        form.office.data = request.args.get("office", "")[:30]
    who = Newcomers(form, lambda: named(form, council, person))
    return form_page(
        form,
        lambda: services.appoint(
            council, who(), Office(form.office.data), category=form.seat, starts_on=form.first.data, actor=person
        ),
        here(council),
        title=_("Appoint somebody"),
        submit_label=_("Appoint"),
        said=_("Appointed. Whoever has no way in yet needs a card."),
        intro=[_("Where somebody holds the office already, hand it over instead: then nothing is left without a holder.")],
        council=council,
        back_url=here(council),
    )


def running(council: Council, appointment_id: int) -> Appointment:
    """An office or seat of this council that has not ended."""
    held = load_or_404(Appointment, council, id=appointment_id)
    if held.ends_on is not None and held.ends_on < clock.today(council.zone):
        raise Refused(N_("This office has ended already."), code="done_already")
    return held


def about(held: Appointment) -> str:
    """Office and holder in one line, for the top of a form."""
    office = say(office_words(held.office))
    return _("%(office)s: %(name)s, since %(day)s", office=office, name=held.person.name or "", day=day(held.starts_on))


def warnings(held: Appointment, council: Council) -> list[str]:
    """What stands still when this holder goes and nobody else holds the office."""
    office = Office(held.office)
    others = [
        one
        for one in queries.holdings(council)
        if one.office == office and one.id != held.id and not one.is_over and one.ends_on is None
    ]
    return [_(STOPS[office])] if office in STOPS and not others else []


@bp.route("/<int:appointment_id>/end", methods=["GET", "POST"])
def end(community: str, appointment_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    held = running(council, appointment_id)
    form: Any = EndForm()
    if request.method == "GET":
        form.last.data = clock.today(council.zone)
    return form_page(
        form,
        lambda: services.end_office(held, council, on=form.last.data, actor=person),
        here(council),
        title=_("End an office"),
        submit_label=_("End it on this day"),
        said=_("The office has its last day. It stays in the record."),
        template="offices/end.html",
        intro=[about(held)],
        warnings=warnings(held, council),
        hand_over_url=url_for("offices.hand_over", community=council.slug, appointment_id=held.id),
        council=council,
        back_url=here(council),
    )


@bp.route("/<int:appointment_id>/hand-over", methods=["GET", "POST"])
def hand_over(community: str, appointment_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    held = running(council, appointment_id)
    form: Any = HandOverForm()
    form.offer(one for one in offices.known_people(council) if one.id != held.person_id)
    if request.method == "GET":
        form.first.data = clock.today(council.zone) + timedelta(days=1)
    who = Newcomers(
        form, lambda: named(form, council, person), lambda: offices.require_succession(held, form.first.data)
    )
    return form_page(
        form,
        lambda: offices.hand_over(held, council, who(), first=form.first.data, actor=person),
        here(council),
        title=_("Hand an office over"),
        submit_label=_("Hand it over"),
        said=_("Handed over. Whoever has no way in yet needs a card."),
        intro=[about(held)],
        council=council,
        back_url=here(council),
    )


@bp.route("/term", methods=["GET", "POST"])
def term(community: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.APPOINT, council)
    form: Any = TermForm()
    seats = offices.seats_from(council, clock.today(council.zone))
    form.offer(seats)
    if request.method == "GET":
        form.starts_on.data = clock.today(council.zone) + timedelta(days=1)
        form.stay.data = [str(seat.id) for seat in seats]
    names = [name for listed in form.lists().values() for name in listed]
    who = Newcomers(
        form,
        lambda: offices.enter_all(names, council, actor=person),
        lambda: offices.require_new_term(council, len(names) + len(form.stay.data or ()), form.starts_on.data),
    )

    def begin() -> Any:
        entered = who()
        chosen = [(seat.person, seat.category or "") for seat in seats if str(seat.id) in form.stay.data]
        chosen += [(entered[name], code) for code, listed in form.lists().items() for name in listed]
        return offices.begin_term(council, chosen, starts_on=form.starts_on.data, actor=person)

    return form_page(
        form,
        begin,
        here(council),
        title=_("Begin a new term"),
        submit_label=_("Begin the new term"),
        said=_("The new term is entered. Whoever has no way in yet needs a card."),
        intro=[
            _("Take the tick away from whoever leaves, and write new members under the category of their seat."),
            _("Other offices go on."),
        ],
        council=council,
        back_url=here(council),
    )
