"""The public log's tables, and personal texts with their salts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    case,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from deliberation.audit.tree import EMPTY_ROOT
from deliberation.extensions import Model
from deliberation.kernel.database import committed, public, withheld

LOG_TABLES = ("audit_log", "audit_entry", "audit_node", "audit_about", "audit_signed")


class Log(Model):
    """The head of one log: how many entries, and the roots of its perfect subtrees. One row a council, one for the
    installation; its row lock makes one writer a log."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(default=0)
    frontier: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)


class Entry(Model):
    """One entry: ``body`` is the exact canonical JSON that is hashed. Never updated, never deleted."""

    __tablename__ = "audit_entry"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"))
    seq: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        PrimaryKeyConstraint("log_id", "seq"),
        CheckConstraint("length(body) <= 65535", name="body_fits"),
        CheckConstraint("seq >= 0", name="seq_from_zero"),
    )


class Node(Model):
    """A completed perfect subtree: level 0 are the leaf hashes, ``position`` counts from the left on its level."""

    __tablename__ = "audit_node"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"))
    level: Mapped[int]
    position: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (PrimaryKeyConstraint("log_id", "level", "position"),)


class About(Model):
    """Which entries tell of what: of their subject (``comment:55``) and of each of their matters (``matter:12``). Derived from
    the bodies, checked by ``log verify``."""

    __tablename__ = "audit_about"

    log_id: Mapped[int]
    what: Mapped[str]
    seq: Mapped[int]

    __table_args__ = (PrimaryKeyConstraint("log_id", "what", "seq"),)


class Signed(Model):
    """The last checkpoint that was signed for a log: the next one must go on from it. A row a log, from its opening;
    ``note`` is empty until the first. It is written before anybody sees it, and never goes back."""

    __tablename__ = "audit_signed"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"), primary_key=True)
    size: Mapped[int] = mapped_column(default=0)
    root: Mapped[bytes] = mapped_column(LargeBinary, default=EMPTY_ROOT)
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)


class LogKey(Model):
    """A key that signs the checkpoints of all logs here. The private half is in a file, never in the database."""

    __tablename__ = "audit_key"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    origin: Mapped[str] = public(String(120))
    public_key: Mapped[str] = public(String(64), unique=True)
    added_at: Mapped[datetime] = public()
    retired_at: Mapped[datetime | None] = public()


class Anchor(Model):
    """A checkpoint that was handed over to a place outside: ``place`` is the short name that the keeper gave it."""

    __tablename__ = "audit_anchor"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"))
    place: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("log_id", "place", "size"),)


class Cosignature(Model):
    """The newest signature of a witness for a log: of how many entries, its line as it stands below the note."""

    __tablename__ = "audit_cosignature"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"))
    witness: Mapped[str] = mapped_column(String(200))
    key_id: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    line: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (PrimaryKeyConstraint("log_id", "witness", "key_id"),)


class LostPart(Model):
    """Entries that were published and are gone since an older copy was restored, as the keeper acknowledged it."""

    __tablename__ = "audit_loss"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    origin: Mapped[str] = public(String(200))
    published: Mapped[int] = public()
    root: Mapped[str] = public(String(64))
    kept: Mapped[int] = public()
    acknowledged_at: Mapped[datetime] = public()


class ActorRef(Model):
    """A person's references in one log: one for what they do in an office, with a seat or on a roll, one for what they do as a
    resident. Deleting the rows cuts the last tie between the log and the person."""

    __tablename__ = "audit_actor"

    log_id: Mapped[int] = mapped_column(ForeignKey("audit_log.id"))
    person_id: Mapped[int]
    as_resident: Mapped[bool]
    ref: Mapped[str] = mapped_column(String(16))

    __table_args__ = (PrimaryKeyConstraint("log_id", "person_id", "as_resident"), UniqueConstraint("log_id", "ref"))


class PersonalRecord(Model):
    """One personal text with its salt. Erasing deletes both; the commitment in the log stays and opens for nobody.

    A restricted text stays stored with its salt and is used for nothing: ``value``, which every page and every statement
    reads, is None meanwhile. ``kept`` is what is stored; only the checks of the log and the own page of the person read it.
    """

    __tablename__ = "personal_record"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    log_id: Mapped[int] = public(ForeignKey("audit_log.id"))
    kind: Mapped[str] = public(String(40))
    kept: Mapped[str | None] = committed("value")
    salt: Mapped[bytes | None] = withheld("it opens the commitment", LargeBinary(32))
    erased_at: Mapped[datetime | None] = public()
    basis: Mapped[str | None] = public(String(40))
    restricted_at: Mapped[datetime | None] = public()
    restriction: Mapped[str | None] = public(String(20))

    @hybrid_property
    def value(self) -> str | None:
        """The text for whoever may read it; None once it is erased, and as long as it is restricted."""
        return self.kept if self.restricted_at is None else None

    @value.inplace.expression
    @classmethod
    def _value(cls) -> ColumnElement[str | None]:
        return case((cls.restricted_at.is_(None), cls.kept))

    __table_args__ = (
        CheckConstraint("(erased_at IS NULL) = (value IS NOT NULL)", name="erased_or_present"),
        CheckConstraint("(value IS NULL) = (salt IS NULL)", name="value_with_salt"),
        CheckConstraint("(restricted_at IS NULL) = (restriction IS NULL)", name="restricted_has_reason"),
        CheckConstraint("restricted_at IS NULL OR erased_at IS NULL", name="restricted_is_kept"),
        CheckConstraint("restriction IN ('wish','archive','legal_hold','technical')", name="restriction_known"),
        Index("ix_personal_record_log_kind", "log_id", "kind"),
    )
