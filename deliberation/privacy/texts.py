"""What becomes of a personal text: which ones are one text, erasing, putting a new one in its place."""

from __future__ import annotations

from sqlalchemy import String, cast, literal, select

from deliberation.audit import services as audit
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import Capacity, recording
from deliberation.extensions import db
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.meetings.minutes_models import MinutesEdit
from deliberation.meetings.models import Speech
from deliberation.privacy.holdings import HOLDINGS
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import State
from deliberation.review import services as review

CORRECTED = "corrected"
PART = literal("speech:").concat(cast(Speech.id, String))


def together(record: PersonalRecord) -> list[PersonalRecord]:
    """What is one text with this one, itself first: a comment and what covers it, a speech and its wordings in the minutes."""
    comment = review.comment_with(record.id)
    group = [comment.text, comment.masked] if comment is not None else _wordings(record)
    return [record, *(one for one in group if one is not None and one is not record)]


def _wordings(record: PersonalRecord) -> list[PersonalRecord | None]:
    """A speech as noted, and as each version of the minutes words it; empty for any other text."""
    of_wording = select(MinutesEdit.part).where(MinutesEdit.words_id == record.id)
    speech = db.session.scalar(select(Speech).where((Speech.text_id == record.id) | PART.in_(of_wording)).limit(1))
    if speech is None:
        return []
    edits = select(MinutesEdit).where(MinutesEdit.part == f"speech:{speech.id}", MinutesEdit.meeting_id == speech.meeting_id)
    return [speech.text, *(one.words for one in db.session.scalars(edits.order_by(MinutesEdit.number)))]


def erase(record: PersonalRecord, basis: str, capacity: Capacity) -> None:
    """Erase a text with all that is one with it, and a comment's with everything that leads from it to its author."""
    comment = review.comment_with(record.id)
    if comment is not None:
        review.cut_loose(comment, basis, capacity)
        return
    for one in together(record):
        if one.erased_at is None:
            audit.erase(one, basis=basis, capacity=capacity)


def correct(record: PersonalRecord, new: PersonalRecord, capacity: Capacity) -> None:
    """The rows that point to the old text point to the new one, and the old one is erased: in one entry.

    What covers a comment goes too: it shows the old words. The comment is shown again once it is covered anew.
    """
    if record.restricted_at is not None or new.value is None:
        raise Refused(N_("This text is erased or restricted already."), code="done_already")
    comment = review.comment_with(record.id)
    cover = comment.masked if comment is not None and comment.text_id == record.id else None
    with recording(capacity, "personal_data.correct", record):
        for one in HOLDINGS:
            for row in db.session.scalars(select(one.column.class_).where(one.column == record.id)):
                setattr(row, one.column.key, new.id)
        db.session.flush()
        audit.wipe(record, basis=CORRECTED)
        if cover is not None and cover.erased_at is None:
            audit.wipe(cover, basis=CORRECTED)
            hand_on(cover, new)
        hand_on(record, new)


def hand_on(old: PersonalRecord, new: PersonalRecord) -> None:
    """Inside the entry that corrects a text: what waits for an answer about the old one is about the new one."""
    waiting = select(DataRequest).where(DataRequest.record_id == old.id, DataRequest.state == State.WAITING.value)
    for one in db.session.scalars(waiting.order_by(DataRequest.id)):
        if one.text_id != new.id:
            one.record_id = new.id
