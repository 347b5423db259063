"""Sequential proportional approval: seat by seat, a ballot counts 1/(1 + winners it already has)."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import lcm

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Round, Tie, top
from deliberation.voting.methods.pav import approvals
from deliberation.voting.methods.ties import settle

MOST_FOLLOWED = 200
"""So many different sets of winners are followed at a time; of more, everybody who is left may still win."""


def count(election: Election) -> Result:
    """One round a seat. A tie that no rule breaks is followed to the end: where it decides, it ends the count and is reported."""
    ballots = approvals(election)
    elected: list[int] = []
    rounds: list[Round] = []
    ties: list[Tie] = []
    while len(elected) < election.seats:
        tally = _tally(ballots, election, elected)
        certain, tie = top(tally, 1)
        chosen, found = settle(election, tie)
        if found and not found[0].chosen:
            ends = _ends(ballots, election, elected)
            if len(ends) > 1:
                surely, level = set.intersection(*map(set, ends)), sorted(set().union(*ends))
                left = tuple(one for one in level if one not in surely)
                return Result(level, [*rounds, Round(tally)], [*ties, Tie(left, election.seats - len(surely))])
            # However it falls, the same are elected.
            chosen, found = chosen[:1], []
        ties += found
        rounds.append(Round(tally, elected=certain or chosen))
        elected += rounds[-1].elected
    return Result(elected, rounds, ties)


def _tally(ballots: list[tuple[int, frozenset[int]]], election: Election, elected: Collection[int]) -> dict[int, Fraction]:
    """What each of those not elected yet has now. Counted in whole numbers: a seat more, and a ballot is worth a part."""
    scale = lcm(*range(1, election.seats + 1))
    sums = {one: 0 for one in range(len(election.options)) if one not in elected}
    for n, liked in ballots:
        share = n * scale // (1 + len(liked.intersection(elected)))
        for one in liked:
            if one in sums:
                sums[one] += share
    return {one: Fraction(number, scale) for one, number in sums.items()}


def _ends(ballots: list[tuple[int, frozenset[int]]], election: Election, elected: list[int]) -> list[frozenset[int]]:
    """Every set of winners to which the ties can lead; of too many, all that hold those elected so far, one by one more."""
    if election.seats == len(election.options):
        return [frozenset(range(election.seats))]
    reached = {frozenset(elected)}
    for _seat in range(election.seats - len(elected)):
        longer: set[frozenset[int]] = set()
        for one in reached:
            certain, tie = top(_tally(ballots, election, one), 1)
            longer |= {one | {leader} for leader in (certain or (tie.options if tie else ()))}
        if len(longer) > MOST_FOLLOWED:
            return [frozenset([*elected, more]) for more in range(len(election.options)) if more not in elected]
        reached = longer
    return sorted(reached, key=sorted)


METHOD = Method("spav", 1, "approvals", Declared(decimals="exact"), count)
