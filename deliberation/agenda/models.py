"""Matters, their plan versions, their hand-overs, and members' recusals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.states import STATE_WORDS
from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council, RuleSet
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.people.models import Person

_STATES = ",".join(f"'{state}'" for state in STATE_WORDS)


class Matter(Model):
    """One matter on its way through the five steps. ``state`` is written by ``agenda.services.move`` alone."""

    __tablename__ = "matter"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    rule_set_id: Mapped[int] = public(ForeignKey("rule_set.id"))
    year: Mapped[int] = public()
    number: Mapped[int] = public()
    title: Mapped[str] = digest(String(80))
    problem: Mapped[str] = digest()
    source: Mapped[str] = public(String(20))
    state: Mapped[str] = public(String(20))
    state_since: Mapped[datetime] = public()
    opened_at: Mapped[datetime] = public()
    ended_at: Mapped[datetime | None] = public()
    end_reason: Mapped[str | None] = digest()
    adopted_hash: Mapped[str | None] = public(String(64))

    council: Mapped[Council] = relationship()
    rule_set: Mapped[RuleSet] = relationship()
    versions: Mapped[list[PlanVersion]] = relationship(order_by="PlanVersion.number", back_populates="matter")

    __table_args__ = (
        UniqueConstraint("council_id", "year", "number"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            "(state IN ('closed','declined','referred','withdrawn','lapsed')) = (ended_at IS NOT NULL)", name="ended_has_date"
        ),
        CheckConstraint("source IN ('appeals','visits','members')", name="source_known"),
        Index("ix_matter_council_state", "council_id", "state"),
    )

    @property
    def matter_id(self) -> int:
        return self.id

    @property
    def current_version(self) -> PlanVersion | None:
        """The newest version of the plan."""
        return self.versions[-1] if self.versions else None

    @property
    def no(self) -> str:
        """The matter's number in addresses: ``2026-3``."""
        return f"{self.year}-{self.number}"

    @property
    def log_label(self) -> str:
        return self.no


class PlanVersion(Model):
    """One version of a matter's plan, as numbered paragraphs. Versions are only added."""

    __tablename__ = "plan_version"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    number: Mapped[int] = public()
    kind: Mapped[str] = public(String(10))
    analysis: Mapped[str | None] = digest()
    powers: Mapped[str | None] = public(String(20))
    powers_note: Mapped[str | None] = digest()
    text_hash: Mapped[str] = public(String(64))
    written_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    written_at: Mapped[datetime] = public()

    matter: Mapped[Matter] = relationship(back_populates="versions")
    paragraphs: Mapped[list[PlanParagraph]] = relationship(order_by="PlanParagraph.position", back_populates="version")

    __table_args__ = (
        UniqueConstraint("matter_id", "number"),
        CheckConstraint("kind IN ('draft','adopted','revised')", name="kind_known"),
        CheckConstraint("powers IS NULL OR powers IN ('within','persuade','outside')", name="powers_known"),
    )

    @property
    def log_label(self) -> str:
        return str(self.number)


class PlanParagraph(Model):
    """One paragraph. ``key`` stays the same through all versions in which the paragraph lives on."""

    __tablename__ = "plan_paragraph"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    version_id: Mapped[int] = public(ForeignKey("plan_version.id"))
    position: Mapped[int] = public()
    key: Mapped[str] = public(String(12))
    text: Mapped[str] = digest()

    version: Mapped[PlanVersion] = relationship(back_populates="paragraphs")

    __table_args__ = (UniqueConstraint("version_id", "position"), UniqueConstraint("version_id", "key"))


class Handover(Model):
    """One arrow of the process: who gave what to whom, when, signed into the log."""

    __tablename__ = "handover"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    from_state: Mapped[str] = public(String(20))
    to_state: Mapped[str] = public(String(20))
    giver: Mapped[str] = public(String(20))
    giver_id: Mapped[int] = public(ForeignKey("person.id"))
    giver_office: Mapped[str] = public(String(30))
    taker: Mapped[str] = public(String(20))
    product: Mapped[str] = public(String(20))
    version_id: Mapped[int | None] = public(ForeignKey("plan_version.id"))
    note: Mapped[str | None] = digest()
    is_back: Mapped[bool] = public()
    at: Mapped[datetime] = public()

    __table_args__ = (
        CheckConstraint(
            "product IN ('problem_list','plan','adopted_text','resolution','objection')", name="product_known"
        ),
    )


