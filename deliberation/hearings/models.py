"""Hearings: rounds on a matter, who takes part, what was said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.hearings.states import Kind, Party
from deliberation.kernel.database import AS_RESIDENT, digest, public
from deliberation.meetings.models import Meeting

_PARTIES = ",".join(f"'{party}'" for party in Party)
_KINDS = ",".join(f"'{kind}'" for kind in Kind)


class Hearing(Model):
    """One round: a meeting that hears people on one question of a matter, its findings, the council's answer to them."""

    __tablename__ = "hearing"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"))
    round: Mapped[int] = public()
    question: Mapped[str] = digest()
    findings: Mapped[str | None] = digest()
    found_at: Mapped[datetime | None] = public()
    found_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    answer: Mapped[str | None] = digest()
    answered_at: Mapped[datetime | None] = public()
    answered_by_id: Mapped[int | None] = public(ForeignKey("person.id"))

    meeting: Mapped[Meeting] = relationship()
    matter: Mapped[Matter] = relationship()
    participants: Mapped[list[Participant]] = relationship(order_by="Participant.number", back_populates="hearing")

    __table_args__ = (
        UniqueConstraint("matter_id", "round"),
        UniqueConstraint("meeting_id", "matter_id"),
        CheckConstraint(
            "(findings IS NULL) = (found_at IS NULL) AND (found_by_id IS NULL) = (found_at IS NULL)", name="found_whole"
        ),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answered_by_id IS NULL) = (answered_at IS NULL)", name="answered_whole"
        ),
        CheckConstraint("answer IS NULL OR findings IS NOT NULL", name="answer_is_to_findings"),
    )

    @property
    def log_label(self) -> str:
        return str(self.round)


class Participant(Model):
    """Somebody who takes part for one side, in the room or in writing; and whether they confirmed the record."""

    __tablename__ = "hearing_participant"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    hearing_id: Mapped[int] = public(ForeignKey("hearing.id"))
    number: Mapped[int] = public()
    party: Mapped[str] = public(String(10))
    comes: Mapped[bool] = public()
    name_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    person_id: Mapped[int | None] = public(ForeignKey("person.id"), info=AS_RESIDENT)
    entered_at: Mapped[datetime] = public()
    confirmed_at: Mapped[datetime | None] = public()
    reservation_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    on_paper: Mapped[bool | None] = public()
    noted_by_id: Mapped[int | None] = public(ForeignKey("person.id"), info={"as_resident": "noted_oneself"})

    hearing: Mapped[Hearing] = relationship(back_populates="participants")
    name: Mapped[PersonalRecord] = relationship(foreign_keys=[name_id])
    reservation: Mapped[PersonalRecord | None] = relationship(foreign_keys=[reservation_id])

    __table_args__ = (
        UniqueConstraint("hearing_id", "number"),
        UniqueConstraint("hearing_id", "person_id"),
        CheckConstraint(f"party IN ({_PARTIES})", name="party_known"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (on_paper IS NULL) AND (confirmed_at IS NULL) = (noted_by_id IS NULL)", name="confirmed_whole"
        ),
        CheckConstraint("reservation_id IS NULL OR confirmed_at IS NOT NULL", name="reservation_has_date"),
    )

    @property
    def noted_oneself(self) -> bool:
        """Whether the one who noted the confirmation is the one who took part, and not the clerk."""
        return self.on_paper is False


class Word(Model):
    """What one of them said or sent: a statement with its minutes, a question, the answer to one, a text from afar."""

    __tablename__ = "hearing_word"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    hearing_id: Mapped[int] = public(ForeignKey("hearing.id"), index=True)
    participant_id: Mapped[int] = public(ForeignKey("hearing_participant.id"))
    kind: Mapped[str] = public(String(10))
    minutes: Mapped[int | None] = public()
    to_id: Mapped[int | None] = public(ForeignKey("hearing_word.id"))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    at: Mapped[datetime] = public()

    participant: Mapped[Participant] = relationship()
    text: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint("(kind = 'statement') = (minutes IS NOT NULL)", name="statement_has_minutes"),
        CheckConstraint("(kind = 'answer') = (to_id IS NOT NULL)", name="answer_is_to_a_question"),
    )
