"""A million rankings counted from an array, beside the bare numpy grouping of the same array plus the count, and beside
pyrankvote and votelib on the same ballots. CPU time of this process."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import click
import numpy as np
import pyrankvote
from numpy.typing import NDArray
from votelib.convert import RankedToCondorcetVotes
from votelib.evaluate.condorcet import Schulze

from deliberation.voting.counting import count_array
from deliberation.voting.methods import irv, schulze
from deliberation.voting.methods.election import Election
from deliberation.voting.methods.rows import rows_of

SIZE = 1_000_000
ROUNDS = 7
AIM = 2.0
AHEAD = {(8, "irv"): 80.0, (20, "irv"): 9.0, (8, "schulze"): 14.0, (20, "schulze"): 14.0}
METHODS = {"irv": irv.METHOD, "schulze": schulze.METHOD}
Array = NDArray[np.int8]


def ballots(options: int) -> Array:
    """Rankings of 1 to all options, as many of each length; the first option is twice as well liked as the last."""
    chance = np.random.default_rng(options)
    liked = np.linspace(2, 1, options)
    lines = np.argsort(chance.exponential(size=(SIZE, options)) / liked, axis=1).astype(np.int8)
    lines[np.arange(options)[None, :] >= chance.integers(1, options + 1, SIZE)[:, None]] = -1
    return lines


def spend(job: Callable[[], Any]) -> tuple[float, Any]:
    """CPU-milliseconds, and what came out."""
    gc.collect()
    start = time.process_time()
    found = job()
    return 1000 * (time.process_time() - start), found


# The least that grouping can be: bare numpy, nothing checked.


def by_lexsort(lines: Array) -> tuple[Array, NDArray[np.intp]]:
    lines = lines[np.lexsort(lines.T[::-1])]
    starts = np.flatnonzero(np.concatenate(([True], (lines[1:] != lines[:-1]).any(axis=1))))
    return lines[starts], np.diff(starts, append=len(lines))


def by_rows(lines: Array) -> tuple[Array, NDArray[np.intp]]:
    kinds, numbers = np.unique(lines, axis=0, return_counts=True)
    return kinds, numbers


def by_bytes(lines: Array) -> tuple[Array, NDArray[np.intp]]:
    """For 8 options: the eight bytes of a ranking as one number."""
    keys, numbers = np.unique(lines.view(np.uint64).ravel(), return_counts=True)
    return keys.view(np.int8).reshape(-1, 8), numbers


def own(options: int, lines: Array) -> dict[str, float]:
    """Medians of interleaved rounds: each grouping, each count of its piles, each count of the whole array."""
    names = tuple(str(n) for n in range(options))
    groupings = {"lexsort": by_lexsort, "unique of rows": by_rows} | ({"unique of 8 bytes": by_bytes} if options == 8 else {})
    kinds, numbers = by_lexsort(lines)
    piles, election = rows_of(kinds, options, numbers), Election(names, (), 1)
    jobs: dict[str, Callable[[], Any]] = {f"group {name}": lambda group=group: group(lines) for name, group in groupings.items()}
    for name, method in METHODS.items():
        assert method.count_rows is not None
        jobs[f"piles {name}"] = lambda method=method: method.count_rows(election, piles)
        jobs[f"whole {name}"] = lambda method=method: count_array(method, names, lines)
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    results: dict[str, Any] = {}
    for n in range(1 + ROUNDS):
        for name in list(jobs) if n % 2 else list(reversed(jobs)):
            took, found = spend(jobs[name])
            if n:
                spent[name].append(took)
            if not name.startswith("group"):
                results[name] = found
    for name in METHODS:
        if results[f"piles {name}"] != results[f"whole {name}"]:
            sys.exit(f"the bench is out of order: {name} gives two results")
    click.echo(f"\n{SIZE:,} ballots × {options} options, {len(kinds):,} different; {ROUNDS} rounds in turns, median")
    for name, took in spent.items():
        click.echo(f"{name:<34}{statistics.median(took):>9.1f}   (from {min(took):.1f} to {max(took):.1f})")
    medians = {name: statistics.median(took) for name, took in spent.items()}
    least = min(took for name, took in medians.items() if name.startswith("group"))
    for name in METHODS:
        ratio = medians[f"whole {name}"] / (least + medians[f"piles {name}"])
        what = f"{name}, ratio to the fastest grouping plus the count of its piles"
        click.echo(f"{what}{ratio:>8.2f}   {verdict(ratio <= AIM, f'≤ {AIM:g}')}")
    return {name: medians[f"whole {name}"] for name in METHODS} | {
        f"{name} winner": results[f"whole {name}"].winners[0] for name in METHODS
    }


def verdict(holds: bool, aim: str) -> str:
    return f"aim {aim}: {'holds' if holds else 'does not hold'}"


def others(options: int, lines: Array, mine: dict[str, float]) -> None:
    """pyrankvote and votelib on all of these ballots, once each, for they are slow."""
    listed = [[one for one in line if one >= 0] for line in lines.tolist()]
    candidates = [pyrankvote.Candidate(str(n)) for n in range(options)]
    making, made = spend(lambda: [pyrankvote.Ballot(ranked_candidates=[candidates[one] for one in line]) for line in listed])
    counting, result = spend(lambda: pyrankvote.instant_runoff_voting(candidates, made))
    report(options, "irv", f"pyrankvote {version('pyrankvote')}", making, counting, mine, int(result.get_winners()[0].name))
    making, piles = spend(lambda: Counter(map(tuple, listed)))
    counting, found = spend(lambda: Schulze().evaluate(RankedToCondorcetVotes().convert(piles), 1))
    report(options, "schulze", f"votelib {version('votelib')}", making, counting, mine, found[0])


def report(
    options: int, name: str, library: str, making: float, counting: float, mine: dict[str, float], winner: int
) -> None:
    if winner != mine[f"{name} winner"]:
        sys.exit(f"the bench is out of order: {library} elects {winner}, the house {mine[f'{name} winner']}")
    aim, times = AHEAD[options, name], counting / mine[name]
    click.echo(f"{name}, {library}, one round: counting {counting:,.0f}, and making its ballots {making:,.0f} before")
    click.echo(f"{name}, times faster, its counting alone{times:>8.0f}   {verdict(times >= aim, f'≥ {aim:g}')}")


def main() -> None:
    click.echo(f"\nCounting; CPU-ms; numpy {version('numpy')}")
    for options in (8, 20):
        lines = ballots(options)
        others(options, lines, own(options, lines))


if __name__ == "__main__":
    main()
