"""Joint, co-ordination and report meetings in the room, for the tests of these rooms."""

from __future__ import annotations

import json

from deliberation.agreements import endings, queries, services
from deliberation.agreements.models import Side
from deliberation.councils import rules
from deliberation.councils.services import set_rules
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.meetings.models import Meeting
from tests.builders import World, at, do

PLANNED, HELD = "2026-03-02T09:00", "2026-03-12T14:30"


def holds_all(world: World) -> None:
    """The council holds the co-ordination meeting too."""
    entries = json.loads(rules.preset("council")) | {"meetings": {"value": "five", "trust": "own"}}
    day = at("2026-03-01T09:00").date()
    do(lambda: set_rules(world.council, "council", json.dumps(entries), effective_on=day, actor=world["A01"]))


def planned(world: World, kind: str, day: str = HELD, on: str = PLANNED) -> Meeting:
    with clock.frozen(at(on)):
        return do(
            lambda: meetings.plan(
                world.council, kind=kind, starts_at=at(day), place="Hall", matters=[], chair=world["P01"], clerk=world["C01"],
                actor=world["S01"],
            )
        )  # fmt: skip


def called(world: World, kind: str, day: str = HELD, on: str = PLANNED) -> Meeting:
    made = planned(world, kind, day, on)
    with clock.frozen(at(on)):
        do(lambda: meetings.call(made, actor=world["S01"]))
    return made


TWO = ("Singers", "Sleepers")


def opened(world: World, kind: str, day: str = HELD, on: str = PLANNED, sides: tuple[str, ...] = TWO) -> Meeting:
    """Open, with these sides."""
    made = called(world, kind, day, on)
    with clock.frozen(at(day)):
        for name in sides:
            do(lambda name=name: services.add_side(made, name, actor=world["C01"]))
        do(lambda: meetings.open_meeting(made, actor=world["P01"]))
    return made


def side(meeting: Meeting, name: str) -> Side:
    return next(one for one in queries.sides(meeting) if name in (one.name, one.party))


def agree_all(world: World, meeting: Meeting) -> None:
    _text, digest = endings.text_of(meeting)
    for one in queries.sides(meeting):
        do(lambda one=one: endings.agree(one, meeting, seen=digest, actor=world["C01"]))
