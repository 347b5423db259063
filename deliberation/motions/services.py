"""Making, seconding and withdrawing motions. Members act for themselves; the clerk may take down what is called out."""

from __future__ import annotations

from sqlalchemy import func, select

from deliberation.agenda.models import Matter, PlanParagraph, PlanVersion
from deliberation.agenda.services import recused_ids, require_state
from deliberation.agenda.states import State
from deliberation.agenda.texts import next_key
from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize, members
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.motions import order
from deliberation.motions.amend import Op, Operation, amend_operation, no_change, normalise, same_proposal
from deliberation.motions.models import Debate, Motion
from deliberation.motions.states import DECIDED, MOTION, PENDING, MotionAct, MotionState
from deliberation.motions.texts import composed, debate_closed_at, motions_of, operation_of, siblings, taken_up_again, text_of
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST = 1000
INSERTS = (Op.INSERT_AFTER, Op.INSERT_AT_END, Op.INSERT_AT_START)


def move(motion: Motion, act: MotionAct) -> None:
    """The only place that writes ``motion.state``; inside a recording."""
    motion.state = MOTION.next(MotionState(motion.state), act).value


def may_act(actor: Person, member: Person, own: Permission, matter: Matter) -> Capacity:
    """The capacity for an act of ``member`` on ``matter``: by the member, or taken down by the clerk."""
    capacity = authorize(actor, own if member.id == actor.id else Permission.MOTION_RECORD, matter.council)
    if member.id not in {seat.person_id for seat in members(matter.council)}:
        raise Forbidden(N_("Only council members make and second motions."), code="not_a_member")
    if member.id in recused_ids(matter.id):
        raise Forbidden(N_("This member stepped back from the matter and does not act on it."), code="recused")
    return capacity


def open_debate_of(matter: Matter) -> Debate | None:
    """The debate in progress on a matter, if there is one."""
    return db.session.scalar(select(Debate).where(Debate.matter_id == matter.id, Debate.state == "open"))


def propose_main(matter: Matter, mover: Person, *, actor: Person) -> Motion:
    """Move that the matter's current plan be adopted. Raises `Refused` where one is before the council already."""
    capacity = may_act(actor, mover, Permission.MOTION_PROPOSE, matter)
    require_state(matter, State.ADOPTING)
    version = matter.current_version
    assert version is not None
    motion = new_motion(matter, version, order.MAIN, mover)
    mains = [m for m in motions_of(matter.id) if m.kind == order.MAIN]
    undone = taken_up_again(mains)
    for other in mains:
        stands = other.state == MotionState.CARRIED and is_since(other, matter) and other.id not in undone
        if _is_decided(other, motion.debate_id) or stands:
            raise Refused(N_("The council has decided this already in this sitting."), code="already_decided")
        if other.state == MotionState.VOTING or (other.state in PENDING and other.version_id == version.id):
            raise Refused(N_("A main motion is before the council already: amend it, or wait."), code="one_main_motion")
    return make(capacity, motion, "M")


def _is_decided(motion: Motion, debate_id: int | None) -> bool:
    """Whether this sitting has decided the motion."""
    return motion.state in DECIDED and debate_id is not None and motion.debate_id == debate_id


def is_since(motion: Motion, matter: Matter) -> bool:
    """Whether the motion was decided since the matter came to the council (the last time)."""
    return motion.decided_at is not None and motion.decided_at >= matter.state_since


