"""``authorize``: the one question that every service asks first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, select

from deliberation.audit.recording import Capacity, hold
from deliberation.councils.models import Appointment, Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.kernel.transactions import connection_of
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import GRANTS, Office, Permission, office_words

# Where several of a person's offices hold a permission, the first in this order is the one that acts.
RANK = {office: rank for rank, office in enumerate(Office)}
# Made once: it is asked on almost every page and in every act.
HELD = select(Appointment.office).where(
    Appointment.council_id == bindparam("council"),
    Appointment.person_id == bindparam("person"),
    Appointment.starts_on <= bindparam("today"),
    (Appointment.ends_on.is_(None)) | (Appointment.ends_on >= bindparam("today")),
)


def offices(person: Person | None, council: Council) -> list[Office]:
    """The offices that a person holds in a council today, highest first; everybody signed in is a resident."""
    if person is None:
        return []
    asked = {"council": council.id, "person": person.id, "today": clock.today(council.zone)}
    held = connection_of(db.session()).execute(HELD, asked).scalars()
    return sorted({Office(office) for office in held} | {Office.RESIDENT}, key=RANK.__getitem__)


def _current(council: Council) -> tuple[Any, ...]:
    today = clock.today(council.zone)
    return (
        Appointment.council_id == council.id,
        Appointment.starts_on <= today,
        (Appointment.ends_on.is_(None)) | (Appointment.ends_on >= today),
    )


def office_for(actor: Person | None, permission: Permission, council: Council) -> Office | None:
    """The office in which the actor may do this, or None."""
    return next((office for office in offices(actor, council) if permission in GRANTS[office]), None)


def why_not(actor: Person | None, permission: Permission, council: Council) -> Words | None:
    """The reason why the actor may not do this here, or None: the same answer that ``authorize`` acts on."""
    return _reason(actor, permission) if actor is None or office_for(actor, permission, council) is None else None


def _reason(actor: Person | None, permission: Permission) -> Words:
    if actor is None:
        return Words(N_("Please sign in first."))
    holders = [office for office, granted in GRANTS.items() if permission in granted and office is not Office.INSTALLATION]
    *others, named = [office_words(office) for office in holders]
    while others:
        named = Words(N_("%(office)s, %(others)s"), office=others.pop(), others=named)
    return Words(N_("Your office does not include this. It is done by: %(offices)s."), offices=named)


def authorize(actor: Person | None, permission: Permission, council: Council, *, as_resident: bool = False) -> Capacity:
    """Hold the council's log for this transaction and return the capacity in which the actor acts.

    What anybody may do in their own cause is done ``as_resident``, whatever the actor's offices: nothing in the log ties it
    to what the same person does in office. Raises `Forbidden` with the rule's own words. From the return on, no row that the
    service reads can be stale.
    """
    hold(db.session(), council.log_id, actor.id if actor else None, as_resident)
    if as_resident:
        office = Office.RESIDENT if permission in GRANTS[Office.RESIDENT] else None
    else:
        office = office_for(actor, permission, council)
    if actor is None or office is None:
        raise Forbidden(_reason(actor, permission))
    return Capacity(actor.id, office.value, council.log_id, council.id, as_resident)


def members(council: Council) -> list[Appointment]:
    """Those entitled to vote today: one row a seated council member, in the order of appointment."""
    return holders_of(council, (Office.MEMBER,))


def holders_of(council: Council, which: Iterable[str]) -> list[Appointment]:
    """Those who hold one of these offices today, in the order of appointment."""
    query = select(Appointment).where(*_current(council), Appointment.office.in_(list(which))).order_by(Appointment.id)
    return list(db.session.scalars(query))
