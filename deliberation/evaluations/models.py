"""Rating rounds: what is rated by which group, who rates, comments and what they came to, promises of improvement.

All are recorded but ``comment_box``: like the box of the ballots it holds what is sealed, and an entry for each would tell the
order in which people rated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.evaluations.states import ASIDE_WORDS, Outcome
from deliberation.extensions import Model
from deliberation.implementation.kinds import OwnerKind, owner_words
from deliberation.kernel.database import committed, digest, public, withheld
from deliberation.kernel.words import N_, Words
from deliberation.meetings.models import Meeting
from deliberation.people.models import Person
from deliberation.publishing.models import Resolution
from deliberation.voting.models import Poll
from deliberation.voting.secret.models import BY_KEY_ALONE


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({','.join(repr(str(value)) for value in values)})"


class Round(Model):
    """One rating by one group at one meeting, on one scale. ``poll_id``: its secret vote, once it is put.

    ``least``: the grades of a thing are shown from so many valid ballots on.
    """

    __tablename__ = "rating_round"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    number: Mapped[int] = public()
    title: Mapped[str] = digest(String(120))
    rater_group: Mapped[str] = public(String(20))
    scale: Mapped[str] = public(String(20))
    least: Mapped[int] = public()
    poll_id: Mapped[int | None] = public(ForeignKey("poll.id"), unique=True)
    published_at: Mapped[datetime | None] = public()
    published_by_id: Mapped[int | None] = public(ForeignKey("person.id"))

    council: Mapped[Council] = relationship()
    meeting: Mapped[Meeting] = relationship()
    poll: Mapped[Poll | None] = relationship()
    subjects: Mapped[list[Subject]] = relationship(order_by="Subject.position", back_populates="round")

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_whole"),
        CheckConstraint("published_at IS NULL OR poll_id IS NOT NULL", name="published_has_poll"),
    )

    @property
    def log_label(self) -> str:
        return f"{self.meeting_id}-{self.number}"

    @property
    def rates_persons(self) -> bool:
        """Whether any of those rated is a person: then no grade of it ever stands in the log."""
        return any(one.person_id is not None for one in self.subjects)


class Subject(Model):
    """One of those rated in a round. A person's name stands nowhere here: ``name`` is then the number; who it is, in the log
    under a commitment alone."""

    __tablename__ = "rating_subject"
    __recorded__ = True

    round_id: Mapped[int] = public(ForeignKey("rating_round.id"))
    position: Mapped[int] = public()
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    kind: Mapped[str] = public(String(20))
    name: Mapped[str] = digest(String(200))
    resolution_id: Mapped[int | None] = public(ForeignKey("resolution.id"))
    person_id: Mapped[int | None] = committed(ForeignKey("person.id"))
    salt: Mapped[bytes] = withheld("it opens the commitment", LargeBinary(32))

    round: Mapped[Round] = relationship(back_populates="subjects")
    resolution: Mapped[Resolution | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (
        PrimaryKeyConstraint("round_id", "position"),
        UniqueConstraint("round_id", "name"),
        CheckConstraint("(kind = 'resolution') = (resolution_id IS NOT NULL)", name="resolution_is_named"),
        CheckConstraint("(kind = 'member') = (person_id IS NOT NULL)", name="member_is_a_person"),
    )


class Rater(Model):
    """Somebody who may rate in a round: once, whatever the way."""

    __tablename__ = "rating_rater"
    __recorded__ = True

    round_id: Mapped[int] = public(ForeignKey("rating_round.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    council_id: Mapped[int] = public(ForeignKey("council.id"))

    person: Mapped[Person] = relationship()

    __table_args__ = (PrimaryKeyConstraint("round_id", "person_id"),)


class SealedComment(Model):
    """What came with one ballot by telephone, sealed, said or not; until the count. ``id`` is random and stands nowhere else."""

    __tablename__ = "comment_box"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (BY_KEY_ALONE,)


class Finding(Model):
    """What several comments come to, in words that everybody may read."""

    __tablename__ = "rating_finding"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    round_id: Mapped[int] = public(ForeignKey("rating_round.id"), index=True)
    words: Mapped[str] = digest()
    made_at: Mapped[datetime] = public()

    round: Mapped[Round] = relationship()

    @property
    def log_label(self) -> str:
        return str(self.id)


class Comment(Model):
    """One comment, opened at the count or typed off paper. ``id`` is random: neither it nor anything else tells an order.

    It ends in a finding or is set aside for one of the reasons in `states.ASIDE_WORDS`.
    """

    __tablename__ = "rating_comment"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True, autoincrement=False)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    round_id: Mapped[int] = public(ForeignKey("rating_round.id"), index=True)
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    finding_id: Mapped[int | None] = withheld("few comments in a finding tell whose", ForeignKey("rating_finding.id"))
    aside: Mapped[str | None] = withheld("so does what was set aside", String(20))

    text: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        CheckConstraint(f"aside IS NULL OR {_one_of('aside', ASIDE_WORDS)}", name="aside_known"),
        CheckConstraint("finding_id IS NULL OR aside IS NULL", name="one_end"),
    )

    @property
    def is_settled(self) -> bool:
        return self.finding_id is not None or self.aside is not None


class Promise(Model):
    """An improvement promised by those rated, for a finding or a subject; kept or broken in the end, with what was done."""

    __tablename__ = "rating_promise"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    round_id: Mapped[int] = public(ForeignKey("rating_round.id"), index=True)
    finding_id: Mapped[int | None] = public(ForeignKey("rating_finding.id"))
    position: Mapped[int | None] = public()
    text: Mapped[str] = digest()
    owner_kind: Mapped[str] = public(String(20))
    owner: Mapped[str] = digest(String(80))
    due_on: Mapped[date] = public()
    made_at: Mapped[datetime] = public()
    made_by_id: Mapped[int] = public(ForeignKey("person.id"))
    outcome: Mapped[str | None] = public(String(10))
    done: Mapped[str | None] = digest()
    ended_at: Mapped[datetime | None] = public()
    ended_by_id: Mapped[int | None] = public(ForeignKey("person.id"))

    round: Mapped[Round] = relationship()
    finding: Mapped[Finding | None] = relationship()

    __table_args__ = (
        CheckConstraint(_one_of("owner_kind", OwnerKind), name="owner_known"),
        CheckConstraint(f"outcome IS NULL OR {_one_of('outcome', Outcome)}", name="outcome_known"),
        CheckConstraint("(finding_id IS NULL) <> (position IS NULL)", name="for_one_thing"),
        CheckConstraint(
            "(outcome IS NULL) = (ended_at IS NULL) AND (done IS NULL) = (ended_at IS NULL) "
            "AND (ended_by_id IS NULL) = (ended_at IS NULL)", name="ended_whole",
        ),
    )  # fmt: skip

    @property
    def log_label(self) -> str:
        return str(self.id)

    @property
    def responsible(self) -> Words:
        """Who keeps it: the name, and what they are."""
        return Words(N_("%(owner)s (%(kind)s)"), owner=self.owner, kind=owner_words(self.owner_kind))

    def state(self, today: date) -> str:
        """``open``, ``overdue``, ``kept`` or ``broken``."""
        return self.outcome or ("overdue" if self.due_on < today else "open")
