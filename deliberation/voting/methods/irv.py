"""Instant runoff: while nobody has more than half of the ballots that still name somebody, the last are left out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Round, Tie
from deliberation.voting.methods.rows import Rows, Runoff
from deliberation.voting.methods.ties import preference

# Ties can fall in more ways than can be followed. With this many options looked at, everybody who stands may win.
MOST_LOOKS = 60_000
FIRST_OUT = "Undeclared Write-ins"

Tally = Callable[[frozenset[int]], tuple[dict[int, Fraction], Fraction]]
"""How many ballots each of those standing has, and how many name none of them."""


def count(election: Election) -> Result:
    """The runoff over piles, counted one by one."""
    return rounds_of(election, _tally_of(election))


def count_rows(election: Election, rows: Rows) -> Result:
    """The runoff over rows. The election gives options, seats and rules."""
    return rounds_of(election, Runoff(rows).tally)


def rounds_of(election: Election, tally_of: Tally) -> Result:
    """Rounds until somebody has a majority.

    Those who together have fewer votes than the next are left out at once, which changes no winner. Where several
    stand last and it matters who goes, the declared rule decides; without one all continuations are counted: if they
    end alike the tie was harmless, else it is reported with everybody who may win.
    """
    if election.seats != 1:
        raise Invalid(N_("An instant runoff fills one seat. Use a transferable vote for several."))
    runoff = _Runoff(election, tally_of)
    standing = frozenset(range(len(election.options)))
    rounds: list[Round] = []
    ties: list[Tie] = []
    while True:
        tally, exhausted = runoff.tally(standing)
        here = Round(tally, exhausted=exhausted)
        rounds.append(here)
        winner = _majority(tally)
        if winner is not None:
            here.elected = [winner]
            return Result([winner], rounds, ties)
        out, last = runoff.losers(standing, tally)
        if not out:
            order = preference(election, last)
            if order is not None:
                # The rule says who goes on: the others, the last of them first, go.
                out = [order[-1]]
                ties.append(Tie(tuple(last), len(last) - 1, tuple(order[:-1])))
            else:
                possible = runoff.winners(standing)
                if len(possible) > 1:
                    ties.append(Tie(tuple(last), len(last) - 1))
                    return Result(sorted(possible), rounds, ties)
                out = [last[0]]
        here.eliminated = out
        standing -= set(out)


def _majority(tally: dict[int, Fraction]) -> int | None:
    best = max(tally, key=lambda one: tally[one])
    if len(tally) == 1 or tally[best] * 2 > sum(tally.values()):
        return best
    return None


def _tally_of(election: Election) -> Tally:
    piles = [(pile.count, pile.preferences) for pile in election.piles if pile.count]

    def tally(standing: frozenset[int]) -> tuple[dict[int, Fraction], Fraction]:
        votes = dict.fromkeys(sorted(standing), 0)
        exhausted = 0
        for number, preferences in piles:
            first = next((one for one in preferences if one in standing), None)
            if first is None:
                exhausted += number
            else:
                votes[first] += number
        return {one: Fraction(n) for one, n in votes.items()}, Fraction(exhausted)

    return tally


class _Runoff:
    """The ballots, and what was found out about those standing: a round depends on nothing else."""

    def __init__(self, election: Election, tally: Tally) -> None:
        self.election = election
        self.tally = tally
        self.known: dict[frozenset[int], frozenset[int]] = {}
        self.looks = 0

    def losers(self, standing: frozenset[int], tally: dict[int, Fraction]) -> tuple[list[int], list[int]]:
        """Who is left out for certain; and, where that is nobody, those who stand last."""
        write_ins = [one for one in standing if self.election.options[one] == FIRST_OUT]
        if write_ins and self.election.rules.get("undeclared_write_ins") == "eliminated first":
            return write_ins, []
        order = sorted(standing, key=lambda one: (tally[one], one))
        together, certain = Fraction(0), 0
        for place, one in enumerate(order[:-1], 1):
            together += tally[one]
            if together < tally[order[place]]:
                certain = place
        lowest = tally[order[0]]
        return order[:certain], [one for one in order if tally[one] == lowest]

    def winners(self, standing: frozenset[int]) -> frozenset[int]:
        """Everybody who can win from here, whichever way ties fall."""
        if standing in self.known:
            return self.known[standing]
        self.looks += len(self.election.options)
        if self.looks > MOST_LOOKS:
            return standing
        tally, _exhausted = self.tally(standing)
        winner = _majority(tally)
        if winner is not None:
            found = frozenset({winner})
        else:
            out, last = self.losers(standing, tally)
            found = self.winners(standing - set(out)) if out else frozenset()
            for one in () if out else last:
                found |= self.winners(standing - {one})
                if found == standing:
                    break
        self.known[standing] = found
        return found


METHOD = Method(
    "irv",
    1,
    "ranking",
    Declared(unranked="exhausted", equal_ranks="ends", quota="majority of continuing", transfer="whole ballots"),
    count,
    count_rows,
)
