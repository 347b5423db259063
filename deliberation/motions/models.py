"""Debates and the motions made for them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.people.models import Person
from deliberation.voting.models import Poll


class Debate(Model):
    """One sitting's consideration of one matter, on the plan version that lay before it."""

    __tablename__ = "debate"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    version_id: Mapped[int] = public(ForeignKey("plan_version.id"))
    state: Mapped[str] = public(String(10))
    opened_at: Mapped[datetime] = public()
    closed_at: Mapped[datetime | None] = public()

    matter: Mapped[Matter] = relationship()
    version: Mapped[PlanVersion] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('open','closed')", name="state_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_date"),
    )


class Motion(Model):
    """A main motion, an amendment or a secondary amendment. Made before a sitting it has no debate yet and lands in
    the next one. ``state`` is written by ``motions.services.move`` alone. A motion that takes up a decision again names it
    in ``reconsiders_id``; ``side`` says how it is known that its mover was of the prevailing side: recorded or declared."""

    __tablename__ = "motion"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    debate_id: Mapped[int | None] = public(ForeignKey("debate.id"), index=True)
    version_id: Mapped[int] = public(ForeignKey("plan_version.id"))
    parent_id: Mapped[int | None] = public(ForeignKey("motion.id"))
    kind: Mapped[str] = public(String(20))
    number: Mapped[int] = public()
    label: Mapped[str] = public(String(12))
    op: Mapped[str | None] = public(String(20))
    paragraph_key: Mapped[str | None] = public(String(12))
    new_key: Mapped[str | None] = public(String(12))
    text: Mapped[str | None] = digest()
    mover_id: Mapped[int] = public(ForeignKey("person.id"))
    seconder_id: Mapped[int | None] = public(ForeignKey("person.id"))
    state: Mapped[str] = public(String(12))
    proposed_at: Mapped[datetime] = public()
    seconded_at: Mapped[datetime | None] = public()
    decided_at: Mapped[datetime | None] = public()
    poll_id: Mapped[int | None] = public(ForeignKey("poll.id"), unique=True)
    reconsiders_id: Mapped[int | None] = public(ForeignKey("motion.id"))
    side: Mapped[str | None] = public(String(10))

    matter: Mapped[Matter] = relationship()
    version: Mapped[PlanVersion] = relationship()
    parent: Mapped[Motion | None] = relationship(remote_side=[id], foreign_keys=[parent_id])
    reconsiders: Mapped[Motion | None] = relationship(remote_side=[id], foreign_keys=[reconsiders_id])
    mover: Mapped[Person] = relationship(foreign_keys=[mover_id])
    seconder: Mapped[Person | None] = relationship(foreign_keys=[seconder_id])
    poll: Mapped[Poll | None] = relationship()
    procedures: Mapped[list[ProceduralMotion]] = relationship(order_by="ProceduralMotion.id", back_populates="motion")

    __table_args__ = (
        CheckConstraint("kind IN ('main','amendment','secondary_amendment')", name="kind_known"),
        CheckConstraint("(kind = 'main') = (parent_id IS NULL)", name="only_amendments_hang_on_another"),
        CheckConstraint("(kind = 'main') = (op IS NULL)", name="amendments_have_an_operation"),
        CheckConstraint(
            "state IN ('proposed','seconded','voting','carried','lost','undecided','withdrawn','moot')", name="state_known"
        ),
        CheckConstraint("(seconder_id IS NULL) = (seconded_at IS NULL)", name="seconded_has_date"),
        CheckConstraint("seconder_id IS NULL OR seconder_id <> mover_id", name="nobody_seconds_own"),
        CheckConstraint("state NOT IN ('voting','carried','lost') OR poll_id IS NOT NULL", name="voted_has_poll"),
    )

    @property
    def log_label(self) -> str:
        return self.label


class ProceduralMotion(Model):
    """A decision of the sitting about how it goes on with a motion, made without objection: to postpone the pending main
    motion (until a day, or to the next session), or to close debate on a motion and put the question."""

    __tablename__ = "procedural_motion"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    debate_id: Mapped[int] = public(ForeignKey("debate.id"))
    motion_id: Mapped[int] = public(ForeignKey("motion.id"), index=True)
    kind: Mapped[str] = public(String(20))
    mover_id: Mapped[int] = public(ForeignKey("person.id"))
    seconder_id: Mapped[int] = public(ForeignKey("person.id"))
    until_on: Mapped[date | None] = public()
    reason: Mapped[str | None] = digest()
    made_at: Mapped[datetime] = public()

    motion: Mapped[Motion] = relationship(back_populates="procedures")
    mover: Mapped[Person] = relationship(foreign_keys=[mover_id])
    seconder: Mapped[Person] = relationship(foreign_keys=[seconder_id])

    __table_args__ = (
        UniqueConstraint("debate_id", "motion_id", "kind"),
        CheckConstraint("kind IN ('postpone','close_debate')", name="kind_known"),
        CheckConstraint("mover_id <> seconder_id", name="nobody_seconds_own"),
        CheckConstraint("kind = 'postpone' OR until_on IS NULL", name="only_postponed_has_day"),
        CheckConstraint("kind <> 'postpone' OR reason IS NOT NULL", name="postponed_has_reason"),
    )

    @property
    def log_label(self) -> str:
        return self.motion.label


class Ruling(Model):
    """What the chair rules on a point of order, with the reason; a member may appeal it to the council.

    A ruling names a motion or the debate as a whole. It changes no motion: what was counted stands."""

    __tablename__ = "ruling"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    debate_id: Mapped[int] = public(ForeignKey("debate.id"))
    motion_id: Mapped[int | None] = public(ForeignKey("motion.id"))
    chair_id: Mapped[int] = public(ForeignKey("person.id"))
    text: Mapped[str] = digest()
    reason: Mapped[str] = digest()
    ruled_at: Mapped[datetime] = public()
    appealed_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    appealed_at: Mapped[datetime | None] = public()
    hands_for: Mapped[int | None] = public()
    hands_against: Mapped[int | None] = public()
    decided_at: Mapped[datetime | None] = public()

    motion: Mapped[Motion | None] = relationship()
    appealed_by: Mapped[Person | None] = relationship(foreign_keys=[appealed_by_id])

    __table_args__ = (
        CheckConstraint("(appealed_by_id IS NULL) = (appealed_at IS NULL)", name="appealed_has_date"),
        CheckConstraint("decided_at IS NULL OR appealed_at IS NOT NULL", name="decided_was_appealed"),
        CheckConstraint(
            "(hands_for IS NULL) = (decided_at IS NULL) AND (hands_against IS NULL) = (decided_at IS NULL)",
            name="decided_has_hands",
        ),
        CheckConstraint("hands_for IS NULL OR (hands_for >= 0 AND hands_against >= 0)", name="hands_are_counted"),
    )

    @property
    def is_overturned(self) -> bool:
        """Only more hands against the ruling than for it overturn it; a tie lets it stand."""
        return self.hands_against is not None and self.hands_for is not None and self.hands_against > self.hands_for

    @property
    def log_label(self) -> str:
        return self.motion.label if self.motion else ""
