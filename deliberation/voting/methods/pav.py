"""Proportional approval: a set of winners is worth 1 + 1/2 + 1/3 … to a ballot for each of its approvals in it."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import comb, lcm

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import MOST_OPTIONS, Election, Result, Round, Tie
from deliberation.voting.methods.ties import preference

MOST_SETS = 200_000
BITS = [1 << one for one in range(MOST_OPTIONS)]


def approvals(election: Election) -> list[tuple[int, frozenset[int]]]:
    """How many ballots approve of which options."""
    return [(pile.count, frozenset(one for group in pile.ranking for one in group)) for pile in election.piles if pile.count]


def harmonic(n: int) -> Fraction:
    return sum((Fraction(1, k) for k in range(1, n + 1)), Fraction(0))


def count(election: Election) -> Result:
    """The best set of all. Raises `Invalid` where there are too many sets to look at each."""
    if comb(len(election.options), election.seats) > MOST_SETS:
        raise Invalid(N_("There are too many sets of winners to compare each. Use the sequential method."))
    ballots = approvals(election)
    # Whole numbers and bits, not fractions and sets: very many sets are looked at.
    scale = lcm(*range(1, election.seats + 1))
    worth = [int(harmonic(n) * scale) for n in range(election.seats + 1)]
    masks = [(number, sum(1 << one for one in liked)) for number, liked in ballots]
    best: list[tuple[int, ...]] = []
    most = -1
    for chosen in combinations(range(len(election.options)), election.seats):
        here = sum(map(BITS.__getitem__, chosen))
        score = sum([number * worth[(liked & here).bit_count()] for number, liked in masks])
        if score > most:
            best, most = [chosen], score
        elif score == most:
            best.append(chosen)
    rounds = [Round({one: Fraction(sum(n for n, liked in ballots if one in liked)) for one in range(len(election.options))})]
    if len(best) == 1:
        rounds[0].elected = list(best[0])
        return Result(list(best[0]), rounds)
    certain = sorted(set(best[0]).intersection(*best[1:]))
    level = sorted(set().union(*best) - set(certain))
    order = preference(election, level)
    if order is None:
        return Result(certain + level, rounds, [Tie(tuple(level), election.seats - len(certain))])
    rank = {one: place for place, one in enumerate(order)}
    chosen = min(best, key=lambda one: sorted(rank[c] for c in one if c in rank))
    picked = tuple(one for one in chosen if one not in certain)
    rounds[0].elected = list(chosen)
    return Result(list(chosen), rounds, [Tie(tuple(level), len(picked), picked)])


METHOD = Method("pav", 1, "approvals", Declared(decimals="exact"), count)
