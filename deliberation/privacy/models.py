"""Requests about what is kept: by the person concerned, or entered at the desk for somebody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, relationship

from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import Model
from deliberation.kernel.database import public, withheld
from deliberation.people.models import Person


class DataRequest(Model):
    """A wish about one text, or a question about all of them. It stands in the log in which the text stands: of a council,
    or (names) of the installation, without a council.

    ``text`` says what is asked; where a correction is asked for it is the new wording itself, and takes the old one's place.
    ``as_resident``: the person is named as a resident, because the text about which is asked is a resident's. None for the
    texts of members and offices, which the log knows under the other reference.
    """

    __tablename__ = "data_request"
    __recorded__ = True

    id: Mapped[int] = public(primary_key=True)
    council_id: Mapped[int | None] = public(ForeignKey("council.id"))
    kind: Mapped[str] = public(String(10))
    person_id: Mapped[int | None] = public(ForeignKey("person.id"), index=True, info={"as_resident": "as_resident"})
    as_resident: Mapped[bool | None] = public()
    record_id: Mapped[int | None] = public(ForeignKey("personal_record.id"), index=True)
    text_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))
    entered_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    relation: Mapped[str] = withheld("it tells of a family", String(20))
    made_at: Mapped[datetime] = public()
    due_on: Mapped[date] = public()
    state: Mapped[str] = public(String(10))
    answered_by_id: Mapped[int | None] = public(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = public()
    answer_id: Mapped[int | None] = public(ForeignKey("personal_record.id"))

    council: Mapped[Council | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    record: Mapped[PersonalRecord | None] = relationship(foreign_keys=[record_id])
    text: Mapped[PersonalRecord | None] = relationship(foreign_keys=[text_id])
    answer: Mapped[PersonalRecord | None] = relationship(foreign_keys=[answer_id])

    __table_args__ = (
        CheckConstraint("kind IN ('correct','delete','restrict','ask')", name="kind_known"),
        CheckConstraint("state IN ('waiting','granted','restricted','refused','withdrawn')", name="state_known"),
        CheckConstraint("kind = 'ask' OR record_id IS NOT NULL", name="about_a_record"),
        CheckConstraint("kind NOT IN ('correct','ask') OR text_id IS NOT NULL", name="says_what"),
        CheckConstraint("(state IN ('waiting','withdrawn')) = (answered_at IS NULL)", name="answered_has_date"),
        CheckConstraint("(answered_by_id IS NULL) = (answered_at IS NULL)", name="answered_by_somebody"),
        CheckConstraint("state NOT IN ('refused','restricted') OR answer_id IS NOT NULL", name="no_needs_a_reason"),
        CheckConstraint("answered_by_id IS NULL OR entered_by_id IS NULL OR answered_by_id <> entered_by_id", name="two_persons"),
        CheckConstraint("answered_by_id IS NULL OR person_id IS NULL OR answered_by_id <> person_id", name="nobody_answers_own"),
        Index("ix_data_request_council_state", "council_id", "state"),
    )
