"""The order of voting, what follows from a vote, and what waits for the next sitting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions import queries, services, sittings
from deliberation.motions.amend import Op
from deliberation.motions.texts import composed, siblings
from deliberation.people.permissions import Office
from tests.acceptance.session import Sitting
from tests.builders import World, appoint, at, do
from tests.motions.debates import (
    NOW,
    amendment,
    code,
    main,
    next_sitting,
    opened,
    secondary,
    sitting_of,
    vote,
    with_rules,
)  # fmt: skip


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


# ---- order and consequences --------------------------------------------------------


def test_one_vote_at_a_time(sitting: Sitting) -> None:
    main(sitting)
    later = amendment(sitting, Op.REPLACE, "p3", "Drei.")
    do(lambda: votes.put(later, actor=sitting.person("P01")))
    earlier = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    assert code(lambda: votes.put(earlier, actor=sitting.person("P01"))) == "poll_open"
    assert code(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01"))) == "poll_open"
    handing = lambda: agenda.hand_over(sitting.matter, Act.SEND_BACK, note="Again.", actor=sitting.person("P01"))  # noqa: E731
    assert code(handing) == "step_rule"


def test_an_amendment_whose_main_motion_awaits_a_second_is_not_put(sitting: Sitting) -> None:
    main(sitting, seconder=None)
    motion = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    assert code(lambda: votes.put(motion, actor=sitting.person("P01"))) == "not_seconded"


def test_what_hangs_on_a_settled_motion_falls_away(sitting: Sitting) -> None:
    main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    unseconded = secondary(sitting, first, "Uno.", seconder=None)
    vote(sitting, first)
    assert (first.state, unseconded.state) == ("carried", "moot")
    second_ = amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    below = secondary(sitting, second_, "Dos.")
    do(lambda: services.withdraw(second_, actor=sitting.person("M03")))
    assert (second_.state, below.state) == ("withdrawn", "moot")


def test_an_amendment_of_a_paragraph_that_went_is_ruled_out_by_the_chair(sitting: Sitting) -> None:
    head = main(sitting)
    gone = amendment(sitting, Op.DELETE, "p2", None)
    after = amendment(sitting, Op.INSERT_AFTER, "p2", "Two and a half.")
    chair = sitting.person("P01")
    assert code(lambda: sittings.drop(after, actor=chair)) == "not_groundless"
    vote(sitting, gone)
    assert code(lambda: votes.put(after, actor=chair)) == "anchor_gone"
    assert code(lambda: votes.put(head, actor=chair)) == "not_in_order"
    do(lambda: sittings.drop(after, actor=chair))
    vote(sitting, head)
    assert [p.text for p in sitting.matter.current_version.paragraphs] == ["One.", "Three."]


def test_a_lost_main_motion_leaves_the_matter_without_an_adopted_text(sitting: Sitting) -> None:
    head = main(sitting)
    vote(sitting, head, carried=False)
    assert (head.state, sitting.matter.adopted_hash, sitting.matter.current_version.number) == ("lost", None, 1)
    person = sitting.person("M05")
    assert code(lambda: services.propose_main(sitting.matter, person, actor=person)) == "already_decided"


def test_a_main_motion_without_amendments_adopts_the_plan_as_it_is(sitting: Sitting) -> None:
    vote(sitting, main(sitting))
    assert (sitting.matter.current_version.number, sitting.matter.adopted_hash) == (1, sitting.matter.current_version.text_hash)


# ---- from one sitting to the next ----------------------------------------------------


def test_what_was_carried_stays_carried_when_the_main_motion_waits_for_the_next_sitting(sitting: Sitting) -> None:
    head = main(sitting)
    vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    waiting = amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    lost = amendment(sitting, Op.INSERT_AT_END, None, "Four.", seconder=None)
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    assert (head.state, waiting.state, waiting.debate_id, lost.state) == ("seconded", "seconded", None, "proposed")
    again = next_sitting(sitting)
    with clock.frozen(at("2026-04-10T14:30")):
        opened(again)
        vote(again, waiting)
        vote(again, head)
    assert [p.text for p in sitting.matter.current_version.paragraphs] == ["Eins.", "Zwei.", "Three."]
    assert lost.state == "moot"


def test_what_was_lost_may_be_moved_again_at_the_next_sitting(sitting: Sitting) -> None:
    main(sitting)
    vote(sitting, amendment(sitting, Op.INSERT_AT_END, None, "Four."), carried=False)
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    again = next_sitting(sitting)
    with clock.frozen(at("2026-04-10T14:30")):
        opened(again)
        assert amendment(again, Op.INSERT_AT_END, None, "Four.").debate_id == again.item.debate_id


def test_motions_made_before_a_session_land_on_its_agenda(sitting: Sitting) -> None:
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    again = next_sitting(sitting)
    with clock.frozen(at("2026-04-02T20:00")):
        head = main(again)
        early = amendment(again, Op.REPLACE, "p1", "Eins.")
        assert (head.debate_id, early.debate_id) == (None, None)
        assert code(lambda: votes.put(early, actor=again.person("P01"))) == "no_debate"
    with clock.frozen(at("2026-04-10T14:30")):
        opened(again)
        assert {head.debate_id, early.debate_id} == {again.item.debate_id}
        vote(again, early)


def test_motions_on_a_plan_that_was_rewritten_fall_away(sitting: Sitting) -> None:
    world = sitting.world
    head = main(sitting)
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    with clock.frozen(at("2026-03-30T09:00")):
        do(lambda: agenda.hand_over(sitting.matter, Act.SEND_BACK, note="Too short.", actor=world["P01"]))
        do(lambda: agenda.write_plan(sitting.matter, ["One.", "Other."], actor=world["S01"]))
        do(lambda: agenda.hand_over(sitting.matter, Act.TO_COUNCIL, actor=world["S01"]))
        person = world["M09"]
        amend = lambda: services.propose_amendment(head, Op.DELETE, paragraph_key="p1", mover=person, actor=person)  # noqa: E731
        assert code(amend) == "old_text"
    again = next_sitting(sitting)
    with clock.frozen(at("2026-04-10T14:30")):
        fresh = main(again)
        opened(again)
        assert (head.state, fresh.state, fresh.label) == ("moot", "seconded", "M2")
        vote(again, fresh)


# ---- rules that a council may set --------------------------------------------------------


def test_without_the_rule_no_second_is_needed(world: World) -> None:
    with_rules(world, second_required=False)
    sitting = sitting_of(world)
    head = main(sitting, seconder=None)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.", seconder=None)
    assert code(lambda: votes.put(head, actor=world["P01"])) == "not_in_order"
    vote(sitting, first)
    vote(sitting, head)
    assert sitting.matter.adopted_hash is not None


def test_only_the_committees_motions_are_exempt_where_the_rule_says_so(world: World) -> None:
    with_rules(world, committee_motion_exempt=True)
    sitting = sitting_of(world)
    head = main(sitting, mover="S01", seconder=None)
    mine = amendment(sitting, Op.REPLACE, "p1", "Eins.", seconder=None)
    assert code(lambda: votes.put(mine, actor=world["P01"])) == "not_seconded"
    vote(sitting, head)
    assert (head.state, mine.state) == ("carried", "moot")


def test_a_matter_keeps_the_rules_under_which_it_was_opened(world: World) -> None:
    sitting = sitting_of(world)
    head = main(sitting, seconder=None)
    with_rules(world, second_required=False)
    assert code(lambda: votes.put(head, actor=world["P01"])) == "not_seconded"


def test_another_president_cannot_put_motions_in_this_session(sitting: Sitting) -> None:
    head = main(sitting)
    appoint(sitting.world, "M19", Office.PRESIDENT)
    assert code(lambda: votes.put(head, actor=sitting.person("M19"))) == "not_the_chair"


def test_the_text_that_is_voted_on_is_the_text_that_is_adopted(sitting: Sitting) -> None:
    head = main(sitting)
    vote(sitting, amendment(sitting, Op.INSERT_AT_START, None, "Zero."))
    vote(sitting, amendment(sitting, Op.INSERT_AFTER, "p1", "One and a half."))
    assert [p.text for p in composed(head, siblings(head))] == ["Zero.", "One.", "One and a half.", "Two.", "Three."]
    vote(sitting, head)
    assert head.poll is not None
    assert head.poll.text_hash == sitting.matter.adopted_hash



def test_amendments_of_one_paragraph_are_flagged_before_anyone_votes(sitting: Sitting) -> None:
    main(sitting)
    keys = [paragraph.key for paragraph in sitting.matter.versions[-1].paragraphs]
    first = amendment(sitting, Op.REPLACE, keys[0], "One and a half.")
    amendment(sitting, Op.INSERT_AFTER, keys[0], "Between.", mover="M05")
    amendment(sitting, Op.DELETE, keys[1], None, mover="M06")
    assert flagged(sitting) == {"A1": ("A2",), "A2": ("A1",), "A3": ()}
    vote(sitting, first)
    assert flagged(sitting) == {"A1": (), "A2": (), "A3": ()}, "what is settled clashes with nothing any more"


def flagged(sitting: Sitting) -> dict[str, tuple[str, ...]]:
    found = queries.trees_of(sitting.matter, sitting.world.council, names=False)
    return {line.label: line.clashes for line in sorted(found[0].lines, key=lambda line: line.label) if line.kind == "amendment"}
