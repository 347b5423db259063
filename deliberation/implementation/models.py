"""Tasks that carry a resolution out, their progress, and how satisfied people are."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import AS_RESIDENT, digest, public


class Task(Model):
    """One task. ``point_key`` names the resolution's paragraph, or is empty for all of them."""

    __tablename__ = "task"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    number: Mapped[int] = public()
    kind: Mapped[str] = public(String(20))
    what: Mapped[str] = digest(String(200))
    owner_kind: Mapped[str] = public(String(20))
    owner: Mapped[str] = digest(String(80))
    point_key: Mapped[str | None] = public(String(12))
    due_on: Mapped[date] = public()
    total: Mapped[int | None] = public()
    unit: Mapped[str | None] = digest(String(20))
    done_on: Mapped[date | None] = public()
    done_note_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    made_at: Mapped[datetime] = public()

    matter: Mapped[Matter] = relationship()
    done_note: Mapped[PersonalRecord | None] = relationship()
    causes: Mapped[list[TaskCause]] = relationship()
    progress: Mapped[list[Progress]] = relationship(order_by="Progress.on_day, Progress.id", back_populates="task")

    __table_args__ = (
        UniqueConstraint("matter_id", "number"),
        CheckConstraint("kind IN ('work','answer_appellants')", name="kind_known"),
        CheckConstraint("owner_kind IN ('station','members','resident_unit','secretary')", name="owner_known"),
        CheckConstraint("total IS NULL OR total >= 0", name="total_not_negative"),
    )

    @property
    def log_label(self) -> str:
        return f"T{self.number}"

    @property
    def remaining(self) -> int | None:
        """What the newest report says remains; the total before the first; None where nothing is counted."""
        figures = [entry for entry in self.progress if entry.remaining is not None]
        return max(figures, key=lambda entry: entry.on_day).remaining if figures else self.total


class TaskCause(Model):
    """A task came from this comment."""

    __tablename__ = "task_cause"
    __recorded__ = True

    task_id: Mapped[int] = public(ForeignKey("task.id"))
    comment_id: Mapped[int] = public(ForeignKey("comment.id"))
    council_id: Mapped[int] = public(ForeignKey("council.id"))

    __table_args__ = (PrimaryKeyConstraint("task_id", "comment_id"),)


class Progress(Model):
    """One report: what remains on a day. A rise needs a note."""

    __tablename__ = "progress"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    task_id: Mapped[int] = public(ForeignKey("task.id"), index=True)
    on_day: Mapped[date] = public()
    remaining: Mapped[int | None] = public()
    note_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    reported_by_id: Mapped[int] = public(ForeignKey("person.id"))
    at: Mapped[datetime] = public()

    task: Mapped[Task] = relationship(back_populates="progress")
    note: Mapped[PersonalRecord | None] = relationship()

    __table_args__ = (
        UniqueConstraint("task_id", "on_day"),
        CheckConstraint("remaining IS NULL OR remaining >= 0", name="remaining_not_negative"),
    )


class Satisfaction(Model):
    """One resident's answer on how a matter was carried out, or one slip that counts for none."""

    __tablename__ = "satisfaction"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    grade: Mapped[str] = public(String(20))
    channel: Mapped[str] = public(String(10))
    person_id: Mapped[int | None] = public(ForeignKey("person.id"), info=AS_RESIDENT)
    at: Mapped[datetime] = public()

    __table_args__ = (
        UniqueConstraint("matter_id", "person_id"),
        CheckConstraint("grade IN ('satisfied','basically','dissatisfied','invalid')", name="grade_known"),
        CheckConstraint("channel IN ('online','paper')", name="channel_known"),
    )