def propose_amendment(
    main: Motion, op: Op, *, paragraph_key: str | None = None, text: str | None = None, mover: Person, actor: Person
) -> Motion:
    """Move to change the main motion's text by one operation on its numbered paragraphs.

    Raises `Invalid` for an operation that does not fit or changes nothing, `Refused` (``already_decided``) for a
    motion that was decided in this sitting, and for one that is before the council in the same words.
    """
    matter = main.matter
    capacity = may_act(actor, mover, Permission.MOTION_PROPOSE, matter)
    require_state(matter, State.ADOPTING)
    if main.kind != order.MAIN:
        raise Refused(N_("Amend the main motion, or the words of an amendment."), code="too_deep")
    require_pending(main)
    require_debate(main)
    words = _words(text) if op is not Op.DELETE else None
    new_key = _next_key(matter) if op in INSERTS else None
    operation = Operation(op, paragraph_key if op not in (Op.INSERT_AT_END, Op.INSERT_AT_START) else None, words, new_key)
    motions = siblings(main)
    text_now = composed(main, motions)
    original = text_of(main.version)
    if operation.paragraph is not None and operation.paragraph not in {p.key for p in (*text_now, *original)}:
        raise Invalid(N_("The text has no such paragraph."), field="paragraph")
    # An amendment of words that an earlier amendment may change yet is judged against the text as it stands now.
    if operation.paragraph in {p.key for p in text_now} and no_change(text_now, operation):
        raise Invalid(N_("This would change nothing."), field="text")
    motion = new_motion(matter, main.version, order.AMENDMENT, mover)
    _require_new(operation, [m for m in motions if m.parent_id == main.id], motions, motion.debate_id)
    motion.parent_id, motion.op = main.id, operation.op.value
    motion.paragraph_key, motion.new_key, motion.text = operation.paragraph, operation.new_key, operation.text
    return make(capacity, motion, "A")


def propose_secondary(amendment: Motion, text: str, *, mover: Person, actor: Person) -> Motion:
    """Move to change the words that an amendment proposes. There is no third degree."""
    matter = amendment.matter
    capacity = may_act(actor, mover, Permission.MOTION_PROPOSE, matter)
    require_state(matter, State.ADOPTING)
    if amendment.kind != order.AMENDMENT:
        raise Refused(N_("Only an amendment can be amended, and only once removed."), code="too_deep")
    if amendment.op == Op.DELETE:
        raise Refused(N_("A motion to delete has no words to amend."), code="nothing_to_amend")
    require_pending(amendment)
    require_debate(amendment)
    motions = siblings(amendment)
    words = _words(text)
    now = operation_of(amendment, motions)
    if now is not None and now.text == words:
        raise Invalid(N_("This would change nothing."), field="text")
    operation = Operation(Op.REPLACE, amendment.label, words, None)
    motion = new_motion(matter, amendment.version, order.SECONDARY, mover)
    _require_new(operation, [m for m in motions if m.parent_id == amendment.id], motions, motion.debate_id)
    if now is not None:
        others = [m for m in motions if m.parent_id == amendment.parent_id and m.id != amendment.id]
        _require_new(amend_operation(now, words), others, motions, motion.debate_id)
    motion.parent_id, motion.op, motion.paragraph_key, motion.text = amendment.id, "replace", amendment.label, words
    return make(capacity, motion, f"{amendment.label}-")


def _words(text: str | None) -> str:
    words = normalise(text or "")
    if not words:
        raise Invalid(N_("Please write the text that you propose."), field="text")
    if len(words) > LONGEST or "\n" in words:
        raise Invalid(N_("One paragraph of at most %(n)s characters, please."), n=LONGEST, field="text")
    return words


def require_pending(motion: Motion) -> None:
    if motion.state not in PENDING:
        raise Refused(N_("%(label)s is not open to amendments any more."), label=motion.label, code="not_pending")
    require_current(motion)


def require_debate(motion: Motion) -> None:
    """Raise `Refused` where this sitting has closed debate on the motion, or on what it hangs on."""
    closed = debate_closed_at(motion)
    if closed is not None:
        raise Refused(
            N_("Debate on %(label)s is closed: it is put to the vote as it stands."), label=closed.label, code="debate_closed"
        )


def require_current(motion: Motion) -> None:
    """Raise `Refused` for a motion on a text that was rewritten since."""
    version = motion.matter.current_version
    if version is None or motion.version_id != version.id:
        raise Refused(
            N_("The plan was rewritten after %(label)s was made. Make the motion anew."), label=motion.label, code="old_text"
        )


