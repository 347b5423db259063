"""AT11: what the council has decided is not moved again at the same meeting."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.motions import services as motions
from deliberation.motions.amend import Op
from tests.acceptance.session import ORDER, SITTING, case_world, in_session, run_votes, scripted
from tests.builders import at, do


def test_at11_a5_again_is_refused(app_context: Flask) -> None:
    sitting = in_session(case_world())
    run_votes(sitting, *ORDER[:-1])
    mover = sitting.person("L01")
    with clock.frozen(at(SITTING)), pytest.raises(Refused) as refused:
        do(lambda: motions.propose_amendment(
            sitting.motions["M1"], Op.INSERT_AT_END, text=f" {scripted()['A5']['text']} ", mover=mover, actor=mover
        ))  # fmt: skip
    assert refused.value.code == "already_decided"
    assert str(refused.value) == "The council has decided this already in this sitting, as A5."


def test_at11_neither_is_the_main_motion(app_context: Flask) -> None:
    sitting = in_session(case_world())
    run_votes(sitting)
    mover = sitting.person("S01")
    with clock.frozen(at(SITTING)), pytest.raises(Refused) as refused:
        do(lambda: motions.propose_main(sitting.matter, mover, actor=mover))
    assert refused.value.code == "already_decided"
