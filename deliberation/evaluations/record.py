"""What the minutes of an evaluation meeting hold of its rating rounds: which group rated what, and how many took part.

The minutes are frozen and public for ever. So grades stand here only where the results were published by then, and never where
a person is rated.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from deliberation.evaluations import queries
from deliberation.evaluations.groups import group_of
from deliberation.evaluations.models import Round, Subject
from deliberation.kernel.words import N_, Words
from deliberation.meetings.models import Meeting
from deliberation.meetings.record_parts import Line, Part, Sub
from deliberation.voting.kinds import scale_words


def of(meeting: Meeting) -> Part | None:
    """The rounds that the notice announced, in their order, also those whose vote was never put."""
    rounds = queries.rounds_of(meeting)
    if not rounds:
        return None
    return Part(Words(N_("Rating rounds")), [line for one in rounds for line in _round(one)])


def _round(round_: Round) -> list[Line]:
    group, found = group_of(round_.rater_group), queries.results(round_)
    took: Line = Words(N_("It was not counted.") if round_.poll is not None else N_("It was not put to the vote."))
    if found is not None:
        took = Words(N_("%(n)s of %(all)s on the list took part."), n=found.took_part, all=found.entitled)
    return [
        Sub(Words(N_("Round %(n)s: %(title)s"), n=round_.number, title=round_.title)),
        Words(N_("Who rated: %(who)s"), who=dict(group.names)),
        *(Words(N_("Rated: %(what)s"), what=_rated(one)) for one in round_.subjects),
        took,
        *(_grades(round_, found) if found is not None else []),
    ]


def _rated(one: Subject) -> Words | str:
    return Words(N_("a person (%(number)s)"), number=one.name) if one.person_id is not None else one.name


def _grades(round_: Round, found: queries.Results) -> list[Line]:
    if round_.published_at is None or any(one.person_id is not None for one in round_.subjects):
        return []
    if found.void:
        return [Words(N_("The vote is void."))]
    named = {one.position: one.name for one in round_.subjects}
    return [Words("%(who)s: %(reason)s", who=named[one.position], reason=_spread(round_, one.grades)) for one in found.spreads]


def _spread(round_: Round, grades: Sequence[int] | None) -> Words:
    """“Good 3, fair 1”, one grade after the other."""
    if grades is None:
        return Words(N_("too few ballots to show the grades"))
    pairs = [Words("%(word)s %(n)s", word=word, n=n) for word, n in zip(scale_words(round_.scale), grades, strict=True)]
    return reduce(lambda done, one: Words(N_("%(first)s, %(next)s"), first=done, next=one), pairs)
