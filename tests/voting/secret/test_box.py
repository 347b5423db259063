"""A secret vote from the sealed ballot to the count: one vote each, nothing told of it, nothing left in the box."""

from __future__ import annotations

from tests.voting.secret.scenes import RANKED, RATING, SINGLE, opened


def test_a_yes_or_no_is_cast_closed_and_counted(world):
    secret = opened(world)
    secret.all_cast(["for"] * 12 + ["against"] * 4 + ["abstain"] * 2)
    secret.close()
    row = secret.count()
    assert (row.votes_for, row.votes_against, row.votes_abstain, row.outcome) == (12, 4, 2, "adopted")


def test_every_kind_of_question_is_counted(world):
    for question, ballots, check in (
        (SINGLE, ["1"] * 9 + ["2"] * 6 + ["abstain"] * 3, '"winners":["1"]'),
        (RANKED, ["4>1"] * 9 + ["2>3>1>4"] * 5 + ["abstain"] * 4, '"winners":["4"]'),
        (RATING, ["1:1,2:4"] * 10 + ["1:2,2:2"] * 8, '"grades":[[10,8,0,0],[0,8,0,10]]'),
    ):
        secret = opened(world, question)
        secret.all_cast(ballots)
        secret.close()
        assert check in secret.count().result
