"""AT07: a recused member counts to the quorum and does not vote."""

from __future__ import annotations

import pytest
from flask import Flask

from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden
from deliberation.meetings import votes
from deliberation.voting import casting, tallying
from deliberation.voting.states import Choice
from tests.acceptance.session import SITTING, case_world, in_session, run_votes
from tests.builders import at, do


def test_at07_z04_cannot_vote_by_phone_nor_through_the_clerk(app_context: Flask) -> None:
    sitting = in_session(case_world())
    with clock.frozen(at(SITTING)):
        poll = do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
        z04 = sitting.person("Z04")
        for act in (
            lambda: casting.cast(poll, Choice.FOR, actor=z04),
            lambda: casting.take_down(poll, {z04.id: Choice.FOR}, actor=sitting.person("C01")),
        ):
            with pytest.raises(Forbidden) as refused:
                do(act)
            assert refused.value.code == "recused"
    assert tallying.tally(poll).participating == 0


def test_at07_z04_counts_to_the_quorum_and_not_in_the_tally(app_context: Flask) -> None:
    sitting = in_session(case_world(), 14)
    with clock.frozen(at(SITTING)):
        do(lambda: votes.put(sitting.motions["A1-1"], actor=sitting.person("P01")))
    count = tallying.tally(sitting.motions["A1-1"].poll)
    assert (count.entitled, count.present, count.recused) == (21, 14, 1)


def test_at07_the_verdict_names_the_recused(app_context: Flask) -> None:
    sitting = in_session(case_world())
    run_votes(sitting, "A1-1")
    poll = sitting.motions["A1-1"].poll
    said = str(tallying.verdict_of(poll.verdict, poll.rule.rule).sentence())
    assert said.startswith("21 entitled, 18 present, 1 of them recused.")
    assert poll.verdict.votes_for + poll.verdict.votes_against + poll.verdict.votes_abstain == 17
