"""Readings of a council: who may do what here, a person's offices, its rules in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from deliberation.councils import rules
from deliberation.councils.authority import RANK, offices
from deliberation.councils.models import Appointment, Council, RuleSet, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Account, Person
from deliberation.people.permissions import GRANTS, Office, Permission

CATEGORY_WORDS = {
    "resident_unit": N_("Delegate of a resident unit"),
    "self_managed": N_("Self-managed member"),
    "employed": N_("Employed member"),
    "migrant_worker": N_("Migrant-worker member"),
    "hardship": N_("Hardship-group member"),
    "committee": N_("Committee member"),
}


@dataclass(frozen=True)
class Held:
    """One office of a person."""

    council: str
    slug: str
    office: str
    category: Words | None
    starts_on: date
    ends_on: date | None
    zone: str

    @property
    def is_over(self) -> bool:
        """Whether it has ended: by the day that it is where the council is."""
        return self.ends_on is not None and self.ends_on < clock.today(self.zone)

    @property
    def is_current(self) -> bool:
        return not self.is_over and self.starts_on <= clock.today(self.zone)


@dataclass(frozen=True)
class RuleLine:
    """One rule in words, with where its value comes from."""

    name: str
    label: Words
    value: Words
    source: str
    trust: str
    trust_words: Words


def permissions_of(person: Person | None, council: Council) -> frozenset[Permission]:
    """Everything that the person may do in this council today; nothing for somebody who is not signed in."""
    return frozenset[Permission]().union(*(GRANTS[office] for office in offices(person, council)))


def councils_where(person: Person, permission: Permission) -> list[Council]:
    """The councils in which an office of today gives the person this permission, by name."""
    granting = [office.value for office, granted in GRANTS.items() if permission in granted]
    query = select(Council, Appointment.starts_on, Appointment.ends_on).join(Appointment, Appointment.council_id == Council.id)
    query = query.where(Appointment.person_id == person.id, Appointment.office.in_(granting)).order_by(Council.name, Council.id)
    found = {}
    for council, first, last in db.session.execute(query):
        if first <= clock.today(council.zone) and (last is None or last >= clock.today(council.zone)):
            found[council.id] = council
    return list(found.values())


def offices_of(person: Person) -> list[Held]:
    """Every office that a person holds or held, newest first."""
    query = (
        select(Appointment, Council.name, Council.slug, Council.zone)
        .join(Council, Council.id == Appointment.council_id)
        .where(Appointment.person_id == person.id)
        .order_by(Appointment.starts_on.desc(), Appointment.id)
    )
    return [
        Held(name, slug, held.office, category_words(held.category), held.starts_on, held.ends_on, zone)
        for held, name, slug, zone in db.session.execute(query)
    ]


@dataclass(frozen=True)
class Holding:
    """An office or seat of this council with who holds or held it. ``account`` is open, closed or none."""

    id: int
    person_id: int
    name: str | None
    office: str
    category: str | None
    term: int | None
    starts_on: date
    ends_on: date | None
    is_over: bool
    is_coming: bool
    account: str


def holdings(council: Council) -> list[Holding]:
    """Every office and seat that anybody ever held here, offices by rank, then in the order of their beginning."""
    today = clock.today(council.zone)
    query = (
        select(Appointment, Term.number, Account.id, Account.disabled_at)
        .outerjoin(Term, Term.id == Appointment.term_id)
        .outerjoin(Account, Account.person_id == Appointment.person_id)
        .where(Appointment.council_id == council.id)
        .order_by(Appointment.starts_on, Appointment.id)
    )
    found = []
    for held, term, account, closed in db.session.execute(query):
        state = "none" if account is None else "open" if closed is None else "closed"
        over = held.ends_on is not None and held.ends_on < today
        found.append(
            Holding(
                held.id, held.person_id, held.person.name, held.office, held.category, term, held.starts_on, held.ends_on,
                over, held.starts_on > today, state,
            )  # fmt: skip
        )
    return sorted(found, key=lambda one: RANK[Office(one.office)])


def terms(council: Council) -> list[Term]:
    """The council's terms, newest first."""
    return list(db.session.scalars(select(Term).where(Term.council_id == council.id).order_by(Term.number.desc())))


def category_words(category: str | None) -> Words | None:
    """A seat's category in words."""
    if category is None:
        return None
    return Words(CATEGORY_WORDS[category]) if category in CATEGORY_WORDS else Words("%(category)s", category=category)


def rule_sets(council: Council) -> list[RuleSet]:
    """Every version of the rules, newest first."""
    query = select(RuleSet).where(RuleSet.council_id == council.id).order_by(RuleSet.version.desc())
    return list(db.session.scalars(query))


def rule_lines(version: RuleSet) -> list[RuleLine]:
    """One version of the rules in words, each with its source and how far it can be trusted."""
    held = rules.parse(version.data)
    lines = []
    for name, label in rules.RULE_WORDS.items():
        entry = held.entries[name]
        trust = entry.get("trust", "choice")
        lines.append(
            RuleLine(name, Words(label), held.words(name), entry.get("source", ""), trust, Words(rules.TRUST_WORDS[trust]))
        )
    return lines
