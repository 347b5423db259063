"""Schulze: one option beats another by the strongest chain of pairwise victories.

Source: M. Schulze, "The Schulze Method of Voting" (the strongest paths by Floyd and Warshall).
"""

from __future__ import annotations

import numpy as np

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.election import Election, Result, Tie
from deliberation.voting.methods.rows import Rows, above
from deliberation.voting.methods.ties import settle

Square = list[list[int]]


def count(election: Election) -> Result:
    """The order over piles, counted one by one."""
    return order_of(election, preferences(election))


def count_rows(election: Election, rows: Rows) -> Result:
    """The order over rows. The election gives options, seats and rules."""
    return order_of(election, above(rows, last=_unranked(election) == "tied last"))


def order_of(election: Election, pairs: Square) -> Result:
    """Strongest paths, and the order that they give. Options that nobody ranks above one another stand in one group."""
    size = len(election.options)
    paths = strongest(strengths(pairs, margins=_margins(election)))
    order: list[list[int]] = []
    left = set(range(size))
    while left:
        unbeaten = sorted(one for one in left if all(paths[one][other] >= paths[other][one] for other in left))
        order.append(unbeaten)
        left -= set(unbeaten)
    winners: list[int] = []
    tie: Tie | None = None
    for group in order:
        places = election.seats - len(winners)
        if places <= 0:
            break
        if len(group) > places:
            tie = Tie(tuple(group), places)
            break
        winners += group
    chosen, ties = settle(election, tie)
    return Result(winners + chosen, [], ties, order=order, paths=paths, pairs=pairs)


def _margins(election: Election) -> bool:
    strength = str(election.rules.get("strength", "winning votes"))
    if not strength.startswith(("winning votes", "margins")):
        raise Invalid(N_("The strength of a victory is counted in winning votes or in margins."))
    return strength.startswith("margins")


def _unranked(election: Election) -> object:
    unranked = election.rules.get("unranked", "tied last")
    if unranked not in ("tied last", "no preference"):
        raise Invalid(N_("Options that a ballot does not rank stand last together, or express no preference."))
    return unranked


def preferences(election: Election) -> Square:
    """``[a][b]``: how many ballots put a above b."""
    size = len(election.options)
    ranked = [0] * size
    over = [[0] * size for _ in range(size)]
    level = [[0] * size for _ in range(size)]
    for pile in election.piles:
        earlier: list[int] = []
        for place in pile.ranking:
            for one in place:
                ranked[one] += pile.count
                for better in earlier:
                    over[better][one] += pile.count
                for other in place:
                    level[one][other] += pile.count
            earlier += place
    if _unranked(election) == "no preference":
        return over
    # Whoever is ranked stands above all but those who are ranked better or level; level with oneself one always is.
    return [[ranked[a] - over[b][a] - level[a][b] for b in range(size)] for a in range(size)]


def strengths(above: Square, *, margins: bool) -> Square:
    """How strong the victory of a over b is; 0 where a does not win."""
    every = range(len(above))
    return [
        [(above[a][b] - above[b][a] if margins else above[a][b]) if above[a][b] > above[b][a] else 0 for b in every] for a in every
    ]


def strongest(direct: Square) -> Square:
    """The strength of the strongest chain from each to each: a chain is as strong as its weakest link."""
    paths = np.array(direct, np.int64)
    for via in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, via, None], paths[None, via]), out=paths)
        np.fill_diagonal(paths, 0)
    found: Square = paths.tolist()
    return found


METHOD = Method(
    "schulze",
    1,
    "ranking",
    Declared(unranked="tied last", equal_ranks="no preference", quota="strongest path"),
    count,
    count_rows,
)