def _require_new(operation: Operation, rivals: list[Motion], motions: list[Motion], debate_id: int | None) -> None:
    """Refuse what was decided in this sitting or lies before the council in the same words."""
    for rival in rivals:
        original = Operation(rival.op, rival.paragraph_key, rival.text, rival.new_key)  # type: ignore[arg-type]
        known = [original, operation_of(rival, motions)]
        if not any(other is not None and same_proposal(operation, other) for other in known):
            continue
        if _is_decided(rival, debate_id):
            raise Refused(
                N_("The council has decided this already in this sitting, as %(label)s."), label=rival.label, code="already_decided"
            )
        if rival.state in (*PENDING, MotionState.VOTING):
            raise Refused(
                N_("The same motion lies before the council as %(label)s: second that one."), label=rival.label, code="same_motion"
            )


def _next_key(matter: Matter) -> str:
    keys = select(PlanParagraph.key).join(PlanVersion).where(PlanVersion.matter_id == matter.id)
    new = select(Motion.new_key).where(Motion.matter_id == matter.id, Motion.new_key.is_not(None))
    return next_key([*db.session.scalars(keys), *(key for key in db.session.scalars(new) if key)])


def new_motion(matter: Matter, version: PlanVersion, kind: str, mover: Person) -> Motion:
    debate = open_debate_of(matter)
    return Motion(
        council_id=matter.council_id,
        matter_id=matter.id,
        debate_id=debate.id if debate else None,
        version_id=version.id,
        kind=kind,
        mover_id=mover.id,
        state=MOTION.start.value,
        proposed_at=clock.now(),
    )


def make(capacity: Capacity, motion: Motion, prefix: str, action: str = "motion.propose") -> Motion:
    """Number the motion and enter it."""
    last = select(func.max(Motion.number)).where(Motion.matter_id == motion.matter_id, Motion.kind == motion.kind)
    if motion.kind == order.SECONDARY:
        last = last.where(Motion.parent_id == motion.parent_id)
    motion.number = (db.session.scalar(last) or 0) + 1
    motion.label = f"{prefix}{motion.number}"
    with recording(capacity, action, motion):
        db.session.add(motion)
    return motion


def second(motion: Motion, seconder: Person, *, actor: Person) -> None:
    """Second a motion. Raises `Forbidden` for its mover, `Refused` where it has a second or is decided."""
    capacity = may_act(actor, seconder, Permission.MOTION_SECOND, motion.matter)
    if seconder.id == motion.mover_id:
        raise Forbidden(N_("Who made the motion cannot second it."), code="own_motion")
    require_state(motion.matter, State.ADOPTING)
    if motion.state != MotionState.PROPOSED:
        raise Refused(N_("%(label)s needs no second any more."), label=motion.label, code="done_already")
    require_current(motion)
    with recording(capacity, "motion.second", motion):
        move(motion, MotionAct.SECOND)
        motion.seconder_id = seconder.id
        motion.seconded_at = clock.now()


def withdraw(motion: Motion, *, actor: Person) -> None:
    """The mover takes the motion back, before it is put to the vote; what hangs on it falls away with it."""
    capacity = authorize(actor, Permission.MOTION_PROPOSE, motion.matter.council)
    if actor.id != motion.mover_id:
        raise Forbidden(N_("Only its mover can withdraw a motion."), code="not_the_mover")
    if motion.state not in PENDING:
        raise Refused(N_("%(label)s can no longer be withdrawn."), label=motion.label, code="not_pending")
    voted = [m.label for m in siblings(motion) if m.parent_id == motion.id and m.state in (*DECIDED, MotionState.VOTING)]
    if voted:
        raise Refused(
            N_("The council has voted on %(voted)s already: %(label)s is in its hands and cannot be withdrawn."),
            voted=", ".join(voted), label=motion.label, code="in_the_councils_hands",
        )  # fmt: skip
    with recording(capacity, "motion.withdraw", motion):
        move(motion, MotionAct.WITHDRAW)
        motion.decided_at = clock.now()
        drop_children(motion)


def drop_children(motion: Motion) -> None:
    """Let everything pending that hangs on a settled motion fall away; inside a recording."""
    for child in siblings(motion):
        if child.parent_id == motion.id:
            if child.state in PENDING:
                move(child, MotionAct.DROP)
                child.decided_at = clock.now()
            drop_children(child)
