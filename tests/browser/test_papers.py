"""The papers' desk at a browser: papers typed in by keyboard alone, and printed ballots in large type, two on a sheet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.voting.kinds import Kind
from deliberation.voting.services import Question
from tests.browser.test_access import examine
from tests.browser.test_at27_card_and_phone import fits
from tests.browser.test_secret_vote import signed_in
from tests.browser.visitors import Visitor
from tests.builders import World
from tests.voting.paper.scenes import Desk, desk

pytestmark = [pytest.mark.browser, pytest.mark.once]

MANY = Question("Which of these?", Kind.RATING, tuple(f"Place {n}" for n in range(1, 8)), scale="appraisal")
SMALLEST_TYPE = """() => Math.min(...[...document.querySelectorAll(".ballot-paper *")].filter(e => !e.matches(".sr") &&
    [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => parseFloat(getComputedStyle(e).fontSize)))"""
TOO_FULL = """() => [...document.querySelectorAll(".ballot-paper")].filter(e => e.scrollHeight > e.clientHeight + 1).length"""
CONTROLS = "() => [...document.querySelectorAll('main button, main .button, nav, .foot')].filter(e => e.checkVisibility()).length"
EIGHTEEN_POINT = 24
"""In pixels."""


def closed(world: World) -> Desk:
    made = desk(world, given=3)
    made.secret.close()
    made.begin("C01")
    return made


@pytest.mark.parametrize("width", [360, 1280])
def test_papers_are_typed_in_by_keyboard_alone(world: World, new_visitor: Callable[..., Visitor], width: int) -> None:
    made = closed(world)
    clerk = signed_in(new_visitor, "mochou-c01", width)
    fits(clerk.open(f"/c/mochou/papers/{made.poll.id}/enter"))
    page = clerk.page
    for number, serial in enumerate(made.serials[:3], 1):
        assert page.evaluate("document.activeElement.name") == "serial", "the next paper's number can be typed at once"
        page.keyboard.type(serial.lower())
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert serial[:3] in clerk.text
        assert page.evaluate("document.activeElement.name") == "serial", number
    clerk.open(f"/c/mochou/papers/{made.poll.id}/typed")
    assert clerk.main.locator(".typed-row").count() == 3


@pytest.mark.parametrize(("question", "sheets"), [(None, 2), (MANY, 3)], ids=["two_on_a_sheet", "one_on_a_sheet"])
def test_printed_papers_are_in_large_type_and_fit(
    world: World, new_visitor: Callable[..., Visitor], question: Question | None, sheets: int
) -> None:
    made = desk(world, question)
    clerk = signed_in(new_visitor, "mochou-c01", 1280)
    page = clerk.open(f"/c/mochou/papers/{made.poll.id}/print").page
    page.fill("#number", "3")
    fits(clerk.click("main form button[type=submit].primary"))
    assert page.locator(".ballot-paper").count() == 3
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == sheets
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    assert page.evaluate(SMALLEST_TYPE) >= EIGHTEEN_POINT
    assert page.evaluate(TOO_FULL) == 0 and page.evaluate(CONTROLS) == 0


def test_the_lists_are_printed_without_controls(world: World, new_visitor: Callable[..., Visitor]) -> None:
    made = desk(world)
    clerk = signed_in(new_visitor, "mochou-c01", 1280)
    for rest in ("roll", "count-sheet"):
        fits(clerk.open(f"/c/mochou/papers/{made.poll.id}/{rest}"))
        clerk.page.emulate_media(media="print")
        assert clerk.page.evaluate(CONTROLS) == 0
        clerk.page.emulate_media(media="screen")


def test_the_papers_desk_can_be_used_by_everybody(world: World, new_visitor: Callable[..., Visitor]) -> None:
    made = closed(world)
    clerk = signed_in(new_visitor, "mochou-c01", 360)
    clerk.page.emulate_media(reduced_motion="reduce")  # no colour is measured half way to another
    for rest in ("", "/roll", "/count-sheet", "/enter", "/typed", "/finish"):
        clerk.open(f"/c/mochou/papers/{made.poll.id}{rest}")
        assert examine(clerk.page) == [], rest
    opened = desk(world)
    for rest in ("", "/print", "/hand-out", "/exchange"):
        clerk.open(f"/c/mochou/papers/{opened.poll.id}{rest}")
        assert examine(clerk.page) == [], rest
