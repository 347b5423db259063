"""AT26: a resolution on paper. The layout is DOMAIN's, after GB/T 9704-2012: A4, top 37 mm, left 28 mm, a block of
156 × 225 mm with 22 lines of 28 characters; number, title and date in their places; and no colour is needed to read it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.blueprints.test_style import contrast
from tests.browser.pages import INKS, Walk

pytestmark = [pytest.mark.browser, pytest.mark.once]

MM = 96 / 25.4
PT = 96 / 72
BLOCK = 156 * MM
LAYOUT = """() => {
    const place = (e) => {
        const range = document.createRange(), style = getComputedStyle(e);
        range.selectNodeContents(e);
        const {left, right, top, bottom} = range.getBoundingClientRect();
        const [size, leading] = [style.fontSize, style.lineHeight].map(parseFloat);
        const [text, weight, font] = [e.textContent.trim(), style.fontWeight, style.fontFamily];
        return {text, left, right, top, bottom, size, leading, weight, font};
    };
    const one = (selector) => place(document.querySelector(".document " + selector));
    const block = document.querySelector(".document").getBoundingClientRect();
    return {left: block.left, right: block.right, number: one(".docnumber"), title: one("h1"), date: one(".signed time"),
            points: [...document.querySelector(".document .body").children].map(place)};
}"""
PAGE_RULES = """() => [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .filter(rule => rule instanceof CSSMediaRule && rule.conditionText === "print").flatMap(rule => [...rule.cssRules])
    .filter(rule => rule instanceof CSSPageRule).map(rule => [rule.selectorText, rule.style.size, rule.style.margin])"""
SEEN = """() => [...document.querySelectorAll("header, nav, footer, button, input, .button, .tools, .crumbs")]
    .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture
def paper(walk: Walk) -> Page:
    """A resolution of the demonstration as it goes to the printer: the width of the screen is the width of the block."""
    page = walk.open("", "/c/mochou/decisions/")
    with page.expect_navigation():
        page.locator("main a[href*='/decisions/20']").first.click()
    page.set_viewport_size({"width": round(BLOCK), "height": 851})
    page.emulate_media(media="print")
    return page


def near(one: float, other: float, within: float = 2) -> bool:
    return abs(one - other) <= within


def test_the_sheet_is_laid_out_as_a_document_of_office(paper: Page) -> None:
    assert ["document", "a4", "37mm 26mm 35mm 28mm"] in [[a, b.lower(), c] for a, b, c in paper.evaluate(PAGE_RULES)]
    assert paper.evaluate("() => getComputedStyle(document.querySelector('.document')).page") == "document"
    found: dict[str, Any] = paper.evaluate(LAYOUT)
    assert near(found["right"] - found["left"], BLOCK)
    for point in found["points"]:
        assert int(BLOCK / point["size"]) == 28, "28 characters a line"
        assert int(225 * MM / point["leading"] + 0.01) == 22, "22 lines a page"
        assert near(point["size"], 16 * PT, 0.5), "size 3"
        assert "FangSong" in point["font"]


def test_number_title_points_and_date_stand_where_they_belong(paper: Page) -> None:
    found: dict[str, Any] = paper.evaluate(LAYOUT)
    number, title, date, points = found["number"], found["title"], found["date"], found["points"]
    middle = (found["left"] + found["right"]) / 2
    assert re.fullmatch(r"[^第〔]+〔20\d\d〕[1-9]\d*号", number["text"])
    assert near((title["left"] + title["right"]) / 2, middle) and near((number["left"] + number["right"]) / 2, middle)
    assert near(title["size"], 22 * PT, 0.5) and title["weight"] == "700"
    assert number["bottom"] <= title["top"] and title["bottom"] <= points[0]["top"]
    assert [point["text"].split(".")[0] for point in points] == [str(n + 1) for n in range(len(points))]
    assert re.fullmatch(r"20\d\d年[1-9]\d?月[1-9]\d?日", date["text"])
    assert near(found["right"] - date["right"], 4 * points[0]["size"], 4), "four characters from the right"
    assert date["top"] >= points[-1]["bottom"]


def test_nothing_of_the_menu_is_printed(paper: Page) -> None:
    assert paper.evaluate(SEEN) == []
    paper.emulate_media(media="screen")
    assert paper.evaluate(SEEN) != [], "on the screen there is a menu, so the test can see one"


def test_it_fills_its_sheets_from_the_first_on(paper: Page) -> None:
    sheets = paper.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
    assert sheets == 1, "four points, their effect, the votes and the signature stand on one sheet"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_it_is_black_on_white_whatever_the_screen_was(paper: Page, scheme: Any, large: bool) -> None:
    paper.emulate_media(media="print", color_scheme=scheme)
    paper.evaluate("on => document.documentElement.classList.toggle('large', on)", large)
    inks = paper.evaluate(INKS)
    assert {ground for _, ground in inks["texts"]} == {"#ffffff"}, "white paper"
    for ink in [text for text, _ in inks["texts"]] + inks["edges"]:
        assert ink[1:3] == ink[3:5] == ink[5:7], f"{ink} is a colour, and a printer without colours loses it"
    assert all(contrast(*pair) >= 7 for pair in inks["texts"]), inks
    assert near(paper.evaluate(LAYOUT)["title"]["size"], 22 * PT, 0.5), "the size on paper does not follow the screen's"
