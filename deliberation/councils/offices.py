"""The administrator's acts on offices and terms: handing an office over, a new term, closing an account on leaving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from deliberation.audit.recording import Capacity, recording
from deliberation.councils import founding
from deliberation.councils.authority import authorize, why_not
from deliberation.councils.models import Appointment, Council, Term
from deliberation.councils.services import last_day_of_seat, require_free
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

ONE_DAY = timedelta(days=1)


def require_administrator(actor: Person | None, council: Council) -> Person:
    """The actor, who may appoint here: asked before a person is entered, which is an act in another log."""
    reason = why_not(actor, Permission.APPOINT, council)
    if reason is not None or actor is None:
        raise Forbidden(reason or N_("Please sign in first."))
    return actor


def installed(actor: Person) -> Capacity:
    """The administrator in the installation's log: whoever enters a person or closes an account is named there."""
    return people.installation(actor, Office.ADMINISTRATOR)


def enter(name: str, council: Council, *, actor: Person) -> Person:
    """Enter a person who is new here, so that they can be appointed.

    Raises `Invalid` where somebody of that name is known in this council: nobody is entered twice by accident.
    """
    capacity = installed(require_administrator(actor, council))
    if any(person.name == name for person in known_people(council)):
        raise Invalid(
            N_("Somebody of that name is known here: choose them from the list, or add something that tells the two apart."),
            field="name",
        )
    return people.add_person(name, capacity=capacity)


def enter_all(names: Iterable[str], council: Council, *, actor: Person) -> dict[str, Person]:
    """The persons of a list: those known here by their names, the others entered."""
    capacity = installed(require_administrator(actor, council))
    known = {person.name: person for person in known_people(council)}
    return {name: known.get(name) or people.add_person(name, capacity=capacity) for name in names}


def known_people(council: Council) -> list[Person]:
    """Everybody who holds or held an office here, newest first."""
    holders = select(Appointment.person_id).where(Appointment.council_id == council.id)
    return list(db.session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.id.desc())))


def hand_over(held: Appointment, council: Council, person: Person, *, first: date, actor: Person) -> Appointment:
    """Give an office or a seat to a new holder: the old one's last day is the day before ``first``.

    Raises `Invalid` for the same person and for a day on which the old holder has not yet begun, `Refused` where the
    new one holds the office already or the old one has left it before.
    """
    capacity = authorize(actor, Permission.APPOINT, council)
    if person.id == held.person_id:
        raise Invalid(N_("This person holds the office already. Choose another."), field="person")
    require_succession(held, first)
    require_free(council, person, Office(held.office), first)
    made = Appointment(
        council_id=council.id,
        person_id=person.id,
        term_id=held.term_id,
        office=held.office,
        category=held.category,
        starts_on=first,
        ends_on=last_day_of_seat(held.term_id),
    )
    with recording(capacity, "office.hand_over", made):
        held.ends_on = first - ONE_DAY
        db.session.add(made)
    return made


def require_succession(held: Appointment, first: date) -> None:
    """Raise where nobody can follow in this office on that day."""
    last = first - ONE_DAY
    if last < held.starts_on:
        raise Invalid(N_("The new holder begins at the earliest on the day after the old one began."), field="first")
    # A seat that ends the day before has its successor already, or goes with its term: nobody makes two of one.
    is_seat = held.office == Office.MEMBER
    if held.ends_on is not None and (held.ends_on < last or (is_seat and held.ends_on == last)):
        raise Refused(N_("This office ended before that day. Appoint the person instead."), field="first", code="not_held")


def begin_term(council: Council, seats: Sequence[tuple[Person, str]], *, starts_on: date, actor: Person) -> Term:
    """Begin a new term: every seat of the old one ends the day before, and these persons take theirs by category.

    Offices other than seats go on. Raises `Invalid` for a day before the present term, for no seats, too many, or two
    for one person.
    """
    capacity = authorize(actor, Permission.APPOINT, council)
    require_new_term(council, len(seats), starts_on)
    if len({person.id for person, _ in seats}) < len(seats):
        raise Invalid(N_("Nobody has two seats."))
    old, running, last = _newest_term(council), seats_from(council, starts_on), starts_on - ONE_DAY
    term = Term(council_id=council.id, number=old.number + 1, starts_on=starts_on)
    with recording(capacity, "term.begin", term):
        old.ends_on = last
        for seat in running:
            seat.ends_on = last
        db.session.add(term)
        db.session.flush()
        for person, category in seats:
            db.session.add(
                Appointment(
                    council_id=council.id,
                    person_id=person.id,
                    term_id=term.id,
                    office=Office.MEMBER.value,
                    category=category,
                    starts_on=starts_on,
                )
            )
    return term


def require_new_term(council: Council, seats: int, starts_on: date) -> None:
    """Raise where no new term of so many seats can begin on that day."""
    begun = max([_newest_term(council).starts_on, *(seat.starts_on for seat in seats_from(council, starts_on))])
    if starts_on <= begun:
        raise Invalid(N_("A new term begins after the present one and after every seat in it."), field="starts_on")
    if not 1 <= seats <= founding.MOST_SEATS:
        raise Invalid(N_("A council has 1 to %(most)s seats."), most=founding.MOST_SEATS)


def _newest_term(council: Council) -> Term:
    return db.session.scalars(select(Term).where(Term.council_id == council.id).order_by(Term.number.desc()).limit(1)).one()


def seats_from(council: Council, day: date) -> list[Appointment]:
    """The seats that somebody holds on that day or later."""
    query = select(Appointment).where(
        Appointment.council_id == council.id,
        Appointment.office == Office.MEMBER,
        or_(Appointment.ends_on.is_(None), Appointment.ends_on >= day),
    )
    return list(db.session.scalars(query.order_by(Appointment.id)))


def close_account(person: Person, council: Council, *, actor: Person) -> None:
    """Close the account of somebody who has left; what they did stays.

    Raises `NotFound` for somebody who never held an office here, `Refused` while they hold one anywhere.
    """
    require_administrator(actor, council)
    held = db.session.scalars(select(Appointment).where(Appointment.person_id == person.id)).all()
    if all(one.council_id != council.id for one in held):
        raise NotFound(N_("There is nothing at this address."))
    if any(one.ends_on is None or one.ends_on >= clock.today(council.zone) for one in held):
        raise Refused(N_("This person still holds an office. End it or hand it over first."), code="in_office")
    if founding.may_found(person):
        raise Refused(N_("This person may still set up councils. Take that back first."), code="in_office")
    account = people.account_of(person)
    if account is None or account.disabled_at is not None:
        raise Refused(N_("This person has no open account."), code="done_already")
    people.disable(account, capacity=installed(actor))
