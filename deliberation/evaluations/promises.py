"""Promises of improvement: made for those rated, kept or broken, and what a report meeting has to be told of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.councils.models import Council
from deliberation.evaluations.models import Finding, Promise, Round
from deliberation.evaluations.states import Outcome
from deliberation.extensions import db
from deliberation.implementation.kinds import OwnerKind
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_
from deliberation.meetings.naming import official
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

LONGEST_TEXT = 1000
LONGEST_OWNER = 80
FARTHEST = timedelta(days=5 * 366)


def promise(
    round_: Round,
    *,
    text: str,
    owner_kind: str,
    owner: str,
    due_on: date,
    finding: Finding | None = None,
    position: int | None = None,
    actor: Person,
) -> Promise:
    """An improvement for one finding of a published round, or for one of those rated (``position``).

    Raises `Refused` before the results are published, `Invalid` for an empty text, no owner, or a day that has passed.
    """
    council = round_.council
    capacity = authorize(actor, Permission.PROMISE_MAKE, council)
    if round_.published_at is None:
        raise Refused(N_("Improvements are promised when the results are published."), code="not_published")
    if (finding is None) == (position is None) or (finding is not None and finding.round_id != round_.id):
        raise Invalid(N_("Choose one finding, or one of those rated."), field="about")
    if position is not None and position not in {one.position for one in round_.subjects}:
        raise Invalid(N_("Choose one finding, or one of those rated."), field="about")
    official(text, "text", LONGEST_TEXT, round_.meeting)
    official(owner, "owner", LONGEST_OWNER, round_.meeting)
    if owner_kind not in set(OwnerKind):
        raise Invalid(N_("Please choose one of these."), field="owner_kind")
    if due_on < clock.today(council.zone):
        raise Invalid(N_("This day has passed. Please choose a day from today on."), field="due_on")
    if due_on > clock.today(council.zone) + FARTHEST:
        raise Invalid(N_("Choose a day within five years."), field="due_on")
    made = Promise(
        council_id=council.id, round_id=round_.id, finding_id=finding.id if finding else None, position=position, text=text,
        owner_kind=owner_kind, owner=owner, due_on=due_on, made_at=clock.now(), made_by_id=actor.id,
    )  # fmt: skip
    with recording(capacity, "promise.make", made):
        db.session.add(made)
    return made


def end(made: Promise, outcome: str, done: str, *, actor: Person) -> None:
    """A promise was kept, or it was not: with what was done and where it can be seen. By the desk, never by who promised.

    Raises `Forbidden` for who made the promise, `Refused` where it has ended already.
    """
    capacity = authorize(actor, Permission.PROMISE_END, made.round.council)
    if actor.id == made.made_by_id:
        raise Forbidden(N_("Whoever made a promise does not judge it: a second person must."), code="four_eyes")
    if made.outcome is not None:
        raise Refused(N_("It stands already how this promise ended."), code="done_already")
    if outcome not in set(Outcome):
        raise Invalid(N_("Please choose one of these."), field="outcome")
    official(done, "done", LONGEST_TEXT, made.round.meeting)
    with recording(capacity, "promise.end", made):
        made.outcome, made.done = outcome, done
        made.ended_at, made.ended_by_id = clock.now(), actor.id


def promises_between(council: Council, since: datetime, until: datetime) -> list[Promise]:
    """What a report on this span tells: promises made, due or ended in it, and those still open from before, by due day."""
    zone = ZoneInfo(council.zone)
    first, last = local_day(since, zone), local_day(until, zone)
    in_span = or_(
        and_(Promise.made_at >= since, Promise.made_at < until),
        and_(Promise.due_on >= first, Promise.due_on <= last),
        and_(Promise.ended_at >= since, Promise.ended_at < until),
    )
    open_from_before = and_(Promise.made_at < since, or_(Promise.ended_at.is_(None), Promise.ended_at >= until))
    # What was promised after the span is the next report's.
    query = select(Promise).where(Promise.council_id == council.id, Promise.made_at < until, or_(in_span, open_from_before))
    return list(db.session.scalars(query.order_by(Promise.due_on, Promise.id)))


def all_of(council: Council, round_: Round | None = None) -> list[Promise]:
    """The promises of a council, or of one round, by due day."""
    query = select(Promise).where(Promise.council_id == council.id).options(joinedload(Promise.finding), joinedload(Promise.round))
    if round_ is not None:
        query = query.where(Promise.round_id == round_.id)
    return list(db.session.scalars(query.order_by(Promise.due_on, Promise.id)))
