"""Borda: an option gets a point for each one that the ballot puts below it, and half a point for each that it puts level."""

from fractions import Fraction

from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result
from deliberation.voting.methods.ties import by_most


def count(election: Election) -> Result:
    every = set(range(len(election.options)))
    points = dict.fromkeys(sorted(every), Fraction(0))
    for pile in election.piles:
        below = set(every)
        for place in (*pile.ranking, tuple(every.difference(*pile.ranking))):
            below -= set(place)
            for one in place:
                points[one] += pile.count * (len(below) + Fraction(len(place) - 1, 2))
    return by_most(election, points)


METHOD = Method(
    "borda",
    2,
    "ranking",
    Declared(unranked="tied last", equal_ranks="half a point each", quota="most points", decimals="exact"),
    count,
)
