"""AT12: a tie fails under every preset."""

from __future__ import annotations

import pytest

from deliberation.councils import rules
from deliberation.voting.states import Choice
from tests.acceptance.polls import decided, preset_rule
from tests.builders import World


@pytest.mark.parametrize("preset", sorted(rules.presets()))
def test_at12_eight_to_eight_with_one_abstaining_is_rejected(world: World, preset: str) -> None:
    votes = [(Choice.FOR, 8), (Choice.AGAINST, 8), (Choice.ABSTAIN, 1)]
    row = decided(world, preset_rule(preset), votes, entitled=21)
    assert (row.votes_for, row.votes_against, row.votes_abstain, row.outcome) == (8, 8, 1, "rejected")
