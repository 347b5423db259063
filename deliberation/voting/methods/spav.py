"""Sequential proportional approval: seat by seat, a ballot counts 1/(1 + winners it already has)."""

from __future__ import annotations

from fractions import Fraction

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Round, Tie, top
from deliberation.voting.methods.pav import approvals
from deliberation.voting.methods.ties import settle


def count(election: Election) -> Result:
    """One round a seat. A tie that no rule breaks ends the count and is reported."""
    ballots = approvals(election)
    elected: list[int] = []
    rounds: list[Round] = []
    ties: list[Tie] = []
    while len(elected) < election.seats:
        tally = {one: Fraction(0) for one in range(len(election.options)) if one not in elected}
        for n, liked in ballots:
            share = Fraction(n, 1 + len(liked.intersection(elected)))
            for one in liked:
                if one in tally:
                    tally[one] += share
        certain, tie = top(tally, 1)
        chosen, found = settle(election, tie)
        ties += found
        here = Round(tally, elected=certain or (chosen if found[0].chosen else []))
        rounds.append(here)
        if not here.elected:
            return Result(elected + chosen, rounds, ties)
        elected += here.elected
    return Result(elected, rounds, ties)


METHOD = Method("spav", 1, "approvals", Declared(decimals="exact"), count)
