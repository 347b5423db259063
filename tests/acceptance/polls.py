"""A poll on its own, with any number of people and any preset's rule: for the fixtures of AT12 and AT13."""

from __future__ import annotations

import json
from collections.abc import Sequence

from deliberation.councils import rules
from deliberation.voting import casting, tallying
from deliberation.voting import services as voting
from deliberation.voting.models import VerdictRow
from deliberation.voting.services import Voter
from deliberation.voting.states import Choice
from tests.builders import World, do


def decided(world: World, rule: dict[str, object], votes: Sequence[tuple[Choice, int]], *, entitled: int) -> VerdictRow:
    """Open a poll among the first ``entitled`` members, all who vote being present, and count it."""
    everybody = [person for code, person in sorted(world.people.items()) if code[0] in "MPS"][:entitled]
    choices = [choice for choice, count in votes for _ in range(count)]
    present = everybody[: max(len(choices), 17)]
    poll = do(lambda: voting.prepare(world.council, label="T1", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    voters = [Voter(person.id, person in present) for person in everybody]
    do(lambda: voting.open_poll(poll, voters, rule, 1, actor=world["P01"]))
    marked = {person.id: choice for person, choice in zip(present, choices, strict=False)}
    do(lambda: casting.take_down(poll, marked, actor=world["C01"]))
    do(lambda: casting.confirm(poll, actor=world["P01"]))
    do(lambda: voting.close(poll, actor=world["P01"]))
    return do(lambda: tallying.count(poll, actor=world["P01"]))


def preset_rule(name: str) -> dict[str, object]:
    return rules.Rules(json.loads(rules.preset(name))).poll_rule()
