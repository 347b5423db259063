"""Appeals, their two clocks, their replies and attempts to reach the appellant."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter
from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council, RuleSet
from deliberation.extensions import Model
from deliberation.kernel.database import AS_RESIDENT, digest, public, withheld


class Appeal(Model):
    """What somebody raised, through any channel. Its text, its author's name and contact are personal records."""

    __tablename__ = "appeal"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    rule_set_id: Mapped[int] = public(ForeignKey("rule_set.id"))
    matter_id: Mapped[int | None] = public(ForeignKey("matter.id"), index=True)
    year: Mapped[int] = public()
    number: Mapped[int] = public()
    channel: Mapped[str] = public(String(10))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    name_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    contact_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    appellant_id: Mapped[int | None] = public(ForeignKey("person.id"), index=True, info=AS_RESIDENT)
    taken_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    paper_no: Mapped[str | None] = withheld("the desk's own mark, never published; too short for a bare hash", String(40))
    is_transcribed: Mapped[bool] = public()
    receipt_code: Mapped[str] = withheld("it opens the appeal's page", String(64))
    holder: Mapped[str] = public(String(20))
    state: Mapped[str] = public(String(12))
    received_at: Mapped[datetime] = public()
    first_due_on: Mapped[date] = public()
    first_answered_at: Mapped[datetime | None] = public()
    reply_due_on: Mapped[date] = public()
    extended_at: Mapped[datetime | None] = public()
    closed_at: Mapped[datetime | None] = public()

    council: Mapped[Council] = relationship()
    rule_set: Mapped[RuleSet] = relationship()
    text: Mapped[PersonalRecord] = relationship(foreign_keys=[text_id])
    appellant_name: Mapped[PersonalRecord | None] = relationship(foreign_keys=[name_id])
    contact: Mapped[PersonalRecord | None] = relationship(foreign_keys=[contact_id])
    matter: Mapped[Matter | None] = relationship()
    replies: Mapped[list[AppealReply]] = relationship(order_by="AppealReply.id")
    attempts: Mapped[list[ContactAttempt]] = relationship(order_by="ContactAttempt.id")
    rating: Mapped[AppealRating | None] = relationship()

    __table_args__ = (
        UniqueConstraint("council_id", "year", "number"),
        CheckConstraint("channel IN ('walk_in','phone','online','visit','paper')", name="channel_known"),
        CheckConstraint("state IN ('received','in_hand','answered','declined','referred')", name="state_known"),
        CheckConstraint("(state IN ('answered','declined','referred')) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_appeal_council_state", "council_id", "state"),
    )

    @property
    def no(self) -> str:
        """``QS-2026-0001``."""
        return f"QS-{self.year}-{self.number:04d}"

    @property
    def log_label(self) -> str:
        return self.no


class AppealReply(Model):
    """A word to the appellant: receipt, interim reply (which may extend the clock once), final reply, or no."""

    __tablename__ = "appeal_reply"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    appeal_id: Mapped[int] = public(ForeignKey("appeal.id"), index=True)
    kind: Mapped[str] = public(String(10))
    means: Mapped[str] = public(String(15))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    reason: Mapped[str | None] = digest()
    referred_to: Mapped[str | None] = digest(String(80))
    extends_to: Mapped[date | None] = public()
    by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    at: Mapped[datetime] = public()

    text: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        CheckConstraint("kind IN ('receipt','interim','final','decline','refer')", name="kind_known"),
        CheckConstraint("means IN ('direct','posted_notice')", name="means_known"),
        CheckConstraint("(extends_to IS NULL) = (reason IS NULL) OR kind <> 'interim'", name="extension_has_reason"),
        CheckConstraint("(kind = 'refer') = (referred_to IS NOT NULL)", name="referral_says_where"),
    )


class ContactAttempt(Model):
    """An attempt to reach the appellant that failed."""

    __tablename__ = "contact_attempt"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    appeal_id: Mapped[int] = public(ForeignKey("appeal.id"), index=True)
    means: Mapped[str] = public(String(10))
    note_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    by_id: Mapped[int] = public(ForeignKey("person.id"))
    at: Mapped[datetime] = public()

    note: Mapped[PersonalRecord | None] = relationship()

    __table_args__ = (CheckConstraint("means IN ('phone','visit','letter','message')", name="means_known"),)


class AppealRating(Model):
    """How satisfied the appellant is with the final reply."""

    __tablename__ = "appeal_rating"
    __recorded__ = True

    appeal_id: Mapped[int] = public(ForeignKey("appeal.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    grade: Mapped[str] = public(String(20))
    channel: Mapped[str] = public(String(10))
    at: Mapped[datetime] = public()

    __table_args__ = (
        CheckConstraint("grade IN ('satisfied','basically','dissatisfied','invalid')", name="grade_known"),
        CheckConstraint("channel IN ('online','paper')", name="channel_known"),
    )
