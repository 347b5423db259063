"""Every page of the demonstration can be used by everybody: axe finds nothing, print and targets are large enough.

One walk, each kind of page loaded once (tests/browser/pages.py) at 360 px. Large print and dark are then switched in
place: the class on <html> is all that the server changes for large print, and dark mode changes nothing but colours
(tests/blueprints/test_style.py says so of both), so there only the two rules about contrast are asked again. In large
print, where everything shown is what was shown before, only the rules that ask about sizes can answer otherwise. Forms
that the script asks question by question in large print are loaded once more, as that reader meets them. The pages are the
same on both databases: the tests are marked ``once``.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.pages import PHONE, SMALLEST_PHONE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.once]

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# 4.5:1 and, where that holds, 7:1: each rule is silent about what the other finds. In large print the colours are the
# same, on larger letters.
CONTRAST = ["color-contrast", "color-contrast-enhanced"]
ALL_RULES = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"color-contrast-enhanced": {"enabled": True}}}
ALL_BUT_COLOURS = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"color-contrast": {"enabled": False}}}
SIZES = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "link-in-text-block"]}}
COLOURS = {"runOnly": {"type": "rule", "values": CONTRAST}}
RUN = """options => axe.run(document, {...options, resultTypes: ["violations"]}).then(found => found.violations.map(
    one => one.id + ": " + one.help + " " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")
))"""
IS_ASKED_ONE_BY_ONE = "() => document.querySelectorAll('main form[method=post] > .field').length > 1"
NORMAL, LARGE = {"target": 48, "smallest": 16}, {"target": 60, "smallest": 20}
SHOWN = "() => [...document.body.querySelectorAll('*')].map(e => +e.checkVisibility({visibilityProperty: true})).join('')"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def axe(page: Page, options: dict[str, object]) -> list[str]:
    """What axe finds; its text runs outside the page's policy, the page's own scripts stay bound by it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    return [f"axe {one}" for one in page.evaluate(RUN, options)]


def widths(page: Page) -> list[str]:
    """At the two sizes of small telephones; leaves the page at 360 px."""
    wrong = []
    for size in (SMALLEST_PHONE, PHONE):
        page.set_viewport_size(size)
        if page.evaluate(TOO_WIDE) > 0:
            wrong.append(f"{page.evaluate(TOO_WIDE)} px too wide at {size['width']} px")
    return wrong


def examine(page: Page) -> list[str]:
    """Everything that is wrong with the open page, in the three modes."""
    normal = axe(page, ALL_RULES) + page.evaluate(MEASURE, NORMAL) + widths(page)
    shown = page.evaluate(SHOWN)
    page.emulate_media(color_scheme="dark")
    dark = axe(page, COLOURS)
    page.emulate_media(color_scheme="light")
    page.evaluate("() => document.documentElement.classList.add('large')")
    rules = SIZES if page.evaluate(SHOWN) == shown else ALL_BUT_COLOURS
    large = axe(page, rules) + page.evaluate(MEASURE, LARGE) + widths(page)
    modes = {"normal": normal, "dark": dark, "large": large}
    return [f"{mode}: {fault}" for mode, faults in modes.items() for fault in faults]


def examine_question(page: Page) -> list[str]:
    return [f"one question: {fault}" for fault in axe(page, ALL_BUT_COLOURS) + page.evaluate(MEASURE, LARGE) + widths(page)]


def test_every_page_can_be_used_by_everybody(walk: Walk) -> None:
    seen = 0
    for stop in walk.stops():
        seen += 1
        page = walk.open(stop.account, stop.url)
        found = examine(page)
        if page.evaluate(IS_ASKED_ONE_BY_ONE):
            found += examine_question(walk.open(stop.account, stop.url, large=True))
        walk.faults += [f"{stop}, {fault}" for fault in found]
    assert walk.faults == [], "\n".join(walk.faults)
    assert seen > 60, "the walk met too few kinds of pages"


FAULTS = {
    "print of 12 px": "heading.style.fontSize = '12px'",
    "color-contrast:": "heading.style.color = '#aaaaaa'",
    "color-contrast-enhanced:": "heading.style.color = '#666666'; heading.style.fontSize = '18px'",
    "dark: axe color-contrast:": "heading.style.color = '#1e2420'",
    "a picture without words": "main.append(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))",
    "axe image-alt": "main.append(new Image(60, 60))",
    "axe label": "main.append(document.createElement('input'))",
    "px too wide at 320 px": "heading.style.width = '340px'",
    "a target": "main.querySelector('.button').style.minHeight = 0",
}


def test_the_walk_would_find_each_of_these_faults(walk: Walk) -> None:
    for fault, plant in FAULTS.items():
        page = walk.open("", "/c/mochou/appeals")
        page.evaluate(f"() => {{ const main = document.querySelector('main'), heading = main.querySelector('h1'); {plant}; }}")
        assert [one for one in examine(page) if fault in one] != [], fault
