"""Places in a hearing where more apply than there are: the call, the seats of each side, the applications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.hearings.models import Hearing, Participant
from deliberation.hearings.states import Party
from deliberation.kernel.database import AS_RESIDENT, digest, public

_PARTIES = ",".join(f"'{party}'" for party in Party)


class Call(Model):
    """The call for applications: until when, which seed draws the lot, and from when everybody knows it."""

    __tablename__ = "hearing_call"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    hearing_id: Mapped[int] = public(ForeignKey("hearing.id"), unique=True)
    opened_at: Mapped[datetime] = public()
    until_at: Mapped[datetime] = public()
    seed_source: Mapped[str] = digest()
    seed_at: Mapped[datetime] = public()
    closed_at: Mapped[datetime | None] = public()
    seed: Mapped[str | None] = public(String(40))
    drawn_at: Mapped[datetime | None] = public()

    hearing: Mapped[Hearing] = relationship()
    seats: Mapped[list[Seats]] = relationship(order_by="Seats.id")

    __table_args__ = (
        CheckConstraint("until_at < seed_at", name="seed_comes_after"),
        CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name="drawn_has_seed"),
        CheckConstraint("drawn_at IS NULL OR closed_at IS NOT NULL", name="drawn_after_close"),
    )


class Seats(Model):
    """How many places one side has."""

    __tablename__ = "hearing_seats"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    call_id: Mapped[int] = public(ForeignKey("hearing_call.id"))
    party: Mapped[str] = public(String(10))
    number: Mapped[int] = public()

    __table_args__ = (
        UniqueConstraint("call_id", "party"),
        CheckConstraint(f"party IN ({_PARTIES})", name="party_known"),
        CheckConstraint("number > 0", name="has_places"),
    )


class Application(Model):
    """Somebody who wants to be heard for one side. ``place``: in the order that was drawn; ``participant_id``: the line on the
    list of those who take part, for whoever has a place."""

    __tablename__ = "hearing_application"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    hearing_id: Mapped[int] = public(ForeignKey("hearing.id"))
    number: Mapped[int] = public()
    party: Mapped[str] = public(String(10))
    name_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    person_id: Mapped[int | None] = public(ForeignKey("person.id"), info=AS_RESIDENT)
    on_paper: Mapped[bool] = public()
    applied_at: Mapped[datetime] = public()
    withdrawn_at: Mapped[datetime | None] = public()
    place: Mapped[int | None] = public()
    participant_id: Mapped[int | None] = public(ForeignKey("hearing_participant.id"), unique=True)

    name: Mapped[PersonalRecord] = relationship()
    participant: Mapped[Participant | None] = relationship()

    __table_args__ = (
        UniqueConstraint("hearing_id", "number"),
        UniqueConstraint("hearing_id", "person_id"),
        CheckConstraint(f"party IN ({_PARTIES})", name="party_known"),
        CheckConstraint("participant_id IS NULL OR (place IS NOT NULL AND withdrawn_at IS NULL)", name="placed_was_drawn"),
    )

    @property
    def log_label(self) -> str:
        return str(self.number)
