"""Readings of the council's decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel.words import Words
from deliberation.publishing.models import DocumentNumber, Resolution
from deliberation.publishing.numbers import number_words
from deliberation.voting.models import Poll, VerdictRow

RESOLUTION = "resolution"


@dataclass(frozen=True)
class DecisionLine:
    """One number of the series in a list; a void one with its reason."""

    id: int
    year: int
    number: int
    words: Words
    title: str
    matter_no: str
    issued_on: date
    voided_at: datetime | None
    void_reason: str | None


def format_number(number: DocumentNumber) -> Words:
    """``莫社议决〔2026〕1号`` in the reader's language."""
    return number_words(number.prefix, number.year, number.number)


def index(council: Council) -> list[tuple[int, list[DecisionLine]]]:
    """Every number that was ever given, by year, newest first; void ones among them."""
    query = (
        select(DocumentNumber, Resolution, Matter)
        .join(Resolution, Resolution.number_id == DocumentNumber.id)
        .join(Matter, Matter.id == Resolution.matter_id)
        .where(DocumentNumber.council_id == council.id, DocumentNumber.kind == RESOLUTION)
        .order_by(DocumentNumber.year.desc(), DocumentNumber.number.desc())
    )
    years: dict[int, list[DecisionLine]] = {}
    for number, resolution, matter in db.session.execute(query):
        years.setdefault(number.year, []).append(_line(number, resolution, matter))
    return list(years.items())


def _line(number: DocumentNumber, resolution: Resolution, matter: Matter) -> DecisionLine:
    return DecisionLine(
        id=resolution.id,
        year=number.year,
        number=number.number,
        words=format_number(number),
        title=matter.title,
        matter_no=matter.no,
        issued_on=resolution.issued_on,
        voided_at=number.voided_at,
        void_reason=number.void_reason,
    )


def by_number(council: Council, year: int, number: int) -> Resolution | None:
    """One resolution by its address, with its text; None where there is none."""
    query = (
        select(Resolution)
        .join(Resolution.number)
        .where(
            DocumentNumber.council_id == council.id,
            DocumentNumber.kind == RESOLUTION,
            DocumentNumber.year == year,
            DocumentNumber.number == number,
        )
        .options(
            joinedload(Resolution.number),
            joinedload(Resolution.matter),
            joinedload(Resolution.version).selectinload(PlanVersion.paragraphs),
        )
    )
    return db.session.scalars(query).first()


def of_matter(matter: Matter) -> list[Resolution]:
    """Every resolution of a matter, oldest first, void ones among them."""
    query = (
        select(Resolution)
        .where(Resolution.matter_id == matter.id)
        .options(joinedload(Resolution.number), selectinload(Resolution.version))
        .order_by(Resolution.id)
    )
    return list(db.session.scalars(query))


def valid_resolution(matter: Matter) -> Resolution | None:
    """The matter's resolution whose number is not void, or None."""
    return next((one for one in reversed(of_matter(matter)) if one.number.voided_at is None), None)


def verdict_of(resolution: Resolution) -> VerdictRow | None:
    """The verdict by which exactly this text was adopted, or None where none is kept."""
    query = (
        select(VerdictRow)
        .join(VerdictRow.poll)
        .where(
            Poll.matter_id == resolution.matter_id,
            Poll.text_hash == resolution.text_hash,
            VerdictRow.outcome == "adopted",
            VerdictRow.decided_at <= resolution.issued_at,
        )
        .options(joinedload(VerdictRow.poll))
        .order_by(VerdictRow.decided_at.desc(), VerdictRow.poll_id.desc())
        .limit(1)
    )
    return db.session.scalars(query).first()
