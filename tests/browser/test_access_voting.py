"""The pages of a vote, which stand only while it runs: held to the same as every other page."""

from __future__ import annotations

import pytest

from deliberation.kernel import clock
from tests.browser.pages import Walk
from tests.browser.test_access import examine
from tests.browser.visitors import Visitor
from tests.builders import at

pytestmark = [pytest.mark.browser, pytest.mark.once]

SITTING = "/c/mochou/meetings/11"
TITLE = "电梯广告屏能不能小点声"
EVERYBODY_HERE = "() => document.querySelectorAll('input[value=attending]').forEach(one => { one.checked = true; })"


def fine(visitor: Visitor) -> Visitor:
    assert examine(visitor.page) == [], visitor.path
    # The examination leaves large print on.
    visitor.page.evaluate("() => document.documentElement.classList.remove('large')")
    return visitor


def test_the_pages_of_a_vote_can_be_used_by_everybody(walk: Walk) -> None:
    member, clerk, chair = (Visitor(code, walk.page(code).context, walk.address) for code in ("Z02", "C01", "P01"))
    with clock.frozen(at("2026-12-21T14:35")):
        clerk.open(SITTING).press("Keep the roster").page.evaluate(EVERYBODY_HERE)
        clerk.press("Keep this roster")
        fine(chair.open(SITTING).press("Open the session").press("Call up: %(title)s", title=TITLE))
        fine(clerk.open(SITTING).press("Note a speech"))
        member.open(SITTING).press("Second %(label)s", label="A1")
        chair.open(SITTING).press("Put %(label)s to the vote", label="A1")
        fine(member.open(SITTING).press("Vote on %(label)s", label="A1"))
        fine(member.press("For"))
        fine(member.press("Vote for"))
        fine(clerk.open(SITTING).press("Take down the votes on %(label)s", label="A1"))
        clerk.fill(rest="for").press("Take these votes down")
        fine(chair.open(SITTING).press("Confirm the votes as read out"))
        fine(chair.press("Confirm as read out"))
        fine(chair.press("Close the vote and count"))
        question(chair, clerk, member)


def question(chair: Visitor, clerk: Visitor, member: Visitor) -> None:
    """A ranking asked, answered, entered for somebody, and told."""
    fine(chair.open(SITTING).press("Put a question"))
    fine(chair.press("Options in order of preference"))
    chair.fill(about="procedure:order", question="先修哪一处？", options="东门\n水管\n沙坑").press("Put the question")
    page = fine(chair).path
    fine(member.open(page).press("Vote on %(label)s", label="Q3"))
    fine(member.fill(n2="1", n1="2").press("Read my ballot back"))
    fine(member.press("Vote so"))
    fine(clerk.open(page).press("Enter a vote for a member who asked for it"))
    fine(chair.open(page).press("Close the vote and count"))
    fine(chair.press("Close the vote and count"))
    fine(chair.open(SITTING).press("Put a question").press("One option out of several"))
    chair.fill(about="procedure:order", question="几点开门？", options="八点\n九点").press("Put the question")
    page = chair.path
    member.open(page).press("Vote on %(label)s", label="Q4")
    member.follow("button[name=choice][value='2']").sees("九点").press("Vote so").sees("九点")
    chair.open(page).press("Cancel this vote").press("Cancel the vote")
