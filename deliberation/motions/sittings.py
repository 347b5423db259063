"""What the chair does with motions in a sitting: open a debate, put to the vote, settle, close."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act, State
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_, Words
from deliberation.motions import order
from deliberation.motions.amend import amend_operation, apply, text_hash
from deliberation.motions.models import Debate, Motion, ProceduralMotion
from deliberation.motions.services import drop_children, move, open_debate_of, require_current
from deliberation.motions.states import PENDING, POSTPONE, MotionAct, MotionState, day_words
from deliberation.motions.texts import (
    composed,
    is_groundless,
    main_of,
    motions_of,
    operation_of,
    siblings,
    votables,
    who_needs_second,
)
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting import services as voting
from deliberation.voting.models import Poll

SETTLED = {
    "adopted": MotionAct.CARRY,
    "rejected": MotionAct.LOSE,
    "no_decision": MotionAct.LEAVE_OPEN,
}


def open_debate(matter: Matter, *, actor: Person) -> Debate:
    """Take the matter up in a sitting; motions made beforehand come onto its agenda, and those made on a text that was
    rewritten since fall away."""
    capacity = authorize(actor, Permission.MOTION_PUT, matter.council)
    agenda.require_state(matter, State.ADOPTING)
    until = postponed_until([matter.id], clock.today(matter.council.zone)).get(matter.id)
    if until is not None:
        raise Refused(
            N_("The council postponed this matter: it is not called up before %(day)s."), day=day_words(until), code="postponed"
        )
    if open_debate_of(matter) is not None:
        raise Refused(N_("This matter is being debated already."), code="done_already")
    version = matter.current_version
    assert version is not None
    debate = Debate(
        council_id=matter.council_id, matter_id=matter.id, version_id=version.id, state="open", opened_at=clock.now()
    )
    with recording(capacity, "debate.open", debate):
        db.session.add(debate)
        db.session.flush()
        for motion in motions_of(matter.id):
            if motion.state not in PENDING:
                continue
            motion.debate_id = debate.id
            if motion.version_id != version.id:
                move(motion, MotionAct.DROP)
                motion.decided_at = clock.now()
    return debate


def postponed_until(matter_ids: Iterable[int], today: date) -> dict[int, date]:
    """The day before which a matter does not come onto an agenda, for those whose pending main motion was postponed to a
    later day; the last postponement counts, and none once that motion is settled."""
    rows = db.session.execute(
        select(ProceduralMotion.matter_id, ProceduralMotion.until_on)
        .join(Motion, Motion.id == ProceduralMotion.motion_id)
        .where(
            ProceduralMotion.matter_id.in_(list(matter_ids)),
            ProceduralMotion.kind == POSTPONE,
            Motion.state.in_([state.value for state in PENDING]),
        )
        .order_by(ProceduralMotion.id)
    )
    last: dict[int, date | None] = {}
    for matter_id, until in rows:
        last[matter_id] = until
    return {matter_id: until for matter_id, until in last.items() if until is not None and today < until}


def voted_text_hash(motion: Motion, motions: list[Motion]) -> str:
    """The hash of the text that stands if the motion is carried."""
    if motion.kind == order.MAIN:
        return text_hash(composed(motion, motions))
    amendment = motion if motion.kind == order.AMENDMENT else next(m for m in motions if m.id == motion.parent_id)
    main = main_of(motion, motions)
    operation = operation_of(amendment, motions)
    assert operation is not None
    if motion.kind == order.SECONDARY:
        operation = amend_operation(operation, motion.text or "")
    return text_hash(apply(composed(main, motions), operation))


def put(motion: Motion, *, mode: str = "recorded", actor: Person) -> Poll:
    """Put a motion to the vote: its poll is prepared on the text as it reads now.

    Raises `Refused`: no debate (``no_debate``), no second (``not_seconded``), something comes first (``not_in_order``).
    """
    matter = motion.matter
    capacity = authorize(actor, Permission.MOTION_PUT, matter.council)
    agenda.require_state(matter, State.ADOPTING)
    debate = open_debate_of(matter)
    if debate is None or motion.debate_id != debate.id:
        raise Refused(N_("The matter is not being debated now: take it up in a sitting first."), code="no_debate")
    require_votable(motion)
    poll = voting.prepare(
        matter.council,
        label=motion.label,
        text_hash=voted_text_hash(motion, siblings(motion)),
        matter_id=matter.id,
        mode=mode,
        actor=actor,
    )
    with recording(capacity, "motion.put", motion):
        move(motion, MotionAct.PUT)
        motion.poll_id = poll.id
    return poll


def take_back(motion: Motion, *, actor: Person) -> None:
    """Let a motion whose vote was cancelled wait again for its turn."""
    capacity = authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    with recording(capacity, "motion.take_back", motion):
        move(motion, MotionAct.TAKE_BACK if motion.seconder_id is not None else MotionAct.TAKE_BACK_UNSECONDED)
        motion.poll_id = None


def require_votable(motion: Motion) -> None:
    """Raise `Refused` naming what stands before the vote on this motion."""
    if motion.state not in PENDING:
        raise Refused(N_("%(label)s has been put to the vote or is settled."), label=motion.label, code="not_pending")
    needs_second = who_needs_second(motion.matter)
    if motion.state == MotionState.PROPOSED and needs_second(motion):
        raise Refused(N_("%(label)s awaits a second and cannot be voted on."), label=motion.label, code="not_seconded")
    require_current(motion)
    motions = siblings(motion)
    if is_groundless(motion, motions):
        raise Refused(
            N_("The paragraph that %(label)s names is gone: rule that it has fallen away."), label=motion.label, code="anchor_gone"
        )
    listed = votables(motions, needs_second)
    text = composed(main_of(motion, motions), motions)
    first = order.blocking(motion.id, listed, text)
    if first:
        by_id = {m.id: m.label for m in motions}
        labels = ", ".join(by_id[one] for one in first)
        raise Refused(
            N_("%(first)s must be voted on before %(label)s."), first=labels, label=motion.label, code="not_in_order"
        )
    parent = next((one for one in listed if one.id == motion.parent_id), None)
    if parent is not None and parent.state == order.PROPOSED:
        raise Refused(
            N_("%(parent)s awaits a second: until then %(label)s cannot be voted on."),
            parent=next(m.label for m in motions if m.id == motion.parent_id),
            label=motion.label,
            code="not_seconded",
        )
    if any(m.state == MotionState.VOTING for m in motions):
        raise Refused(N_("A vote is open: close and count it first."), code="poll_open")


def settle(motion: Motion, *, actor: Person) -> None:
    """Draw the consequence of the counted poll; a carried main motion makes the adopted text, and one that is lost when
    its adoption was taken up again undoes it."""
    capacity = authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    verdict = motion.poll.verdict if motion.poll else None
    if verdict is None:
        raise Refused(N_("The vote has not been counted yet."), code="not_counted")
    with recording(capacity, "motion.settle", motion):
        move(motion, SETTLED[verdict.outcome])
        motion.decided_at = clock.now()
        drop_children(motion)
    if motion.kind == order.MAIN and motion.state == MotionState.CARRIED:
        text = composed(motion, siblings(motion))
        assert motion.poll is not None and text_hash(text) == motion.poll.text_hash
        agenda.adopt_text(motion.matter, [(p.key, p.text) for p in text], capacity=capacity)
    elif motion.kind == order.MAIN and motion.state == MotionState.LOST and motion.matter.adopted_hash is not None:
        agenda.unadopt(motion.matter, capacity=capacity)


def drop(motion: Motion, *, actor: Person) -> None:
    """Rule that a motion has fallen away, because its paragraph or its parent is gone; `Refused` where neither is."""
    capacity = authorize(actor, Permission.MOTION_PUT, motion.matter.council)
    if not is_groundless(motion, siblings(motion)):
        raise Refused(
            N_("%(label)s can still be voted on; only its mover can withdraw it."), label=motion.label, code="not_groundless"
        )
    with recording(capacity, "motion.drop", motion):
        move(motion, MotionAct.DROP)
        motion.decided_at = clock.now()
        drop_children(motion)


def not_in_debate(matter: Matter, act: Act) -> Words | None:
    """A step rule: a matter does not move while the council is voting on it, or deliberating on it."""
    voting_now = select(Motion.label).where(Motion.matter_id == matter.id, Motion.state == MotionState.VOTING.value)
    label = db.session.scalar(voting_now)
    if label is not None:
        return Words(N_("A vote on %(label)s is open: close and count it first."), label=label)
    if open_debate_of(matter) is not None:
        return Words(N_("The council is deliberating on this matter: the chair finishes with it in the session first."))
    return None


def close_debate(debate: Debate, *, actor: Person) -> None:
    """End the consideration of a matter in this sitting. What hangs on a decided main motion falls away; what could not
    be decided waits for the next sitting."""
    capacity = authorize(actor, Permission.MOTION_PUT, debate.matter.council)
    if debate.state != "open":
        raise Refused(N_("This debate is closed already."), code="done_already")
    motions = list(db.session.scalars(select(Motion).where(Motion.debate_id == debate.id)))
    if any(motion.state == MotionState.VOTING for motion in motions):
        raise Refused(N_("A vote is open: close and count it first."), code="poll_open")
    mains_pending = any(m.kind == order.MAIN and m.state in PENDING for m in motions)
    with recording(capacity, "debate.close", debate):
        debate.state = "closed"
        debate.closed_at = clock.now()
        for motion in motions:
            if motion.state not in PENDING:
                continue
            if mains_pending:
                motion.debate_id = None
            else:
                move(motion, MotionAct.DROP)
                motion.decided_at = clock.now()
