"""Readings of appeals. The public ones carry no word that anybody wrote but the desk's public reasons.

Texts, names, contacts and replies come only with ``with_words=True``, which the edge asks for after it has made sure
that the reader is the desk or the appellant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter
from deliberation.agenda.states import ENDED, body_words
from deliberation.agenda.states import State as MatterState
from deliberation.appeals import codes
from deliberation.appeals.clocks import Clock
from deliberation.appeals.models import Appeal, AppealReply, ContactAttempt
from deliberation.appeals.states import OPEN, Kind
from deliberation.audit.models import PersonalRecord
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person

PAGE = 50
NUMBER = re.compile(r"QS-([0-9]{4})-([0-9]{4,9})")
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Row:
    """One appeal as everybody may read it. ``reason`` is the public one of an extension, a refusal or a referral."""

    id: int
    no: str
    channel: str
    state: str
    holder: str
    received_at: datetime
    first: Clock
    final: Clock
    is_extended: bool
    extension_reason: str | None
    reason: str | None
    referred_to: str | None
    matter_no: str | None
    matter_title: str | None
    has_matter_ended: bool
    is_transcribed: bool
    paper_no: str | None = None
    text: str | None = None
    name: str | None = None
    contact: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def due(self) -> Clock:
        """The clock that runs out next."""
        return self.first if self.first.is_running else self.final


@dataclass(frozen=True)
class Said:
    """One word to the appellant; ``text`` only for those who may read it."""

    kind: str
    means: str
    at: datetime
    reason: str | None
    referred_to: str | None
    extends_to: date | None
    text: Words | str | None


@dataclass(frozen=True)
class Tried:
    """One failed attempt to reach the appellant."""

    means: str
    at: datetime
    note: str | None


@dataclass(frozen=True)
class Detail:
    """An appeal's page. ``has_words`` says whether texts, attempts and rating are in it."""

    row: Row
    said: list[Said]
    tried: list[Tried]
    grade: str | None
    is_rated: bool
    has_words: bool


@dataclass(frozen=True)
class Overdue:
    """How many clocks of a council have run out unanswered."""

    first: int
    final: int


def find(council: Council, no: str) -> Appeal | None:
    """The appeal with the number ``QS-2026-0001`` of this council, or None."""
    parts = NUMBER.fullmatch(no)
    if parts is None or int(parts[2]) > LARGEST:
        return None
    found = db.session.scalar(
        select(Appeal).where(Appeal.council_id == council.id, Appeal.year == int(parts[1]), Appeal.number == int(parts[2]))
    )
    return found if found is not None and found.no == no else None


def open_with_code(council: Council, no: str, code: str) -> Appeal:
    """The appeal that a number and a receipt code open; one answer for every kind of mismatch (`Invalid`)."""
    found = find(council, no.strip().upper())
    if found is None or not codes.opens(code, found.receipt_code, f"{council.id}/{found.no}"):
        raise Invalid(N_("Number and code do not belong together. Please compare both with your receipt."), field="code")
    return found


def _rows(query: Select[Any], council: Council, *, with_words: bool = False) -> list[Row]:
    query = query.options(selectinload(Appeal.replies), joinedload(Appeal.matter))
    if with_words:
        query = query.options(joinedload(Appeal.text), joinedload(Appeal.appellant_name), joinedload(Appeal.contact))
    return [_row(appeal, council, with_words) for appeal in db.session.scalars(query)]


def _row(appeal: Appeal, council: Council, with_words: bool) -> Row:
    replies = {reply.kind: reply for reply in appeal.replies}
    interim = replies.get(Kind.INTERIM)
    no = replies.get(Kind.DECLINE) or replies.get(Kind.REFER)
    matter = appeal.matter
    words: dict[str, Any] = {}
    if with_words:
        words = {"text": _value(appeal.text), "name": _value(appeal.appellant_name), "contact": _value(appeal.contact)}
        words["paper_no"] = appeal.paper_no
    return Row(
        id=appeal.id,
        no=appeal.no,
        channel=appeal.channel,
        state=appeal.state,
        holder=appeal.holder,
        received_at=appeal.received_at,
        first=_clock(appeal.first_due_on, appeal.first_answered_at, council),
        final=_clock(appeal.reply_due_on, appeal.closed_at, council),
        is_extended=appeal.extended_at is not None,
        extension_reason=interim.reason if interim else None,
        reason=no.reason if no else None,
        referred_to=no.referred_to if no else None,
        matter_no=matter.no if matter else None,
        matter_title=matter.title if matter else None,
        has_matter_ended=matter is not None and matter.state in ENDED,
        is_transcribed=appeal.is_transcribed,
        **words,
    )


def _clock(due_on: date, met_at: datetime | None, council: Council) -> Clock:
    met_on = local_day(met_at, ZoneInfo(council.zone)) if met_at else None
    return Clock(due_on, met_on, clock.today(council.zone))


