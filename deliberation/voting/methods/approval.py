"""Approval: each ballot counts for everybody it approves of; the most approvals win."""

from __future__ import annotations

from fractions import Fraction

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result
from deliberation.voting.methods.ties import by_most


def count(election: Election) -> Result:
    """Approvals by option."""
    tally = dict.fromkeys(range(len(election.options)), Fraction(0))
    for pile in election.piles:
        for group in pile.ranking:
            for one in group:
                tally[one] += pile.count
    return by_most(election, tally)


METHOD = Method("approval", 1, "approvals", Declared(), count)
