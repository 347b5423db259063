"""A hearing on a matter before the council, open and with three people in it, for the tests of this room."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.agenda.models import Matter
from deliberation.hearings import services
from deliberation.hearings.models import Hearing, Participant
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from tests.agenda.worlds import adopting
from tests.builders import World, at, do

PLANNED = "2026-03-02T09:00"
HELD = at("2026-03-12T14:30")


@dataclass
class Round:
    world: World
    matter: Matter
    hearing: Hearing
    people: dict[str, Participant]

    def say(self, who: str, kind: str, text: str = "The beds stay.", **more: object) -> object:
        by = self.people[who]
        return do(lambda: services.say(self.hearing, by, kind, text, actor=self.world["C01"], **more))

    def close(self) -> None:
        do(lambda: meetings.close_meeting(self.hearing.meeting, actor=self.world["P01"]))

    def found(self, text: str = "Half of those heard want the beds.") -> None:
        self.close()
        do(lambda: services.find(self.hearing, text, actor=self.world["C01"]))


def planned_round(world: World, matter: Matter, day: str = "2026-03-12T14:30", question: str = "May beds stay?") -> Hearing:
    return do(
        lambda: services.plan(
            matter, question=question, starts_at=at(day), place="Hall", chair=world["P01"], clerk=world["C01"], actor=world["S01"]
        )
    )


def called_round(world: World, matter: Matter | None = None) -> Round:
    """Called, with R01 (for, account), R02 (against) and R03 (in writing) on its list."""
    with clock.frozen(at(PLANNED)):
        matter = matter or adopting(world)
        hearing = planned_round(world, matter)
        do(lambda: meetings.call(hearing.meeting, actor=world["S01"]))
        clerk = world["C01"]
        listed = {
            "for": do(lambda: services.join(hearing, "Lin", "for", person=world["R01"], actor=clerk)),
            "against": do(lambda: services.join(hearing, "Chen", "against", actor=clerk)),
            "far": do(lambda: services.join(hearing, "Wu", "concerned", comes=False, actor=clerk)),
        }
    return Round(world, matter, hearing, listed)


def open_round(world: World, matter: Matter | None = None) -> Round:
    made = called_round(world, matter)
    with clock.frozen(HELD):
        do(lambda: meetings.open_meeting(made.hearing.meeting, actor=world["P01"]))
    return made
