"""Approval: each ballot counts for everybody it approves of; the most approvals win."""

from __future__ import annotations

from fractions import Fraction

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Round, groups_of, top
from deliberation.voting.methods.ties import settle


def count(election: Election) -> Result:
    """Approvals by option."""
    tally = dict.fromkeys(range(len(election.options)), Fraction(0))
    for pile in election.piles:
        for group in pile.ranking:
            for one in group:
                tally[one] += pile.count
    certain, tie = top(tally, election.seats)
    chosen, ties = settle(election, tie)
    rounds = [Round(tally, elected=certain + chosen if not ties or ties[0].chosen else certain)]
    return Result(certain + chosen, rounds, ties, order=groups_of(tally))


METHOD = Method("approval", 1, "approvals", Declared(), count)
