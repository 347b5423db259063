"""Single choice: each ballot counts for its one first option; the most votes win."""

from __future__ import annotations

from fractions import Fraction

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result
from deliberation.voting.methods.ties import by_most


def count(election: Election) -> Result:
    """Votes by first option. A ballot with nobody or with several in its first place counts for nobody."""
    tally = dict.fromkeys(range(len(election.options)), Fraction(0))
    spoilt = 0
    for pile in election.piles:
        first = pile.ranking[0] if pile.ranking else ()
        if len(first) == 1:
            tally[first[0]] += pile.count
        else:
            spoilt += pile.count
    return by_most(election, tally, spoilt)


METHOD = Method("plurality", 1, "ranking", Declared(equal_ranks="nobody"), count)
