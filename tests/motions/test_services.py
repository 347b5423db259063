"""Making, seconding, ordering and settling motions: the table of states, the rules, and what waits for the next sitting."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.councils import rules
from deliberation.councils import services as councils
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError, Invalid, Refused
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions import queries, services, sittings
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion
from deliberation.motions.states import MOTION, MotionAct, MotionState
from deliberation.motions.texts import composed, siblings
from deliberation.people.permissions import Office
from tests.acceptance.session import Sitting, planned
from tests.builders import World, appoint, at, do

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


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> object:
    with clock.frozen(NOW):
        yield


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
    from_all = {row.person_id: "for" if carried else "against" for row in meetings.roster(sitting.meeting) if row.state == "attending"}
    do(lambda: votes.voting.take_down(poll, from_all, actor=world["C01"]))  # type: ignore[arg-type]
    do(lambda: votes.voting.confirm(poll, actor=world["P01"]))
    do(lambda: votes.close_and_count(motion, actor=world["P01"]))


# ---- the table ---------------------------------------------------------------


@pytest.mark.parametrize("state", list(MotionState))
@pytest.mark.parametrize("act", list(MotionAct))
def test_what_is_not_in_the_table_is_refused(state: MotionState, act: MotionAct) -> None:
    motion = Motion(state=state.value)
    if MOTION.allows(state, act):
        services.move(motion, act)
        assert motion.state == MOTION.moves[state, act]
    else:
        with pytest.raises(Refused):
            services.move(motion, act)
        assert motion.state == state


def test_a_settled_motion_takes_no_further_act(sitting: Sitting) -> None:
    motion = main(sitting)
    do(lambda: services.withdraw(motion, actor=sitting.person("M01")))
    someone, chair = sitting.person("M05"), sitting.person("P01")
    assert code(lambda: services.second(motion, someone, actor=someone)) == "done_already"
    assert code(lambda: services.withdraw(motion, actor=sitting.person("M01"))) == "not_pending"
    assert code(lambda: votes.put(motion, actor=chair)) == "not_pending"
    assert code(lambda: sittings.drop(motion, actor=chair)) == "not_groundless"
    assert code(lambda: votes.close_and_count(motion, actor=chair)) == "no_poll"
    amend = lambda: services.propose_amendment(motion, Op.DELETE, paragraph_key="p1", mover=someone, actor=someone)  # noqa: E731
    assert code(amend) == "not_pending"


# ---- who may -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["R01", "V01", "K01", "D01", "A01"])
def test_only_members_move_and_second(sitting: Sitting, who: str) -> None:
    motion = main(sitting, seconder=None)
    person = sitting.person(who)
    assert code(lambda: services.propose_main(sitting.matter, person, actor=person)) == "forbidden"
    assert code(lambda: services.second(motion, person, actor=person)) == "forbidden"
    assert code(lambda: votes.put(motion, actor=person)) == "forbidden"
    assert code(lambda: services.withdraw(motion, actor=person)) == "forbidden"


def test_the_clerk_takes_down_for_members_and_for_nobody_else(sitting: Sitting) -> None:
    clerk = sitting.person("C01")
    motion = do(lambda: services.propose_main(sitting.matter, sitting.person("M01"), actor=clerk))
    assert motion.mover_id == sitting.person("M01").id
    assert code(lambda: services.second(motion, clerk, actor=clerk)) == "forbidden"
    assert code(lambda: services.second(motion, sitting.person("R01"), actor=clerk)) == "not_a_member"
    assert code(lambda: services.second(motion, sitting.person("M01"), actor=clerk)) == "own_motion"
    do(lambda: services.second(motion, sitting.person("M02"), actor=clerk))
    assert motion.state == "seconded"


def test_a_member_does_not_act_for_another(sitting: Sitting) -> None:
    person = sitting.person("M01")
    assert code(lambda: services.propose_main(sitting.matter, sitting.person("M02"), actor=person)) == "forbidden"


def test_who_stepped_back_neither_moves_nor_seconds(sitting: Sitting) -> None:
    person, motion = sitting.person("M07"), main(sitting, seconder=None)
    asked = do(lambda: agenda.ask_recusal(sitting.matter, person, "Mine.", actor=person))
    do(lambda: agenda.approve_recusal(asked, sitting.matter, actor=sitting.person("P01")))
    assert code(lambda: services.second(motion, person, actor=person)) == "recused"
    amend = lambda: services.propose_amendment(motion, Op.DELETE, paragraph_key="p1", mover=person, actor=person)  # noqa: E731
    assert code(amend) == "recused"


# ---- what is proposed ----------------------------------------------------------


def test_an_operation_that_does_not_fit_is_said_at_its_field(sitting: Sitting) -> None:
    motion, person = main(sitting), sitting.person("M03")

    def refused(op: Op, key: str | None, text: str | None) -> tuple[str | None, type[DomainError]]:
        with pytest.raises(DomainError) as found:
            do(lambda: services.propose_amendment(motion, op, paragraph_key=key, text=text, mover=person, actor=person))
        return found.value.field, type(found.value)

    assert refused(Op.REPLACE, None, "New.") == ("paragraph", Invalid)
    assert refused(Op.REPLACE, "p99", "New.") == ("paragraph", Invalid)
    assert refused(Op.REPLACE, "p1", "One.") == ("text", Invalid)
    assert refused(Op.REPLACE, "p1", "") == ("text", Invalid)
    assert refused(Op.INSERT_AT_END, None, "x" * 1001) == ("text", Invalid)
    assert refused(Op.INSERT_AT_END, None, "two\nlines") == ("text", Invalid)
    assert refused(Op.INSERT_AT_END, None, "\x00") == ("text", Invalid)


def test_there_is_no_third_degree_and_no_second_main_motion(sitting: Sitting) -> None:
    person, motion = sitting.person("M08"), main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Uno.")
    below = secondary(sitting, first, "Eins.")
    gone = amendment(sitting, Op.DELETE, "p2", None)
    assert code(lambda: services.propose_main(sitting.matter, person, actor=person)) == "one_main_motion"
    assert code(lambda: services.propose_secondary(below, "Un.", mover=person, actor=person)) == "too_deep"
    assert code(lambda: services.propose_secondary(motion, "Un.", mover=person, actor=person)) == "too_deep"
    assert code(lambda: services.propose_secondary(gone, "Un.", mover=person, actor=person)) == "nothing_to_amend"
    amend = lambda: services.propose_amendment(first, Op.DELETE, paragraph_key="p1", mover=person, actor=person)  # noqa: E731
    assert code(amend) == "too_deep"


def test_the_same_motion_twice_is_refused_while_it_lies_before_the_council_and_once_decided(sitting: Sitting) -> None:
    main(sitting)
    first = amendment(sitting, Op.INSERT_AT_END, None, "Four.")
    assert code(lambda: amendment(sitting, Op.INSERT_AT_END, None, "Four.", mover="M09")) == "same_motion"
    vote(sitting, first, carried=False)
    assert code(lambda: amendment(sitting, Op.INSERT_AT_END, None, "Four.", mover="M09")) == "already_decided"
    assert amendment(sitting, Op.INSERT_AT_END, None, "Four!", mover="M09").label == "A2"


def test_a_withdrawn_motion_may_be_made_again(sitting: Sitting) -> None:
    main(sitting)
    first = amendment(sitting, Op.INSERT_AT_END, None, "Four.")
    do(lambda: services.withdraw(first, actor=sitting.person("M03")))
    assert amendment(sitting, Op.INSERT_AT_END, None, "Four.").state == "seconded"


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


def with_rules(world: World, **values: object) -> None:
    data = json.loads(rules.preset("council"))
    for name, value in values.items():
        data[name] = {"value": value, "trust": "own"}
    do(lambda: councils.set_rules(world.council, "council", json.dumps(data), effective_on=date(2025, 6, 1), actor=world["A01"]))


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

