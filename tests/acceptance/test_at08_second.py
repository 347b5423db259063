"""AT08: a motion without a seconder waits and cannot be voted on."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.meetings import services as meetings
from deliberation.meetings import votes
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from deliberation.motions.states import motion_state_words
from tests.acceptance.session import SITTING, arrive, called, case_world, make, second
from tests.builders import at, do


def test_at08_a2_waits_for_a_second_and_is_votable_once_it_has_one(app_context: Flask) -> None:
    sitting = called(case_world())
    chair = sitting.person("P01")
    with clock.frozen(at(SITTING)):
        arrive(sitting)
        do(lambda: meetings.open_meeting(sitting.meeting, actor=chair))
        do(lambda: meetings.take_up(sitting.item, actor=chair))
        make(sitting, "M1")
        second(sitting, "M1")
        motion = do(lambda: motions.propose_amendment(
            sitting.motions["M1"], Op.REPLACE, paragraph_key="p2", text="Step by step.",
            mover=sitting.person("Z03"), actor=sitting.person("Z03"),
        ))  # fmt: skip
        assert (motion.state, str(motion_state_words(motion.state))) == ("proposed", "Awaiting a second")
        with pytest.raises(Refused) as refused:
            do(lambda: votes.put(motion, actor=chair))
        assert refused.value.code == "not_seconded"
        with pytest.raises(Forbidden) as own:
            do(lambda: motions.second(motion, sitting.person("Z03"), actor=sitting.person("Z03")))
        assert own.value.code == "own_motion"
        do(lambda: motions.second(motion, sitting.person("L01"), actor=sitting.person("L01")))
        do(lambda: votes.put(motion, actor=chair))
    assert motion.state == "voting"
