"""Council sessions: notice, agenda, roster, speeches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import digest, public
from deliberation.motions.models import Debate
from deliberation.people.models import Person
from deliberation.voting.models import Poll


class Meeting(Model):
    """One sitting: planned → called (notice sent) → open → closed."""

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

    chair: Mapped[Person] = relationship(foreign_keys=[chair_id])
    clerk: Mapped[Person] = relationship(foreign_keys=[clerk_id])
    items: Mapped[list[AgendaItem]] = relationship(order_by="AgendaItem.position", back_populates="meeting")
    materials: Mapped[list[Material]] = relationship(order_by="Material.position")

    __table_args__ = (
        CheckConstraint("kind IN ('council')", name="kind_known"),
        CheckConstraint("state IN ('planned','called','open','closed')", name="state_known"),
        CheckConstraint("(state = 'planned') = (called_at IS NULL)", name="called_has_date"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_date"),
    )

    @property
    def log_label(self) -> str:
        return str(self.id)


class AgendaItem(Model):
    """One matter on a sitting's agenda; its debate once it is taken up."""

    __tablename__ = "agenda_item"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    meeting_id: Mapped[int] = public(ForeignKey("meeting.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    position: Mapped[int] = public()
    debate_id: Mapped[int | None] = public(ForeignKey("debate.id"), unique=True)

    meeting: Mapped[Meeting] = relationship(back_populates="items")
    matter: Mapped[Matter] = relationship()
    debate: Mapped[Debate | None] = relationship()

    __table_args__ = (UniqueConstraint("meeting_id", "position"), UniqueConstraint("meeting_id", "matter_id"))


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
