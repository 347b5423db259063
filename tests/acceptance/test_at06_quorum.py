"""AT06: thirteen cannot vote, fourteen can (2/3 inclusive), eighteen as scripted."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.meetings import votes
from tests.acceptance.session import SITTING, arrive, case_world, in_session
from tests.builders import at, do


@pytest.mark.parametrize(("here", "may_vote"), [(14, 13), (18, 17)])
def test_at06_fourteen_and_eighteen_are_a_quorum(app_context: Flask, here: int, may_vote: int) -> None:
    sitting = in_session(case_world(), here)
    with clock.frozen(at(SITTING)):
        poll = do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
    assert poll.state == "open"
    room = votes.room_now(sitting.meeting, sitting.matter)
    count, quorum = room.count, room.quorum
    assert quorum is not None
    assert (count.present, count.recused, quorum.needed, quorum.met) == (here, 1, 14, True)


def test_at06_thirteen_are_no_quorum_until_one_more_comes(app_context: Flask) -> None:
    sitting = in_session(case_world(), 13)
    with clock.frozen(at(SITTING)):
        with pytest.raises(Refused) as refused:
            do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
        assert refused.value.code == "no_quorum"
        assert str(refused.value) == "You can vote when 1 more members are here: 14 are needed, 13 are present."
        assert sitting.motions["A1-1"].state == "seconded"
        arrive(sitting, 14)
        do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
    assert sitting.motions["A1-1"].state == "voting"
