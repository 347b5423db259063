"""The third step of the case «mochou-farmland», replayed through the services at the scripted times.

Everything is read from ``tests/data/case/mochou-farmland.yaml``; ``resolved`` only ever as the expected value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.councils import services as councils
from deliberation.councils.models import Council
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.meetings.models import AgendaItem, Meeting
from deliberation.meetings.states import Presence
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office
from deliberation.voting import casting
from deliberation.voting.models import PollVoter, VerdictRow
from deliberation.voting.states import Choice
from tests.builders import World, at, do

FILE = Path(__file__).parents[1] / "data" / "case" / "mochou-farmland.yaml"
OFFICES = {"president": Office.PRESIDENT, "secretary_general": Office.SECRETARY_GENERAL}
OTHERS = {"station_volunteer": Office.STATION_WORKER, "clerk": Office.CLERK, "district_supervisor": Office.DISTRICT_SUPERVISOR}
SITTING = "2026-03-26T14:30"
ORDER = ("A1-1", "A1", "A2", "A3", "A4", "A5", "M1")


@cache
def case() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def case_world(slug: str = "mochou") -> World:
    """The council of the case with its 21 members, clerk, volunteer and residents."""
    starts_on = date(2025, 6, 1)
    unit = do(lambda: people.add_unit("community", case()["meta"]["community"]))
    council: Council = do(
        lambda: councils.found(
            unit, slug=slug, name="莫愁新寓社区党员议事会", zone=case()["meta"]["tz"], number_prefix="莫社", starts_on=starts_on
        )
    )
    world = World(council)

    def add(code: str, office: Office, category: str | None = None, title: str | None = None) -> None:
        if code not in world.people:
            world.people[code] = do(lambda: people.add_person(code))
        do(lambda: councils.appoint(council, world[code], office, category=category, title=title, starts_on=starts_on))

    for seat in case()["members"]:
        for code in seat.get("ids") or [seat["id"]]:
            add(code, Office.MEMBER, seat["category"], seat["title"])
            if "office" in seat:
                add(code, OFFICES[seat["office"]])
    for other in case()["other_actors"]:
        if other["role"] in OTHERS:
            add(other["id"], OTHERS[other["role"]])
    for number in range(1, 4):
        code = f"R{number:02d}"
        world.people[code] = do(lambda code=code: people.add_person(code))
    return world


@dataclass
class Sitting:
    """The case's matter and its session, with the motions by their numbers."""

    world: World
    matter: Matter
    meeting: Meeting
    motions: dict[str, Motion]

    @property
    def item(self) -> AgendaItem:
        return self.meeting.items[0]

    @property
    def about(self) -> str:
        """Where a question belongs that is put in this session: to its matter."""
        return f"item:{self.item.id}"

    def person(self, code: str) -> Person:
        return self.world[code]


def before_the_council(world: World) -> Matter:
    """The matter in step 3, with version 1 of its plan."""
    draft = case()["step2_draft"]
    secretary = world["S01"]
    with clock.frozen(at("2026-03-02T09:00")):
        problem = case()["step1_collect"]["fact"]
        matter = do(lambda: agenda.open_matter(world.council, title=case()["meta"]["title"], problem=problem, actor=secretary))
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=secretary))
    with clock.frozen(at("2026-03-16T09:00")):
        do(lambda: agenda.write_plan(matter, draft["text_v1"], analysis=draft["analysis"], powers="persuade", actor=secretary))
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=secretary))
    return matter


def planned(world: World, matter: Matter) -> Meeting:
    return do(
        lambda: meetings.plan(
            world.council,
            starts_at=at(SITTING),
            place="社区活动室",
            matters=[matter],
            materials=case()["step3_adopt"]["notice"]["materials"],
            chair=world["P01"],
            clerk=world["C01"],
            actor=world["S01"],
        )
    )


def called(world: World) -> Sitting:
    """The session as called on 20 March, nobody present yet, the recusal of the case approved."""
    matter = before_the_council(world)
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, matter)
        do(lambda: meetings.call(meeting, actor=world["S01"]))
        for one in case()["step3_adopt"]["recused"]:
            asked = do(lambda one=one: recusals.ask_recusal(matter, world[one["id"]], one["why"], actor=world[one["id"]]))
            do(lambda asked=asked, one=one: recusals.approve_recusal(asked, matter, actor=world[one["approved_by"]]))
    return Sitting(world, matter, meeting, {})


