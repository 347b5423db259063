"""Breaking a tie: only by a rule that was declared before the count, never silently."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction

from deliberation.kernel.errors import Invalid
from deliberation.kernel.words import N_
from deliberation.voting.methods.election import Election, Result, Round, Tie, groups_of, is_text, top

BY_ORDER = "candidate order"
LOT = "lot"


def preference(election: Election, tied: Sequence[int]) -> list[int] | None:
    """The tied options in the order that the declared rule gives them, or None where no rule was declared.

    ``rules["tiebreak"]`` is ``"candidate order"`` or ``{"lot": "a public seed"}``: a lot sorts by SHA-256 of the seed, a
    zero byte and the option's name, so that anybody can draw it again.
    """
    rule = election.rules.get("tiebreak")
    if rule in (BY_ORDER, "useCandidateOrder"):
        return sorted(tied)
    if isinstance(rule, dict) and set(rule) == {LOT}:
        seed = rule[LOT]
        if not is_text(seed):
            raise Invalid(N_("A lot needs a public seed."))
        return sorted(tied, key=lambda one: hashlib.sha256(f"{seed}\0{election.options[one]}".encode()).digest())
    return None


def by_most(election: Election, tally: dict[int, Fraction], exhausted: int = 0) -> Result:
    """The result of one count in which the largest figures win."""
    certain, tie = top(tally, election.seats)
    chosen, ties = settle(election, tie)
    elected = certain + chosen if all(tie.chosen for tie in ties) else certain
    return Result(certain + chosen, [Round(tally, elected, exhausted=Fraction(exhausted))], ties, order=groups_of(tally))


def settle(election: Election, tie: Tie | None) -> tuple[list[int], list[Tie]]:
    """Who of the tied goes on: those whom the declared rule chooses, or all of them where none was declared."""
    if tie is None:
        return [], []
    order = preference(election, tie.options)
    if order is None:
        return list(tie.options), [tie]
    chosen = order[: tie.places]
    return chosen, [Tie(tie.options, tie.places, tuple(chosen))]
