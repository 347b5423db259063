"""AT09: an amendment is not voted on while a secondary amendment to it is open."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.meetings import votes
from tests.acceptance.session import ORDER, SITTING, case_world, in_session, run_votes
from tests.builders import at, do


def test_at09_a1_waits_for_a1_1(app_context: Flask) -> None:
    sitting = in_session(case_world())
    with clock.frozen(at(SITTING)):
        with pytest.raises(Refused) as refused:
            do(lambda: votes.put(sitting.motions["A1"], actor=sitting.person("P01")))
    assert refused.value.code == "not_in_order"
    assert str(refused.value) == "A1-1 must be voted on before A1."
    run_votes(sitting, "A1-1", "A1")
    assert sitting.motions["A1"].state == "carried"


def test_at09_whatever_is_put_out_of_turn_is_refused_by_name(app_context: Flask) -> None:
    sitting = in_session(case_world())
    for turn, label in enumerate(ORDER):
        with clock.frozen(at(SITTING)):
            for later in ORDER[turn + 1 :]:
                with pytest.raises(Refused) as refused:
                    do(lambda later=later: votes.put(sitting.motions[later], actor=sitting.person("P01")))
                assert (refused.value.code, label in str(refused.value)) == ("not_in_order", True)
        run_votes(sitting, label)
