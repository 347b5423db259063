"""The counting methods by name, and one election counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from deliberation.kernel.errors import DomainError, Invalid
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_
from deliberation.voting.methods import Method, approval, irv, pav, plurality, schulze, spav, stv
from deliberation.voting.methods.election import Election, Pile, Ranking, Result, Round, Tie, names, read
from deliberation.voting.methods.rows import rows_of, rows_of_piles

BUILT_IN = tuple(module.METHOD for module in (plurality, approval, irv, stv, schulze, pav, spav))

methods: Registry[Method] = Registry("counting method")
for _method in BUILT_IN:
    methods.add(_method.name, _method)


# From so many different ballots on they are counted as rows of an array: the same figures, sooner.
MANY = 2_000


def method_named(name: str) -> Method:
    """Raises `Invalid` for a method that is not installed."""
    if name not in methods:
        known = ", ".join(f"{one.name} {one.version}" for one in methods.values())
        raise Invalid(N_("There is no counting method “%(name)s”. There are: %(known)s."), name=name[:80], known=known)
    return methods[name]


def grouped(contents: Iterable[Ranking]) -> tuple[Pile, ...]:
    """Equal ballots as piles, in an order that does not tell when they came.

    Reads one ballot after the other: what is held grows with the different ballots, not with all of them.
    """
    return tuple(Pile(number, ranking) for ranking, number in sorted(Counter(contents).items()))


def count(method: Method, election: Election) -> Result:
    """The election counted by a method, the quick way where there are many different ballots. Raises `Invalid`."""
    if method.takes == "approvals" and any(len(pile.ranking) > 1 for pile in election.piles):
        raise Invalid(N_("This method counts approvals, and the ballots are rankings."))
    if method.count_rows and len(election.piles) >= MANY:
        rows = rows_of_piles(election.piles, len(election.options))
        if rows is not None:
            return method.count_rows(election, rows)
    return method.count(election) if method in BUILT_IN else _from_outside(method, election)


def _from_outside(method: Method, election: Election) -> Result:
    """What a method that nobody here wrote gives, if it is a result; its faults are refusals in one sentence."""
    try:
        result = method.count(election)
        to_data(method, election, result)
    except DomainError:
        raise
    except Exception as error:
        raise Invalid(N_("The counting method “%(name)s” failed: %(why)s."), name=method.name, why=type(error).__name__) from error
    if len(set(result.winners)) != len(result.winners) or (result.is_decided and len(result.winners) > election.seats):
        said = ", ".join(names(election.options, result.winners))
        raise Invalid(N_("The counting method “%(name)s” named impossible winners: %(winners)s."), name=method.name, winners=said)
    return result


def count_array(method: Method, options: Sequence[str], array: Any, *, rules: Mapping[str, Any] | None = None) -> Result:
    """One winner from an array: a row a ballot, the numbers of options in order of preference, -1 where there is nothing.

    Equal ranks do not fit into rows: such ballots are `grouped` and counted by `count`. Raises `Invalid`.
    """
    if method.count_rows is None:
        raise Invalid(N_("This method does not count rows."))
    return method.count_rows(Election(tuple(options), (), 1, rules or {}), rows_of(array, len(options)))


def tally_data(data: object) -> dict[str, object]:
    """Count a ``neutral-election/1`` object and return what ``deliberation tally`` prints. Raises `Invalid`."""
    name, election = read(data)
    method = method_named(name)
    return to_data(method, election, count(method, election))


def to_data(method: Method, election: Election, result: Result) -> dict[str, object]:
    """The result with the options' names. Figures are whole numbers, or decimals rounded to the fifth place."""
    data: dict[str, object] = {
        "method": method.name,
        "version": method.version,
        "seats": election.seats,
        "ballots": election.size,
        "winners": names(election.options, result.winners),
        "decided": result.is_decided,
        "rounds": [_round(one, election.options) for one in result.rounds],
        "ties": [_tie(one, election.options) for one in result.ties],
    }
    if result.order is not None:
        groups = [names(election.options, group) for group in result.order]
        data["order"] = [group[0] if len(group) == 1 else group for group in groups]
    if result.quota is not None:
        data["quota"] = figure(result.quota)
    if result.paths is not None:
        data["strongest_paths"] = {
            a: {b: row[n] for n, b in enumerate(election.options) if b != a}
            for a, row in zip(election.options, result.paths, strict=True)
        }
    return data


def figure(value: Fraction) -> int | str:
    """A whole number, or the decimal rounded half to even to the fifth place."""
    return int(value) if value.denominator == 1 else f"{float(round(value, 5)):.5f}"


def _round(one: Round, options: Sequence[str]) -> dict[str, object]:
    return {
        "tally": {options[n]: figure(votes) for n, votes in one.tally.items()},
        "elected": names(options, one.elected),
        "eliminated": names(options, one.eliminated),
        "exhausted": figure(one.exhausted),
    }


def _tie(tie: Tie, options: Sequence[str]) -> dict[str, object]:
    return {"options": names(options, tie.options), "places": tie.places, "chosen": names(options, tie.chosen)}
