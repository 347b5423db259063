"""From ballots to the kept result of a question: winners, rounds, ties, or how the grades are spread. Pure.

Nothing in a result names anybody: options stand by their number, and what people wrote stands in no result.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from deliberation.voting import counting
from deliberation.voting.kinds import ABSTAIN, Kind, Paper, grades_of, ranking
from deliberation.voting.methods.election import Election, Pile, Result

INVALID = "invalid"
"""Stands for a ballot that says nothing clear, in place of what it says: only paper can be so, and a box tampered with."""
SMALL = 5
"""Fewer ballots than this: who voted how can be guessed from the result."""


def count(
    paper: Paper, names: Sequence[str], method: str | None, seats: int, ballots: Iterable[tuple[str, int]],
    seed: str | None = None, least_shown: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The result as data. ``ballots``: kept ballots with how many there are of each; ``seed``: of the lot that breaks ties.

    ``{"ballots": 17, "abstain": 2, …}`` with ``"grades": [[9, 4, 1, 1], …]`` for a rating, by option, or ``"counted"``: what
    ``deliberation tally`` prints, options by number. A thing that fewer than ``least_shown`` ballots judge has None for its
    grades: they stand in no table but the ballots', and in no entry. Of fewer ballots nothing is told but how many there are.
    """
    piles, abstain, invalid, total = [], 0, 0, 0
    for text, number in ballots:
        total += number
        if text == ABSTAIN:
            abstain += number
        elif text == INVALID:
            invalid += number
        else:
            piles.append((text, number))
    data: dict[str, Any] = {"ballots": total}
    if total >= (least_shown or 0):
        data |= {"abstain": abstain, **({"invalid": invalid} if invalid else {})}
    if paper.kind is Kind.RATING:
        graded = spread(paper, piles)
        return {**data, "grades": [one if paper.judging(one) >= (least_shown or 0) else None for one in graded]}
    assert method is not None
    election, counted = held(paper, names, method, seats, piles, seed)
    # The result names numbers.
    numbered = replace(election, options=tuple(str(n) for n in range(1, paper.options + 1)))
    return {**data, "counted": counting.to_data(counting.method_named(method), numbered, counted)}


def held(
    paper: Paper, names: Sequence[str], method: str, seats: int, ballots: Iterable[tuple[str, int]], seed: str | None = None
) -> tuple[Election, Result]:
    """The election that these ballots make, and its count. Who abstained is in neither.

    A lot is drawn by the options' own words, so that whoever has them can draw it again.
    """
    piles = tuple(Pile(number, ranking(paper.kind, text)) for text, number in ballots if text not in (ABSTAIN, INVALID))
    election = Election(tuple(names), piles, seats, {"tiebreak": {"lot": seed}} if seed else {})
    return election, counting.count(counting.method_named(method), election)


def is_empty(data: dict[str, Any]) -> bool:
    """Whether nobody chose anything that counts: then nothing is decided, and no lot is drawn."""
    return bool(data["ballots"] == data["abstain"] + data.get("invalid", 0))


def void(why: str) -> dict[str, Any]:
    """The result of a question whose ballots do not count; ``why`` is one of `verdicts.VOID_WORDS`."""
    return {"ballots": 0, "abstain": 0, "void": why}


def bare(data: dict[str, Any]) -> dict[str, Any]:
    """What may be told of a rating before its grades are opened: how many ballots, or why none of them counts."""
    return {name: data[name] for name in ("ballots", "void") if name in data}


def unsplit(data: dict[str, Any]) -> dict[str, Any]:
    """A rating without who said nothing: beside few papers that would tell what stood on them."""
    return {name: value for name, value in data.items() if name not in ("abstain", INVALID)}


def is_decided(data: dict[str, Any]) -> bool:
    """Whether no tie is left that decides."""
    return not is_empty(data) and bool(data.get("counted", {}).get("decided", True))


def dumps(data: dict[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def withholds(data: dict[str, Any]) -> bool:
    """Whether the grades of something are not told because too few judged it."""
    return None in data.get("grades", ())


def alike(paper: Paper, piles: Mapping[str, int]) -> int:
    """The most ballots that say the same; of a rating, that give any one thing the same grade."""
    most = max(piles.values(), default=0)
    return max(most, *map(max, spread(paper, piles.items()))) if paper.kind is Kind.RATING else most


def spread(paper: Paper, piles: Iterable[tuple[str, int]]) -> list[list[int]]:
    """How many ballots give each grade, by thing."""
    found = [[0] * paper.grades for _ in range(paper.options)]
    for text, number in piles:
        for one, grade in grades_of(text).items() if text not in (ABSTAIN, INVALID) else ():
            found[one - 1][grade - 1] += number
    return found


def is_telling(ballots: int, leading: int) -> bool:
    """Whether a result tells how people voted: very few ballots, or all of them alike."""
    return 0 < ballots < SMALL or (ballots > 0 and leading == ballots)
