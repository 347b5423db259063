"""What is counted, and what comes out: an election as ballots of one kind, a result as rounds, winners and ties.

Format ``neutral-election/1``: ``shared/data/tabulation/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_

FORMAT = "neutral-election/1"
MOST_OPTIONS = 400
MOST_BALLOTS = 10**9

Ranking = tuple[tuple[int, ...], ...]
"""Groups of options by their place, best first; several in one group stand equal."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Equal ballots, counted once: ``count`` of them with this ``ranking``. An approval is one group."""

    count: int
    ranking: Ranking

    @property
    def preferences(self) -> tuple[int, ...]:
        """The options one by one, up to the first place at which several stand equal; empty places are passed over."""
        kept: list[int] = []
        for place in self.ranking:
            if len(place) > 1:
                break
            kept += place
        return tuple(kept)


@dataclass(frozen=True)
class Election:
    """Options by position, piles of equal ballots, seats to fill, and the declared rules of this election."""

    options: tuple[str, ...]
    piles: tuple[Pile, ...]
    seats: int
    rules: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(pile.count for pile in self.piles)


@dataclass
class Round:
    """One count: what each option had, who was elected or left out after it, how many ballots name nobody any more."""

    tally: dict[int, Fraction]
    elected: list[int] = field(default_factory=list)
    eliminated: list[int] = field(default_factory=list)
    exhausted: Fraction = Fraction(0)


@dataclass(frozen=True)
class Tie:
    """Options that stand equal for ``places`` places. ``chosen`` is empty unless a declared rule broke the tie."""

    options: tuple[int, ...]
    places: int
    chosen: tuple[int, ...] = ()


@dataclass
class Result:
    """What a count gives. Where an unbroken tie decides, ``winners`` names everybody who may still win."""

    winners: list[int]
    rounds: list[Round] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    order: list[list[int]] | None = None
    quota: Fraction | None = None
    paths: list[list[int]] | None = None
    pairs: list[list[int]] | None = None

    @property
    def is_decided(self) -> bool:
        return all(tie.chosen for tie in self.ties)


def read(data: object) -> tuple[str, Election]:
    """The method's name and the election of a ``neutral-election/1`` object; raises `Invalid` for anything else."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Invalid(N_("This is not an election of the format %(format)s."), format=FORMAT)
    options = _options(data.get("candidates"))
    seats, rules, method = data.get("seats", 1), data.get("rules", {}), data.get("method")
    if not isinstance(method, str) or not isinstance(rules, dict):
        raise Invalid(N_("An election names its method, and its rules as an object."))
    if not _is_count(seats) or not 1 <= seats <= len(options):
        raise Invalid(N_("The seats are a whole number from 1 to the number of options."))
    lines = data.get("ballots")
    if not isinstance(lines, list):
        raise Invalid(N_("The ballots are a list."))
    known = {name: n for n, name in enumerate(options)}
    election = Election(options, tuple(_pile(line, known, n) for n, line in enumerate(lines, 1)), seats, rules)
    if election.size > MOST_BALLOTS:
        raise Invalid(N_("There are more than %(most)s ballots."), most=MOST_BALLOTS)
    if "total_ballots" in data and data["total_ballots"] != election.size:
        said = str(data["total_ballots"])[:80]
        raise Invalid(N_("The file speaks of %(said)s ballots and holds %(held)s."), said=said, held=election.size)
    return method, election


def is_text(value: object) -> bool:
    """Whether this is text that can be written down: not blank, and without halves of characters, which JSON can hold."""
    return isinstance(value, str) and bool(value.strip()) and not any("\ud800" <= one <= "\udfff" for one in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _options(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_OPTIONS:
        raise Invalid(N_("The options are a list of 1 to %(most)s names."), most=MOST_OPTIONS)
    if not all(is_text(name) for name in value) or len(set(value)) != len(value):
        raise Invalid(N_("Each option has a name of its own."))
    return tuple(value)


def _pile(line: object, known: Mapping[str, int], number: int) -> Pile:
    if not isinstance(line, dict) or not _is_count(line.get("count")) or line["count"] < 0:
        raise Invalid(N_("Ballot %(n)s has no count from 0 up."), n=number)
    if ("approve" in line) == ("ranking" in line):
        raise Invalid(N_("Ballot %(n)s has either a ranking or approvals."), n=number)
    groups = [line["approve"]] if "approve" in line else line["ranking"]
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise Invalid(N_("Ballot %(n)s is not a list of places."), n=number)
    return Pile(line["count"], ranking_of(groups, known, number))


def ranking_of(groups: Sequence[Sequence[object]], known: Mapping[str, int], number: int = 1) -> Ranking:
    """A ballot's places by position; raises `Invalid` for an unknown or repeated option."""
    seen: set[int] = set()
    places = []
    for group in groups:
        place = []
        for name in group:
            if not isinstance(name, str) or name not in known:
                raise Invalid(N_("Ballot %(n)s names “%(name)s”, which is not an option."), n=number, name=str(name)[:80])
            if known[name] in seen:
                raise Invalid(N_("Ballot %(n)s names “%(name)s” twice."), n=number, name=name)
            seen.add(known[name])
            place.append(known[name])
        places.append(tuple(place))
    return tuple(places)


def top(tally: Mapping[int, Fraction], seats: int) -> tuple[list[int], Tie | None]:
    """Those certain of a seat by the largest figures, and the tie at the border where there is one."""
    order = sorted(tally, key=lambda one: (-tally[one], one))
    if len(order) <= seats:
        return order, None
    border = tally[order[seats - 1]]
    certain = [one for one in order if tally[one] > border]
    level = [one for one in order if tally[one] == border]
    if len(certain) + len(level) == seats:
        return certain + level, None
    return certain, Tie(tuple(level), seats - len(certain))


def groups_of(tally: Mapping[int, Fraction]) -> list[list[int]]:
    """Everybody from the largest figure to the smallest, those level in one group."""
    figures = sorted(set(tally.values()), reverse=True)
    return [sorted(one for one in tally if tally[one] == figure) for figure in figures]


def names(options: Sequence[str], chosen: Iterable[int]) -> list[str]:
    return [options[one] for one in chosen]
