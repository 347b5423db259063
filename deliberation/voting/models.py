"""Polls over a list of persons. What a poll needs to be judged is frozen in rows of its own when it opens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import Model
from deliberation.kernel.database import committed, digest, public, withheld
from deliberation.people.models import Person


class Poll(Model):
    """One poll: prepared → open → closed → counted, or cancelled. ``text_hash`` names the text that is voted on.

    A vote on a motion is of the kind yes_no and has no ``question``; every other poll asks one, mostly with options. ``most``:
    how many options one ballot may name; ``closes_at``: after it no vote is taken, whether or not somebody closed the poll;
    ``frozen_hash``: the SHA-256 of what was frozen at opening, see `voting.freezing`. ``least_shown``: only of a rating by a list
    of people, council members or not: grades of a thing stand in no result under so many valid ballots.
    """

    __tablename__ = "poll"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    matter_id: Mapped[int | None] = public(index=True)
    label: Mapped[str] = public(String(20))
    mode: Mapped[str] = public(String(20))
    kind: Mapped[str] = public(String(10), server_default="yes_no", default="yes_no")
    state: Mapped[str] = public(String(10))
    text_hash: Mapped[str] = public(String(64))
    question: Mapped[str | None] = digest()
    seats: Mapped[int] = public(server_default="1", default=1)
    most: Mapped[int] = public(server_default="1", default=1)
    scale: Mapped[str | None] = public(String(20))
    method: Mapped[str | None] = public(String(40))
    method_version: Mapped[int | None] = public()
    lot_seed: Mapped[str | None] = public()
    by_correspondence: Mapped[bool] = public(server_default=false(), default=False)
    prepared_at: Mapped[datetime] = public()
    opened_at: Mapped[datetime | None] = public()
    closes_at: Mapped[datetime | None] = public()
    closed_at: Mapped[datetime | None] = public()
    counted_at: Mapped[datetime | None] = public()
    cancelled_at: Mapped[datetime | None] = public()
    frozen_hash: Mapped[str] = public(String(64), server_default="", default="")
    least_shown: Mapped[int | None] = public()

    options: Mapped[list[PollOption]] = relationship(order_by="PollOption.position", back_populates="poll")
    rule: Mapped[PollRule | None] = relationship(back_populates="poll")
    verdict: Mapped[VerdictRow | None] = relationship(back_populates="poll")
    result: Mapped[PollResult | None] = relationship(back_populates="poll")
    sealed_result: Mapped[SealedResult | None] = relationship(back_populates="poll")

    __table_args__ = (
        CheckConstraint("mode IN ('recorded','show_of_hands','secret')", name="mode_known"),
        CheckConstraint("kind IN ('yes_no','single','approval','ranked','rating')", name="kind_known"),
        CheckConstraint("state IN ('prepared','open','closed','counted','cancelled')", name="state_known"),
        CheckConstraint("state NOT IN ('open','closed','counted') OR opened_at IS NOT NULL", name="opened_has_date"),
        CheckConstraint("(state IN ('closed','counted')) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("(state = 'counted') = (counted_at IS NOT NULL)", name="counted_has_date"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_date"),
        CheckConstraint("NOT by_correspondence OR closes_at IS NOT NULL", name="correspondence_ends"),
    )

    council: Mapped[Council] = relationship()

    @property
    def log_label(self) -> str:
        return self.label


class PollOption(Model):
    """One of the answers that a poll offers, or one of the things that it asks to rate."""

    __tablename__ = "poll_option"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    position: Mapped[int] = public(primary_key=True, autoincrement=False)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    text: Mapped[str] = digest()

    poll: Mapped[Poll] = relationship(back_populates="options")


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

    ``choice`` is what the ballot says, as `voting.kinds` writes it; ``channel`` by which way it came; ``confirmed_at`` is
    empty while a vote that the clerk took down awaits the chair's confirmation."""

    __tablename__ = "ballot"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    poll_id: Mapped[int] = public(ForeignKey("poll.id"))
    person_id: Mapped[int] = committed(ForeignKey("person.id"))
    choice: Mapped[str] = committed()
    salt: Mapped[bytes] = withheld("it opens the commitment", LargeBinary(32))
    channel: Mapped[str] = public(String(20))
    taken_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    cast_at: Mapped[datetime] = public()
    confirmed_at: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        UniqueConstraint("poll_id", "person_id"),
        CheckConstraint("(channel = 'own_device') = (taken_by_id IS NULL)", name="taken_down_by_somebody"),
        CheckConstraint("channel IN ('clerk','own_device','paper','assisted')", name="channel_known"),
    )


class Mandate(Model):
    """That a member asked for an own vote to be entered, in which way, and what was said or which letter it was."""

    __tablename__ = "mandate"
    __recorded__ = True

    ballot_id: Mapped[int] = public(ForeignKey("ballot.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    way: Mapped[str] = public(String(20))
    note_id: Mapped[int] = public(ForeignKey("personal_record.id"))

    note: Mapped[PersonalRecord] = relationship()

    __table_args__ = (CheckConstraint("way IN ('in_person','telephone','letter')", name="way_known"),)


class VerdictRow(Model):
    """The kept verdict: what was counted, what was needed, what came out."""

    __tablename__ = "verdict"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    outcome: Mapped[str] = public(String(20))
    void: Mapped[str | None] = public(String(10))
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
        CheckConstraint("void IS NULL OR outcome = 'no_decision'", name="void_decides_nothing"),
        CheckConstraint("outcome <> 'adopted' OR votes_for > votes_against", name="a_tie_never_adopts"),
    )


class PollResult(Model):
    """The kept result of a question: canonical JSON of option numbers and figures, as `voting.results` makes it."""

    __tablename__ = "poll_result"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    ballots: Mapped[int] = public()
    result: Mapped[str] = public()
    decided_at: Mapped[datetime] = public()

    poll: Mapped[Poll] = relationship(back_populates="result")


class SealedResult(Model):
    """What a rating by a list of people came to, as soon as it is counted: in the log a salted commitment, and no grade.

    The poll's `PollResult` says meanwhile how many ballots there were, nothing else; see `tallying.open_result`.
    """

    __tablename__ = "sealed_result"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    result: Mapped[str] = committed()
    salt: Mapped[bytes] = withheld("it opens the commitment", LargeBinary(32))

    poll: Mapped[Poll] = relationship(back_populates="sealed_result")
