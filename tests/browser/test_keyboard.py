"""By keyboard alone: everything that can be pressed is reached, seen when it is reached, and a fault leads to its field."""

from __future__ import annotations

import pytest

from tests.browser.pages import Walk
from tests.browser.test_access import examine

pytestmark = [pytest.mark.browser, pytest.mark.once]

HOME = "/c/mochou"
# A page of each build: lists, a form with text, one with choices, tables, one-press acts.
SAMPLE = (
    ("", "/login"), ("", f"{HOME}/"), ("", f"{HOME}/agenda/2026-9"), ("", f"{HOME}/log/"), ("R01", f"{HOME}/appeals/new"),
    ("R01", f"{HOME}/forum/2026-9/comment"), ("Z01", f"{HOME}/meetings/11"), ("S01", f"{HOME}/meetings/new"),
    ("S01", f"{HOME}/appeals"),
)  # fmt: skip
FORMS = (
    ("", "/login"), ("R01", f"{HOME}/appeals/new"), ("R01", f"{HOME}/forum/2026-9/comment"), ("S01", f"{HOME}/meetings/new"),
    ("S01", f"{HOME}/agenda/new"), ("V01", f"{HOME}/appeals/take-down"),
)  # fmt: skip
# Every element that the Tab key must reach; of a group of radio buttons the key reaches one.
EXPECTED = """() => {
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter(e => {
        if (e.disabled || !e.checkVisibility({visibilityProperty: true})) return false;
        if (e.type !== "radio") return true;
        return !groups.has(e.name) && groups.add(e.name);
    }).length;
}"""
# What is focused and whether that is to be seen: an outline of two pixels at least, on itself or on the words of a choice.
FOCUSED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const outlines = [e, ...(e.labels || [])].map(one => getComputedStyle(one));
    e.dataset.met = e.dataset.met ? "again" : "once";
    return {what: e.outerHTML.slice(0, 90), met: e.dataset.met,
            seen: outlines.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)};
}"""
# Fields in error, and whether the sentence that says why is tied to them and to be seen.
TIED = """() => [...document.querySelectorAll("main [aria-invalid]")].map(e => {
    const ids = [e, e.closest("fieldset")].flatMap(one => (one?.getAttribute("aria-describedby") || "").split(" ")).filter(Boolean);
    const sentences = ids.map(id => document.getElementById(id));
    return {field: e.name, tied: sentences.length > 0 && sentences.every(one => one),
            said: sentences.some(one => one?.matches(".field-error") && one.textContent.trim().length > 3)};
})"""
LED_TO = """() => [...document.querySelectorAll("#errors a")].map(
    link => document.getElementById(link.hash.slice(1))?.matches("input, select, textarea"))"""
MOTION = """() => [...document.querySelectorAll("*")].filter(e => ["", "::before", "::after"].some(pseudo => {
    const style = getComputedStyle(e, pseudo || undefined);
    return /[1-9]/.test(style.transitionDuration) || (style.animationName !== "none" && /[1-9]/.test(style.animationDuration));
})).map(e => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("account", "url"), SAMPLE, ids=lambda one: one.strip("/").replace("/", "-") or "visitor")
def test_the_tab_key_reaches_everything_and_shows_where_it_is(walk: Walk, account: str, url: str) -> None:
    page = walk.open(account, url)
    expected = page.evaluate(EXPECTED)
    reached = []
    # A field for day and hour takes the key several times before it lets go.
    for _ in range(expected + 12):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        reached += [focused] if focused["met"] == "once" else []
    assert [one["what"] for one in reached if not one["seen"]] == []
    assert len(reached) == expected > 10


@pytest.mark.parametrize(("account", "url"), FORMS, ids=lambda one: one.strip("/").replace("/", "-") or "visitor")
def test_a_form_sent_empty_leads_to_each_field_and_says_what_is_wrong(walk: Walk, account: str, url: str) -> None:
    page = walk.open(account, url)
    # The server's own words, not the browser's.
    page.evaluate("() => document.querySelectorAll('main form').forEach(form => { form.noValidate = true; })")
    with page.expect_navigation():
        page.locator("main form .actions button[type=submit], main form button.primary").first.click()
    fields = page.evaluate(TIED)
    assert fields, "an empty form was taken"
    assert [one for one in fields if not (one["tied"] and one["said"])] == []
    assert page.evaluate("() => document.activeElement.id") == "errors", "the reader is taken to the list of faults"
    assert page.evaluate(LED_TO) and all(page.evaluate(LED_TO)), "each fault of the list leads to its field"
    assert examine(page) == []


def test_nothing_moves_for_those_who_asked_for_that(walk: Walk) -> None:
    for account, url in SAMPLE:
        page = walk.open(account, url)
        assert page.evaluate(MOTION) == [], url
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOTION) != [], "without that wish something fades, so the test can see it"
