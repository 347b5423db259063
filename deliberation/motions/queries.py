"""Readings of motions: what lies before the council in voting order, and what each motion would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.councils.authority import members
from deliberation.councils.models import Appointment, Council
from deliberation.councils.queries import category_words
from deliberation.extensions import db
from deliberation.kernel.differences import Piece, Row, compare_texts, difference
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import Words
from deliberation.motions import order
from deliberation.motions.amend import Text, apply, conflicts
from deliberation.motions.models import Motion
from deliberation.motions.states import PENDING, MotionState
from deliberation.motions.texts import composed, is_groundless, operation_of, text_of, tree, votables, who_needs_second
from deliberation.people.models import Person
from deliberation.people.permissions import Office, office_words
from deliberation.voting.models import Poll

SHOWN_OFFICES = (Office.PRESIDENT, Office.SECRETARY_GENERAL)


@dataclass(frozen=True)
class Who:
    """A member as a reader may see one: the seat's words for everybody, the name for the council."""

    person_id: int
    seat: Words
    name: str | None


@dataclass(frozen=True)
class Line:
    """One motion as it stands."""

    id: int
    matter_no: str
    label: str
    kind: str
    state: str
    parent: str | None
    op: str | None
    number: int | None
    text: str | None
    mover: Who
    seconder: Who | None
    proposed_at: datetime
    seconded_at: datetime | None
    decided_at: datetime | None
    debate_id: int | None
    needs_second: bool
    is_next: bool
    is_groundless: bool
    poll: Poll | None
    clashes: tuple[str, ...] = ()

    @property
    def is_pending(self) -> bool:
        return self.state in (MotionState.PROPOSED, MotionState.SECONDED)

    @property
    def awaits_second(self) -> bool:
        return self.state == MotionState.PROPOSED and self.needs_second and not self.is_groundless


@dataclass(frozen=True)
class Tree:
    """One main motion with everything that hangs on it, in the order of voting, and the text that results so far."""

    main: Line
    lines: list[Line]
    next: Line | None
    rows: list[Row]
    text: Text

    @property
    def is_changed(self) -> bool:
        return any(row.status != "same" for row in self.rows)


def seats(council: Council) -> dict[int, Words]:
    """The words by which the public knows each member: the office, or the seat's category."""
    query = (
        select(Appointment.person_id, Appointment.office, Appointment.category)
        .where(Appointment.council_id == council.id, Appointment.office.in_([Office.MEMBER, *SHOWN_OFFICES]))
        .order_by(Appointment.id)
    )
    words: dict[int, Words] = {}
    offices: dict[int, Words] = {}
    for person_id, office, category in db.session.execute(query):
        if office == Office.MEMBER:
            words[person_id] = category_words(category) or office_words(office)
        else:
            offices[person_id] = office_words(office)
    return {**words, **offices}


def who(person: Person, known: Mapping[int, Words], *, names: bool) -> Who:
    """A member for this reader; the name only where ``names``."""
    return Who(person.id, known.get(person.id) or office_words(Office.MEMBER), person.name if names else None)


def load(matter_ids: Iterable[int]) -> dict[int, list[Motion]]:
    """Every motion on these matters with what a page shows of it, by matter, in the order of making."""
    found: dict[int, list[Motion]] = {one: [] for one in matter_ids}
    query = (
        select(Motion)
        .where(Motion.matter_id.in_(list(found)))
        .options(
            joinedload(Motion.mover),
            joinedload(Motion.seconder),
            joinedload(Motion.poll).joinedload(Poll.verdict),
            joinedload(Motion.poll).joinedload(Poll.rule),
            selectinload(Motion.version).selectinload(PlanVersion.paragraphs),
        )
        .order_by(Motion.id)
    )
    for motion in db.session.scalars(query):
        found[motion.matter_id].append(motion)
    return found


def trees(matter: Matter, motions: Sequence[Motion], known: Mapping[int, Words], *, names: bool,
          seated: Sequence[Appointment] | None = None) -> list[Tree]:  # fmt: skip
    """The matter's main motions, the newest first."""
    mains = [motion for motion in motions if motion.kind == order.MAIN]
    return [_tree(matter, main, tree(motions, main), known, names, seated) for main in reversed(mains)]


