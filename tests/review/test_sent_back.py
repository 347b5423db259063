"""What goes back from the forum has to be voted on again."""

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from tests.builders import at, do
from tests.review.scenes import adopt, at_the_forum, opened


def test_what_went_back_needs_a_new_vote_even_if_not_a_letter_changed(world):
    matter = at_the_forum(world)
    opened(world, matter)
    with clock.frozen(at("2026-04-08T09:00")):
        do(lambda: agenda.hand_over(matter, Act.REOPEN, note="A serious objection.", actor=world["S01"]))
        with pytest.raises(Refused, match="needs a vote first") as refusal:
            do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["S01"]))
        assert refusal.value.code == "missing_adoption"
        adopt(world, matter)
        do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["S01"]))
    assert matter.state == "in_review"
