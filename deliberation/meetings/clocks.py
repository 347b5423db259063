"""The clocks of councils, read in three statements, however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from deliberation.councils import rules
from deliberation.councils.models import Council, RuleSet, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.calendar import local_day
from deliberation.meetings import cadence
from deliberation.meetings.cadence import ONE_DAY, Line, Meet, Run, Standing
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

    @property
    def missed(self) -> int:
        """How many periods were missed one after the other, the overdue one the first."""
        first = self.overdue
        return sum(first is not None and one.standing == Standing.MISSING and one.period >= first.period for one in self.lines)

    @property
    def planned(self) -> Meet | None:
        """The next meeting of the kind that is planned."""
        return next((one.by for one in self.lines if one.standing == Standing.PLANNED), None)

    def of_year(self, year: int) -> list[Line]:
        return [one for one in self.lines if one.period.touches(year)]


def clocks(councils: Sequence[Council], *, year: int | None = None, with_planned: bool = True) -> dict[int, list[KindClock]]:
    """By council, the kinds that come back: those of the rules in force today, or on the last day of a ``year`` that is over;
    each period under the rules that were in force in it.

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
    held = rules.parse(effective[-1].data)
    if since is None:
        return []
    found = []
    for kind in held_by(held):
        if kind.every is not None:
            runs = _runs(kind, effective, since, until)
            told = cadence.lines_of(runs, meets.get(kind.code, []), today=today)
            found.append(KindClock(kind, held, told, cadence.overdue(told, today)))
    return found


def _runs(kind: MeetingKind, versions: Sequence[RuleSet], since: date, until: date) -> list[Run]:
    """In which rhythm the kind was held, from the council's beginning on: no rule accuses of what was before it."""
    found: list[Run] = []
    begins = [since, *(max(one.effective_on, since) for one in versions[1:])]
    ends = [*(one - ONE_DAY for one in begins[1:]), until]
    for version, first, last in zip(versions, begins, ends, strict=True):
        held = rules.parse(version.data)
        if first > last or kind.every is None or kind.code not in {one.code for one in held_by(held)}:
            continue
        before = found[-1] if found else None
        if before is not None and before.months == held[kind.every] and before.until == first - ONE_DAY:
            found[-1] = replace(before, until=last)
        else:
            found.append(Run(held[kind.every], first, last))
    return found


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
