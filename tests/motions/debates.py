"""A session on a small plan, and the motions made in it, for the tests of this room and of those above."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.councils import rules
from deliberation.councils import services as councils
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions import queries, services
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion
from deliberation.voting import casting
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting, planned
from tests.builders import World, at, do

NOW = at("2026-03-26T14:30")


def code(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        do(act)
    return refused.value.code


def sitting_of(world: World, *, here: int = 21, days: tuple[str, str] = ("2026-03-20T09:00", "2026-03-26T14:30")) -> Sitting:
    """A session in progress on a plan of three paragraphs, called up, nothing moved."""
    with clock.frozen(at(days[0])):
        matter = do(lambda: agenda.open_matter(world.council, title="Green", problem="Beds.", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
        do(lambda: agenda.write_plan(matter, ["One.", "Two.", "Three."], powers="within", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
        meeting = planned(world, matter)
        do(lambda: meetings.call(meeting, actor=world["S01"]))
    sitting = Sitting(world, matter, meeting, {})
    with clock.frozen(at(days[1])):
        present = [row.person_id for row in meetings.roster(meeting)][:here]
        do(lambda: meetings.note_attendance(meeting, dict.fromkeys(present, meetings.Presence.ATTENDING), actor=world["C01"]))
        do(lambda: meetings.open_meeting(meeting, actor=world["P01"]))
        do(lambda: meetings.take_up(sitting.item, actor=world["P01"]))
    return sitting


def main(sitting: Sitting, mover: str = "M01", seconder: str | None = "M02") -> Motion:
    person = sitting.person(mover)
    motion = do(lambda: services.propose_main(sitting.matter, person, actor=person))
    return seconded(sitting, motion, seconder)


def amendment(sitting: Sitting, op: Op, key: str | None, text: str | None, *, mover: str = "M03",
              seconder: str | None = "M04") -> Motion:  # fmt: skip
    person = sitting.person(mover)
    head = next(m for m in siblings_of(sitting) if m.kind == "main" and m.state in ("proposed", "seconded"))
    motion = do(lambda: services.propose_amendment(head, op, paragraph_key=key, text=text, mover=person, actor=person))
    return seconded(sitting, motion, seconder)


def siblings_of(sitting: Sitting) -> list[Motion]:
    return queries.load([sitting.matter.id])[sitting.matter.id]


def secondary(sitting: Sitting, to: Motion, text: str, *, seconder: str | None = "M06") -> Motion:
    person = sitting.person("M05")
    motion = do(lambda: services.propose_secondary(to, text, mover=person, actor=person))
    return seconded(sitting, motion, seconder)


def seconded(sitting: Sitting, motion: Motion, seconder: str | None) -> Motion:
    if seconder:
        person = sitting.person(seconder)
        do(lambda: services.second(motion, person, actor=person))
    return motion


def vote(sitting: Sitting, motion: Motion, *, carried: bool = True) -> None:
    world = sitting.world
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    choice = Choice.FOR if carried else Choice.AGAINST
    from_all = {row.person_id: choice for row in meetings.roster(sitting.meeting) if row.state == "attending"}
    do(lambda: casting.take_down(poll, from_all, actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    do(lambda: votes.close_and_count(motion, actor=world["P01"]))


def next_sitting(sitting: Sitting) -> Sitting:
    with clock.frozen(at("2026-04-01T09:00")):
        meeting = do(lambda: meetings.plan(
            sitting.world.council, starts_at=at("2026-04-10T14:30"), place="Hall", matters=[sitting.matter],
            chair=sitting.person("P01"), clerk=sitting.person("C01"), actor=sitting.person("S01"),
        ))  # fmt: skip
        do(lambda: meetings.call(meeting, actor=sitting.person("S01")))
    return Sitting(sitting.world, sitting.matter, meeting, {})


def opened(sitting: Sitting) -> None:
    present = [row.person_id for row in meetings.roster(sitting.meeting)]
    do(lambda: meetings.note_attendance(sitting.meeting, dict.fromkeys(present, meetings.Presence.ATTENDING),
                                        actor=sitting.person("C01")))  # fmt: skip
    do(lambda: meetings.open_meeting(sitting.meeting, actor=sitting.person("P01")))
    do(lambda: meetings.take_up(sitting.item, actor=sitting.person("P01")))


def with_rules(world: World, **values: object) -> None:
    data = json.loads(rules.preset("council"))
    for name, value in values.items():
        data[name] = {"value": value, "trust": "own"}
    do(lambda: councils.set_rules(world.council, "council", json.dumps(data), effective_on=date(2025, 6, 1), actor=world["A01"]))


