"""Nothing needs JavaScript: a resident joins and comments in a browser that runs none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.kernel import clock
from tests.browser.visitors import Visitor
from tests.builders import PASSWORD, World, at
from tests.review.scenes import OPENING, opened

pytestmark = pytest.mark.browser


def test_a_resident_joins_and_comments_without_scripts(world: World, new_visitor: Callable[..., Visitor]) -> None:
    opened(world, when=OPENING)
    with clock.frozen(at("2026-03-28T10:00")):
        resident = new_visitor("a resident without scripts", width=390, height=844, scripts=False)
        resident.open("/c/mochou/forum/2026-1").press("Write a comment").press("Open a light account").look("join")
        resident.fill(name="三幢老王", password=PASSWORD).press("Open the account")
        assert resident.path == "/c/mochou/forum/2026-1/comment"
        resident.fill(stance="support", text="同意留菊花脑，春天还能看。").press("Hand in the comment")
        resident.sees("C-01", "同意留菊花脑，春天还能看。").reads("Your comment")
        everybody = new_visitor("a passer-by")
        everybody.open("/c/mochou/forum/2026-1").sees("同意留菊花脑，春天还能看。").misses("三幢老王")
