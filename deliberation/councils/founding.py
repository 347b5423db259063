"""Setting up a council: who may, the answers given so far, and the founding itself.

Who may is kept in the installation's settings, one row a person (``founder/<person id>``), because no council exists
yet whose office could carry it, and an office in one council must not open the door to others. Naming and dismissing
are acts in the installation's log, so that the list can be checked against it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select

from deliberation.audit.recording import Capacity, hold, recording
from deliberation.councils import services
from deliberation.councils.models import Appointment, Council, Draft
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person, Setting, Unit
from deliberation.people.permissions import Office

FOUNDER = "founder/"
MOST_SEATS = 150
DRAFT_KEPT = timedelta(days=90)
NAMED = (Office.PRESIDENT, Office.SECRETARY_GENERAL, Office.CLERK, Office.STATION_WORKER, Office.COMMITTEE)
"""The offices that the founding asks for."""


@dataclass(frozen=True)
class Charter:
    """What a founding needs to know. Whoever is named twice, in offices or in seats, is one person."""

    community: str
    street: str
    district: str
    name: str
    slug: str
    zone: str
    starts_on: date
    number_prefix: str
    preset: str
    offices: Mapping[Office, tuple[str, ...]]
    seats: Mapping[str, tuple[str, ...]]

    def names(self) -> list[str]:
        """Everybody named, once."""
        return list(dict.fromkeys(name for names in (*self.offices.values(), *self.seats.values()) for name in names))

    def entitled(self) -> int:
        return sum(len(names) for names in self.seats.values())

    def check(self) -> None:
        """Raise `Invalid` or `Refused` for what cannot be founded; asks before anything is written."""
        services.check_founding(self.slug, self.name, self.zone, self.number_prefix)
        if self.starts_on > clock.today(self.zone):
            raise Invalid(N_("The term begins today at the latest."), field="starts_on")
        if not 1 <= self.entitled() <= MOST_SEATS:
            raise Invalid(N_("A council has 1 to %(most)s seats."), most=MOST_SEATS)
        seated = [name for names in self.seats.values() for name in names]
        if len(set(seated)) < len(seated):
            raise Invalid(N_("Nobody has two seats."))
        for name in self.names():
            people.tidy_name(name)


def names_in(text: str) -> tuple[str, ...]:
    """The names of a list: one a line; of a row pasted from a table the first column. Blanks inside a Chinese name do
    not count. Whether every line is a name is for the form to ask (`rows_in`)."""
    return tuple(name for name, _rest in rows_in(text) if name)


def rows_in(text: str) -> list[tuple[str, list[str]]]:
    """The lines of a list that are not blank: the first column as a name, and what stands in the others."""
    rows = [line.split("\t") for line in text.splitlines() if line.strip()]
    return [(_name(first), [cell.strip() for cell in rest]) for first, *rest in rows]


def _name(line: str) -> str:
    words = line.split()
    return (" " if line.isascii() else "").join(words)


# Who may


def may_found(person: Person | None) -> bool:
    """Whether the person may set up councils here."""
    return person is not None and db.session.get(Setting, f"{FOUNDER}{person.id}") is not None


def founders() -> list[Person]:
    """Those who may set up councils, in the order in which they came to this installation."""
    rows = db.session.scalars(select(Setting.name).where(Setting.name.startswith(FOUNDER)))
    keys = [int(name.removeprefix(FOUNDER)) for name in rows]
    return list(db.session.scalars(select(Person).where(Person.id.in_(keys)).order_by(Person.id)))


def require_founder(actor: Person | None) -> Person:
    """The actor, who may set up councils; raises `Forbidden` for everybody else."""
    if actor is None:
        raise Forbidden(N_("Please sign in first."))
    if not may_found(actor):
        raise Forbidden(N_("Only those who look after this installation set up councils. Please ask them."))
    return actor


def _held(actor: Person | None) -> Capacity:
    """The actor in the installation's log, held for this transaction: of two at the same time the second sees what the
    first has done."""
    capacity = services.installation() if actor is None else people.installation(actor, Office.ADMINISTRATOR)
    hold(db.session(), capacity.log_id)
    return capacity


def name_founder(person: Person, *, actor: Person | None = None) -> None:
    """Let the person set up councils; without an actor the command line does it.

    Raises `Refused` where they may already, and for somebody who is no administrator of any council.
    """
    capacity = _held(actor)
    if actor is not None:
        require_founder(actor)
    if may_found(person):
        raise Refused(N_("This person may set up councils already."), code="done_already")
    if actor is not None and person.id not in {one.id for one in eligible()}:
        raise Refused(N_("Only the administrator of a council can be named."))
    with recording(capacity, "founder.name", person):
        db.session.add(Setting(name=f"{FOUNDER}{person.id}", value="1"))


def dismiss_founder(person: Person, *, actor: Person) -> None:
    """Take it back. Raises `Refused` for oneself, so that there is always somebody left."""
    capacity = _held(actor)
    require_founder(actor)
    if person.id == actor.id:
        raise Refused(N_("Nobody takes this back from themselves. Another one can do it."))
    held = db.session.get(Setting, f"{FOUNDER}{person.id}")
    if held is None:
        raise Refused(N_("This person may not set up councils anyway."), code="done_already")
    with recording(capacity, "founder.dismiss", person):
        db.session.delete(held)


def eligible() -> list[Person]:
    """Administrators of councils in office today who may not set up councils yet."""
    today = clock.now().date()
    running = (Appointment.starts_on <= today) & (Appointment.ends_on.is_(None) | (Appointment.ends_on >= today))
    keys = select(Appointment.person_id).where(Appointment.office == Office.ADMINISTRATOR, running)
    known = {person.id for person in founders()}
    found = db.session.scalars(select(Person).where(Person.id.in_(keys)).order_by(Person.id))
    return [person for person in found if person.id not in known]


# The answers so far


def answers_of(person: Person) -> dict[str, dict[str, str]]:
    """What the person has answered so far, by step and field, as it was typed."""
    answers: dict[str, dict[str, str]] = _data(person)["answers"]
    return answers


def _data(person: Person) -> dict[str, Any]:
    draft = db.session.get(Draft, person.id)
    return json.loads(draft.data) if draft else {"answers": {}, "people": {}}


def _keep(person: Person, data: dict[str, Any]) -> None:
    now = clock.now()
    db.session.execute(delete(Draft).where(Draft.at < now - DRAFT_KEPT))
    db.session.merge(Draft(person_id=person.id, data=json.dumps(data), at=now))


def keep_answers(step: str, values: Mapping[str, str], *, actor: Person) -> None:
    """Remember one page's answers until the council is founded, on whatever device the person goes on."""
    require_founder(actor)
    data = _data(actor)
    data["answers"][step] = dict(values)
    _keep(actor, data)


