"""The five steps' verbs, and the one gate that moves a matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import func, select

from deliberation.agenda import texts
from deliberation.agenda.models import Handover, Matter, PlanParagraph, PlanVersion, Recusal
from deliberation.agenda.states import ENDED, HOLDERS, MATTER, NEEDS, ORIGINS, RUNNING, STATE_WORDS, Act, State
from deliberation.audit.recording import Capacity, recording
from deliberation.councils.authority import authorize
from deliberation.councils.models import Council
from deliberation.councils.services import rules_in_force
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid, Refused
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_, Words
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

# A room upstairs may veto a move: it returns the reason, or None. Registered by name in its ``setup``.
StepRule = Callable[[Matter, Act], Words | None]
step_rules: Registry[StepRule] = Registry("step rule")

BACK = (Act.SEND_BACK, Act.REOPEN)
# Who gives a matter on: each arrow is signed in an office of its giver.
SIGNS = {
    Act.TO_COMMITTEE: Permission.MATTER_TO_COMMITTEE,
    Act.TO_COUNCIL: Permission.MATTER_TO_COUNCIL,
    Act.TO_FORUM: Permission.MATTER_TO_FORUM,
    Act.TO_IMPLEMENTATION: Permission.MATTER_TO_IMPLEMENTATION,
    Act.SEND_BACK: Permission.MATTER_SEND_BACK,
    Act.REOPEN: Permission.MATTER_SEND_BACK,
}
PRODUCTS = {
    Act.TO_COMMITTEE: "problem_list",
    Act.TO_COUNCIL: "plan",
    Act.TO_FORUM: "adopted_text",
    Act.TO_IMPLEMENTATION: "resolution",
    Act.SEND_BACK: "objection",
    Act.REOPEN: "objection",
}


def open_matter(
    council: Council, *, title: str, problem: str, source: str = "appeals", actor: Person
) -> Matter:
    """Open a matter in step 1 under the rules in force. ``source``: appeals, visits (前馈) or members."""
    capacity = authorize(actor, Permission.MATTER_OPEN, council)
    now = clock.now()
    year = clock.today(council.zone).year
    last = select(func.max(Matter.number)).where(Matter.council_id == council.id, Matter.year == year)
    matter = Matter(
        council_id=council.id,
        rule_set_id=rules_in_force(council).id,
        year=year,
        number=(db.session.scalar(last) or 0) + 1,
        title=title,
        problem=problem,
        source=source,
        state=MATTER.start,
        state_since=now,
        opened_at=now,
    )
    with recording(capacity, "matter.open", matter):
        db.session.add(matter)
    return matter


def require_state(matter: Matter, *states: State) -> None:
    """Raise `Refused` where the matter is not in one of ``states``, naming the hand-over that is missing."""
    state = State(matter.state)
    if state in states:
        return
    if state in ENDED:
        raise Refused(N_("This matter has ended: %(state)s."), state=Words(STATE_WORDS[state]), code="ended")
    wanted = states[0]
    if RUNNING.index(state) < RUNNING.index(wanted):
        missing = RUNNING[RUNNING.index(state) + 1]
        raise Refused(N_("This needs %(what)s first."), what=Words(NEEDS[missing]), code=f"missing_handover_{missing.value}")
    raise Refused(N_("This matter is already in the step “%(step)s”."), step=Words(STATE_WORDS[state]), code="too_late")


def move(matter: Matter, act: Act) -> State:
    """Take one step. The only place that writes ``matter.state``; inside a recording.

    Raises `Refused` where the table has no such move or a step rule vetoes it.
    """
    before = State(matter.state)
    after = MATTER.next(before, act)
    for rule in step_rules.values():
        reason = rule(matter, act)
        if reason is not None:
            raise Refused(reason, code="step_rule")
    matter.state = after.value
    matter.state_since = clock.now()
    if after in ENDED:
        matter.ended_at = clock.now()
    return before


def hand_over(matter: Matter, act: Act, *, note: str | None = None, actor: Person) -> Handover:
    """Hand the matter over to the next step (or back): giver, taker and product in a record of its own.

    Raises `Refused` naming the missing hand-over or product; a hand-over back needs a ``note`` (`Invalid`).
    """
    capacity = authorize(actor, SIGNS[act], matter.council)
    require_state(matter, ORIGINS[act])
    if act in BACK and not note:
        raise Invalid(N_("Please say why the matter goes back."), field="note")
    version = require_product(matter, act)
    with recording(capacity, "matter.send_back" if act in BACK else "matter.hand_over", matter):
        before = move(matter, act)
        after = State(matter.state)
        if act in BACK:
            # What was adopted is open again: without a new vote it goes nowhere.
            matter.adopted_hash = None
        given = Handover(
            council_id=matter.council_id,
            matter_id=matter.id,
            from_state=before.value,
            to_state=after.value,
            giver=HOLDERS[before].value,
            giver_id=actor.id,
            giver_office=capacity.office,
            taker=HOLDERS[after].value,
            product=PRODUCTS[act],
            version_id=version.id if version else None,
            note=note,
            is_back=act in BACK,
            at=clock.now(),
        )
        db.session.add(given)
    return given


def require_product(matter: Matter, act: Act) -> PlanVersion | None:
    """What goes with the hand-over; raises `Refused` where it does not exist yet."""
    version = matter.current_version
    if act is Act.TO_COUNCIL:
        if version is None:
            raise Refused(N_("Write the plan first: there is nothing to hand over."), code="missing_plan")
        if version.powers is None:
            raise Refused(N_("Check first whether the council has the power to decide this."), code="missing_powers_check")
    if act is Act.TO_FORUM and (version is None or matter.adopted_hash != version.text_hash):
        raise Refused(N_("The council has not adopted this text yet: it needs a vote first."), code="missing_adoption")
    return None if act is Act.TO_COMMITTEE else version


_ENDINGS = {Act.DECLINE, Act.REFER, Act.WITHDRAW, Act.LAPSE}


def end(matter: Matter, act: Act, *, reason: str, actor: Person) -> None:
    """Decline, refer, withdraw or let lapse, with a public reason."""
    if act not in _ENDINGS:
        raise ValueError(f"{act} does not end a matter")
    capacity = authorize(actor, Permission.MATTER_END, matter.council)
    if not reason:
        raise Invalid(N_("Please give the reason; it will be public."), field="reason")
    with recording(capacity, "matter.end", matter):
        move(matter, act)
        matter.end_reason = reason


def close(matter: Matter, *, actor: Person) -> None:
    """Close a matter that has been carried out."""
    capacity = authorize(actor, Permission.MATTER_CLOSE, matter.council)
    require_state(matter, State.IMPLEMENTING)
    with recording(capacity, "matter.end", matter):
        move(matter, Act.CLOSE)


def write_plan(
    matter: Matter,
    paragraphs: Sequence[str],
    *,
    analysis: str | None = None,
    powers: str | None = None,
    powers_note: str | None = None,
    actor: Person,
) -> PlanVersion:
    """Add a version of the plan in step 2, one string a paragraph. ``powers`` is the check of powers (职权核对):
    ``within``, ``persuade`` (binds members, persuades everyone else) or ``outside``."""
    capacity = authorize(actor, Permission.PLAN_WRITE, matter.council)
    require_state(matter, State.DRAFTING)
    texts.check(paragraphs)
    before = matter.current_version
    if before is not None and powers is None:
        powers, powers_note = before.powers, before.powers_note
    kept = keyed(matter, paragraphs)
    with recording(capacity, "plan.write", matters=(matter.id,)) as record:
        version = add_version(matter, kept, "draft", actor)
        version.analysis, version.powers, version.powers_note = analysis, powers, powers_note
        record.subject = version
    return version


def keyed(matter: Matter, paragraphs: Sequence[str]) -> list[tuple[str, str]]:
    """New paragraphs with the keys of those that they continue."""
    before = matter.current_version
    old = [(p.key, p.text) for p in before.paragraphs] if before else []
    taken = db.session.scalars(
        select(PlanParagraph.key).join(PlanVersion).where(PlanVersion.matter_id == matter.id)
    ).all()
    return texts.carry_keys(paragraphs, old, taken)


def add_version(matter: Matter, kept: Sequence[tuple[str, str]], kind: str, actor: Person | None) -> PlanVersion:
    """A new version from (key, text) pairs; inside a recording of the room that writes it."""
    before = matter.current_version
    version = PlanVersion(
        council_id=matter.council_id,
        matter_id=matter.id,
        number=(before.number if before else 0) + 1,
        kind=kind,
        powers=before.powers if before else None,
        powers_note=before.powers_note if before else None,
        text_hash=texts.text_hash(text for _, text in kept),
        written_by_id=actor.id if actor else None,
        written_at=clock.now(),
    )
    version.paragraphs = [
        PlanParagraph(council_id=matter.council_id, position=position, key=key, text=text)
        for position, (key, text) in enumerate(kept, 1)
    ]
    matter.versions.append(version)
    db.session.flush()
    return version


def adopt_text(matter: Matter, kept: Sequence[tuple[str, str]], *, capacity: Capacity) -> PlanVersion:
    """Keep the text that the council's votes composed, as (key, text) pairs, and remember its hash as adopted."""
    with recording(capacity, "plan.adopt", matters=(matter.id,)) as record:
        current = matter.current_version
        if current is None or current.text_hash != texts.text_hash(text for _, text in kept):
            current = add_version(matter, kept, "adopted", None)
        matter.adopted_hash = current.text_hash
        record.subject = current
    return current


def unadopt(matter: Matter, *, capacity: Capacity) -> None:
    """Forget the adopted text, where the council voted again and did not adopt it; the versions stay."""
    with recording(capacity, "plan.unadopt", matter):
        matter.adopted_hash = None


def require_running(matter: Matter) -> None:
    """Raise `Refused` for a matter that has ended."""
    require_state(matter, *[state for state in RUNNING if state == matter.state] or RUNNING)


def recused_ids(matter_id: int) -> set[int]:
    """The persons whose recusal from the matter is approved."""
    approved = select(Recusal.person_id).where(Recusal.matter_id == matter_id, Recusal.approved_at.is_not(None))
    return set(db.session.scalars(approved))