def _value(record: PersonalRecord | None) -> str | None:
    return record.value if record is not None else None


def register(council: Council, page: int = 1) -> tuple[list[Row], int]:
    """One page of all appeals without any text, newest first, and the number of pages."""
    count = db.session.scalar(select(func.count()).where(Appeal.council_id == council.id)) or 0
    pages = max(1, -(-count // PAGE))
    newest = select(Appeal).where(Appeal.council_id == council.id).order_by(Appeal.year.desc(), Appeal.number.desc())
    page = min(max(page, 1), pages)
    return _rows(newest.offset((page - 1) * PAGE).limit(PAGE), council), pages


def work_list(council: Council) -> list[Row]:
    """What the desk owes, with texts: every appeal without its final reply, whatever became of its matter; due first."""
    due = case((Appeal.first_answered_at.is_(None), Appeal.first_due_on), else_=Appeal.reply_due_on)
    query = select(Appeal).where(Appeal.council_id == council.id, Appeal.state.in_(OPEN)).order_by(due, Appeal.id)
    return _rows(query, council, with_words=True)


def mergeable(council: Council) -> list[Row]:
    """The open appeals that belong to no matter yet, with texts."""
    query = select(Appeal).where(Appeal.council_id == council.id, Appeal.state.in_(OPEN), Appeal.matter_id.is_(None))
    return _rows(query.order_by(Appeal.id), council, with_words=True)


def mine(council: Council, person: Person) -> list[Row]:
    """The appeals that a resident filed with the own account, newest first, with texts."""
    query = select(Appeal).where(Appeal.council_id == council.id, Appeal.appellant_id == person.id)
    return _rows(query.order_by(Appeal.id.desc()), council, with_words=True)


def of_matter(matter: Matter, council: Council) -> list[Row]:
    """The appeals behind a matter, as everybody may read them: its problem list."""
    return _rows(select(Appeal).where(Appeal.matter_id == matter.id).order_by(Appeal.id), council)


def by_numbers(council: Council, numbers: Sequence[str]) -> list[Appeal]:
    """The appeals with these numbers, in the order of filing; what is not this council's is left out."""
    pairs = [(int(parts[1]), int(parts[2])) for no in numbers if (parts := NUMBER.fullmatch(no)) and int(parts[2]) <= LARGEST]
    if not pairs:
        return []
    query = select(Appeal).where(Appeal.council_id == council.id, Appeal.number.in_([number for _, number in pairs]))
    return [appeal for appeal in db.session.scalars(query.order_by(Appeal.id)) if (appeal.year, appeal.number) in pairs]


def open_matters(council: Council) -> list[Matter]:
    """The matters that can still take in appeals: those in steps 1 and 2, oldest first."""
    early = Matter.state.in_((MatterState.COLLECTING, MatterState.DRAFTING))
    return list(db.session.scalars(select(Matter).where(Matter.council_id == council.id, early).order_by(Matter.id)))


def owed(matter_id: int) -> int:
    """How many appeals of a matter wait for their final reply."""
    query = select(func.count()).where(Appeal.matter_id == matter_id, Appeal.state.in_(OPEN))
    return db.session.scalar(query) or 0


def overdue(council: Council) -> Overdue:
    """The clocks that have run out: first responses and final replies that are still owed today."""
    today = clock.today(council.zone)
    owing = (Appeal.council_id == council.id, Appeal.state.in_(OPEN))
    first = select(func.count()).where(*owing, Appeal.first_answered_at.is_(None), Appeal.first_due_on < today)
    final = select(func.count()).where(*owing, Appeal.reply_due_on < today)
    return Overdue(db.session.scalar(first) or 0, db.session.scalar(final) or 0)


def detail(appeal: Appeal, council: Council, *, with_words: bool) -> Detail:
    """Everything for an appeal's page, in a constant number of statements."""
    query = select(Appeal).where(Appeal.id == appeal.id).execution_options(populate_existing=True)
    if with_words:
        query = query.options(
            selectinload(Appeal.replies).joinedload(AppealReply.text),
            selectinload(Appeal.attempts).joinedload(ContactAttempt.note),
        )
    row = _rows(query.options(joinedload(Appeal.rating)), council, with_words=with_words)[0]
    said = [_said(reply, with_words) for reply in appeal.replies]
    tried = [Tried(a.means, a.at, _value(a.note)) for a in appeal.attempts] if with_words else []
    grade = appeal.rating.grade if appeal.rating and with_words else None
    return Detail(row, said, tried, grade, appeal.rating is not None, with_words)


def _said(reply: AppealReply, with_words: bool) -> Said:
    text: Words | str | None = None
    if with_words:
        text = _value(reply.text)
        if reply.kind == Kind.RECEIPT and text:
            text = Words(N_("Your appeal is held by: %(holder)s."), holder=body_words(text))
    return Said(reply.kind, reply.means, reply.at, reply.reason, reply.referred_to, reply.extends_to, text)
