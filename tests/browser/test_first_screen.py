"""A matter's page on a small telephone: the first screen says what it is, how far it is, who holds it and what to do next."""

from __future__ import annotations

import pytest

from tests.browser.pages import PHONE, Walk

pytestmark = [pytest.mark.browser, pytest.mark.once]

# Title, step, who holds it (or how it ended), the next act: from the top of the page to where each ends.
BOTTOMS = """() => Object.fromEntries(["h1", ".path-words strong", ".path-holder", ".now > p", ".now .button"].map(selector => {
    const found = document.querySelector("main " + selector);
    return [selector, found && found.textContent.trim() ? Math.round(found.getBoundingClientRect().bottom + scrollY) : null];
}))"""
MATTERS = """() => [...new Set(
    [...document.querySelectorAll('main a[href*="/agenda/20"]')].map(link => link.getAttribute("href"))
)]"""
IS_ON_ITS_WAY = "() => document.querySelector('.path-ended') === null"


@pytest.mark.parametrize("account", ["", "Z01", "S01"], ids=["visitor", "member", "secretary"])
def test_a_matter_tells_the_essential_without_scrolling(walk: Walk, account: str) -> None:
    matters = walk.open(account, "/c/mochou/").evaluate(MATTERS)
    assert len(matters) > 10
    below, without = [], []
    for url in matters:
        page = walk.open(account, url)
        bottoms = page.evaluate(BOTTOMS)
        below += [f"{url}: {what} ends at {end}" for what, end in bottoms.items() if end is not None and end > PHONE["height"]]
        needed = set(bottoms) if page.evaluate(IS_ON_ITS_WAY) else {"h1", ".path-words strong", ".now > p"}
        without += [f"{url}: {what}" for what in needed if bottoms[what] is None]
    assert below == []
    assert without == []


@pytest.mark.parametrize("account", ["", "Z01", "S01"], ids=["visitor", "member", "secretary"])
def test_in_large_print_it_tells_who_holds_it_and_the_next_act_is_the_second_thing(walk: Walk, account: str) -> None:
    below = []
    for url in walk.open(account, "/c/mochou/").evaluate(MATTERS):
        bottoms = walk.open(account, url, large=True).evaluate(BOTTOMS)
        most = {"h1": 640, ".path-words strong": 640, ".path-holder": 640, ".now .button": 800}
        below += [f"{url}: {what} ends at {bottoms[what]}" for what, end in most.items() if (bottoms[what] or 0) > end]
    assert below == []
