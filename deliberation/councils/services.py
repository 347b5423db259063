"""Founding a council, appointing, setting its rules, loading rest days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import available_timezones

from sqlalchemy import func, or_, select

from deliberation.audit.recording import Capacity, hold, recording
from deliberation.audit.services import INSTALLATION, open_log
from deliberation.councils import rules
from deliberation.councils.authority import authorize
from deliberation.councils.models import Appointment, Council, RestDay, RuleSet, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import Holidays
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person, Unit
from deliberation.people.permissions import Office, Permission

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def found(
    unit: Unit,
    *,
    slug: str,
    name: str,
    zone: str,
    number_prefix: str,
    preset: str = rules.DEFAULT,
    starts_on: date,
    founder: Person | None = None,
) -> Council:
    """Found a council with its own log, its first term and version 1 of its rules.

    The entry stands first in the council's log, and names the founder where there is one (on the command line there
    is none). Raises `Refused` where the address is taken.
    """
    check_founding(slug, name, zone, number_prefix)
    log_id = open_log(f"council/{slug}")
    council = Council(log_id=log_id, unit_id=unit.id, slug=slug, name=name, zone=zone, number_prefix=number_prefix)
    capacity = Capacity(founder.id if founder else None, Office.INSTALLATION.value, log_id)
    with recording(capacity, "council.found", council) as record:
        db.session.add(council)
        record.found(council)
        db.session.add(Term(council_id=council.id, number=1, starts_on=starts_on))
        db.session.add(_rule_set(council, preset, rules.preset(preset), starts_on, 1))
    return council


def check_founding(slug: str, name: str, zone: str, number_prefix: str) -> None:
    """Raise `Invalid` or `Refused` for an address, name, time zone or prefix that no council can have."""
    if not SLUG.fullmatch(slug):
        raise Invalid(N_("An address has 2 to 40 small letters, digits and hyphens."), field="slug")
    if not 1 <= len(name.strip()) <= 120:
        raise Invalid(N_("A council's name has 1 to 120 characters."), field="name")
    if not 1 <= len(number_prefix.strip()) <= 20:
        raise Invalid(N_("A number's prefix has 1 to 20 characters."), field="number_prefix")
    if zone not in available_timezones():
        raise Invalid(N_("There is no time zone “%(zone)s”."), zone=zone, field="zone")
    if db.session.scalar(select(Council.id).where(Council.slug == slug)):
        raise Refused(N_("The address “%(slug)s” is taken. Choose another."), slug=slug, field="slug", code="taken")


def _rule_set(council: Council, preset: str, data: str, effective_on: date, version: int) -> RuleSet:
    return RuleSet(
        council_id=council.id,
        version=version,
        preset=preset,
        effective_on=effective_on,
        data=data,
        created_at=clock.now(),
    )


def set_rules(council: Council, preset: str, data: str, *, effective_on: date, actor: Person) -> RuleSet:
    """Add a version of the rules; running matters keep theirs. Raises `Invalid` for rules that do not hold together."""
    capacity = authorize(actor, Permission.RULES_SET, council)
    rules.parse(data)
    newest = db.session.scalar(select(func.max(RuleSet.version)).where(RuleSet.council_id == council.id)) or 0
    version = _rule_set(council, preset, data, effective_on, newest + 1)
    with recording(capacity, "rules.set", version):
        db.session.add(version)
    return version


def appoint(
    council: Council,
    person: Person,
    office: Office,
    *,
    category: str | None = None,
    title: str | None = None,
    starts_on: date,
    actor: Person | None = None,
) -> Appointment:
    """Put a person into an office. Without an actor the installation itself appoints (from the command line).

    Raises `Invalid` where a member has no seat category or another office has one, `Refused` for an office held already.
    """
    if (office is Office.MEMBER) != (category is not None):
        raise Invalid(N_("A council member needs a seat category, and nobody else has one."), field="category")
    capacity = installation(council) if actor is None else authorize(actor, Permission.APPOINT, council)
    require_free(council, person, office, starts_on)
    running = select(Term.id).where(Term.council_id == council.id, Term.starts_on <= starts_on).order_by(Term.number.desc())
    term = db.session.scalar(running.limit(1))
    made = Appointment(
        council_id=council.id,
        person_id=person.id,
        term_id=term if office is Office.MEMBER else None,
        office=office.value,
        category=category,
        title=title,
        starts_on=starts_on,
        ends_on=last_day_of_seat(term) if office is Office.MEMBER else None,
    )
    with recording(capacity, "office.appoint", made):
        db.session.add(made)
    return made


def last_day_of_seat(term_id: int | None) -> date | None:
    """The day on which a seat of this term ends by itself: that of the term, once the next one is entered."""
    return db.session.scalar(select(Term.ends_on).where(Term.id == term_id)) if term_id is not None else None


def require_free(council: Council, person: Person, office: Office, starts_on: date) -> None:
    """Raise `Refused` where the person holds the office on that day or later: nobody has two seats, or two votes."""
    hold(db.session(), council.log_id)
    same = (Appointment.council_id == council.id, Appointment.person_id == person.id, Appointment.office == office.value)
    if db.session.scalar(select(Appointment.id).where(*same, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= starts_on))):
        raise Refused(N_("This person holds that office already."), field="office", code="done_already")


def held_office(council: Council, person: Person, office: Office) -> Appointment:
    """The appointment by which the person holds the office, without an end or with one to come; `Refused` where none is."""
    same = (Appointment.council_id == council.id, Appointment.person_id == person.id, Appointment.office == office.value)
    today = clock.today(council.zone)
    running = select(Appointment).where(*same, or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today))
    found = db.session.scalars(running.order_by(Appointment.id)).first()
    if found is None:
        raise Refused(N_("This person does not hold that office."), field="office", code="not_held")
    return found


def end_office(appointment: Appointment, council: Council, *, on: date, actor: Person | None = None) -> None:
    """End an office on a day, its last; it stays in the record.

    Raises `Invalid` for a day before it began, `Refused` for an office that has ended by then and for the last
    administrator of a council: without one nobody could appoint another.
    """
    capacity = installation(council) if actor is None else authorize(actor, Permission.APPOINT, council)
    if on < appointment.starts_on:
        raise Invalid(N_("An office cannot end before it began."), field="on")
    if appointment.ends_on is not None and on > appointment.ends_on:
        raise Refused(N_("This office ends earlier already. Appoint the person anew instead."), field="on", code="done_already")
    if appointment.office == Office.ADMINISTRATOR and not _administrator_after(council, appointment, on):
        raise Refused(
            N_("A council needs an administrator. Appoint another one first, or hand this office over."),
            field="on",
            code="last_administrator",
        )
    with recording(capacity, "office.end", appointment):
        appointment.ends_on = on


def _administrator_after(council: Council, leaving: Appointment, last: date) -> bool:
    """Whether somebody else is administrator from the day after on, without an end."""
    others = select(Appointment.id).where(
        Appointment.council_id == council.id,
        Appointment.office == Office.ADMINISTRATOR,
        Appointment.id != leaving.id,
        Appointment.ends_on.is_(None),
        Appointment.starts_on <= last + timedelta(days=1),
    )
    return db.session.scalar(others.limit(1)) is not None


def installation(council: Council | None = None) -> Capacity:
    """The platform itself, acting on the command line: in a council's log, or in the installation's."""
    if council is not None:
        return Capacity(None, Office.INSTALLATION.value, council.log_id, council.id)
    return Capacity(None, Office.INSTALLATION.value, open_log(INSTALLATION))


def load_rest_days(days: Mapping[date, bool]) -> None:
    """Put days of rest (True) and working days (False) over the shipped calendar."""
    with recording(installation(), "calendar.load"):
        for day, is_rest in sorted(days.items()):
            known = db.session.get(RestDay, day)
            if known is None:
                db.session.add(RestDay(day=day, is_rest=is_rest))
            else:
                known.is_rest = is_rest


def holidays() -> Holidays:
    """The calendar in force: the shipped one, with the loaded days over it."""
    loaded = db.session.execute(select(RestDay.day, RestDay.is_rest))
    return Holidays.shipped().with_overrides({day: bool(rest) for day, rest in loaded})


def rules_in_force(council: Council) -> RuleSet:
    """The newest rule set that is in force today; every new matter and meeting takes this one."""
    query = (
        select(RuleSet)
        .where(RuleSet.council_id == council.id, RuleSet.effective_on <= clock.today(council.zone))
        .order_by(RuleSet.version.desc())
        .limit(1)
    )
    return db.session.scalars(query).one()
