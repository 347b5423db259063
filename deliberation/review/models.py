"""Public review: comment windows, residents' comments, the council's replies, moderation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, relationship

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.audit.models import PersonalRecord
from deliberation.extensions import Model
from deliberation.kernel.database import AS_RESIDENT, digest, public


class CommentWindow(Model):
    """A call for comment on one text. Open from ``opens_at`` until just before ``closes_at``."""

    __tablename__ = "comment_window"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"), index=True)
    version_id: Mapped[int] = public(ForeignKey("plan_version.id"))
    opens_at: Mapped[datetime] = public()
    closes_at: Mapped[datetime] = public()

    matter: Mapped[Matter] = relationship()
    version: Mapped[PlanVersion] = relationship()

    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    @property
    def log_label(self) -> str:
        return self.matter.no

    @property
    def text_hash(self) -> str:
        return self.version.text_hash


class Comment(Model):
    """One comment. ``text`` is what was written; ``masked`` (where set) is what the public reads instead."""

    __tablename__ = "comment"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    matter_id: Mapped[int] = public(ForeignKey("matter.id"))
    window_id: Mapped[int] = public(ForeignKey("comment_window.id"), index=True)
    number: Mapped[int] = public()
    stance: Mapped[str] = public(String(10))
    paragraph_key: Mapped[str | None] = public(String(12))
    author_id: Mapped[int | None] = public(ForeignKey("person.id"), index=True, info=AS_RESIDENT)
    text_id: Mapped[int] = public(ForeignKey("personal_record.id"))
    masked_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    channel: Mapped[str] = public(String(10))
    paper_no: Mapped[str | None] = digest(String(40))
    transcribed_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    state: Mapped[str] = public(String(10))
    made_at: Mapped[datetime] = public()

    text: Mapped[PersonalRecord] = relationship(foreign_keys=[text_id])
    masked: Mapped[PersonalRecord | None] = relationship(foreign_keys=[masked_id])
    reply: Mapped[CommentReply | None] = relationship(back_populates="comment")
    window: Mapped[CommentWindow] = relationship()

    __table_args__ = (
        UniqueConstraint("window_id", "number"),
        # The forum counts stances and paragraphs in here, however many comments there are.
        Index("ix_comment_counts", "window_id", "state", "stance", "paragraph_key"),
        CheckConstraint("stance IN ('support','condition','oppose','question')", name="stance_known"),
        CheckConstraint("channel IN ('online','paper')", name="channel_known"),
        CheckConstraint("(channel = 'paper') = (transcribed_by_id IS NOT NULL)", name="paper_is_transcribed"),
        CheckConstraint("state IN ('visible','hidden','withdrawn')", name="state_known"),
    )

    @property
    def label(self) -> str:
        return f"C-{self.number:02d}"

    @property
    def log_label(self) -> str:
        return self.label


class CommentReply(Model):
    """The answer to one comment, with what became of it."""

    __tablename__ = "comment_reply"
    __recorded__ = True

    comment_id: Mapped[int] = public(ForeignKey("comment.id"), primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    disposition: Mapped[str] = public(String(12))
    text: Mapped[str] = digest()
    answered_by_id: Mapped[int] = public(ForeignKey("person.id"))
    answered_at: Mapped[datetime] = public()

    comment: Mapped[Comment] = relationship(back_populates="reply")

    __table_args__ = (
        CheckConstraint("disposition IN ('adopted','partly','not_adopted','explained','noted')", name="disposition_known"),
    )


class Moderation(Model):
    """A text was masked or hidden: by which published rule, and why in words."""

    __tablename__ = "moderation"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int] = public(ForeignKey("council.id"))
    comment_id: Mapped[int] = public(ForeignKey("comment.id"), index=True)
    kind: Mapped[str] = public(String(10))
    rule: Mapped[str] = public(String(30))
    reason: Mapped[str] = digest()
    by_id: Mapped[int] = public(ForeignKey("person.id"))
    at: Mapped[datetime] = public()

    __table_args__ = (CheckConstraint("kind IN ('masked','hidden')", name="kind_known"),)


class ParagraphCause(Model):
    """A paragraph was changed after the review because of this comment."""

    __tablename__ = "paragraph_cause"
    __recorded__ = True

    paragraph_id: Mapped[int] = public(ForeignKey("plan_paragraph.id"))
    comment_id: Mapped[int] = public(ForeignKey("comment.id"))
    council_id: Mapped[int] = public(ForeignKey("council.id"))

    __table_args__ = (PrimaryKeyConstraint("paragraph_id", "comment_id"),)
