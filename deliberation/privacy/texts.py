"""What becomes of a personal text: which ones are one text, erasing, putting a new one in its place."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.audit import services as audit
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import Capacity, recording
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.privacy.holdings import HOLDINGS
from deliberation.review import services as review

CORRECTED = "corrected"


def together(record: PersonalRecord) -> list[PersonalRecord]:
    """The text, and what covers it where it is a comment: who may not use the one may not use the other."""
    comment = review.comment_with(record.id)
    if comment is None or comment.masked is None or comment.text_id != record.id:
        return [record]
    return [record, comment.masked]


def erase(record: PersonalRecord, basis: str, capacity: Capacity) -> None:
    """Erase a text, and a comment's with everything that leads from it to its author."""
    comment = review.comment_with(record.id)
    if comment is not None and comment.text_id == record.id:
        review.cut_loose(comment, basis, capacity)
    else:
        audit.erase(record, basis=basis, capacity=capacity)


def correct(record: PersonalRecord, new: PersonalRecord, capacity: Capacity) -> None:
    """The rows that point to the old text point to the new one, and the old one is erased: in one entry."""
    if record.restricted_at is not None or new.value is None:
        raise Refused(N_("This text is erased or restricted already."), code="done_already")
    with recording(capacity, "personal_data.correct", record):
        for one in HOLDINGS:
            for row in db.session.scalars(select(one.column.class_).where(one.column == record.id)):
                setattr(row, one.column.key, new.id)
        db.session.flush()
        audit.wipe(record, basis=CORRECTED)
