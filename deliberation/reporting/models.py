"""The paper of a report meeting: words of introduction to its sections, and the frozen text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, String
from sqlalchemy.orm import Mapped

from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.reporting.sections import SECTION_WORDS

_SECTIONS = ",".join(f"'{one}'" for one in SECTION_WORDS)


class Introduction(Model):
    """What the clerk says before a section, in the wording that stands."""

    __tablename__ = "report_introduction"
    __recorded__ = True

    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    section: Mapped[str] = public(String(20))
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    number: Mapped[int] = public()
    text: Mapped[str] = digest()
    at: Mapped[datetime] = public()
    by_id: Mapped[int] = public(ForeignKey("person.id"))

    __table_args__ = (
        PrimaryKeyConstraint("meeting_id", "section"),
        CheckConstraint(f"section IN ({_SECTIONS})", name="section_known"),
    )


class Paper(Model):
    """The paper as it went out with the notice. ``until`` is where the next one goes on."""

    __tablename__ = "report_paper"
    __recorded__ = True

    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    since: Mapped[datetime] = public()
    until: Mapped[datetime] = public()
    document: Mapped[str] = digest()
    document_hash: Mapped[str] = public(String(64))
