"""Making, seconding and withdrawing motions: the table of states, who may, what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deliberation.agenda import recusals
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError, Invalid, Refused
from deliberation.meetings import votes
from deliberation.motions import services, sittings
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion
from deliberation.motions.states import MOTION, MotionAct, MotionState
from tests.acceptance.session import Sitting
from tests.builders import World, do
from tests.motions.debates import (
    NOW,
    amendment,
    code,
    main,
    secondary,
    sitting_of,
    vote,
)  # fmt: skip


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


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
    asked = do(lambda: recusals.ask_recusal(sitting.matter, person, "Mine.", actor=person))
    do(lambda: recusals.approve_recusal(asked, sitting.matter, actor=sitting.person("P01")))
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


