"""Taking a decision up again: who may, what stays, and what the text is meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberation.agenda import recusals
from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions import changes, queries, reconsidering, services
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion
from deliberation.motions.states import MotionState
from deliberation.motions.texts import composed, siblings, taken_up_again
from deliberation.voting import casting
from deliberation.voting.states import Choice
from tests.acceptance.session import Sitting
from tests.builders import World, at, do
from tests.motions.debates import NOW, amendment, code, main, next_sitting, opened, secondary, sitting_of, vote, with_rules

AGAINST = ("M01", "M02", "M03", "M04")
ABSTAIN = ("M05",)


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def split_vote(sitting: Sitting, motion: Motion, *, carried: bool = True) -> None:
    """All but five take one side; M05 abstains, M19 has left before."""
    world = sitting.world
    do(lambda: meetings.note_attendance(sitting.meeting, {world["M19"].id: meetings.Presence.LEFT}, actor=world["C01"]))
    few, many = (Choice.AGAINST, Choice.FOR) if carried else (Choice.FOR, Choice.AGAINST)
    cast = {row.person_id: many for row in meetings.roster(sitting.meeting) if row.state == "attending"}
    cast |= {world[one].id: few for one in AGAINST} | {world[one].id: Choice.ABSTAIN for one in ABSTAIN}
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: casting.take_down(poll, cast, actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    do(lambda: votes.close_and_count(motion, actor=world["P01"]))


def again(sitting: Sitting, motion: Motion, mover: str = "M06", seconder: str | None = "M07", **more: bool) -> Motion:
    person = sitting.person(mover)
    made = do(lambda: reconsidering.reconsider(motion, person, actor=person, **more))
    if seconder:
        do(lambda: services.second(made, sitting.person(seconder), actor=sitting.person(seconder)))
    return made


def text_of(head: Motion) -> list[str]:
    return [p.text for p in composed(head, siblings(head))]


@pytest.mark.parametrize("carried", [True, False])
def test_only_who_voted_with_the_result_may_move_it(sitting: Sitting, carried: bool) -> None:
    main(sitting)
    motion = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    split_vote(sitting, motion, carried=carried)
    for other in (*AGAINST, *ABSTAIN, "M19"):
        person = sitting.person(other)
        assert code(lambda person=person: reconsidering.reconsider(motion, person, actor=person)) == "not_prevailing", other
        assert code(lambda person=person: reconsidering.reconsider(motion, person, declared=True, actor=person)) == "not_prevailing"
        assert not reconsidering.may_reconsider(motion, siblings(motion), person.id)
    made = again(sitting, motion, seconder=None)
    assert (made.state, made.label, made.reconsiders_id, made.side, made.text) == ("proposed", "A2", motion.id, "recorded", "Eins.")
    assert (motion.state, motion.poll.verdict.outcome) == ("carried" if carried else "lost", "adopted" if carried else "rejected")


def test_it_needs_a_second_even_where_the_rules_ask_for_none(world: World) -> None:
    with_rules(world, second_required=False)
    sitting = sitting_of(world)
    head = main(sitting, seconder=None)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.", seconder=None)
    split_vote(sitting, first)
    made = again(sitting, first, seconder=None)
    assert code(lambda: votes.put(made, actor=world["P01"])) == "not_seconded"
    assert text_of(head)[0] == "Eins.", "what waits for a second changes nothing"
    assert code(lambda: services.second(made, world["M06"], actor=world["M06"])) == "own_motion"


@pytest.mark.parametrize(("carried", "result"), [(True, "Eins."), (False, "One.")])
def test_the_text_follows_the_second_vote_and_both_verdicts_stay(sitting: Sitting, carried: bool, result: str) -> None:
    head = main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    split_vote(sitting, first)
    made = again(sitting, first)
    assert text_of(head)[0] == "One.", "while it is taken up again the text is open at this place"
    vote(sitting, made, carried=carried)
    assert text_of(head)[0] == result
    assert (first.state, first.poll.verdict.outcome) == ("carried", "adopted")
    assert made.poll_id != first.poll_id
    assert code(lambda: reconsidering.reconsider(made, sitting.person("M06"), actor=sitting.person("M06"))) == "once_only"
    assert code(lambda: reconsidering.reconsider(first, sitting.person("M06"), actor=sitting.person("M06"))) == "once_only"
    vote(sitting, head)
    assert [p.text for p in sitting.matter.current_version.paragraphs][0] == result


def test_a_withdrawn_second_thought_leaves_the_first_decision(sitting: Sitting) -> None:
    head = main(sitting)
    first = amendment(sitting, Op.INSERT_AT_END, None, "Four.")
    split_vote(sitting, first)
    made = again(sitting, first)
    assert text_of(head) == ["One.", "Two.", "Three."]
    do(lambda: services.withdraw(made, actor=sitting.person("M06")))
    assert text_of(head) == ["One.", "Two.", "Three.", "Four."]
    third = again(sitting, first)
    vote(sitting, third)
    assert text_of(head) == ["One.", "Two.", "Three.", "Four."]


def test_an_insertion_on_which_others_rest_is_not_taken_out(sitting: Sitting) -> None:
    main(sitting)
    first = amendment(sitting, Op.INSERT_AFTER, "p1", "Between.")
    split_vote(sitting, first)
    amendment(sitting, Op.INSERT_AFTER, first.new_key, "After between.", seconder=None)
    person = sitting.person("M06")
    assert code(lambda: reconsidering.reconsider(first, person, actor=person)) == "others_rest_on_it"


def test_a_deletion_taken_up_again_is_votable_and_shown(sitting: Sitting) -> None:
    head = main(sitting)
    first = amendment(sitting, Op.DELETE, "p2", None)
    split_vote(sitting, first)
    made = again(sitting, first, seconder=None)
    motions = siblings(made)
    rows = changes.preview(made, motions)
    assert [row.status for row in rows] == ["same", "removed", "same"]
    lines = {one.label: one for one in queries.trees_of(sitting.matter, sitting.world.council, names=False)[0].lines}
    assert lines["A2"].awaits_second
    assert (lines["A2"].reconsiders, lines["A1"].reconsidered_by) == ("A1", "A2")
    do(lambda: services.second(made, sitting.person("M07"), actor=sitting.person("M07")))
    assert text_of(head) == ["One.", "Two.", "Three."]
    assert [row.status for row in changes.change(first, siblings(first))] == ["same", "removed", "same"], "history stays readable"
    vote(sitting, made)
    assert text_of(head) == ["One.", "Three."]


def test_a_secondary_amendment_is_taken_up_again_while_its_amendment_is_pending(sitting: Sitting) -> None:
    main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    below = secondary(sitting, first, "Uno.")
    split_vote(sitting, below)
    made = again(sitting, below)
    assert (made.label, made.parent_id) == ("A1-2", first.id)
    vote(sitting, made, carried=False)
    vote(sitting, first)
    head = next(m for m in siblings(first) if m.kind == "main")
    assert text_of(head)[0] == "Eins."
    person = sitting.person("M08")
    assert code(lambda: reconsidering.reconsider(below, person, actor=person)) == "once_only"


def test_an_adopted_plan_taken_up_again_does_not_go_on_and_is_undone_when_it_is_lost(sitting: Sitting) -> None:
    world = sitting.world
    head = main(sitting)
    split_vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    split_vote(sitting, head)
    adopted = sitting.matter.adopted_hash
    made = again(sitting, head, seconder=None)
    assert sitting.matter.adopted_hash == adopted
    do(lambda: services.second(made, world["M07"], actor=world["M07"]))
    do(lambda: meetings.close_meeting(sitting.meeting, actor=world["P01"]))
    assert (made.state, made.debate_id) == ("seconded", None)
    assert code(lambda: agenda.hand_over(sitting.matter, Act.TO_FORUM, actor=world["P01"])) == "step_rule"
    later = next_sitting(sitting)
    with clock.frozen(at("2026-04-10T14:30")):
        opened(later)
        assert text_of(made) == ["Eins.", "Two.", "Three."], "the question is the text as it was adopted"
        vote(later, made, carried=False)
        assert (head.state, made.state, sitting.matter.adopted_hash) == ("carried", "lost", None)
        do(lambda: meetings.close_meeting(later.meeting, actor=world["P01"]))
    assert code(lambda: agenda.hand_over(sitting.matter, Act.TO_FORUM, actor=world["P01"])) == "missing_adoption"
    assert main(later).label == "M3", "after that the plan may be moved anew"


def test_an_adopted_plan_confirmed_at_the_second_vote_stays_adopted(sitting: Sitting) -> None:
    head = main(sitting)
    split_vote(sitting, amendment(sitting, Op.INSERT_AT_END, None, "Four."))
    split_vote(sitting, head)
    adopted, versions = sitting.matter.adopted_hash, len(sitting.matter.versions)
    made = again(sitting, head)
    vote(sitting, made)
    assert (made.state, sitting.matter.adopted_hash, len(sitting.matter.versions)) == ("carried", adopted, versions)


def test_a_lost_plan_is_taken_up_again_with_what_had_been_carried_into_it(sitting: Sitting) -> None:
    head = main(sitting)
    split_vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    split_vote(sitting, head, carried=False)
    made = again(sitting, head)
    more = amendment(sitting, Op.REPLACE, "p2", "Zwei.", mover="M08")
    vote(sitting, more)
    vote(sitting, made)
    assert [p.text for p in sitting.matter.current_version.paragraphs] == ["Eins.", "Zwei.", "Three."]


def test_late_and_strange_requests_are_refused(sitting: Sitting) -> None:
    world = sitting.world
    person = world["M06"]
    head = main(sitting)
    assert code(lambda: reconsidering.reconsider(head, person, actor=person)) == "not_decided"
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    split_vote(sitting, first)
    assert code(lambda: reconsidering.reconsider(first, world["R01"], actor=world["R01"])) == "forbidden"
    split_vote(sitting, head)
    assert code(lambda: reconsidering.reconsider(first, person, actor=person)) == "not_pending", "its main motion is decided"
    asked = do(lambda: recusals.ask_recusal(sitting.matter, world["M08"], "Kin.", actor=world["M08"]))
    do(lambda: recusals.approve_recusal(asked, sitting.matter, actor=world["P01"]))
    assert code(lambda: reconsidering.reconsider(head, world["M08"], actor=world["M08"])) == "recused"
    do(lambda: meetings.close_meeting(sitting.meeting, actor=world["P01"]))
    do(lambda: agenda.hand_over(sitting.matter, Act.TO_FORUM, actor=world["P01"]))
    assert code(lambda: reconsidering.reconsider(head, person, actor=person)) == "too_late"


def test_after_a_secret_vote_the_members_own_word_is_recorded(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    split_vote(sitting, first)
    monkeypatch.setattr(reconsidering, "is_secret", lambda poll: True)
    person = sitting.person("M01")
    assert code(lambda: reconsidering.reconsider(first, person, actor=person)) == "invalid"
    assert again(sitting, first, "M01", declared=True).side == "declared"


def test_the_states_in_whose_place_a_second_thought_stands() -> None:
    """Of every state: a proposal waiting for a second and one that came to nothing change nothing."""
    def stands(state: MotionState) -> bool:
        return 7 not in taken_up_again([Motion(id=8, reconsiders_id=7, state=state.value)])

    left = {state for state in MotionState if stands(state)}
    assert left == {MotionState.PROPOSED, MotionState.UNDECIDED, MotionState.WITHDRAWN, MotionState.MOOT}
