"""Sessions: notice, roster, speeches, frozen votes, and who may do what when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberation.agenda import recusals
from deliberation.audit.queries import head
from deliberation.kernel import clock
from deliberation.meetings import services, speeches, votes
from deliberation.meetings.states import Presence
from deliberation.people.permissions import Office
from deliberation.voting import casting
from deliberation.voting import queries as polls
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting, planned
from tests.builders import World, appoint, at, do
from tests.meetings.test_life import called
from tests.motions.debates import NOW, code, main, sitting_of, vote, with_rules


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.mark.parametrize(("rule", "notice", "accepted"), [
    (1, "2026-03-24", True), (1, "2026-03-25", False), (3, "2026-03-22", True), (3, "2026-03-23", False),
    (15, "2026-03-10", True), (15, "2026-03-11", False), (1, "2026-03-27", False),
])  # fmt: skip
def test_clear_days_leave_out_both_ends(world: World, rule: int, notice: str, accepted: bool) -> None:
    with_rules(world, notice_days=rule)
    matter = sitting_of(world, days=("2026-03-02T09:00", "2026-03-26T14:30")).matter
    with clock.frozen(at("2026-03-02T09:00")):
        meeting = planned(world, matter)
    with clock.frozen(at(f"{notice}T23:59")):
        if accepted:
            do(lambda: services.call(meeting, actor=world["S01"]))
            assert meeting.state == "called"
        else:
            assert code(lambda: services.call(meeting, actor=world["S01"])) == "notice_too_short"


def test_the_first_possible_day_is_accepted(sitting: Sitting) -> None:
    with clock.frozen(at("2026-03-21T10:00")):
        first = services.first_possible_day(sitting.meeting)
    assert first.isoformat() == "2026-03-27"


def test_a_plan_that_cannot_be_is_refused(sitting: Sitting) -> None:
    world, matter = sitting.world, sitting.matter

    def plan(**other: object) -> str:
        usual = {"starts_at": at("2026-04-10T14:30"), "place": "Hall", "matters": [matter], "chair": world["P01"],
                 "clerk": world["C01"], "actor": world["S01"], **other}  # fmt: skip
        return code(lambda: services.plan(world.council, **usual))  # type: ignore[arg-type]

    assert plan(starts_at=NOW) == "invalid"
    assert plan(matters=[]) == "invalid"
    assert plan(matters=[matter, matter]) == "invalid"
    assert plan(place="") == "invalid"
    assert plan(materials=["x" * 121]) == "invalid"
    assert plan(chair=world["M01"]) == "invalid"
    assert plan(clerk=world["M01"]) == "invalid"
    assert plan(actor=world["M01"]) == "forbidden"
    assert plan(actor=world["R01"]) == "forbidden"


def test_the_roster_is_the_clerks_and_an_apology_ones_own(sitting: Sitting) -> None:
    world, meeting = sitting.world, sitting.meeting
    mine = {world["M05"].id: Presence.EXCUSED}
    do(lambda: services.note_attendance(meeting, mine, reasons={world["M05"].id: "A cold."}, actor=world["M05"]))
    assert next(row for row in services.roster(meeting) if row.person_id == world["M05"].id).state == "excused"
    assert code(lambda: services.note_attendance(meeting, mine, actor=world["M06"])) == "forbidden"
    back = {world["M05"].id: Presence.ATTENDING}
    assert code(lambda: services.note_attendance(meeting, back, actor=world["M05"])) == "forbidden"
    assert code(lambda: services.note_attendance(meeting, {world["R01"].id: Presence.ATTENDING}, actor=world["C01"])) == "not_found"


def test_an_unchanged_roster_writes_no_entry_and_moves_no_time(sitting: Sitting) -> None:
    world, meeting = sitting.world, sitting.meeting
    before = head(world.council.log_id)
    since = [row.since for row in services.roster(meeting)]
    with clock.frozen(at("2026-03-26T16:00")):
        same = {row.person_id: Presence(row.state) for row in services.roster(meeting)}
        do(lambda: services.note_attendance(meeting, same, actor=world["C01"]))
    assert (head(world.council.log_id), [row.since for row in services.roster(meeting)]) == (before, since)


def test_who_did_not_come_was_absent(world: World) -> None:
    sitting = sitting_of(world, here=18)
    do(lambda: services.close_meeting(sitting.meeting, actor=world["P01"]))
    states = [row.state for row in services.roster(sitting.meeting)]
    assert (states.count("attending"), states.count("absent")) == (18, 3)
    late = {world["M01"].id: Presence.LEFT}
    assert code(lambda: services.note_attendance(sitting.meeting, late, actor=world["C01"])) == "no_roster"


def test_a_speech_is_noted_twice_at_most_for_members_who_are_here(world: World) -> None:
    sitting = sitting_of(world, here=18)
    clerk, item = world["C01"], sitting.item
    for _n in range(2):
        do(lambda: speeches.speak(item, world["M01"], "pro", "Yes.", actor=clerk))
    assert code(lambda: speeches.speak(item, world["M01"], "pro", "Yes.", actor=clerk)) == "spoken"
    assert code(lambda: speeches.speak(item, world["M19"], "pro", "Yes.", actor=clerk)) == "absent"
    assert code(lambda: speeches.speak(item, world["M02"], "loud", "Yes.", actor=clerk)) == "invalid"
    assert code(lambda: speeches.speak(item, world["M02"], "pro", "", actor=clerk)) == "invalid"
    assert code(lambda: speeches.speak(item, world["M02"], "pro", "Yes.", actor=world["M02"])) == "forbidden"
    asked = do(lambda: recusals.ask_recusal(sitting.matter, world["M03"], "Mine.", actor=world["M03"]))
    do(lambda: recusals.approve_recusal(asked, sitting.matter, actor=world["P01"]))
    assert code(lambda: speeches.speak(item, world["M03"], "pro", "Yes.", actor=clerk)) == "recused"


def test_only_the_chair_of_this_session_chairs_it(sitting: Sitting) -> None:
    world = sitting.world
    appoint(world, "M19", Office.PRESIDENT)
    assert code(lambda: services.close_meeting(sitting.meeting, actor=world["M19"])) == "not_the_chair"
    assert code(lambda: services.finish(sitting.item, actor=world["M19"])) == "not_the_chair"
    assert code(lambda: services.close_meeting(sitting.meeting, actor=world["M01"])) == "forbidden"


def test_a_session_does_not_open_before_its_day(world: World) -> None:
    meeting = called(world)
    with clock.frozen(at("2026-03-25T23:59")):
        assert code(lambda: services.open_meeting(meeting, actor=world["P01"])) == "too_early"


def test_after_opening_neither_presence_nor_rules_nor_recusals_change_a_vote(world: World) -> None:
    sitting = sitting_of(world, here=18)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    frozen, rule = polls.roll(poll), poll.rule.rule
    leaving, coming = world["M01"].id, world["M19"].id
    do(lambda: services.note_attendance(
        sitting.meeting, {leaving: Presence.LEFT, coming: Presence.ATTENDING}, actor=world["C01"]
    ))  # fmt: skip
    with_rules(world, quorum=None)
    asked = do(lambda: recusals.ask_recusal(sitting.matter, world["M02"], "Mine.", actor=world["M02"]))
    do(lambda: recusals.approve_recusal(asked, sitting.matter, actor=world["P01"]))
    appoint(world, "R01", Office.MEMBER, category="employed")
    assert (polls.roll(poll), poll.rule.rule) == (frozen, rule)
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M01"]))
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M02"]))
    assert code(lambda: casting.cast(poll, Choice.FOR, actor=world["M19"])) == "absent"
    assert code(lambda: casting.cast(poll, Choice.FOR, actor=world["R01"])) == "not_entitled"
    row = do(lambda: votes.close_and_count(motion, actor=world["P01"]))
    assert (row.entitled, row.present, row.recused, row.votes_for, row.outcome) == (21, 18, 0, 2, "rejected")


def test_a_silent_chair_counts_among_those_present_and_casts_no_vote(world: World) -> None:
    with_rules(world, chair_votes=False)
    sitting = sitting_of(world, here=14)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    assert code(lambda: casting.cast(poll, Choice.FOR, actor=world["P01"])) == "chair_does_not_vote"
    progress = polls.progress(poll)
    assert (progress.entitled, progress.present, progress.may_vote) == (21, 14, 13)


def test_a_session_that_closes_closes_its_debates(sitting: Sitting) -> None:
    vote(sitting, main(sitting))
    do(lambda: services.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    assert sitting.item.debate.state == "closed"
    assert code(lambda: services.take_up(sitting.item, actor=sitting.person("P01"))) == "meeting_not_open"


def test_awaiting_names_the_open_vote_to_those_who_may_take_part(world: World) -> None:
    sitting = sitting_of(world, here=18)
    poll = do(lambda: votes.put(main(sitting), actor=world["P01"]))
    assert [one.poll_id for one in polls.awaiting(world["M05"])] == [poll.id]
    assert (polls.awaiting(world["M19"]), polls.awaiting(world["R01"]), polls.awaiting(None)) == ([], [], [])
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M05"]))
    assert polls.awaiting(world["M05"]) == []
