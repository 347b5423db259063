"""The wall of the room in a browser: it follows the session by itself, and says so when the connection is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.blueprints.kept import kept
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.motions.amend import Op
from tests.browser.visitors import Visitor, zh
from tests.builders import World, do
from tests.motions.debates import NOW, amendment, main, sitting_of

pytestmark = [pytest.mark.browser, pytest.mark.once]

SOONER = "const later = window.setTimeout; window.setTimeout = (act, wait) => later(act, Math.min(wait, 150));"
"""What waits three seconds waits a tenth of one."""


@pytest.mark.parametrize("width", [1280, 360])
def test_the_wall_follows_the_session_and_outlives_a_lost_connection(
    world: World, new_visitor: Callable[..., Visitor], width: int
) -> None:
    with clock.frozen(NOW):
        kept.clear()
        sitting = sitting_of(world)
        main(sitting)
        motion = amendment(sitting, Op.REPLACE, "p1", "One, by the end of May.")
        wall = new_visitor("wall", width=width, height=720)
        wall.context.add_init_script(SOONER)
        wall.open(f"/c/mochou/meetings/{sitting.meeting.id}/screen")
        lost = wall.page.locator(".screen-lost")
        assert wall.page.locator(".screen-count").count() == 0 and lost.is_hidden()
        do(lambda: votes.put(motion, actor=world["P01"]))
        wall.page.locator(".screen-count").wait_for(timeout=20_000)
        assert zh("%(voted)s of %(all)s have voted", voted=0, all=21) in wall.main.inner_text()
        # The cable is pulled: what was shown stays, and it says from when.
        wall.context.set_offline(True)
        lost.wait_for(state="visible", timeout=20_000)
        assert wall.page.locator(".screen-count").is_visible()
        wall.context.set_offline(False)
        lost.wait_for(state="hidden", timeout=20_000)
        # Far from the screen: nothing under 24 pixels, at any width.
        sizes = wall.page.eval_on_selector_all("main p", "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
        assert min(sizes) >= 24 and max(sizes) >= 35
    wall.complaints = [one for one in wall.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
