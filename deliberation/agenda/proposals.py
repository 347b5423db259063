"""What members would have deliberated: proposing from a phone, seconding, and the secretary's answer.

With a second a proposal waits for the secretary-general, who opens a matter from it, adds it to a matter that runs already,
or declines with a reason. A proposal decides nothing; the matter takes the five steps like any other.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter, Proposal
from deliberation.agenda.services import require_running
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, members
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid
from deliberation.kernel.words import N_
from deliberation.kernel.workflow import Workflow
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_TITLE, LONGEST_TEXT = 80, 2000


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    SECONDED = "seconded"
    OPENED = "opened"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProposalAct(StrEnum):
    SECOND = "second"
    OPEN = "open"
    MERGE = "merge"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


S, A = ProposalState, ProposalAct
PROPOSAL = Workflow(
    start=S.PROPOSED,
    moves={
        (S.PROPOSED, A.SECOND): S.SECONDED,
        (S.SECONDED, A.OPEN): S.OPENED,
        (S.SECONDED, A.MERGE): S.MERGED,
        (S.SECONDED, A.DECLINE): S.DECLINED,
        (S.PROPOSED, A.WITHDRAW): S.WITHDRAWN,
        (S.SECONDED, A.WITHDRAW): S.WITHDRAWN,
    },
)


def _move(proposal: Proposal, act: ProposalAct) -> None:
    proposal.state = PROPOSAL.next(ProposalState(proposal.state), act).value
    if act is not ProposalAct.SECOND:
        proposal.settled_at = clock.now()


def _require_member(person: Person, council: Council) -> None:
    if person.id not in {seat.person_id for seat in members(council)}:
        raise Forbidden(N_("Only council members propose matters and second them."), code="not_a_member")


def propose(council: Council, title: str, text: str, *, actor: Person) -> Proposal:
    """A member proposes that something become a matter. Raises `Invalid` for an empty or too long title or text."""
    capacity = authorize(actor, Permission.MOTION_PROPOSE, council)
    _require_member(actor, council)
    records: list[PersonalRecord] = []
    for value, field, most in ((title, "title", LONGEST_TITLE), (text, "text", LONGEST_TEXT)):
        words = value.strip()
        kept = personal(capacity.log_id, f"proposal.{field}", words)
        if kept is None or len(words) > most:
            raise Invalid(N_("Write one to %(n)s characters."), n=most, field=field)
        records.append(kept)
    proposal = Proposal(
        council_id=council.id,
        proposer_id=actor.id,
        title=records[0],
        text=records[1],
        state=PROPOSAL.start.value,
        proposed_at=clock.now(),
    )
    with recording(capacity, "proposal.make", proposal):
        db.session.add(proposal)
    return proposal


def second(proposal: Proposal, *, actor: Person) -> None:
    """Another member seconds it: from now on the secretary-general owes an answer."""
    capacity = authorize(actor, Permission.MOTION_SECOND, proposal.council)
    _require_member(actor, proposal.council)
    if actor.id == proposal.proposer_id:
        raise Forbidden(N_("Who proposed it cannot second it."), code="own_proposal")
    with recording(capacity, "proposal.second", proposal):
        _move(proposal, ProposalAct.SECOND)
        proposal.seconder_id = actor.id
        proposal.seconded_at = clock.now()


def withdraw(proposal: Proposal, *, actor: Person) -> None:
    """Its proposer takes it back before it is answered."""
    capacity = authorize(actor, Permission.MOTION_PROPOSE, proposal.council)
    if actor.id != proposal.proposer_id:
        raise Forbidden(N_("Only its proposer can withdraw a proposal."), code="not_the_proposer")
    with recording(capacity, "proposal.settle", proposal):
        _move(proposal, ProposalAct.WITHDRAW)


def open_from(proposal: Proposal, *, title: str, problem: str, actor: Person) -> Matter:
    """Open a matter from a seconded proposal, in the words of the secretary-general or the clerk."""
    capacity = authorize(actor, Permission.MATTER_OPEN, proposal.council)
    PROPOSAL.next(ProposalState(proposal.state), ProposalAct.OPEN)
    matter = agenda.open_matter(proposal.council, title=title, problem=problem, source="members", actor=actor)
    with recording(capacity, "proposal.settle", proposal):
        _move(proposal, ProposalAct.OPEN)
        proposal.matter_id = matter.id
    return matter


def merge(proposal: Proposal, matter: Matter, *, actor: Person) -> None:
    """Add a seconded proposal to a running matter of this council."""
    capacity = authorize(actor, Permission.MATTER_OPEN, proposal.council)
    if matter.council_id != proposal.council_id:
        raise Invalid(N_("There is no such matter here."), field="matter")
    require_running(matter)
    with recording(capacity, "proposal.settle", proposal):
        _move(proposal, ProposalAct.MERGE)
        proposal.matter_id = matter.id


def decline(proposal: Proposal, reason: str, *, actor: Person) -> None:
    """Answer that it becomes no matter, and why."""
    capacity = authorize(actor, Permission.MATTER_END, proposal.council)
    answer = personal(capacity.log_id, "proposal.answer", reason.strip())
    if answer is None:
        raise Invalid(N_("Please give the reason; the council reads it."), field="reason")
    with recording(capacity, "proposal.settle", proposal):
        _move(proposal, ProposalAct.DECLINE)
        proposal.answer = answer


def proposals(council: Council, limit: int = 100) -> list[Proposal]:
    """The council's proposals, the newest first, with what a page shows of them."""
    query = (
        select(Proposal)
        .where(Proposal.council_id == council.id)
        .options(
            joinedload(Proposal.proposer),
            joinedload(Proposal.seconder),
            joinedload(Proposal.title),
            joinedload(Proposal.text),
            joinedload(Proposal.answer),
            joinedload(Proposal.matter),
        )
        .order_by(Proposal.id.desc())
        .limit(limit)
    )
    return list(db.session.scalars(query))
