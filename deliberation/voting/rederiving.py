"""Counting every vote again from its ballots and its frozen rule, to compare with what was kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from sqlalchemy import Table, select

from deliberation.audit.replaying import Difference
from deliberation.extensions import db
from deliberation.kernel.errors import DomainError
from deliberation.voting import tallying
from deliberation.voting.models import Poll, PollResult, VerdictRow
from deliberation.voting.states import PollState


def differences() -> Iterator[Difference]:
    """Every counted vote whose kept outcome does not follow from its ballots, and every one without an outcome."""
    for poll in db.session.scalars(select(Poll).where(Poll.state == PollState.COUNTED).order_by(Poll.id)):
        kept = poll.verdict or poll.result
        if kept is None:
            yield Difference("poll", (poll.id,), "state", "it was counted, and nothing came out")
        else:
            yield from _compare(kept, poll)


def _again(poll: Poll, kept: VerdictRow | PollResult) -> list[VerdictRow | PollResult]:
    """What may have come out: a lot that was noted breaks the tie only once it is confirmed."""
    void = kept.void if isinstance(kept, VerdictRow) else json.loads(kept.result).get("void")
    seeds = [None, poll.lot_seed] if poll.lot_seed else [None]
    with db.session.no_autoflush:
        return [tallying.what_comes_out(poll, void=void, seed=seed) for seed in seeds]


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
