"""Sides of a meeting, the points they agreed on, and how a meeting that seeks an agreement ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agreements.states import OUTCOMES, Ending, channels
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.meetings.kinds import parties
from deliberation.meetings.models import Meeting

_PARTIES = ",".join(f"'{code}'" for code in parties())
_OUTCOMES = ",".join(f"'{one}'" for one in OUTCOMES)
_ENDINGS = ",".join(f"'{one}'" for one in Ending)
_CHANNELS = ",".join(f"'{code}'" for code in channels())


class Side(Model):
    """One side: a party of the preset, or an organisation or group by its name. ``agreed_hash`` is of the text it agreed to."""

    __tablename__ = "meeting_side"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    party: Mapped[str | None] = public(String(20))
    name: Mapped[str | None] = digest(String(60))
    is_present: Mapped[bool] = public()
    speaker_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    entered_at: Mapped[datetime] = public()
    agreed_at: Mapped[datetime | None] = public()
    agreed_hash: Mapped[str | None] = public(String(64))

    speaker: Mapped[PersonalRecord | None] = relationship()

    __table_args__ = (
        UniqueConstraint("meeting_id", "party"),
        UniqueConstraint("meeting_id", "name"),
        CheckConstraint("(party IS NULL) <> (name IS NULL)", name="party_or_name"),
        CheckConstraint(f"party IN ({_PARTIES})", name="party_known"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_hash IS NULL)", name="agreed_whole"),
    )


class Point(Model):
    """One point: what, who does it (one of the sides, or an office), by when; later what became of it, in a word."""

    __tablename__ = "agreed_point"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    text: Mapped[str] = digest()
    side_id: Mapped[int | None] = public(ForeignKey("meeting_side.id"))
    office: Mapped[str | None] = public(String(30))
    due_on: Mapped[date] = public()
    outcome: Mapped[str | None] = public(String(10))
    word: Mapped[str | None] = digest()
    settled_at: Mapped[datetime | None] = public()

    meeting: Mapped[Meeting] = relationship()
    side: Mapped[Side | None] = relationship()

    __table_args__ = (
        CheckConstraint("(side_id IS NULL) <> (office IS NULL)", name="one_does_it"),
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint(
            "(outcome IS NULL) = (word IS NULL) AND (outcome IS NULL) = (settled_at IS NULL)", name="settled_whole"
        ),
    )


class Settlement(Model):
    """How a meeting that seeks an agreement ended: the text to which every side agreed, or why not and where it goes on.

    A meeting has one at most: its id is the key.
    """

    __tablename__ = "settlement"
    __recorded__ = True

    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    ending: Mapped[str] = public(String(12))
    document: Mapped[str | None] = digest()
    document_hash: Mapped[str | None] = public(String(64))
    reason: Mapped[str | None] = digest()
    channel: Mapped[str | None] = public(String(20))
    channel_words: Mapped[str | None] = digest(String(120))
    at: Mapped[datetime] = public()
    by_id: Mapped[int] = public(ForeignKey("person.id"))

    __table_args__ = (
        CheckConstraint(f"ending IN ({_ENDINGS})", name="ending_known"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel_known"),
        CheckConstraint(
            "(ending = 'agreed') = (document IS NOT NULL) AND (document IS NULL) = (document_hash IS NULL)", name="agreed_has_text"
        ),
        CheckConstraint(
            "(ending = 'not_reached') = (reason IS NOT NULL) AND (reason IS NULL) = (channel IS NULL)", name="not_reached_goes_on"
        ),
    )
