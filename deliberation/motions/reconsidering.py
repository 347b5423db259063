"""Taking a decision up again: only somebody of the prevailing side may move it, and the first verdict stays in the record."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import Act, State
from deliberation.extensions import db
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.motions import order
from deliberation.motions.models import Motion
from deliberation.motions.services import is_since, make, may_act, new_motion, require_current, require_debate, require_pending
from deliberation.motions.states import DECIDED, PENDING, MotionState
from deliberation.motions.texts import motions_of, operation_of, tree
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.models import Ballot, Poll
from deliberation.voting.states import Choice

RECORDED, DECLARED = "recorded", "declared"
PREFIXES = {order.MAIN: "M", order.AMENDMENT: "A"}
SPENT = (MotionState.WITHDRAWN, MotionState.MOOT, MotionState.UNDECIDED)


def is_secret(poll: Poll) -> bool:
    """Whether nobody can know who voted how."""
    return poll.mode == "secret"


def prevailed(motion: Motion, person_id: int) -> bool | None:
    """Whether the person's vote was with the result; None where the vote was secret and only the member can say.

    The one place that reads who voted how for this: for where it carried, against where it was lost.
    """
    assert motion.poll is not None
    if is_secret(motion.poll):
        return None
    side = Choice.FOR if motion.state == MotionState.CARRIED else Choice.AGAINST
    cast = (Ballot.poll_id == motion.poll.id, Ballot.person_id == person_id, Ballot.confirmed_at.is_not(None))
    return db.session.scalar(select(Ballot.choice).where(*cast)) == side


def reconsider(motion: Motion, mover: Person, *, declared: bool = False, actor: Person) -> Motion:
    """Move to take up a decided motion again: a new motion in the same words, which names it and needs a second.

    ``declared``: the member says to have voted with the result; asked for only where the vote was secret. Raises
    `Forbidden` (``not_prevailing``) for everybody else, `Refused` for what is not decided, was taken up again before, or
    cannot be taken out of the text any more.
    """
    matter = motion.matter
    capacity = may_act(actor, mover, Permission.MOTION_PROPOSE, matter)
    require_state(matter, State.ADOPTING)
    motions = motions_of(matter.id)
    require_open_to_reconsideration(motion, motions)
    with_result = prevailed(motion, mover.id)
    if with_result is False:
        raise Forbidden(
            N_("Only who voted with the result may move to take %(label)s up again."), label=motion.label, code="not_prevailing"
        )
    if with_result is None and not declared:
        raise Invalid(N_("The vote was secret: declare that you voted with the result."), field="declared")
    version = matter.current_version
    assert version is not None
    again = new_motion(matter, version, motion.kind, mover)
    again.reconsiders_id, again.parent_id = motion.id, motion.parent_id
    again.side = DECLARED if with_result is None else RECORDED
    operation = operation_of(motion, motions)
    if operation is not None:
        again.op, again.text = operation.op.value, operation.text
        again.paragraph_key, again.new_key = operation.paragraph, operation.new_key
    prefix = PREFIXES.get(motion.kind) or f"{motion.parent.label if motion.parent else ''}-"
    return make(capacity, again, prefix, "motion.reconsider")


def require_open_to_reconsideration(motion: Motion, motions: list[Motion]) -> None:
    """Raise `Refused` naming why this motion cannot be taken up again now; whoever asks."""
    if motion.state not in DECIDED or not is_since(motion, motion.matter):
        raise Refused(N_("%(label)s is not decided: there is nothing to take up again."), label=motion.label, code="not_decided")
    again = next((m for m in motions if m.reconsiders_id == motion.id and m.state not in SPENT), None)
    if again is not None or motion.reconsiders_id is not None:
        raise Refused(N_("A decision is taken up again only once."), code="once_only")
    if motion.kind == order.MAIN:
        _require_last_main(motion, motions)
        return
    assert motion.parent is not None
    require_pending(motion.parent)
    require_debate(motion.parent)
    if motion.kind == order.SECONDARY and motion.parent.parent is not None:
        require_pending(motion.parent.parent)
    _require_nothing_rests_on(motion, motions)


def _require_last_main(main: Motion, motions: list[Motion]) -> None:
    """A main motion is taken up again on the text on which it was decided, and while no other is before the council."""
    if any(m.kind == order.MAIN and m.state in (*PENDING, MotionState.VOTING) for m in motions):
        raise Refused(N_("A main motion is before the council already: amend it, or wait."), code="one_main_motion")
    if main.state == MotionState.LOST:
        require_current(main)
    elif main.poll is None or main.poll.text_hash != main.matter.adopted_hash:
        raise Refused(
            N_("The plan was rewritten after %(label)s was made. Make the motion anew."), label=main.label, code="old_text"
        )


def _require_nothing_rests_on(motion: Motion, motions: list[Motion]) -> None:
    """A paragraph that was carried into the text cannot be taken out while other motions name it."""
    if motion.state != MotionState.CARRIED or motion.new_key is None:
        return
    living = (*PENDING, MotionState.VOTING, MotionState.CARRIED)
    resting = [m.label for m in tree(motions, motion) if m.paragraph_key == motion.new_key and m.state in living]
    if resting:
        raise Refused(
            N_("%(others)s rests on the paragraph that %(label)s brought in: it cannot be taken up again."),
            others=", ".join(resting), label=motion.label, code="others_rest_on_it",
        )  # fmt: skip


def is_open_to_reconsideration(motion: Motion, motions: list[Motion]) -> bool:
    """Whether somebody could move it now."""
    try:
        require_open_to_reconsideration(motion, motions)
    except Refused:
        return False
    return True


def may_reconsider(motion: Motion, motions: list[Motion], person_id: int) -> bool:
    """Whether this member's page offers it."""
    return is_open_to_reconsideration(motion, motions) and prevailed(motion, person_id) is not False


def not_reconsidered(matter: Matter, act: Act) -> Words | None:
    """A step rule: an adopted text does not go on while the council is asked to take the adoption up again."""
    if act is not Act.TO_FORUM:
        return None
    waiting = (MotionState.SECONDED.value, MotionState.VOTING.value)
    label = db.session.scalar(
        select(Motion.label).where(
            Motion.matter_id == matter.id, Motion.kind == order.MAIN, Motion.reconsiders_id.is_not(None), Motion.state.in_(waiting)
        )
    )
    if label is None:
        return None
    return Words(N_("The council is asked to take its decision up again: %(label)s comes first."), label=label)
