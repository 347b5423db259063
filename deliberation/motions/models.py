"""Debates and the motions made for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
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
    the next one. ``state`` is written by ``motions.services.move`` alone."""

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

    matter: Mapped[Matter] = relationship()
    version: Mapped[PlanVersion] = relationship()
    parent: Mapped[Motion | None] = relationship(remote_side=[id])
    mover: Mapped[Person] = relationship(foreign_keys=[mover_id])
    seconder: Mapped[Person | None] = relationship(foreign_keys=[seconder_id])
    poll: Mapped[Poll | None] = relationship()

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
