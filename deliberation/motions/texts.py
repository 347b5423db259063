"""The text before the house: the plan with the carried amendments applied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.councils import rules
from deliberation.councils.authority import members
from deliberation.councils.models import Appointment
from deliberation.extensions import db
from deliberation.motions import order
from deliberation.motions.amend import Operation, Paragraph, Text, amend_operation, apply_all
from deliberation.motions.models import Motion, ProceduralMotion
from deliberation.motions.order import Votable
from deliberation.motions.states import CLOSE_DEBATE, PENDING, MotionState


def text_of(version: PlanVersion) -> Text:
    """A plan version as the amendments see it."""
    return tuple(Paragraph(p.key, p.text) for p in version.paragraphs)


def motions_of(matter_id: int) -> list[Motion]:
    """Every motion ever made on a matter, in the order of making."""
    return list(db.session.scalars(select(Motion).where(Motion.matter_id == matter_id).order_by(Motion.id)))


def siblings(motion: Motion) -> list[Motion]:
    """The main motion to which ``motion`` belongs with everything that hangs on it, from whatever sitting: amendments that
    were carried stay carried when the main motion has to wait for the next sitting."""
    return tree(motions_of(motion.matter_id), motion)


def tree(motions: Sequence[Motion], motion: Motion) -> list[Motion]:
    """Those of ``motions`` that share their main motion with ``motion``."""
    parents = {m.id: m.parent_id for m in motions}

    def root(one: int) -> int:
        above = parents.get(one)
        return one if above is None else root(above)

    return [m for m in motions if root(m.id) == root(motion.id)]


def main_of(motion: Motion, motions: Sequence[Motion]) -> Motion:
    """The main motion of a tree."""
    return next(m for m in tree(motions, motion) if m.kind == order.MAIN)


def operation_of(motion: Motion, motions: Sequence[Motion]) -> Operation | None:
    """An amendment's operation with its carried secondary amendments worked in; None for a main motion."""
    if motion.op is None:
        return None
    operation = Operation(motion.op, motion.paragraph_key, motion.text, motion.new_key)  # type: ignore[arg-type]
    if motion.kind == order.SECONDARY:
        return operation
    for secondary in in_order_of_decision(m for m in standing(motions) if m.parent_id == motion.id):
        operation = amend_operation(operation, secondary.text or "")
    return operation


def in_order_of_decision(motions: Iterable[Motion]) -> list[Motion]:
    return sorted(motions, key=lambda m: (m.poll_id or 0, m.id))


def composed(main: Motion, motions: Sequence[Motion]) -> Text:
    """The main motion's text with every carried amendment, in the order in which they were decided."""
    carried = [m for m in standing(motions) if m.parent_id == main.id]
    operations = [operation_of(m, motions) for m in in_order_of_decision(carried)]
    base = text_of(main.version)
    if main.reconsiders is not None:
        # The question is the same as the first time: the text as it was put to the vote then.
        base = composed(main.reconsiders, siblings(main.reconsiders))
    return apply_all(base, [operation for operation in operations if operation is not None])


def standing(motions: Iterable[Motion]) -> list[Motion]:
    """What was carried and is not taken up again: it makes the text."""
    motions = list(motions)
    again = taken_up_again(motions)
    return [m for m in motions if m.state == MotionState.CARRIED and m.id not in again]


def taken_up_again(motions: Iterable[Motion]) -> set[int]:
    """The decisions in whose place another motion stands: one that reconsiders them, and has a second. Where that one is
    withdrawn, falls away or stays without a decision, the first decision stands again."""
    instead = (MotionState.SECONDED, MotionState.VOTING, MotionState.CARRIED, MotionState.LOST)
    return {m.reconsiders_id for m in motions if m.reconsiders_id is not None and m.state in instead}


def ground(motion: Motion, motions: Sequence[Motion]) -> list[Motion]:
    """The motions on which this one is judged: without the decision that it would take up again."""
    return [m for m in motions if m.id != motion.reconsiders_id]


def who_needs_second(matter: Matter, seated: Sequence[Appointment] | None = None) -> Callable[[Motion], bool]:
    """Asks of a motion on this matter whether the matter's rules want it seconded; ``seated`` saves reading the seats.
    What takes up a decision again always needs a second."""
    held = rules.parse(matter.rule_set.data)
    if not held["second_required"]:
        return lambda motion: motion.reconsiders_id is not None
    if not held["committee_motion_exempt"]:
        return lambda motion: True
    exempt = {seat.person_id for seat in seated or members(matter.council) if seat.category == "committee"}
    return lambda motion: motion.reconsiders_id is not None or motion.mover_id not in exempt


def votables(motions: Sequence[Motion], needs_second: Callable[[Motion], bool]) -> list[Votable]:
    """The motions as the order of voting sees them."""
    return [
        Votable(m.id, m.kind, m.parent_id, m.number, operation_of(m, motions), _phase(m, needs_second)) for m in motions
    ]


def is_groundless(motion: Motion, motions: Sequence[Motion]) -> bool:
    """Whether a pending motion can no longer be voted on: its paragraph is gone from the text, or its parent is settled."""
    if motion.state not in PENDING or motion.kind == order.MAIN:
        return False
    parent = next(m for m in motions if m.id == motion.parent_id)
    if parent.state not in (*PENDING, MotionState.VOTING):
        return True
    if motion.kind == order.SECONDARY:
        return is_groundless(parent, motions)
    operation = operation_of(motion, motions)
    anchor = operation.paragraph if operation else None
    return anchor is not None and anchor not in {p.key for p in composed(parent, ground(motion, motions))}


def debate_closed_at(motion: Motion) -> Motion | None:
    """The motion on which the sitting that has it closed debate: this one, or what it hangs on."""
    one: Motion | None = motion
    while one is not None:
        if one.debate_id is not None and any(is_end_of_debate(made, one) for made in one.procedures):
            return one
        one = one.parent
    return None


def is_end_of_debate(made: ProceduralMotion, motion: Motion) -> bool:
    """Whether the sitting that has the motion before it closed debate on it."""
    return made.kind == CLOSE_DEBATE and made.debate_id == motion.debate_id


def _phase(motion: Motion, needs_second: Callable[[Motion], bool]) -> str:
    if motion.state == MotionState.PROPOSED:
        return order.PROPOSED if needs_second(motion) else order.SECONDED
    known = {MotionState.SECONDED: order.SECONDED, MotionState.VOTING: order.VOTING}
    return known.get(MotionState(motion.state), order.DECIDED)
