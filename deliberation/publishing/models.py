"""Numbers of documents, and resolutions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public


class DocumentNumber(Model):
    """One number of the series per council, kind and year. A void number stays listed."""

    __tablename__ = "document_number"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    kind: Mapped[str] = public(String(20))
    year: Mapped[int] = public()
    number: Mapped[int] = public()
    prefix: Mapped[str] = digest(String(20))
    voided_at: Mapped[datetime | None] = public()
    void_reason: Mapped[str | None] = digest()

    __table_args__ = (
        UniqueConstraint("council_id", "kind", "year", "number"),
        CheckConstraint("kind IN ('resolution')", name="kind_known"),
        CheckConstraint("number >= 1", name="from_one"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void_has_reason"),
    )

    @property
    def log_label(self) -> str:
        return f"{self.year}/{self.number}"


class Resolution(Model):
    """A council's resolution: the adopted text, its number, and what it can bind."""

    __tablename__ = "resolution"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    number_id: Mapped[int] = public(ForeignKey("document_number.id"), unique=True)
    version_id: Mapped[int] = public(ForeignKey("plan_version.id"))
    text_hash: Mapped[str] = public(String(64))
    effect: Mapped[str] = digest()
    issued_on: Mapped[date] = public()
    issued_at: Mapped[datetime] = public()
    issued_by_id: Mapped[int] = public(ForeignKey("person.id"))
    log_size: Mapped[int] = public()
    log_root: Mapped[str] = public(String(64))

    number: Mapped[DocumentNumber] = relationship()
    matter: Mapped[Matter] = relationship()
    version: Mapped[PlanVersion] = relationship()

    @property
    def log_label(self) -> str:
        return self.number.log_label
