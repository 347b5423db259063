"""Single transferable vote, weighted inclusive Gregory: a surplus is passed on by the whole pile of the elected.

Exact fractions throughout: nothing is rounded between rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Round, Tie
from deliberation.voting.methods.ties import preference

# Ties can fall in more ways than can be followed. With this many options looked at, everybody who stands may win.
MOST_LOOKS = 12_000
LAST_PLACE = Fraction(1, 10_000)

Piles = tuple[tuple[Fraction, tuple[int, ...]], ...]
"""Weight of equal ballots, and the options that they still name, best first."""


@dataclass(frozen=True)
class State:
    """Between two rounds: ballots with their weight, who is elected in this order, who still stands."""

    piles: Piles
    elected: tuple[int, ...]
    standing: frozenset[int]


def quota_of(election: Election, votes: Fraction) -> tuple[Fraction, bool]:
    """The quota for so many valid votes, and whether reaching it is enough (else it must be exceeded)."""
    seats = election.seats
    kinds = {
        "droop_integer": (Fraction(votes // (seats + 1) + 1), True),
        "droop_fractional": (votes / (seats + 1) // LAST_PLACE * LAST_PLACE + LAST_PLACE, True),
        "hagenbach_bischoff_exact": (votes / (seats + 1), False),
        "hare": (votes / seats, True),
    }
    kind = election.rules.get("quota", "droop_integer")
    if not isinstance(kind, str) or kind not in kinds:
        raise Invalid(N_("There is no quota “%(kind)s”."), kind=str(kind)[:80])
    return kinds[kind]


def count(election: Election) -> Result:
    """Rounds until every seat is filled. Ties at the end of the list are treated as in an instant runoff."""
    piles = [(Fraction(p.count), p.preferences) for p in election.piles if p.count]
    valid = sum((weight for weight, names in piles if names), Fraction(0))
    quota, enough = quota_of(election, valid)
    counting = _Counting(election, quota, enough)
    state = State(tuple(piles), (), frozenset(range(len(election.options))))
    rounds: list[Round] = []
    ties: list[Tie] = []
    while True:
        here, state, last = counting.step(state)
        rounds.append(here)
        if len(state.elected) >= election.seats or not state.standing:
            return Result(list(state.elected), rounds, ties, quota=quota)
        if last:
            out = counting.who_goes(state, last, ties)
            if out is None:
                return Result(sorted(counting.winners(state)), rounds, ties, quota=quota)
            here.eliminated = [out]
            state = without(state, out)


def without(state: State, out: int) -> State:
    """The state when one is left out: ballots go on at their full weight."""
    piles = tuple((weight, tuple(one for one in names if one != out)) for weight, names in state.piles)
    return State(piles, state.elected, state.standing - {out})


class _Counting:
    def __init__(self, election: Election, quota: Fraction, enough: bool) -> None:
        self.election, self.quota, self.enough = election, quota, enough
        self.known: dict[State, frozenset[int]] = {}
        self.looks = 0

    def step(self, state: State) -> tuple[Round, State, list[int]]:
        """One round: its figures, the state after those elected have passed on their surplus, and who stands last."""
        tally, exhausted = tally_of(state)
        here = Round(tally, exhausted=exhausted)
        left = self.election.seats - len(state.elected)
        order = sorted(state.standing, key=lambda one: (-tally[one], one))
        if len(order) <= left:
            here.elected = order
            return here, State(state.piles, state.elected + tuple(order), frozenset()), []
        there = [one for one in order if tally[one] > self.quota or (self.enough and tally[one] == self.quota)]
        if there:
            here.elected = there
            return here, self.pass_on(state, there, tally), []
        lowest = tally[order[-1]]
        return here, state, [one for one in order if tally[one] == lowest]

    def pass_on(self, state: State, there: Sequence[int], tally: dict[int, Fraction]) -> State:
        """Each ballot of an elected pile goes on with the share of its weight that the pile has too much."""
        piles = []
        for weight, names in state.piles:
            if names and names[0] in there:
                weight *= (tally[names[0]] - self.quota) / tally[names[0]]
            piles.append((weight, tuple(one for one in names if one not in there)))
        return State(tuple(piles), state.elected + tuple(there), state.standing - set(there))

    def who_goes(self, state: State, last: list[int], ties: list[Tie]) -> int | None:
        """The one who is left out; None where that is a tie that decides and that no rule breaks."""
        if len(last) == 1:
            return last[0]
        order = preference(self.election, last)
        if order is not None:
            ties.append(Tie(tuple(sorted(last)), len(last) - 1, tuple(order[:-1])))
            return order[-1]
        end = self.winners(without(state, last[0]))
        if all(self.winners(without(state, one)) == end for one in last[1:]):
            return min(last)
        ties.append(Tie(tuple(sorted(last)), len(last) - 1))
        return None

    def winners(self, state: State) -> frozenset[int]:
        """Everybody who can be elected from here, whichever way ties fall."""
        if state not in self.known:
            self.known[state] = self._winners(state)
        return self.known[state]

    def _winners(self, state: State) -> frozenset[int]:
        while True:
            everybody = state.standing | set(state.elected)
            self.looks += len(state.standing)
            if self.looks > MOST_LOOKS:
                return everybody
            _here, state, last = self.step(state)
            if len(state.elected) >= self.election.seats or not state.standing:
                return frozenset(state.elected)
            if len(last) == 1:
                state = without(state, last[0])
            elif last:
                found: frozenset[int] = frozenset()
                for one in last:
                    found |= self.winners(without(state, one))
                    if found == everybody:
                        break
                return found


def tally_of(state: State) -> tuple[dict[int, Fraction], Fraction]:
    tally = dict.fromkeys(sorted(state.standing), Fraction(0))
    exhausted = Fraction(0)
    for weight, names in state.piles:
        if names:
            tally[names[0]] += weight
        else:
            exhausted += weight
    return tally, exhausted


METHOD = Method(
    "stv-wigm",
    1,
    "ranking",
    Declared("exhausted", "ends", quota="as declared", transfer="weighted inclusive Gregory", decimals="exact"),
    count,
)
