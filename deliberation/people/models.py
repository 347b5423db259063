"""Persons, their accounts and login sessions, households and units."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public, withheld

LIVING = "used_at IS NULL AND voided_at IS NULL"


class Unit(Model):
    """A place in the tree district → street → community → building group."""

    __tablename__ = "unit"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    parent_id: Mapped[int | None] = public(ForeignKey("unit.id"))
    level: Mapped[str] = public(String(20))
    name: Mapped[str] = digest(String(120))

    __table_args__ = (
        CheckConstraint("level IN ('district','street','community','building_group')", name="level_known"),
    )


class Household(Model):
    """A home that can prove itself by a printed code. The address ends at the building group."""

    __tablename__ = "household"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    unit_id: Mapped[int] = public(ForeignKey("unit.id"))
    code_hash: Mapped[str] = withheld("a secret on paper", String(64), unique=True)


class Person(Model):
    """Somebody who acts here. No number of any identity card, no address, no birth date."""

    __tablename__ = "person"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    name_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    household_id: Mapped[int | None] = withheld("it ties a person to a home", ForeignKey("household.id"))

    _name: Mapped[PersonalRecord] = relationship(lazy="joined", innerjoin=True)

    @property
    def name(self) -> str | None:
        """The name under which the council knows this person; None once erased."""
        return self._name.value


class Account(Model):
    """The way in. ``login`` is compared case-folded. An empty ``password_hash`` fits no passphrase: only a card opens."""

    __tablename__ = "account"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    person_id: Mapped[int] = public(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = withheld("it may be the person's name", String(64), unique=True)
    password_hash: Mapped[str] = withheld("a secret", String(200))
    kind: Mapped[str] = public(String(10))
    disabled_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (CheckConstraint("kind IN ('full','light')", name="kind_known"),)


class Card(Model):
    """A printed card that opens an account once. Of each account at most one is living: unused and not voided."""

    __tablename__ = "card"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    account_id: Mapped[int] = public(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = withheld("a secret on paper", String(64), unique=True)
    issued_at: Mapped[datetime] = public()
    expires_at: Mapped[datetime] = public()
    used_at: Mapped[datetime | None] = public()
    voided_at: Mapped[datetime | None] = public()

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("used_at IS NULL OR voided_at IS NULL", name="used_or_voided"),
        Index("uq_card_living", "account_id", unique=True, sqlite_where=text(LIVING), postgresql_where=text(LIVING)),
    )


class LoginSession(Model):
    """One signed-in device: revocable, told by the hash of its token. Not recorded.

    Of the browser's description only a word is kept (``device``); ``seen_at`` is renewed once a day.
    """

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    by_card: Mapped[bool] = mapped_column(default=False, server_default=false())
    device: Mapped[str | None] = mapped_column(String(20))
    seen_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class LoginAttempt(Model):
    """A failed login, kept for a quarter of an hour to slow down guessing. Not recorded."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_login_attempt_key_at", "key", "at"),)


class SecurityEvent(Model):
    """A refused act, kept 30 days, outside the public log. Not recorded."""

    __tablename__ = "security_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None]
    path: Mapped[str] = mapped_column(String(200))


class OnceKey(Model):
    """A form already handed in, so that a second press makes no second record. Not recorded."""

    __tablename__ = "once_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None]
    location: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]


class Setting(Model):
    """What the installation itself must remember (a demonstration's clock). Not recorded."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))

