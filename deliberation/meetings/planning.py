"""What a plan for a session must fulfil: day, place, agenda, papers, and who chairs and keeps the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from deliberation.agenda.models import Matter
from deliberation.agenda.services import require_state
from deliberation.agenda.states import State
from deliberation.councils import rules
from deliberation.councils.authority import offices
from deliberation.councils.models import Council
from deliberation.councils.services import rules_in_force
from deliberation.kernel import clock
from deliberation.kernel.calendar import clear_days_between, local_day
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.words import N_, Words
from deliberation.meetings.kinds import held_by, kind_of
from deliberation.meetings.naming import require_none_named
from deliberation.motions.sittings import postponed_until
from deliberation.motions.states import day_words
from deliberation.people.models import Person
from deliberation.people.permissions import Office, office_words
from deliberation.voting.telling import listed

LONGEST_LINE = 120
MOST_MATERIALS = 20
MOST_TOPICS = 20


@dataclass(frozen=True)
class Plan:
    """When and where a session sits, on what, with which papers, under whom."""

    starts_at: datetime
    place: str
    matters: Sequence[Matter]
    materials: Sequence[str]
    chair: Person
    clerk: Person
    kind: str
    topics: Sequence[str] = ()


def clear_days(council: Council, starts_at: datetime) -> int:
    """The clear days between today and the session."""
    zone = ZoneInfo(council.zone)
    return clear_days_between(local_day(clock.now(), zone), local_day(starts_at, zone))


def first_day(council: Council, notice_days: int) -> date:
    """The earliest day of a session whose notice goes out today."""
    return clock.today(council.zone) + timedelta(days=notice_days + 1)


def check(council: Council, plan: Plan) -> None:
    """Raises `Invalid` at the field that is wrong, `Refused` for a matter that the council has not got."""
    held, kind = rules.parse(rules_in_force(council).data), kind_of(plan.kind)
    if kind not in held_by(held):
        raise Refused(N_("The rules of this council know no such meeting."), code="not_held_here")
    require_notice(council, plan.starts_at, held[kind.notice])
    require_place(plan.place)
    if (kind.needs_matters and not plan.matters) or len({m.id for m in plan.matters}) != len(plan.matters):
        raise Invalid(N_("Choose at least one matter for the agenda."), field="matters")
    if len(plan.materials) > MOST_MATERIALS or any(not title or len(title) > LONGEST_LINE for title in plan.materials):
        raise Invalid(
            N_("At most %(most)s papers, each with a title of at most %(n)s characters."),
            most=MOST_MATERIALS,
            n=LONGEST_LINE,
            field="materials",
        )
    if len(plan.topics) > MOST_TOPICS or any(not text.strip() or len(text) > LONGEST_LINE for text in plan.topics):
        raise Invalid(
            N_("At most %(most)s topics, each of at most %(n)s characters."), most=MOST_TOPICS, n=LONGEST_LINE, field="topics"
        )
    require_none_named(plan.topics, field="topics", council_id=council.id)
    require_none_named(plan.materials, field="materials", council_id=council.id)
    for matter in plan.matters:
        require_state(matter, *map(State, kind.matters))
    require_not_postponed(council, plan.matters, plan.starts_at)
    for person, office, field in ((plan.chair, Office.PRESIDENT, "chair"), (plan.clerk, Office.CLERK, "clerk")):
        if office not in offices(person, council):
            raise Invalid(N_("This person does not hold the office that is needed here."), field=field)


def require_convener(council: Council, kind: str, actor: Person) -> None:
    """Raise `Forbidden` for somebody whose offices do not convene this kind of meeting."""
    conveners = kind_of(kind).conveners
    if not set(conveners) & {office.value for office in offices(actor, council)}:
        named = listed([office_words(one) for one in conveners])
        raise Forbidden(N_("This meeting is convened by: %(offices)s."), offices=named, code="not_convener")


def require_notice(council: Council, starts_at: datetime, needed: int) -> None:
    """Raise `Invalid` for a day that a notice of today does not reach any more."""
    if clear_days(council, starts_at) < needed:
        first = first_day(council, needed)
        raise Invalid(
            N_("This day is too near for a notice of %(n)s clear days. The first possible day is %(day)s."),
            n=needed,
            day=Words(N_("%(year)s-%(month)s-%(day)s"), year=first.year, month=first.month, day=first.day),
            field="starts_at",
        )


def require_place(place: str) -> None:
    if not place or len(place) > LONGEST_LINE:
        raise Invalid(N_("Say where the session takes place, in at most %(n)s characters."), n=LONGEST_LINE, field="place")


def require_not_postponed(council: Council, matters: Sequence[Matter], starts_at: datetime) -> None:
    """Raise `Invalid` for a matter that the council postponed to a later day than the session's."""
    until = postponed_until((matter.id for matter in matters), clock.today(council.zone))
    on = local_day(starts_at, ZoneInfo(council.zone))
    for matter in matters:
        if matter.id in until and on < until[matter.id]:
            raise Invalid(
                N_("The council postponed “%(title)s”: it comes onto no agenda before %(day)s."),
                title=matter.title, day=day_words(until[matter.id]), field="matters", code="postponed",
            )  # fmt: skip
