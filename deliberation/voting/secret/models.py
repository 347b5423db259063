"""What a secret vote keeps: the key's public half and its sheets, who has voted, what lies in the box, what came out of it.

``box_key``, ``key_sheet`` and ``sealed_poll`` are recorded. The other four are not: an entry for each vote would tell the
order in which people voted. What they hold is told by three entries: opened, closed with the number of marks and the root of
the sealed ballots, counted with the tally and the root of the opened ones.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.extensions import Model
from deliberation.kernel.database import public
from deliberation.people.models import Person
from deliberation.voting.models import Poll

BY_KEY_ALONE = {"sqlite_with_rowid": False}
"""On SQLite the rows lie in the order of their keys, and no hidden number tells the order in which they came."""


class BoxKey(Model):
    """The public half of a key: made (sheets printed) → ready (enough read back) → used → destroyed. Or dropped unused.

    ``meeting_id``: the session for whose polls it is; none for a poll by correspondence.
    """

    __tablename__ = "box_key"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    meeting_id: Mapped[int | None] = public(index=True)
    public_key: Mapped[str] = public(String(64))
    needed: Mapped[int] = public()
    sheets: Mapped[int] = public()
    state: Mapped[str] = public(String(10))
    made_at: Mapped[datetime] = public()

    holders: Mapped[list[KeySheet]] = relationship(order_by="KeySheet.number", back_populates="key")

    __table_args__ = (
        CheckConstraint("needed >= 2 AND needed <= sheets", name="needs_two"),
        CheckConstraint("state IN ('made','ready','used','destroyed','dropped')", name="state_known"),
    )

    @property
    def log_label(self) -> str:
        return self.public_key[:16]

    @property
    def read_back(self) -> int:
        """How many sheets were read back."""
        return sum(one.read_back_at is not None for one in self.holders)


class KeySheet(Model):
    """One printed sheet: who keeps it, and the hash by which it is known again. What stands on it is nowhere here."""

    __tablename__ = "key_sheet"
    __recorded__ = True

    key_id: Mapped[int] = public(ForeignKey("box_key.id"))
    number: Mapped[int] = public()
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    fingerprint: Mapped[str] = public(String(64))
    read_back_at: Mapped[datetime | None] = public()
    destroyed_at: Mapped[datetime | None] = public()

    key: Mapped[BoxKey] = relationship(back_populates="holders")
    person: Mapped[Person] = relationship()

    __table_args__ = (PrimaryKeyConstraint("key_id", "number"),)


class SealedPoll(Model):
    """A secret poll's box: to which key it is sealed, and what was in it when it was closed and when it was opened."""

    __tablename__ = "sealed_poll"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    key_id: Mapped[int] = public(ForeignKey("box_key.id"), index=True)
    marks: Mapped[int | None] = public()
    sealed: Mapped[int | None] = public()
    sealed_root: Mapped[str | None] = public(String(64))
    ballots: Mapped[int | None] = public()
    ballots_root: Mapped[str | None] = public(String(64))

    poll: Mapped[Poll] = relationship()
    key: Mapped[BoxKey] = relationship()


class RollMark(Model):
    """One of those entitled to vote, written at the opening: has voted, or has not. No time, no order, no address."""

    __tablename__ = "roll"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    voted: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (PrimaryKeyConstraint("poll_id", "person_id"), BY_KEY_ALONE)


class BoxRow(Model):
    """One sealed ballot in the box, until the count. ``id``: the hash of a token that only the voter's form carried."""

    __tablename__ = "box"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (BY_KEY_ALONE,)


class SealedHash(Model):
    """The receipt of one sealed ballot, kept for ever: so a voter finds it when the box is long gone."""

    __tablename__ = "sealed_hash"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (PrimaryKeyConstraint("poll_id", "hash"), BY_KEY_ALONE)


class OpenedBallot(Model):
    """One ballot after the count, shuffled, under a new random id."""

    __tablename__ = "opened_ballot"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    content: Mapped[str]

    __table_args__ = (BY_KEY_ALONE,)
