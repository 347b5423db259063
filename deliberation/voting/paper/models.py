"""What paper adds to a secret vote: how many papers there are, their numbers, and two entries of what stands on them.

``paper_poll`` and ``paper_entry`` are recorded. The other three are not: a time beside a paper, or beside the mark of
somebody who took one, would tell whose it is. No row of any of the five names a voter.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.extensions import Model
from deliberation.kernel.database import public
from deliberation.people.models import Person
from deliberation.voting.secret.models import BY_KEY_ALONE

PRINTED, VOIDED, DIFFERS = "printed", "voided", "differs"


class PaperPoll(Model):
    """How many papers of a secret vote were printed and voided; at its closing, how many were given out; at the count, how
    many came back, how many of those were invalid, and how many never came back."""

    __tablename__ = "paper_poll"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    printed: Mapped[int] = public()
    voided: Mapped[int] = public()
    given: Mapped[int | None] = public()
    counted: Mapped[int | None] = public()
    invalid: Mapped[int | None] = public()
    missing: Mapped[int | None] = public()

    __table_args__ = (CheckConstraint("voided <= printed", name="voided_were_printed"),)


class PaperEntry(Model):
    """One of the two entries of a vote's papers: whose it is, how many papers, their root. Never what stands on them."""

    __tablename__ = "paper_entry"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"))
    place: Mapped[int] = public()
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    papers: Mapped[int | None] = public()
    root: Mapped[str | None] = public(String(64))
    finished_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship()

    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "place"),
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("place IN (1, 2)", name="two_entries"),
        CheckConstraint("(finished_at IS NULL) = (root IS NULL)", name="finished_has_root"),
    )


class Paper(Model):
    """The number of one printed paper. It is tied to nobody."""

    __tablename__ = "paper"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    serial: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(10))

    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "serial"),
        CheckConstraint("state IN ('printed','voided','differs')", name="state_known"),
        BY_KEY_ALONE,
    )


class PaperTally(Model):
    """How many papers were given out against a mark on the roll, and the salt of the entries' roots."""

    __tablename__ = "paper_tally"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True, autoincrement=False)
    given: Mapped[int]
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))


class PaperTyped(Model):
    """What one of the two typed off one paper, until the count."""

    __tablename__ = "paper_typed"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    place: Mapped[int]
    serial: Mapped[str] = mapped_column(String(6))
    content: Mapped[str]

    __table_args__ = (PrimaryKeyConstraint("poll_id", "place", "serial"), BY_KEY_ALONE)
