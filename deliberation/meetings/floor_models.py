"""The floor: who asks to speak, and who spoke from when to when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.meetings.models import Speech
from deliberation.people.models import Person

_STANCES = "stance IN ('pro','con','neutral')"


class Hand(Model):
    """Somebody who asks to speak. Not recorded: it is gone when the floor is given, taken back or the matter is done with,
    and an entry for each hand that goes up would bury what was said."""

    __tablename__ = "floor_hand"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("debate.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    stance: Mapped[str] = mapped_column(String(10))

    person: Mapped[Person] = relationship()

    __table_args__ = (UniqueConstraint("debate_id", "person_id"), CheckConstraint(_STANCES, name="stance_known"))


class Turn(Model):
    """The floor, given to somebody: from when to when, with which stance, and the speech as the clerk noted it. One that was given
    by mistake is taken back."""

    __tablename__ = "floor_turn"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    debate_id: Mapped[int] = public(ForeignKey("debate.id"), index=True)
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    stance: Mapped[str] = public(String(10))
    started_at: Mapped[datetime] = public()
    ended_at: Mapped[datetime | None] = public()
    speech_id: Mapped[int | None] = public(ForeignKey("speech.id"), unique=True)
    taken_back_at: Mapped[datetime | None] = public()
    back_reason: Mapped[str | None] = digest()
    """Why the chair took the floor back; whoever had it by mistake has not spoken."""

    person: Mapped[Person] = relationship()
    speech: Mapped[Speech | None] = relationship()

    __table_args__ = (
        CheckConstraint(_STANCES, name="stance_known"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        CheckConstraint(
            "(taken_back_at IS NULL) = (back_reason IS NULL) AND "
            "(taken_back_at IS NULL OR (ended_at IS NOT NULL AND speech_id IS NULL))",
            name="taken_back_whole",
        ),
        # One speaks at a time.
        Index("uq_floor_turn_speaking", "meeting_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip
