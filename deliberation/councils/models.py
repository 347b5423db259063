"""A council, its terms, its offices and seats, its versioned rules, and the calendar of rest days."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.people.models import Person


class Council(Model):
    """One party-member deliberation council with its community's address below ``/c/``."""

    __tablename__ = "council"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    log_id: Mapped[int] = public(ForeignKey("audit_log.id"), unique=True)
    unit_id: Mapped[int] = public(ForeignKey("unit.id"))
    slug: Mapped[str] = public(String(40), unique=True)
    name: Mapped[str] = digest(String(120))
    zone: Mapped[str] = public(String(40))
    number_prefix: Mapped[str] = digest(String(20))

    @property
    def log_label(self) -> str:
        return self.slug


class Term(Model):
    """One term of the council."""

    __tablename__ = "term"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    number: Mapped[int] = public()
    starts_on: Mapped[date] = public()
    ends_on: Mapped[date | None] = public()

    __table_args__ = (UniqueConstraint("council_id", "number"),)


class Appointment(Model):
    """A person in an office for a time. A council member's ``category`` is the seat's. Offices end, never vanish."""

    __tablename__ = "appointment"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    person_id: Mapped[int] = public(ForeignKey("person.id"), index=True)
    term_id: Mapped[int | None] = public(ForeignKey("term.id"))
    office: Mapped[str] = public(String(30))
    category: Mapped[str | None] = public(String(20))
    title: Mapped[str | None] = digest(String(120))
    starts_on: Mapped[date] = public()
    ends_on: Mapped[date | None] = public()

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("(office = 'member') = (category IS NOT NULL)", name="seat_has_category"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_appointment_council_office", "council_id", "office"),
    )


class RuleSet(Model):
    """One version of a council's rules: canonical JSON of values, each with source and trust mark. Never changed."""

    __tablename__ = "rule_set"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    version: Mapped[int] = public()
    preset: Mapped[str] = public(String(40))
    effective_on: Mapped[date] = public()
    data: Mapped[str] = digest()
    created_at: Mapped[datetime] = public()

    __table_args__ = (UniqueConstraint("council_id", "version"),)


class RestDay(Model):
    """A day that differs from the shipped calendar: a holiday (rest) or a working day to make up for one."""

    __tablename__ = "rest_day"
    __recorded__ = True

    day: Mapped[date] = public(primary_key=True)
    is_rest: Mapped[bool] = public()


class Draft(Model):
    """The answers of somebody who is setting up a council: one set a person, gone when it is founded. Not recorded."""

    __tablename__ = "setup_draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    data: Mapped[str]
    at: Mapped[datetime]
