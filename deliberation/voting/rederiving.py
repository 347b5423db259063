"""Counting every vote again from its ballots and its frozen rule, to compare with what was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from sqlalchemy import Table, select

from deliberation.audit.replaying import Difference
from deliberation.extensions import db
from deliberation.kernel.errors import DomainError
from deliberation.voting import results, tallying
from deliberation.voting.models import Poll, PollResult, VerdictRow
from deliberation.voting.states import PollState


def differences() -> Iterator[Difference]:
    """Every counted vote whose kept outcome does not follow from its ballots, and every one without an outcome."""
    for poll in db.session.scalars(select(Poll).where(Poll.state == PollState.COUNTED).order_by(Poll.id)):
        kept = poll.verdict or poll.result
        if (poll.sealed_result is None) != (poll.least_shown is None):
            yield Difference("sealed_result", (poll.id,), None, "it is kept of every rating by a list, and of nothing else")
        if kept is None:
            yield Difference("poll", (poll.id,), "state", "it was counted, and nothing came out")
        else:
            yield from _compare(kept, poll)


def _again(poll: Poll, kept: VerdictRow | PollResult) -> list[VerdictRow | PollResult]:
    """What may have come out: a lot that was noted breaks the tie only once it is confirmed."""
    void = kept.void if isinstance(kept, VerdictRow) else json.loads(kept.result).get("void")
    if poll.least_shown is not None:
        return _of_a_rating(poll, void)
    seeds = [None, poll.lot_seed] if poll.lot_seed else [None]
    with db.session.no_autoflush:
        return [tallying.what_comes_out(poll, void=void, seed=seed) for seed in seeds]


def _of_a_rating(poll: Poll, void: str | None) -> list[VerdictRow | PollResult]:
    """What may stand in the public result: the number of ballots alone; what is published of it; all of it, the last."""
    with db.session.no_autoflush:
        bare, unsplit, whole = (tallying.what_comes_out(poll, void=void) for _one in range(3))
    for row, less in ((bare, results.bare), (unsplit, results.unsplit)):
        assert isinstance(row, PollResult)
        row.result = results.dumps(less(json.loads(row.result)))
    return [bare, unsplit, whole]


def _compare(kept: VerdictRow | PollResult, poll: Poll) -> Iterator[Difference]:
    table = cast(Table, kept.__table__)
    try:
        again = _again(poll, kept)
    except (DomainError, ValueError, LookupError) as error:
        yield Difference(table.name, (poll.id,), None, f"it cannot be counted again: {error}")
        return
    columns = [column.key for column in table.columns if column.key != "decided_at"]
    wrong = [[name for name in columns if getattr(kept, name) != getattr(one, name)] for one in again]
    for name in min(wrong, key=len):
        problem = f"the table says {getattr(kept, name)!r}, counted again it is {getattr(again[0], name)!r}"
        yield Difference(table.name, (poll.id,), name, problem)
    sealed = poll.sealed_result
    if sealed is not None and sealed.result != getattr(again[-1], "result", None):
        yield Difference("sealed_result", (poll.id,), "result", "counted again it is another one")