def _tree(
    matter: Matter,
    main: Motion,
    motions: Sequence[Motion],
    known: Mapping[int, Words],
    names: bool,
    seated: Sequence[Appointment] | None,
) -> Tree:
    needs = who_needs_second(matter, seated)
    text = composed(main, motions)
    listed = votables(motions, needs)
    next_id = order.next_votable(listed, text)
    by_id = {motion.id: motion for motion in motions}
    base = text_of(main.version)
    printed, now = ({p.key: n for n, p in enumerate(one, 1)} for one in (base, text))
    # What is yet to be voted on names paragraphs as they are numbered now; what is settled, as they were printed.
    pending = {motion.id for motion in motions if motion.state in (*PENDING, MotionState.VOTING)}
    touching = clashes([by_id[one] for one in sorted(pending)], motions)
    lines = [
        _line(
            by_id[one], motions, matter, known, names, {**printed, **now} if one in pending else {**now, **printed},
            needs_second=needs(by_id[one]), is_next=one == next_id,
            clashes=touching.get(one, ()),
        )
        for one in order.voting_order(listed, text)
    ]  # fmt: skip
    by_line = {line.id: line for line in lines}
    return Tree(by_line[main.id], lines, by_line.get(next_id or 0), compare_texts(base, text), text)


def _line(
    motion: Motion,
    motions: Sequence[Motion],
    matter: Matter,
    known: Mapping[int, Words],
    names: bool,
    numbers: Mapping[str, int],
    *,
    needs_second: bool,
    is_next: bool,
    clashes: tuple[str, ...] = (),
) -> Line:
    parent = next((one for one in motions if one.id == motion.parent_id), None)
    return Line(
        id=motion.id,
        matter_no=matter.no,
        label=motion.label,
        kind=motion.kind,
        state=motion.state,
        parent=parent.label if parent else None,
        op=motion.op,
        number=numbers.get(motion.paragraph_key or ""),
        text=motion.text,
        mover=who(motion.mover, known, names=names),
        seconder=who(motion.seconder, known, names=names) if motion.seconder else None,
        proposed_at=motion.proposed_at,
        seconded_at=motion.seconded_at,
        decided_at=motion.decided_at,
        debate_id=motion.debate_id,
        needs_second=needs_second,
        is_next=is_next,
        is_groundless=is_groundless(motion, motions),
        poll=motion.poll,
        clashes=clashes,
    )


def clashes(pending: Sequence[Motion], motions: Sequence[Motion]) -> dict[int, tuple[str, ...]]:
    """For each pending amendment the labels of the others that touch the same paragraph: to be seen before any vote."""
    asked = [motion for motion in pending if motion.kind == order.AMENDMENT]
    known = [(motion, operation) for motion in asked if (operation := operation_of(motion, motions)) is not None]
    found: dict[int, tuple[str, ...]] = {}
    for i, j in sorted(conflicts([operation for _motion, operation in known])):
        one, other = known[i][0], known[j][0]
        found[one.id] = (*found.get(one.id, ()), other.label)
        found[other.id] = (*found.get(other.id, ()), one.label)
    return found


def trees_of(matter: Matter, council: Council, *, names: bool) -> list[Tree]:
    """Everything moved on one matter."""
    return trees(matter, load([matter.id])[matter.id], seats(council), names=names, seated=members(council))


def change(motion: Motion, motions: Sequence[Motion]) -> list[Row]:
    """What the motion changes (or would): the whole text before and after, as it stood when it was decided."""
    main = next(m for m in tree(motions, motion) if m.kind == order.MAIN)
    if motion.kind == order.MAIN:
        return compare_texts(text_of(main.version), composed(main, motions))
    amendment = motion if motion.kind == order.AMENDMENT else next(m for m in motions if m.id == motion.parent_id)
    before = composed(main, _decided_before(amendment, motions))
    operation = operation_of(amendment, motions)
    assert operation is not None
    try:
        return compare_texts(before, apply(before, operation))
    except Refused:
        return []


def rewording(motion: Motion, motions: Sequence[Motion]) -> list[Piece]:
    """How a secondary amendment rewords what its amendment proposes."""
    amendment = next(m for m in motions if m.id == motion.parent_id)
    operation = operation_of(amendment, _decided_before(motion, motions))
    return difference(operation.text or "" if operation else "", motion.text or "")


def _decided_before(motion: Motion, motions: Sequence[Motion]) -> list[Motion]:
    """The motions with those left out that were decided after this one was."""
    if motion.poll_id is None:
        return list(motions)
    return [m for m in motions if m.poll_id is None or m.poll_id < motion.poll_id or m.id == motion.parent_id]


def seated_names(council: Council) -> list[tuple[int, str | None, Words]]:
    """Every council member of today: id, name, seat. For those who may read names."""
    known = seats(council)
    return [(seat.person_id, seat.person.name, known[seat.person_id]) for seat in members(council)]


def motion_by_label(matter: Matter, label: str) -> Motion | None:
    """The motion ``A1-1`` of a matter."""
    if len(label) > 12:
        return None
    return db.session.scalar(select(Motion).where(Motion.matter_id == matter.id, Motion.label == label))
