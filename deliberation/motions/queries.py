"""Readings of motions: what lies before the council in voting order, and what each motion would change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.councils.authority import members
from deliberation.councils.models import Appointment, Council
from deliberation.councils.queries import category_words
from deliberation.extensions import db
from deliberation.kernel.differences import compare_texts
from deliberation.kernel.words import Words
from deliberation.motions import order
from deliberation.motions.changes import change as change
from deliberation.motions.changes import clashes
from deliberation.motions.changes import rewording as rewording
from deliberation.motions.lines import Line, ProcedureLine, RulingLine, Tree, Who
from deliberation.motions.models import Motion, ProceduralMotion, Ruling
from deliberation.motions.states import PENDING, MotionState
from deliberation.motions.texts import composed, debate_closed_at, is_groundless, text_of, tree, votables, who_needs_second
from deliberation.people.models import Person
from deliberation.people.permissions import Office, office_words
from deliberation.voting.models import Poll

SHOWN_OFFICES = (Office.PRESIDENT, Office.SECRETARY_GENERAL)


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
            selectinload(Motion.procedures).options(
                joinedload(ProceduralMotion.mover), joinedload(ProceduralMotion.seconder)
            ),
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
    by_id = {one.id: one for one in motions}
    parent = by_id.get(motion.parent_id or 0)
    again = [one.label for one in motions if one.reconsiders_id == motion.id]
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
        procedures=tuple(_procedure(one, known, names=names) for one in motion.procedures),
        reconsiders=motion.reconsiders.label if motion.reconsiders is not None else None,
        reconsidered_by=again[-1] if again else None,
        side=motion.side,
        is_debate_closed=motion.state in (*PENDING, MotionState.VOTING) and debate_closed_at(motion) is not None,
    )


def _procedure(made: ProceduralMotion, known: Mapping[int, Words], *, names: bool) -> ProcedureLine:
    return ProcedureLine(
        made.kind,
        made.debate_id,
        who(made.mover, known, names=names),
        who(made.seconder, known, names=names),
        made.until_on,
        made.reason,
        made.made_at,
    )


def rulings(matter_ids: Iterable[int], known: Mapping[int, Words], *, names: bool) -> list[RulingLine]:
    """Every ruling of the chair on these matters, in the order of making."""
    query = (
        select(Ruling)
        .where(Ruling.matter_id.in_(list(matter_ids)))
        .options(joinedload(Ruling.motion), joinedload(Ruling.appealed_by))
        .order_by(Ruling.id)
    )
    return [
        RulingLine(
            one.id, one.matter_id, one.debate_id, one.motion.label if one.motion else None, one.text, one.reason, one.ruled_at,
            who(one.appealed_by, known, names=names) if one.appealed_by else None, one.appealed_at, one.hands_for,
            one.hands_against, one.decided_at, one.is_overturned, one.chair_id,
        )
        for one in db.session.scalars(query)
    ]  # fmt: skip


def trees_of(matter: Matter, council: Council, *, names: bool) -> list[Tree]:
    """Everything moved on one matter."""
    return trees(matter, load([matter.id])[matter.id], seats(council), names=names, seated=members(council))


def seated_names(council: Council) -> list[tuple[int, str | None, Words]]:
    """Every council member of today: id, name, seat. For those who may read names."""
    known = seats(council)
    return [(seat.person_id, seat.person.name, known[seat.person_id]) for seat in members(council)]


def motion_by_label(matter: Matter, label: str) -> Motion | None:
    """The motion ``A1-1`` of a matter."""
    if len(label) > 12:
        return None
    return db.session.scalar(select(Motion).where(Motion.matter_id == matter.id, Motion.label == label))
