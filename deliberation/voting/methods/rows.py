"""Ballots as an array, for elections with very many of them: one row a ballot, one column a place.

A row holds the numbers of the options in order of preference, -1 where there is nothing. What comes out is the same whole
numbers that counting the ballots one by one gives; only that is faster. Equal ranks do not fit into rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods.election import MOST_BALLOTS, Pile

Bytes = NDArray[np.uint8]

NOBODY = 255
MOST_OPTIONS = 250
# So many rows at once that what is made of them stays in the processor's cache.
BLOCK = 1 << 14
# Rows of so many places fit into one whole number and are sorted as such; longer ones are nearly all different anyhow.
SHORT = 8
# Continuations of a runoff that are remembered while ties are followed.
KEPT = 16


@dataclass(frozen=True)
class Rows:
    """Checked rows. ``weights`` says how many ballots each row stands for; without it, each is one."""

    options: int
    places: Bytes
    weights: NDArray[np.int64] | None = None

    @property
    def size(self) -> int:
        return len(self.places) if self.weights is None else int(self.weights.sum())


def rows_of(array: Any, options: int, weights: Any = None) -> Rows:
    """Rows from a two-dimensional array of whole numbers, equal ones grouped where that is cheap. Empty places are passed over.

    Raises `Invalid` for an unknown or repeated option, for weights below 0, and for more ballots than can be counted.
    """
    array = np.asarray(array)
    if not 1 <= options <= MOST_OPTIONS:
        raise Invalid(N_("The options are a list of 1 to %(most)s names."), most=MOST_OPTIONS)
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise Invalid(N_("Rows of ballots are a table of whole numbers."))
    if array.size and not (array.min() >= -1 and array.max() < options):
        raise Invalid(N_("A row names an option that does not exist."))
    if array.dtype == np.int8 and array.flags.c_contiguous:
        places = array.view(np.uint8)
    else:
        places = np.ascontiguousarray(array.astype(np.int8 if options <= 127 else np.int16).astype(np.uint8))
    if weights is not None:
        weights = np.asarray(weights, np.int64)
        if weights.shape != array.shape[:1] or (weights < 0).any():
            raise Invalid(N_("Each row of ballots has a number from 0 up."))
    elif places.shape[1] <= SHORT:
        places, weights = _grouped(places)
    rows = Rows(options, _without_gaps(places), weights)
    if rows.size > MOST_BALLOTS:
        raise Invalid(N_("There are more than %(most)s ballots."), most=MOST_BALLOTS)
    if any(_repeats(block, options) for block in blocks(rows.places)):
        raise Invalid(N_("A row names an option twice."))
    return rows


def rows_of_piles(piles: Sequence[Pile], options: int) -> Rows | None:
    """The piles as rows; None where several options share a place, or there are too many options."""
    if options > MOST_OPTIONS or any(len(place) > 1 for pile in piles for place in pile.ranking):
        return None
    width = max((len(pile.ranking) for pile in piles), default=0)
    places = np.full((len(piles), width), NOBODY, np.uint8)
    for row, pile in zip(places, piles, strict=True):
        named = pile.preferences
        row[: len(named)] = named
    return Rows(options, places, np.array([pile.count for pile in piles], np.int64))


def _grouped(places: Bytes) -> tuple[Bytes, NDArray[np.int64]]:
    """Different rows, and how many there are of each. The eight bytes of a row are sorted as one number."""
    if places.shape[1] < SHORT:
        places = np.pad(places, ((0, 0), (0, SHORT - places.shape[1])), constant_values=NOBODY)
    keys = np.sort(places.view(np.uint64).ravel())
    starts = np.flatnonzero(np.append(len(keys) > 0, keys[1:] != keys[:-1]))
    return keys[starts].view(np.uint8).reshape(-1, SHORT), np.diff(starts, append=len(keys))


def blocks(places: Bytes) -> Iterator[Bytes]:
    """Column by column, so many rows at once."""
    for start in range(0, len(places), BLOCK):
        yield np.ascontiguousarray(places[start : start + BLOCK].T)


def _without_gaps(places: Bytes) -> Bytes:
    """Rows in which nothing follows an empty place."""
    if places.shape[1] < 2:
        return places
    found = []
    for n, block in enumerate(blocks(places)):
        gaps = ((block[:-1] == NOBODY) & (block[1:] != NOBODY)).any(axis=0)
        if gaps.any():
            found.append(np.flatnonzero(gaps) + n * BLOCK)
    if not found:
        return places
    bad, places = np.concatenate(found), places.copy()
    order = np.argsort(places[bad] == NOBODY, axis=1, kind="stable")
    places[bad] = np.take_along_axis(places[bad], order, axis=1)
    return places


def _repeats(block: Bytes, options: int) -> bool:
    """Whether a row names an option twice: by one bit an option."""
    if options > 64:
        return any(bool(((block == one).sum(axis=0, dtype=np.int16) > 1).any()) for one in range(options))
    kind = next(kind for kind in (np.uint8, np.uint16, np.uint32, np.uint64) if options <= np.iinfo(kind).bits)
    bit: NDArray[Any] = np.zeros(256, kind)
    bit[:options] = np.left_shift(np.ones(options, kind), np.arange(options, dtype=kind))
    seen: NDArray[Any] = np.zeros(block.shape[1], kind)
    twice: NDArray[Any] = np.zeros(block.shape[1], kind)
    for place in block:
        here = bit.take(place)
        twice |= seen & here
        seen |= here
    return bool(twice.any())


def above(rows: Rows, *, last: bool = True) -> list[list[int]]:
    """``[a][b]``: how many ballots put a above b. Those not ranked stand last together, or else below nobody."""
    found = np.zeros((rows.options, rows.options), np.int64)
    if rows.weights is None:
        _add_above(found, rows.places, 1, last)
    else:
        # A pile of 5 counts with those of 4 and with those of 1: whole numbers, and each sum is one of single ballots.
        for digit in range(int(rows.weights.max(initial=0)).bit_length()):
            _add_above(found, rows.places[rows.weights >> digit & 1 == 1], 1 << digit, last)
    return [[int(n) for n in line] for line in found]


def _add_above(found: NDArray[np.int64], places: Bytes, times: int, last: bool) -> None:
    size = len(found)
    # The earlier the place, the higher; 0 for an option that is not ranked.
    height = np.arange(places.shape[1], 0, -1, dtype=np.uint8)[:, None]
    for block in blocks(places):
        heights = np.zeros((size, block.shape[1]), np.uint8)
        if len(block):
            for one in range(size):
                np.multiply(block == one, height).max(axis=0, out=heights[one])
        for one in range(size):
            for other in range(size):
                if one != other:
                    wins = heights[one] > heights[other]
                    found[one, other] += times * np.count_nonzero(wins if last else wins & (heights[other] > 0))


@dataclass
class _State:
    """While these stand: whom each row counts for, the place at which it names them, and the sums."""

    standing: frozenset[int]
    first: Bytes
    place: Bytes
    votes: NDArray[np.int64]


class Runoff:
    """The rows in an instant runoff: whom each counts for, given who still stands."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.width = rows.places.shape[1]
        self.flat = rows.places.ravel()
        first = rows.places[:, 0].copy() if self.width else np.full(len(rows.places), NOBODY, np.uint8)
        weights = None if rows.weights is None else rows.weights.astype(np.float64)
        self.weights = weights
        every = frozenset(range(rows.options))
        self.states = [_State(every, first, np.zeros(len(first), np.uint8), self.sums(first, None))]

    def sums(self, named: Bytes, which: NDArray[np.intp] | None) -> NDArray[np.int64]:
        """Ballots by option. Weights are added as doubles, which is exact: they are whole and stay far below 2 ** 53."""
        weights = self.weights if self.weights is None or which is None else self.weights[which]
        return np.bincount(named, weights, minlength=256).astype(np.int64)

    def tally(self, standing: frozenset[int]) -> tuple[dict[int, Fraction], Fraction]:
        """Ballots by option, and how many name nobody any more."""
        near = min((state for state in self.states if state.standing >= standing), key=lambda state: len(state.standing))
        state = near if near.standing == standing else self.without(near, near.standing - standing)
        votes = {one: Fraction(int(state.votes[one])) for one in sorted(standing)}
        return votes, Fraction(int(state.votes[NOBODY]))

    def without(self, state: _State, out: frozenset[int]) -> _State:
        """Each row of those who are out goes on to whom it names next among the others."""
        gone = np.zeros(256, bool)
        gone[list(out)] = True
        stops = np.zeros(256, bool)
        stops[[*(state.standing - out), NOBODY]] = True
        first, place, votes = state.first.copy(), state.place.copy(), state.votes.copy()
        votes[list(out)] = 0
        left = np.flatnonzero(gone.take(first))
        at = place[left].astype(np.intp)
        while left.size:
            at += 1
            named = self.flat.take(left * self.width + at, mode="clip")
            named[at >= self.width] = NOBODY
            stay = stops.take(named)
            here, kept = left[stay], named[stay]
            first[here], place[here] = kept, np.minimum(at[stay], 255)
            votes += self.sums(kept, here)
            left, at = left[~stay], at[~stay]
        found = _State(state.standing - out, first, place, votes)
        # The first one holds everybody: whatever may be asked can be reached from it.
        self.states = [*self.states[:1], *self.states[1:][-KEPT:], found]
        return found
