"""The minutes of a meeting: what the clerk wrote into them, who objects, who signed which text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public, withheld
from deliberation.people.models import Person


class Minutes(Model):
    """The minutes from the day they are laid out. ``document`` is the canonical text that both sign: it names nobody, and
    holds of what people said and gave as reasons the salted commitments alone."""

    __tablename__ = "minutes"
    __recorded__ = True

    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    laid_out_at: Mapped[datetime] = public()
    objections_until: Mapped[datetime] = public()
    document: Mapped[str | None] = digest()
    document_hash: Mapped[str | None] = public(String(64))
    chair_signer_id: Mapped[int | None] = public(ForeignKey("person.id"))
    chair_signed_at: Mapped[datetime | None] = public()
    clerk_signer_id: Mapped[int | None] = public(ForeignKey("person.id"))
    clerk_signed_at: Mapped[datetime | None] = public()
    published_at: Mapped[datetime | None] = public()
    salt: Mapped[bytes | None] = withheld("it tells which number is whose; the document has its hash", LargeBinary(32))

    chair_signer: Mapped[Person | None] = relationship(foreign_keys=[chair_signer_id])
    clerk_signer: Mapped[Person | None] = relationship(foreign_keys=[clerk_signer_id])

    __table_args__ = (
        CheckConstraint("chair_signer_id <> clerk_signer_id", name="two_persons_sign"),
        CheckConstraint("(chair_signer_id IS NULL) = (chair_signed_at IS NULL)", name="chair_signed_has_date"),
        CheckConstraint("(clerk_signer_id IS NULL) = (clerk_signed_at IS NULL)", name="clerk_signed_has_date"),
        CheckConstraint("(document IS NULL) = (document_hash IS NULL)", name="document_has_hash"),
        CheckConstraint("(document IS NULL) = (chair_signer_id IS NULL AND clerk_signer_id IS NULL)", name="signed_is_frozen"),
        CheckConstraint("published_at IS NULL OR (chair_signer_id IS NOT NULL AND clerk_signer_id IS NOT NULL)",
                        name="published_is_signed"),
    )  # fmt: skip

    @property
    def log_label(self) -> str:
        return str(self.meeting_id)


class MinutesEdit(Model):
    """One wording of one part that people write: a summary (an official text) or the words of a speech (personal).

    The newest stands; those before it stay, so that everybody sees who changed what and when."""

    __tablename__ = "minutes_edit"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    part: Mapped[str] = public(String(20))
    number: Mapped[int] = public()
    text: Mapped[str | None] = digest()
    words_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    by_id: Mapped[int] = public(ForeignKey("person.id"))
    at: Mapped[datetime] = public()

    words: Mapped[PersonalRecord | None] = relationship()
    by: Mapped[Person] = relationship()

    __table_args__ = (
        UniqueConstraint("meeting_id", "part", "number"),
        CheckConstraint("(text IS NULL) = (words_id IS NOT NULL)", name="text_or_words"),
    )


class Objection(Model):
    """Somebody who was there holds that the minutes are wrong; the clerk answers, and corrects them where it is upheld."""

    __tablename__ = "minutes_objection"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    by_id: Mapped[int] = public(ForeignKey("person.id"))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    made_at: Mapped[datetime] = public()
    answer: Mapped[str | None] = digest()
    upheld: Mapped[bool | None] = public()
    answered_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = public()

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    text: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        CheckConstraint("by_id <> answered_by_id", name="nobody_answers_own"),
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (upheld IS NULL) = (answered_at IS NULL)"
            " AND (answered_by_id IS NULL) = (answered_at IS NULL)",
            name="answered_whole",
        ),
    )


class Correction(Model):
    """What is wrong in minutes that were published: what stands there, what is right, and why. The clerk writes it, the chair
    countersigns; from then on it has a number and everybody reads it. The frozen document stays as it is."""

    __tablename__ = "minutes_correction"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    number: Mapped[int | None] = public()
    part: Mapped[str] = public(String(20))
    stood: Mapped[str] = digest()
    corrected: Mapped[str] = digest()
    why: Mapped[str] = digest()
    made_by_id: Mapped[int] = public(ForeignKey("person.id"))
    made_at: Mapped[datetime] = public()
    countersigned_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    countersigned_at: Mapped[datetime | None] = public()
    dropped_at: Mapped[datetime | None] = public()

    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    countersigned_by: Mapped[Person | None] = relationship(foreign_keys=[countersigned_by_id])

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("made_by_id <> countersigned_by_id", name="two_persons_sign"),
        CheckConstraint(
            "(number IS NULL) = (countersigned_at IS NULL) AND (countersigned_by_id IS NULL) = (countersigned_at IS NULL)",
            name="countersigned_whole",
        ),
        CheckConstraint("dropped_at IS NULL OR countersigned_at IS NULL", name="dropped_never_stood"),
    )

    @property
    def waits(self) -> bool:
        """Whether the chair has yet to countersign it."""
        return self.countersigned_at is None and self.dropped_at is None
