"""AT13: more than half, and half or more."""

from __future__ import annotations

import pytest

from deliberation.councils import rules
from deliberation.voting.states import Choice
from tests.acceptance.polls import decided, preset_rule
from tests.builders import World

MORE_THAN_HALF = {"quorum": None, "pass": {"fraction": "1/2", "inclusive": False, "base": "entitled"}}
AT_LEAST_HALF = {"quorum": None, "pass": {"fraction": "1/2", "inclusive": True, "base": "entitled"}}


@pytest.mark.parametrize(
    ("rule", "votes", "entitled", "outcome"),
    [
        (MORE_THAN_HALF, [(Choice.FOR, 11), (Choice.AGAINST, 8)], 21, "adopted"),
        (MORE_THAN_HALF, [(Choice.FOR, 10), (Choice.AGAINST, 8)], 20, "rejected"),
        (AT_LEAST_HALF, [(Choice.FOR, 10), (Choice.AGAINST, 9), (Choice.ABSTAIN, 1)], 20, "adopted"),
        (AT_LEAST_HALF, [(Choice.FOR, 10), (Choice.AGAINST, 10)], 20, "rejected"),
    ],
)
def test_at13_the_half_counts_only_where_the_rule_says_so(
    world: World, rule: dict[str, object], votes: list[tuple[Choice, int]], entitled: int, outcome: str
) -> None:
    assert decided(world, rule, votes, entitled=entitled).outcome == outcome


@pytest.mark.parametrize("preset", sorted(rules.presets()))
def test_at13_ten_to_ten_is_rejected_under_every_preset(world: World, preset: str) -> None:
    row = decided(world, preset_rule(preset), [(Choice.FOR, 10), (Choice.AGAINST, 10)], entitled=20)
    assert row.outcome == "rejected"
