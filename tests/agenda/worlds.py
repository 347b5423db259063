"""Matters in every step, for the tests of the agenda's pages."""

from __future__ import annotations

from deliberation.agenda import services
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from tests.builders import World, do

FIRST = ["彻底清除。", "第一步自清，第二步组织人员清除。"]
SECOND = ["彻底清除，菊花脑保留。", "第一步自清，第二步组织人员清除。", "不得施肥。"]


def open_one(world: World, title: str = "莫让社区变农庄") -> Matter:
    return do(lambda: services.open_matter(world.council, title=title, problem="毗邻绿地被种菜。", actor=world["S01"]))


def hand(world: World, matter: Matter, act: Act, note: str | None = None) -> None:
    do(lambda: services.hand_over(matter, act, note=note, actor=world["S01"]))


def write(world: World, matter: Matter, paragraphs: list[str]) -> None:
    do(lambda: services.write_plan(matter, paragraphs, powers="within", actor=world["S01"]))


def drafting(world: World, title: str = "莫让社区变农庄") -> Matter:
    """A matter in step 2 with one version of its plan."""
    matter = open_one(world, title)
    hand(world, matter, Act.TO_COMMITTEE)
    write(world, matter, FIRST)
    return matter


def adopting(world: World, title: str = "莫让社区变农庄") -> Matter:
    """A matter before the council."""
    matter = drafting(world, title)
    hand(world, matter, Act.TO_COUNCIL)
    return matter
