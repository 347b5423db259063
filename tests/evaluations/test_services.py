"""A rating round: who rates and who does not, what the box keeps to itself, and what comes out."""

import pytest

from deliberation.evaluations import queries
from deliberation.kernel import clock
from tests.evaluations.rounds import HELD, opened


@pytest.fixture(autouse=True)
def in_the_meeting():
    with clock.frozen(HELD):
        yield


def test_forty_ballots_of_which_twelve_on_paper(world):
    rated = opened(world, 40)
    for n, rater in enumerate(rated.raters[:28]):
        rated.by_phone(rater, "1:1" if n < 22 else "1:2" if n < 27 else "1:3", "slow" if n % 7 == 0 else "")
    rated.on_paper(rated.raters[28:], ["1:1"] * 9 + ["1:2", "1:3", "invalid:unclear"])
    rated.counted()
    found = queries.results(rated.round)
    assert found.spreads[0].grades == [31, 6, 2, 0]
    assert (found.entitled, found.took_part, found.phone, found.paper, found.invalid) == (40, 40, 28, 12, 1)