def arrive(sitting: Sitting, count: int = 18) -> None:
    """The first ``count`` of the case's 18 are noted as present (Z04, who is recused, is one of the first 13)."""
    world = sitting.world
    away = {one["id"]: one["why"] for one in case()["step3_adopt"]["absent"]}
    here = [row.person_id for row in meetings.roster(sitting.meeting) if row.person_id not in {world[code].id for code in away}]
    states = dict.fromkeys(here[:count], Presence.ATTENDING)
    excused = {world[code].id: why for code, why in away.items()}
    states.update(dict.fromkeys(excused, Presence.EXCUSED))
    do(lambda: meetings.note_attendance(sitting.meeting, states, reasons=excused, actor=world["C01"]))


def in_session(world: World, count: int = 18) -> Sitting:
    """The session is open, the matter called up, all motions of the case made and seconded."""
    sitting = called(world)
    with clock.frozen(at(SITTING)):
        arrive(sitting, count)
        do(lambda: meetings.open_meeting(sitting.meeting, actor=world["P01"]))
        do(lambda: meetings.take_up(sitting.item, actor=world["P01"]))
        make_motions(sitting)
    return sitting


def scripted() -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in case()["step3_adopt"]["votes"]}


def make_motions(sitting: Sitting, *, seconded: bool = True) -> None:
    for label in ("M1", "A1", "A1-1", "A2", "A3", "A4", "A5"):
        make(sitting, label)
        if seconded:
            second(sitting, label)


def make(sitting: Sitting, label: str) -> Motion:
    """One motion of the case, made by its mover."""
    one, world = scripted()[label], sitting.world
    mover = world[one["mover"]]
    if one["kind"] == "main_as_amended":
        motion = do(lambda: motions.propose_main(sitting.matter, mover, actor=mover))
    elif one["kind"] == "secondary_amendment":
        motion = do(lambda: motions.propose_secondary(sitting.motions[one["to"]], one["text"], mover=mover, actor=mover))
    else:
        version = sitting.motions["M1"].version
        key = version.paragraphs[one["paragraph"] - 1].key if "paragraph" in one else None
        main = sitting.motions["M1"]
        motion = do(
            lambda: motions.propose_amendment(
                main, Op(one["op"]), paragraph_key=key, text=one["text"], mover=mover, actor=mover
            )
        )
    assert motion.label == label
    sitting.motions[label] = motion
    return motion


def second(sitting: Sitting, label: str) -> None:
    seconder = sitting.world[scripted()[label]["seconder"]]
    do(lambda: motions.second(sitting.motions[label], seconder, actor=seconder))


def vote(sitting: Sitting, label: str, *, until: str = "counted") -> VerdictRow | None:
    """Put a motion, take down the case's votes, confirm them, close and count."""
    world, motion = sitting.world, sitting.motions[label]
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    if until == "open":
        return None
    do(lambda: casting.take_down(poll, scripted_votes(sitting, label), actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    return do(lambda: votes.close_and_count(motion, actor=world["P01"]))


def scripted_votes(sitting: Sitting, label: str) -> dict[int, Choice]:
    """Every voter's choice: the yaml lists either those against or those in favour; the rest took the other side."""
    one, world = scripted()[label], sitting.world
    named = Choice.FOR if "for" in one else Choice.AGAINST
    others = Choice.AGAINST if "for" in one else Choice.FOR
    listed = {world[code].id for code in one.get("for", one.get("against", []))}
    abstaining = {world[code].id for code in one["abstain"]}
    poll = sitting.motions[label].poll
    assert poll is not None
    chosen: dict[int, Choice] = {}
    for voter in voters_of(poll.id):
        chosen[voter] = named if voter in listed else Choice.ABSTAIN if voter in abstaining else others
    return chosen


def voters_of(poll_id: int) -> list[int]:
    rows = PollVoter.query.filter_by(poll_id=poll_id, may_vote=True).order_by(PollVoter.person_id).all()
    return [row.person_id for row in rows]


def run_votes(sitting: Sitting, *labels: str) -> dict[str, tuple[int, int, int, str]]:
    """Vote on the motions in order; (for, against, abstain, outcome) by number."""
    counted = {}
    with clock.frozen(at("2026-03-26T15:30")):
        for label in labels or ORDER:
            row = vote(sitting, label)
            assert row is not None
            counted[label] = (row.votes_for, row.votes_against, row.votes_abstain, row.outcome)
    return counted


def code_of(world: World, person_id: int) -> str:
    return next(code for code, person in world.people.items() if person.id == person_id)
