"""What motions would change: the text before and after, the whole text that results, and which of them touch one paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from deliberation.kernel.differences import Piece, Row, compare_texts, difference
from deliberation.kernel.errors import Refused
from deliberation.motions import order
from deliberation.motions.amend import Operation, amend_operation, apply, conflicts
from deliberation.motions.models import Motion
from deliberation.motions.texts import composed, ground, operation_of, text_of, tree


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


def change(motion: Motion, motions: Sequence[Motion]) -> list[Row]:
    """What the motion changes (or would): the whole text before and after, as it stood when it was decided."""
    main = next(m for m in tree(motions, motion) if m.kind == order.MAIN)
    if motion.kind == order.MAIN:
        return compare_texts(text_of(main.version), composed(main, motions))
    amendment = motion if motion.kind == order.AMENDMENT else next(m for m in motions if m.id == motion.parent_id)
    operation = operation_of(amendment, motions)
    assert operation is not None
    return _changed(main, ground(amendment, _decided_before(amendment, motions)), operation)


def preview(motion: Motion, motions: Sequence[Motion]) -> list[Row]:
    """The whole text that stands if this pending motion passes, compared with the text as it stands now; for a main motion
    compared with the plan as it was handed to the council."""
    if motion.kind != order.SECONDARY:
        return change(motion, motions)
    amendment = next(m for m in motions if m.id == motion.parent_id)
    main = next(m for m in tree(motions, motion) if m.kind == order.MAIN)
    operation = operation_of(amendment, motions)
    assert operation is not None
    return _changed(main, ground(amendment, ground(motion, motions)), amend_operation(operation, motion.text or ""))


def _changed(main: Motion, motions: Sequence[Motion], operation: Operation) -> list[Row]:
    before = composed(main, motions)
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
    return [m for m in motions if m.id == motion.parent_id or (m.poll_id is not None and m.poll_id < motion.poll_id)]
