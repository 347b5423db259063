"""Polls over a list of persons. What a poll needs to be judged is frozen in rows of its own when it opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.councils.models import Council
from deliberation.extensions import Model
from deliberation.kernel.database import committed, public, withheld
from deliberation.people.models import Person


class Poll(Model):
    """One recorded poll: prepared → open → closed → counted. ``text_hash`` names the text that is voted on."""

    __tablename__ = "poll"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    matter_id: Mapped[int | None] = public(index=True)
    label: Mapped[str] = public(String(20))
    mode: Mapped[str] = public(String(20))
    state: Mapped[str] = public(String(10))
    text_hash: Mapped[str] = public(String(64))
    prepared_at: Mapped[datetime] = public()
    opened_at: Mapped[datetime | None] = public()
    closed_at: Mapped[datetime | None] = public()
    counted_at: Mapped[datetime | None] = public()

    rule: Mapped[PollRule | None] = relationship(back_populates="poll")
    verdict: Mapped[VerdictRow | None] = relationship(back_populates="poll")

    __table_args__ = (
        CheckConstraint("mode IN ('recorded','show_of_hands')", name="mode_known"),
        CheckConstraint("state IN ('prepared','open','closed','counted')", name="state_known"),
        CheckConstraint("(state <> 'prepared') = (opened_at IS NOT NULL)", name="opened_has_date"),
        CheckConstraint("(state IN ('closed','counted')) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("(state = 'counted') = (counted_at IS NOT NULL)", name="counted_has_date"),
    )

    council: Mapped[Council] = relationship()

    @property
    def log_label(self) -> str:
        return self.label


class PollRule(Model):
    """The rule under which the poll is judged, frozen at opening: canonical JSON as ``deliberation decide`` reads it."""

    __tablename__ = "poll_rule"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    rule_version: Mapped[int] = public()
    rule: Mapped[str] = public()

    poll: Mapped[Poll] = relationship(back_populates="rule")


class PollVoter(Model):
    """One person of the electorate, with presence and recusal as they stood when the poll opened."""

    __tablename__ = "poll_voter"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    present: Mapped[bool] = public()
    recused: Mapped[bool] = public()
    may_vote: Mapped[bool] = public()

    person: Mapped[Person] = relationship()

    __table_args__ = (
        PrimaryKeyConstraint("poll_id", "person_id"),
        CheckConstraint("NOT may_vote OR (present AND NOT recused)", name="only_those_present_vote"),
    )


class Ballot(Model):
    """One vote, one row per poll and member. In the log: a salted commitment to member and choice together.

    ``confirmed_at`` is empty while a vote that the clerk took down awaits the chair's confirmation."""

    __tablename__ = "ballot"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    poll_id: Mapped[int] = public(ForeignKey("poll.id"))
    person_id: Mapped[int] = committed(ForeignKey("person.id"))
    choice: Mapped[str] = committed(String(10))
    salt: Mapped[bytes] = withheld("it opens the commitment", LargeBinary(32))
    channel: Mapped[str] = public(String(20))
    taken_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    cast_at: Mapped[datetime] = public()
    confirmed_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("(channel = 'clerk') = (taken_by_id IS NOT NULL)", name="taken_down_by_somebody"),
        CheckConstraint("choice IN ('for','against','abstain')", name="choice_known"),
        CheckConstraint("channel IN ('clerk','own_device')", name="channel_known"),
    )


class VerdictRow(Model):
    """The kept verdict: what was counted, what was needed, what came out."""

    __tablename__ = "verdict"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    outcome: Mapped[str] = public(String(20))
    entitled: Mapped[int] = public()
    present: Mapped[int] = public()
    recused: Mapped[int] = public()
    votes_for: Mapped[int] = public()
    votes_against: Mapped[int] = public()
    votes_abstain: Mapped[int] = public()
    votes_invalid: Mapped[int] = public()
    quorum_needed: Mapped[int | None] = public()
    quorum_have: Mapped[int | None] = public()
    pass_needed: Mapped[int | None] = public()
    pass_have: Mapped[int | None] = public()
    decided_at: Mapped[datetime] = public()

    poll: Mapped[Poll] = relationship(back_populates="verdict")

    __table_args__ = (
        CheckConstraint("outcome IN ('adopted','rejected','no_decision')", name="outcome_known"),
        CheckConstraint("present <= entitled AND recused <= present", name="no_more_than_entitled"),
        CheckConstraint(
            "votes_for + votes_against + votes_abstain + votes_invalid <= present - recused", name="no_more_than_present"
        ),
        CheckConstraint("outcome <> 'adopted' OR votes_for > votes_against", name="a_tie_never_adopts"),
    )