def forget_answers(*, actor: Person) -> None:
    """Begin again with empty pages."""
    require_founder(actor)
    db.session.execute(delete(Draft).where(Draft.person_id == actor.id))


# The founding


def enrol(charter: Charter, *, actor: Person) -> None:
    """Enter the place and the persons: they belong to the installation, whose log is another than the council's.

    Pressed again after a failure, it goes on with those entered already.
    """
    capacity = _held(actor)
    require_founder(actor)
    charter.check()
    data = _data(actor)
    place = None
    for level, name in (("district", charter.district), ("street", charter.street), ("community", charter.community)):
        place = _unit(level, name, place) if name else place
    assert place is not None
    for name in charter.names():
        if name not in data["people"]:
            data["people"][name] = actor.id if name == actor.name else people.add_person(name, capacity=capacity).id
    _keep(actor, {**data, "unit": place.id})


def _unit(level: str, name: str, parent: Unit | None) -> Unit:
    same = select(Unit).where(Unit.level == level, Unit.name == name, Unit.parent_id == (parent.id if parent else None))
    return db.session.scalars(same).first() or people.add_unit(level, name, parent)


def found(charter: Charter, *, actor: Person) -> Council:
    """Found the council, make the founder its administrator, and appoint everybody named, in one transaction.

    Expects `enrol` in a transaction before. Raises `Refused` where the council stands already.
    """
    require_founder(actor)
    charter.check()
    data = _data(actor)
    unit = db.session.get(Unit, data.get("unit"))
    if unit is None:
        raise Refused(N_("The council stands already, or its answers were put aside. Look at the list of councils."))
    first = charter.starts_on
    council = services.found(
        unit,
        slug=charter.slug,
        name=charter.name,
        zone=charter.zone,
        number_prefix=charter.number_prefix,
        preset=charter.preset,
        starts_on=first,
        founder=actor,
    )
    services.appoint(council, actor, Office.ADMINISTRATOR, starts_on=first)
    named = {name: db.session.get_one(Person, key) for name, key in data["people"].items()}
    for category, names in charter.seats.items():
        for name in names:
            services.appoint(council, named[name], Office.MEMBER, category=category, starts_on=first, actor=actor)
    for office, names in charter.offices.items():
        for name in names:
            services.appoint(council, named[name], office, starts_on=first, actor=actor)
    db.session.execute(delete(Draft).where(Draft.person_id == actor.id))
    return council
