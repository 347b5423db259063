"""The counting methods by name, and one election counted."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from deliberation.kernel.errors import Invalid
from deliberation.kernel.registry import Registry
from deliberation.kernel.words import N_
from deliberation.voting.methods import Method, approval, irv, pav, plurality, schulze, spav, stv
from deliberation.voting.methods.election import Election, Result, Round, Tie, names, read

BUILT_IN = (plurality, approval, irv, stv, schulze, pav, spav)

methods: Registry[Method] = Registry("counting method")
for _module in BUILT_IN:
    methods.add(_module.METHOD.name, _module.METHOD)


def method_named(name: str) -> Method:
    """Raises `Invalid` for a method that is not installed."""
    if name not in methods:
        raise Invalid(N_("There is no counting method “%(name)s”. There are: %(known)s."), name=name[:80], known=", ".join(methods))
    return methods[name]


def tally_data(data: object) -> dict[str, object]:
    """Count a ``neutral-election/1`` object and return what ``deliberation tally`` prints. Raises `Invalid`."""
    name, election = read(data)
    method = method_named(name)
    is_ranked = any(len(pile.ranking) > 1 for pile in election.piles)
    if method.takes == "approvals" and is_ranked:
        raise Invalid(N_("This method counts approvals, and the ballots are rankings."))
    return to_data(method, election, method.count(election))


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
