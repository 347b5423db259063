"""Readings of a council: who may do what here, a person's offices, its rules in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from deliberation.councils import rules
from deliberation.councils.authority import offices
from deliberation.councils.models import Appointment, Council, RuleSet
from deliberation.extensions import db
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import GRANTS, Permission

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


def offices_of(person: Person) -> list[Held]:
    """Every office that a person holds or held, newest first."""
    query = (
        select(Appointment, Council.name, Council.slug)
        .join(Council, Council.id == Appointment.council_id)
        .where(Appointment.person_id == person.id)
        .order_by(Appointment.starts_on.desc(), Appointment.id)
    )
    return [
        Held(name, slug, held.office, category_words(held.category), held.starts_on, held.ends_on)
        for held, name, slug in db.session.execute(query)
    ]


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
