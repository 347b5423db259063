"""Every page that anybody may read can be printed: the content and the five stones, in black on white, without controls."""

from __future__ import annotations

import pytest

from tests.blueprints.test_style import contrast
from tests.browser.pages import INKS, Walk

pytestmark = [pytest.mark.browser, pytest.mark.once]

CONTROLS = """() => [...document.querySelectorAll("nav, .tools, .foot, main button, main .button, .skip, .actions")]
    .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 100))"""
STONES = "() => [...document.querySelectorAll('main .path, main .dots')].filter(e => e.checkVisibility()).length"


def test_every_public_page_has_a_print_style(walk: Walk) -> None:
    wrong: list[str] = []
    pages = with_stones = 0
    for stop in walk.stops(("",)):
        page = walk.open("", stop.url)
        on_screen = page.evaluate(STONES)
        page.emulate_media(media="print", color_scheme="dark")
        pages += 1
        with_stones += on_screen > 0
        wrong += [f"{stop}: {control}" for control in page.evaluate(CONTROLS)]
        if page.evaluate(STONES) != on_screen:
            wrong.append(f"{stop}: the stones are gone")
        for ink, ground in page.evaluate(INKS)["texts"]:
            if ground not in ("#ffffff", "#000000") or contrast(ink, ground) < 7:
                wrong.append(f"{stop}: {ink} on {ground}")
        page.emulate_media(media="screen", color_scheme="light")
    assert wrong == []
    assert pages > 15 and with_stones > 3


def test_the_paper_form_for_a_comment_is_one_sheet(walk: Walk) -> None:
    page = walk.open("", "/c/mochou/forum/2026-9/paper")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_notice_of_the_week_is_one_sheet(walk: Walk) -> None:
    page = walk.open("", "/c/mochou/log/notice")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_square_of_a_document_is_on_paper_alone(walk: Walk) -> None:
    page = walk.open("", "/c/mochou/decisions/2026/1")
    seen = "() => document.querySelector('.proof-mark .qr').checkVisibility()"
    on_screen = page.evaluate(seen)
    page.emulate_media(media="print")
    on_paper = page.evaluate(seen), page.evaluate("() => document.querySelector('.proof-mark .qr').getBoundingClientRect().width")
    page.emulate_media(media="screen")
    assert (on_screen, on_paper[0]) == (False, True)
    assert on_paper[1] > 20 * 96 / 25.4, "20 mm at least"
