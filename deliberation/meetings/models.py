"""Meetings: notices, agenda, roster with its hours, recesses, speeches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.meetings.kinds import kinds
from deliberation.meetings.states import HELD, OVER, MeetingState
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.voting.models import Poll

_STATES = ",".join(f"'{state}'" for state in MeetingState)
_HELD = ",".join(f"'{state}'" for state in HELD)
_KINDS = ",".join(f"'{kind}'" for kind in kinds())


class Meeting(Model):
    """One meeting of one of the kinds in ``kinds.json``, on its way through `states.MEETING`."""

    __tablename__ = "meeting"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"), index=True)
    rule_set_id: Mapped[int] = public(ForeignKey("rule_set.id"))
    kind: Mapped[str] = public(String(20))
    starts_at: Mapped[datetime] = public()
    place: Mapped[str] = digest(String(120))
    chair_id: Mapped[int] = public(ForeignKey("person.id"))
    clerk_id: Mapped[int] = public(ForeignKey("person.id"))
    state: Mapped[str] = public(String(10))
    called_at: Mapped[datetime | None] = public()
    opened_at: Mapped[datetime | None] = public()
    closed_at: Mapped[datetime | None] = public()
    cancelled_at: Mapped[datetime | None] = public()
    cancel_reason: Mapped[str | None] = digest()

    chair: Mapped[Person] = relationship(foreign_keys=[chair_id])
    clerk: Mapped[Person] = relationship(foreign_keys=[clerk_id])
    items: Mapped[list[AgendaItem]] = relationship(order_by="AgendaItem.position", back_populates="meeting")
    materials: Mapped[list[Material]] = relationship(order_by="Material.position")
    topics: Mapped[list[Topic]] = relationship(order_by="Topic.position")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.number")
    recesses: Mapped[list[Recess]] = relationship(order_by="Recess.id")

    __table_args__ = (
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("state = 'cancelled' OR (state = 'planned') = (called_at IS NULL)", name="called_has_date"),
        CheckConstraint(f"(state IN ({_HELD})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_has_date"),
        CheckConstraint("(cancelled_at IS NULL) = (cancel_reason IS NULL)", name="cancelled_has_reason"),
    )

    @property
    def is_held(self) -> bool:
        """Whether it took place and is over."""
        return self.state in HELD

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens in the room."""
        return self.state in OVER

    @property
    def is_announced(self) -> bool:
        """Whether its notice went out. What was only planned is the council's own business, even once it is called off."""
        return self.called_at is not None

    @property
    def log_label(self) -> str:
        return str(self.id)


class Notice(Model):
    """One notice as it went out. The last one counts; those before it stay readable as changed, ``reason`` says why."""

    __tablename__ = "meeting_notice"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    number: Mapped[int] = public()
    sent_at: Mapped[datetime] = public()
    starts_at: Mapped[datetime] = public()
    place: Mapped[str] = digest(String(120))
    reason: Mapped[str | None] = digest()

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("(number = 1) = (reason IS NULL)", name="changed_has_reason"),
    )


class Recess(Model):
    """An adjournment: since when, until when it was meant, and when the meeting went on, if it did."""

    __tablename__ = "recess"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    adjourned_at: Mapped[datetime] = public()
    until_at: Mapped[datetime] = public()
    resumed_at: Mapped[datetime | None] = public()


class AgendaItem(Model):
    """One matter on a sitting's agenda, with the version of its plan that went out with the notice; its debate once it is
    taken up."""

    __tablename__ = "agenda_item"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    position: Mapped[int] = public()
    debate_id: Mapped[int | None] = public(ForeignKey("debate.id"), unique=True)
    version_id: Mapped[int | None] = public(ForeignKey("plan_version.id"))

    meeting: Mapped[Meeting] = relationship(back_populates="items")
    matter: Mapped[Matter] = relationship()
    debate: Mapped[Debate | None] = relationship()
    version: Mapped[PlanVersion | None] = relationship()

    __table_args__ = (UniqueConstraint("meeting_id", "position"), UniqueConstraint("meeting_id", "matter_id"))


class Topic(Model):
    """Something on a sitting's agenda that is no matter: published with the notice, so that questions can be put on it."""

    __tablename__ = "agenda_topic"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    position: Mapped[int] = public()
    text: Mapped[str] = digest(String(120))

    __table_args__ = (UniqueConstraint("meeting_id", "position"),)


class Material(Model):
    """The title of a paper that went out with the notice."""

    __tablename__ = "material"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    position: Mapped[int] = public()
    title: Mapped[str] = digest(String(120))


class Attendance(Model):
    """One member's line on the roster: expected, attending (since, until), excused with a reason, or absent."""

    __tablename__ = "attendance"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    state: Mapped[str] = public(String(10))
    reason_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    since: Mapped[datetime | None] = public()

    person: Mapped[Person] = relationship()
    reason: Mapped[PersonalRecord | None] = relationship()

    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id"),
        CheckConstraint("state IN ('expected','attending','excused','absent','left')", name="state_known"),
    )


class Stay(Model):
    """One stretch of time in which somebody was in the room. Who leaves and comes back has two."""

    __tablename__ = "stay"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    came_at: Mapped[datetime] = public()
    left_at: Mapped[datetime | None] = public()

    __table_args__ = (
        CheckConstraint("left_at IS NULL OR left_at >= came_at", name="leaves_after_coming"),
        # Nobody is in the room twice.
        Index("uq_stay_here", "meeting_id", "person_id", unique=True,
              sqlite_where=text("left_at IS NULL"), postgresql_where=text("left_at IS NULL")),
    )  # fmt: skip


class Speech(Model):
    """One speech on one matter: who, which stance, the gist in words."""

    __tablename__ = "speech"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    debate_id: Mapped[int] = public(ForeignKey("debate.id"), index=True)
    person_id: Mapped[int] = public(ForeignKey("person.id"))
    position: Mapped[int] = public()
    stance: Mapped[str] = public(String(10))
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    at: Mapped[datetime] = public()

    person: Mapped[Person] = relationship()
    text: Mapped[PersonalRecord] = relationship()

    __table_args__ = (
        UniqueConstraint("debate_id", "position"),
        CheckConstraint("stance IN ('pro','con','neutral')", name="stance_known"),
    )


class MeetingPoll(Model):
    """A question put to a sitting. Votes on motions belong to it through their debate."""

    __tablename__ = "meeting_poll"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"), index=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))

    poll: Mapped[Poll] = relationship()
    meeting: Mapped[Meeting] = relationship()


class PollSubject(Model):
    """What of the published agenda a question belongs to: a matter, a topic, or the meeting's own procedure."""

    __tablename__ = "poll_subject"
    __recorded__ = True

    poll_id: Mapped[int] = public(ForeignKey("poll.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    item_id: Mapped[int | None] = public(ForeignKey("agenda_item.id"))
    topic_id: Mapped[int | None] = public(ForeignKey("agenda_topic.id"))
    procedure: Mapped[str | None] = public(String(20))

    item: Mapped[AgendaItem | None] = relationship()
    topic: Mapped[Topic | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(item_id IS NOT NULL AND topic_id IS NULL AND procedure IS NULL)"
            " OR (item_id IS NULL AND topic_id IS NOT NULL AND procedure IS NULL)"
            " OR (item_id IS NULL AND topic_id IS NULL AND procedure IS NOT NULL)",
            name="one_subject",
        ),
    )