class Recusal(Model):
    """A member steps back from a matter that touches self or kin; the chair approves."""

    __tablename__ = "recusal"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    reason_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    asked_at: Mapped[datetime] = public()
    approved_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    reason: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        UniqueConstraint("matter_id", "person_id"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved_has_date"),
    )


class Proposal(Model):
    """A council member asks that something become a matter; with another member's second the secretary has to answer."""

    __tablename__ = "proposal"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    proposer_id: Mapped[int] = public(ForeignKey("person.id"))
    title_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    state: Mapped[str] = public(String(10))
    proposed_at: Mapped[datetime] = public()
    seconder_id: Mapped[int | None] = public(ForeignKey("person.id"))
    seconded_at: Mapped[datetime | None] = public()
    matter_id: Mapped[int | None] = public(ForeignKey("matter.id"))
    answer_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    settled_at: Mapped[datetime | None] = public()

    proposer: Mapped[Person] = relationship(foreign_keys=[proposer_id])
    seconder: Mapped[Person | None] = relationship(foreign_keys=[seconder_id])
    title: Mapped[PersonalRecord] = relationship(foreign_keys=[title_id])
    text: Mapped[PersonalRecord] = relationship(foreign_keys=[text_id])
    answer: Mapped[PersonalRecord | None] = relationship(foreign_keys=[answer_id])
    matter: Mapped[Matter | None] = relationship()
    council: Mapped[Council] = relationship()

    __table_args__ = (
        CheckConstraint("state IN ('proposed','seconded','opened','merged','declined','withdrawn')", name="state_known"),
        CheckConstraint("(seconder_id IS NULL) = (seconded_at IS NULL)", name="seconded_has_date"),
        CheckConstraint("seconder_id IS NULL OR seconder_id <> proposer_id", name="nobody_seconds_own"),
        CheckConstraint("(state IN ('opened','merged')) = (matter_id IS NOT NULL)", name="taken_up_has_matter"),
        CheckConstraint("(state IN ('proposed','seconded')) = (settled_at IS NULL)", name="settled_has_date"),
        CheckConstraint(
            "state NOT IN ('seconded','opened','merged') OR seconder_id IS NOT NULL", name="no_matter_without_a_second"
        ),
    )


class RecusalChallenge(Model):
    """A member holds that another should step back from a matter; the other answers, and somebody else decides.

    Upheld, it makes an approved recusal, which counts like any other."""

    __tablename__ = "recusal_challenge"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    by_id: Mapped[int] = public(ForeignKey("person.id"))
    reason_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    made_at: Mapped[datetime] = public()
    answer_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    answered_at: Mapped[datetime | None] = public()
    upheld: Mapped[bool | None] = public()
    decided_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    decision_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    decided_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    reason: Mapped[PersonalRecord] = relationship(foreign_keys=[reason_id])
    answer: Mapped[PersonalRecord | None] = relationship(foreign_keys=[answer_id])
    decision: Mapped[PersonalRecord | None] = relationship(foreign_keys=[decision_id])

    __table_args__ = (
        UniqueConstraint("matter_id", "person_id", "by_id"),
        CheckConstraint("person_id <> by_id", name="of_another"),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> person_id AND decided_by_id <> by_id)", name="nobody_decides_own_case"
        ),
        CheckConstraint("(answer_id IS NULL) = (answered_at IS NULL)", name="answered_has_date"),
        CheckConstraint(
            "(upheld IS NULL) = (decided_at IS NULL) AND (decided_by_id IS NULL) = (decided_at IS NULL)"
            " AND (decision_id IS NULL) = (decided_at IS NULL)",
            name="decided_whole",
        ),
    )
