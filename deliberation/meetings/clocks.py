"""The clocks of councils, read in three statements, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from deliberation.councils import rules
from deliberation.councils.models import Council, RuleSet, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings import cadence
from deliberation.meetings.cadence import Line, Meet
from deliberation.meetings.kinds import MeetingKind, held_by, kinds
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import HELD, MeetingState

ON = (MeetingState.OPEN.value, MeetingState.ADJOURNED.value)


@dataclass(frozen=True)
class KindClock:
    """One kind in one council. ``overdue``: the first period missed without one held since."""

    kind: MeetingKind
    rules: rules.Rules
    lines: Sequence[Line]
    overdue: Line | None

    def name(self, language: str) -> str:
        return self.kind.name(self.rules, language)

    def of_year(self, year: int) -> list[Line]:
        return [one for one in self.lines if one.period.touches(year)]


def clocks(councils: Sequence[Council], *, year: int | None = None, with_planned: bool = True) -> dict[int, list[KindClock]]:
    """By council, the kinds that come back: under the rules in force today, or on the last day of a ``year`` that is over.
    Without ``with_planned`` only those whose notice went out count as planned."""
    ids = [one.id for one in councils]
    held, began, meets = _rules(ids), _began(ids), _meets(councils, with_planned)
    return {
        one.id: _of_council(held[one.id], began.get(one.id), meets.get(one.id, {}), clock.today(one.zone), year) for one in councils
    }


def _of_council(
    versions: Sequence[RuleSet], since: date | None, meets: dict[str, list[Meet]], today: date, year: int | None
) -> list[KindClock]:
    until = date(year or today.year, 12, 31)
    effective = [one for one in versions if one.effective_on <= min(today, until)] or versions[:1]
    parsed = [rules.parse(one.data) for one in effective]
    held, found = parsed[-1], []
    for kind in held_by(held) if since else ():
        if kind.every is not None:
            asked, rows = max(since or today, _asked_since(kind, effective, parsed)), meets.get(kind.code, ())
            told = cadence.lines(held[kind.every], rows, since=asked, today=today, until=until, begin=since)
            found.append(KindClock(kind, held, told, cadence.overdue(told, today)))
    return found


def _asked_since(kind: MeetingKind, versions: Sequence[RuleSet], parsed: Sequence[rules.Rules]) -> date:
    """From when the rules ask for this kind as often as they do at last: no rule counts for the time before it. The first
    version counts from the council's beginning, whenever it was entered."""
    assert kind.every is not None
    asked = [kind in held_by(one) and one[kind.every] == parsed[-1][kind.every] for one in parsed]
    changed = next((n for n in range(len(asked) - 1, -1, -1) if not asked[n]), None)
    return date.min if changed is None else versions[changed + 1].effective_on


def _rules(ids: Sequence[int]) -> dict[int, list[RuleSet]]:
    found: dict[int, list[RuleSet]] = {}
    for one in db.session.scalars(select(RuleSet).where(RuleSet.council_id.in_(ids)).order_by(RuleSet.version)):
        found.setdefault(one.council_id, []).append(one)
    return found


def began_on(council: Council) -> date | None:
    """The first day of the council's first term."""
    return _began([council.id]).get(council.id)


def _began(ids: Sequence[int]) -> dict[int, date]:
    """The first day of each council's first term."""
    query = select(Term.council_id, func.min(Term.starts_on)).where(Term.council_id.in_(ids)).group_by(Term.council_id)
    return dict(iter(db.session.execute(query)))


def _meets(councils: Sequence[Council], with_planned: bool) -> dict[int, dict[str, list[Meet]]]:
    zones = {one.id: ZoneInfo(one.zone) for one in councils}
    coming_back = [code for code, kind in kinds().items() if kind.every is not None]
    query = select(Meeting.council_id, Meeting.kind, Meeting.state, Meeting.opened_at, Meeting.starts_at, Meeting.id).where(
        Meeting.council_id.in_(zones), Meeting.kind.in_(coming_back), Meeting.state != MeetingState.CANCELLED.value
    )
    if not with_planned:
        query = query.where(Meeting.state != MeetingState.PLANNED.value)
    found: dict[int, dict[str, list[Meet]]] = {}
    for council_id, kind, state, opened_at, starts_at, key in db.session.execute(query):
        meet = Meet(local_day(opened_at or starts_at, zones[council_id]), state in HELD, key, state in ON)
        found.setdefault(council_id, {}).setdefault(kind, []).append(meet)
    return found
