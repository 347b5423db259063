"""Large print: one question a screen, the wrong one first; as a whole where no script runs. And reading aloud."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.kernel import clock
from tests.browser.visitors import Visitor, zh
from tests.builders import World, at
from tests.review.scenes import OPENING, opened

pytestmark = pytest.mark.browser

COMMENT = "/c/mochou/forum/2026-1/comment"


def shown(visitor: Visitor) -> list[str]:
    """The names of the fields that can be seen."""
    fields = visitor.page.locator("main form .field").filter(visible=True)
    return [field.locator("[name]").first.get_attribute("name") or "" for field in fields.all()]


def commenting(visitor: Visitor, *, large: bool) -> Visitor:
    visitor.sign_in("mochou-r01")
    if large:
        visitor.click("button[name=large]")
    return visitor.open(COMMENT)


def test_in_large_print_a_form_asks_one_question_a_screen(world: World, new_visitor: Callable[..., Visitor]) -> None:
    opened(world, when=OPENING)
    with clock.frozen(at("2026-03-28T10:00")):
        resident = commenting(new_visitor("a resident", width=360, height=740), large=True)
        on = resident.page.locator(".one-on")
        assert shown(resident) == ["stance"]
        resident.reads("Question %(n)s of %(all)s", n=1, all=3)
        assert not resident.may_press("Hand in the comment")
        resident.page.locator('[name="stance"][value="support"]').check()
        on.click()
        on.click()
        assert shown(resident) == ["text"]
        # What the server finds wrong comes back at its own question, not at the first.
        resident.page.locator("main form textarea").fill("  ")
        resident.press("Hand in the comment", status=422)
        assert shown(resident) == ["text"]
        resident.page.locator(".one-back").click()
        resident.page.locator(".one-back").click()
        assert resident.page.locator('[name="stance"][value="support"]').is_checked()
        resident.fill(text="同意。").press("Hand in the comment").sees("C-01", "同意。")


def test_in_normal_print_and_without_scripts_the_form_stands_as_a_whole(
    world: World, new_visitor: Callable[..., Visitor]
) -> None:
    opened(world, when=OPENING)
    with clock.frozen(at("2026-03-28T10:00")):
        for visitor in (
            commenting(new_visitor("in normal print", width=360), large=False),
            commenting(new_visitor("without scripts", width=360, scripts=False), large=True),
        ):
            assert shown(visitor) == ["stance", "paragraph", "text"], visitor.name
            assert visitor.may_press("Hand in the comment"), visitor.name


def test_a_page_is_read_aloud_and_stops_when_told(world: World, new_visitor: Callable[..., Visitor]) -> None:
    visitor = new_visitor("a listener", width=360)
    visitor.page.add_init_script("""
        window.heard = [];
        window.speechSynthesis.speak = function (said) { window.heard.push([said.lang, said.text]); };
        window.speechSynthesis.cancel = function () { window.heard.push("cancel"); };
    """)
    visitor.open("/c/mochou/")
    aloud = visitor.page.locator(".aloud")
    assert aloud.inner_text() == zh("Read aloud")
    aloud.click()
    heard = visitor.page.evaluate("window.heard")
    assert ["zh-CN", zh("What we are deliberating")] in heard
    assert aloud.inner_text() == zh("Stop reading")
    aloud.click()
    assert visitor.page.evaluate("window.heard")[-1] == "cancel"
    assert aloud.inner_text() == zh("Read aloud")


def test_another_print_size_or_language_keeps_what_was_typed(world: World, new_visitor: Callable[..., Visitor]) -> None:
    opened(world, when=OPENING)
    with clock.frozen(at("2026-03-28T10:00")):
        resident = commenting(new_visitor("a resident", width=360, height=740), large=False)
        resident.fill(stance="oppose", text="写到一半的话")
        resident.click("button[name=large]")
        chosen = resident.page.locator('[name="stance"][value="oppose"]')
        assert chosen.is_checked()
        assert resident.page.locator("main form textarea").input_value() == "写到一半的话"
        # On a page that came back with an error, too; and it stays on that page.
        resident.fill(text="").press("Hand in the comment", status=422)
        resident.fill(text="又写了一遍")
        resident.click("button[name=large]")
        assert resident.path == COMMENT
        assert resident.page.locator("main form textarea").input_value() == "又写了一遍"
        resident.press("Hand in the comment").sees("又写了一遍")


def test_an_unanswered_question_is_asked_again_before_the_next(world: World, new_visitor: Callable[..., Visitor]) -> None:
    opened(world, when=OPENING)
    with clock.frozen(at("2026-03-28T10:00")):
        resident = commenting(new_visitor("a resident", width=360, height=740), large=True)
        resident.page.locator(".one-on").click()
        assert shown(resident) == ["stance"]
        resident.fill(stance="support")
        resident.page.locator(".one-on").click()
        assert shown(resident) == ["paragraph"]
