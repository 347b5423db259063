"""A member's recusal challenged by another: the reason, the answer, and the decision of somebody who is no party to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from deliberation.agenda.models import Matter, Recusal, RecusalChallenge
from deliberation.agenda.recusals import recusal_of
from deliberation.agenda.services import recused_ids, require_running
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import recording
from deliberation.audit.services import personal
from deliberation.councils.authority import authorize, members, offices
from deliberation.councils.models import Appointment, Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission

SILENCE = timedelta(days=1)
"""Whoever is challenged has so long to answer; after that it can be decided without."""
DECIDERS = (Office.PRESIDENT, Office.SECRETARY_GENERAL)


def challenge(matter: Matter, member: Person, reason: str, *, actor: Person) -> RecusalChallenge:
    """A member holds that another should step back from the matter.

    Raises `Refused` where that member has stepped back, where a challenge waits, where the same member challenged before,
    and where nobody is left who could decide.
    """
    council = matter.council
    capacity = authorize(actor, Permission.RECUSAL_ASK, council)
    require_running(matter)
    seated = {seat.person_id for seat in members(council)}
    if member.id not in seated:
        raise Invalid(N_("Only a council member can step back from a matter."), field="person")
    if member.id == actor.id:
        raise Invalid(N_("To step back yourself, ask for it; nobody challenges oneself."), field="person", code="own_case")
    if actor.id not in seated or actor.id in recused_ids(matter.id):
        raise Forbidden(N_("Only members who act on the matter can challenge another."), code="not_a_member")
    if member.id in recused_ids(matter.id):
        raise Refused(N_("This member has stepped back from the matter already."), code="done_already")
    before = select(RecusalChallenge).where(RecusalChallenge.matter_id == matter.id, RecusalChallenge.person_id == member.id)
    for other in db.session.scalars(before):
        if other.decided_at is None or other.by_id == actor.id:
            raise Refused(
                N_("This member was challenged already: the decision on that stands or comes first."), code="done_already"
            )
    if not set(_holders(council, *DECIDERS)) - {member.id, actor.id}:
        raise Refused(N_("Nobody would be left to decide: let another member challenge."), code="no_decider")
    made = RecusalChallenge(
        council_id=matter.council_id,
        matter_id=matter.id,
        person_id=member.id,
        by_id=actor.id,
        reason=_kept(capacity.log_id, "challenge.reason", reason, "reason"),
        made_at=clock.now(),
    )
    with recording(capacity, "challenge.make", made):
        db.session.add(made)
    return made


def _holders(council: Council, *held: Office) -> list[int]:
    today = clock.today(council.zone)
    query = select(Appointment.person_id).where(
        Appointment.council_id == council.id,
        Appointment.office.in_([office.value for office in held]),
        Appointment.starts_on <= today,
        Appointment.ends_on.is_(None) | (Appointment.ends_on >= today),
    )
    return list(db.session.scalars(query))


def _kept(log_id: int, kind: str, value: str, field: str) -> PersonalRecord:
    kept = personal(log_id, kind, value.strip())
    if kept is None:
        raise Invalid(N_("Please give the reason; only the council reads it."), field=field)
    return kept


def answer(made: RecusalChallenge, matter: Matter, text: str, *, actor: Person) -> None:
    """Whoever is challenged answers; the clerk may take the answer down."""
    by_self = actor.id == made.person_id
    capacity = authorize(actor, Permission.RECUSAL_ASK if by_self else Permission.MEETING_RECORD, matter.council)
    if not by_self and actor.id == made.by_id:
        raise Forbidden(N_("Who challenged a member does not answer in that member's place."), code="own_case")
    _require_undecided(made)
    if made.answered_at is not None:
        raise Refused(N_("The answer stands already."), code="done_already")
    kept = _kept(capacity.log_id, "challenge.answer", text, "text")
    with recording(capacity, "challenge.answer", made):
        made.answer = kept
        made.answered_at = clock.now()


def decidable(waiting: Iterable[RecusalChallenge], council: Council, actor: Person) -> set[int]:
    """The ids of those that are for this person to decide, answered or not: the president decides; where a president is a
    party, also the secretary-general. Nobody decides on own case."""
    held, presidents = offices(actor, council), set(_holders(council, Office.PRESIDENT))
    found = set()
    for one in waiting:
        parties = {one.person_id, one.by_id}
        is_deputy = Office.SECRETARY_GENERAL in held and parties & presidents
        if one.decided_at is None and actor.id not in parties and (Office.PRESIDENT in held or is_deputy):
            found.add(one.id)
    return found


def may_decide_now(made: RecusalChallenge) -> bool:
    """Whether the challenged member has answered, or has let the time for it pass."""
    return made.decided_at is None and (made.answered_at is not None or clock.now() >= made.made_at + SILENCE)


def decide(made: RecusalChallenge, matter: Matter, upheld: bool, reason: str, *, actor: Person) -> None:
    """Decide with a reason. Upheld, the member is recused from now on like one who asked; an open vote keeps its electorate."""
    capacity = authorize(actor, Permission.RECUSAL_APPROVE, matter.council)
    _require_undecided(made)
    if not decidable([made], matter.council, actor):
        raise Forbidden(
            N_("Somebody else must decide this: the president, or for the president the secretary-general."), code="not_the_decider"
        )
    require_running(matter)
    if not may_decide_now(made):
        raise Refused(N_("The member may answer first; without an answer it can be decided a day later."), code="not_answered")
    kept = _kept(capacity.log_id, "challenge.decision", reason, "reason")
    with recording(capacity, "challenge.decide", made):
        made.upheld, made.decided_by_id, made.decided_at = upheld, actor.id, clock.now()
        made.decision = kept
        if upheld:
            _recuse(made, matter, actor)


def _recuse(made: RecusalChallenge, matter: Matter, actor: Person) -> None:
    """The approved recusal that an upheld challenge makes, or approves where the member had asked meanwhile."""
    asked = recusal_of(matter, made.person)
    if asked is None:
        asked = Recusal(
            council_id=matter.council_id,
            matter_id=matter.id,
            person_id=made.person_id,
            reason_id=made.reason_id,
            asked_at=made.made_at,
        )
        db.session.add(asked)
    if asked.approved_at is None:
        asked.approved_by_id, asked.approved_at = actor.id, clock.now()


def _require_undecided(made: RecusalChallenge) -> None:
    if made.decided_at is not None:
        raise Refused(N_("This was decided already."), code="done_already")


def challenges(matter: Matter) -> list[RecusalChallenge]:
    """Every challenge on a matter, in the order of making, with what a page shows of it."""
    query = (
        select(RecusalChallenge)
        .where(RecusalChallenge.matter_id == matter.id)
        .options(
            joinedload(RecusalChallenge.person),
            joinedload(RecusalChallenge.by),
            joinedload(RecusalChallenge.reason),
            joinedload(RecusalChallenge.answer),
            joinedload(RecusalChallenge.decision),
        )
        .order_by(RecusalChallenge.id)
    )
    return list(db.session.scalars(query))
