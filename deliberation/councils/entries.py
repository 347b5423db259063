"""The cards with which a council's people come in for the first time: who needs one, and printing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deliberation.councils import founding
from deliberation.councils.authority import offices
from deliberation.councils.models import Appointment, Council
from deliberation.councils.offices import installed, require_administrator
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, NotFound
from deliberation.kernel.words import N_
from deliberation.people import cards
from deliberation.people import services as people
from deliberation.people.models import Account, Card, Person
from deliberation.people.permissions import Office

NO_WAY, PRINTED, IN, CLOSED = "none", "printed", "in", "closed"


# Columns, not rows: an account always brings its person along, and so would drop those who have no account.
ACCOUNT = (Account.id, Account.disabled_at, Account.password_hash)
CARD = (Card.used_at, Card.voided_at, Card.expires_at)


@dataclass(frozen=True)
class Entry:
    """How a person comes in: not at all yet, by a card that is out (until when), already in, or no more."""

    person: Person
    state: str
    until: datetime | None = None


def entries(council: Council) -> list[Entry]:
    """Everybody who holds an office here today or will, in the order of appointment, with their way in."""
    today = clock.today(council.zone)
    query = (
        select(Appointment, *ACCOUNT, *CARD)
        .outerjoin(Account, Account.person_id == Appointment.person_id)
        .outerjoin(Card, Card.account_id == Account.id)
        .where(Appointment.council_id == council.id, Appointment.ends_on.is_(None) | (Appointment.ends_on >= today))
        .order_by(Appointment.id, Card.id)
    )
    found: dict[int, Entry] = {}
    for held, account, closed, passphrase, used, voided, expires in db.session.execute(query):
        one = _entry(held.person, account, closed, passphrase, used, voided, expires)
        known = found.get(held.person_id)
        if known is None or (known.state == NO_WAY and one.state != NO_WAY) or one.state == IN:
            found[held.person_id] = one
    return list(found.values())


def _entry(
    person: Person,
    account: int | None,
    closed: datetime | None,
    passphrase: str | None,
    used: datetime | None,
    voided: datetime | None,
    expires: datetime | None,
) -> Entry:
    if account is None:
        return Entry(person, NO_WAY)
    if closed is not None:
        return Entry(person, CLOSED)
    if passphrase or used is not None:
        return Entry(person, IN)
    if expires is not None and voided is None and expires > clock.now():
        return Entry(person, PRINTED, expires)
    return Entry(person, NO_WAY)


def in_need(council: Council, *, again: bool, actor: Person) -> list[Person]:
    """Those who need a card: who has none, and with ``again`` also those whose card is out but was not used yet.

    Those whose cards the actor may not print stop nobody else's; where there is nobody else, printing says why.
    """
    wanted = (NO_WAY, PRINTED) if again else (NO_WAY,)
    found = [entry.person for entry in entries(council) if entry.state in wanted]
    return [person for person in found if _may_print(actor, person, council)] or found


def print_cards(
    council: Council, persons: Sequence[Person], *, key: bytes, actor: Person
) -> list[tuple[Person, cards.Issued]]:
    """A new card for each of these people, with an account for those who have none. Their former cards are void.

    Raises `NotFound` for somebody without an office here, and `Forbidden` for somebody whose card would open doors that
    are closed to the actor: whoever gets a card printed could come in with it.
    """
    require_administrator(actor, council)
    holders = {entry.person.id for entry in entries(council)}
    for person in persons:
        if person.id not in holders:
            raise NotFound(N_("There is nothing at this address."))
        if not _may_print(actor, person, council):
            raise Forbidden(
                N_("This person has an office beyond this council. Ask those who look after this installation for the card.")
            )
    capacity = installed(actor)
    printed = []
    for person in persons:
        account = people.account_of(person)
        if account is None:
            login = people.free_login(f"{council.slug[:24]}-{person.id}")
            account = people.open_account(login, None, name="", person=person, capacity=capacity)
        printed.append((person, cards.issue(account, key=key, capacity=capacity)))
    return printed


def _may_print(actor: Person, person: Person, here: Council) -> bool:
    """Whether the person's card opens no door that is closed to the actor."""
    if person.id == actor.id or founding.may_found(actor):
        return True
    if founding.may_found(person):
        return False
    query = select(Council, Appointment.ends_on).join(Appointment, Appointment.council_id == Council.id)
    for other, last in db.session.execute(query.where(Appointment.person_id == person.id, Council.id != here.id)):
        # Who comes in today stays in: an office that begins later counts as one that is held.
        lasts = last is None or last >= clock.today(other.zone)
        if lasts and Office.ADMINISTRATOR not in offices(actor, other):
            return False
    return True
