"""Readings of the agenda: the board, a matter with its versions, its hand-overs, members who stepped back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true, tuple_
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Handover, Matter, PlanVersion, Recusal
from deliberation.agenda.states import ENDED, HOLDERS, RUNNING, State, step_number
from deliberation.councils.models import Council
from deliberation.extensions import db

_NO = re.compile(r"([0-9]{4})-([1-9][0-9]{0,8})")
MATTER = (
    select(Matter)
    .where(
        Matter.council_id == bindparam("council"), Matter.year == bindparam("year"), Matter.number == bindparam("number")
    )
    .options(joinedload(Matter.rule_set))
)


@dataclass(frozen=True)
class Card:
    """One matter in a list. ``step`` is where it is, or where it left the path (0 where it was walked to the end)."""

    no: str
    title: str
    state: str
    step: int
    holder: str
    since: datetime
    came_back: bool


def board(council: Council) -> list[Card]:
    """Every running matter, the longest in its step first."""
    return _cards(council, list(RUNNING), Matter.state_since)


def ended(council: Council, limit: int = 100) -> list[Card]:
    """The matters that have ended, newest first."""
    return _cards(council, list(ENDED), Matter.state_since.desc(), limit)


def paths(council: Council, nos: Iterable[str]) -> dict[str, Card]:
    """How far each of these matters is, by its number ``2026-3``; in one statement, whatever their number."""
    pairs = sorted({tuple(map(int, no.split("-"))) for no in nos})
    listed = tuple_(Matter.year, Matter.number).in_(pairs)
    return {card.no: card for card in _cards(council, list(State), Matter.id, which=listed)}


def _cards(
    council: Council, states: list[State], order: object, limit: int | None = None, which: ColumnElement[bool] | None = None
) -> list[Card]:
    newest = select(func.max(Handover.id)).where(Handover.matter_id == Matter.id).correlate(Matter).scalar_subquery()
    query = (
        select(Matter, Handover.to_state, Handover.is_back)
        .outerjoin(Handover, Handover.id == newest)
        .where(Matter.council_id == council.id, Matter.state.in_([state.value for state in states]))
        .where(true() if which is None else which)
        .order_by(order, Matter.id)  # type: ignore[arg-type]
        .limit(limit)
    )
    return [_card(matter, last, bool(is_back)) for matter, last, is_back in db.session.execute(query)]


def _card(matter: Matter, last: str | None, is_back: bool) -> Card:
    state = State(matter.state)
    holder = HOLDERS.get(state)
    return Card(
        no=matter.no,
        title=matter.title,
        state=matter.state,
        step=left_in(state, last),
        holder=holder.value if holder else "",
        since=matter.state_since,
        came_back=is_back and last == matter.state,
    )


def left_in(state: State, last: str | None) -> int:
    """The step that a matter is in, or in which it left the path; 0 for one that was carried out."""
    if state is State.CLOSED:
        return 0
    return step_number(state) or step_number(last or State.COLLECTING)


def matter_by_no(council: Council, no: str) -> Matter | None:
    """The matter ``2026-3`` of this council, with its versions and their paragraphs; None where there is none."""
    return _matter(council, no, MATTER.options(selectinload(Matter.versions).selectinload(PlanVersion.paragraphs)))


def matter_alone(council: Council, no: str) -> Matter | None:
    """The same without its versions, for pages that show none of them or one alone."""
    return _matter(council, no, MATTER)


def _matter(council: Council, no: str, query: Select[Matter]) -> Matter | None:
    found = _NO.fullmatch(no)
    if found is None:
        return None
    asked = {"council": council.id, "year": int(found[1]), "number": int(found[2])}
    return db.session.scalars(query, asked).first()


def handovers(matter: Matter) -> list[Handover]:
    """Every hand-over of the matter, oldest first."""
    query = select(Handover).where(Handover.matter_id == matter.id).order_by(Handover.id)
    return list(db.session.scalars(query))


def came_back_on(matter: Matter, given: list[Handover]) -> datetime | None:
    """When the matter was sent back to the step it is in, or None."""
    last = given[-1] if given else None
    return last.at if last is not None and last.is_back and last.to_state == matter.state else None


def open_versions(matter: Matter, given: list[Handover], *, reads_drafts: bool) -> list[PlanVersion]:
    """The versions that this reader may see, oldest first: drafts are everybody's once they were handed to the council."""
    if reads_drafts:
        return list(matter.versions)
    numbers = {version.id: version.number for version in matter.versions}
    known = max((numbers[h.version_id] for h in given if h.product == "plan" and h.version_id in numbers), default=0)
    return [version for version in matter.versions if version.kind != "draft" or version.number <= known]


def recusals(matter: Matter) -> list[Recusal]:
    """Members who asked to step back from the matter, in the order of asking."""
    query = (
        select(Recusal)
        .where(Recusal.matter_id == matter.id)
        .options(joinedload(Recusal.person), joinedload(Recusal.reason))
        .order_by(Recusal.id)
    )
    return list(db.session.scalars(query))
