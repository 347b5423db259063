"""A member of 68 on a phone in large print votes in secret in at most three taps, and then sees the receipt; the sheets of the
key stand on a page of their own each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from deliberation.kernel import clock
from deliberation.meetings import questions, secret_votes
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.services import Question
from tests.browser.test_access import examine
from tests.browser.test_at27_card_and_phone import Taps, fits, printed
from tests.browser.visitors import Visitor
from tests.builders import World, do
from tests.motions.debates import NOW, sitting_of

pytestmark = [pytest.mark.browser, pytest.mark.once]

COLOUR = Question("Which colour?", Kind.SINGLE, ("Green", "Blue", "Red"), method="plurality")


def asked(world: World) -> Poll:
    meeting = sitting_of(world).meeting
    return do(lambda: questions.ask(meeting, COLOUR, about=f"item:{meeting.items[0].id}", mode="secret", actor=world["P01"]))


def is_open(world: World) -> Poll:
    poll, chair = asked(world), world["P01"]
    pairs = do(lambda: secret_votes.make_key(poll, [world[code] for code in ("M01", "M02", "M03")], 2, actor=chair))
    for _held, sheet in pairs[:2]:
        do(lambda sheet=sheet: secret_votes.read_back(poll, " ".join(sheet.digits), actor=chair))
    do(lambda: secret_votes.open_(poll, actor=chair))
    return poll


def signed_in(new_visitor: Callable[..., Visitor], login: str, width: int) -> Visitor:
    visitor = new_visitor(login, width=width, height=740)
    visitor.open(f"/card/{printed(login)}")
    visitor.press("Yes, and this device is my own")
    return visitor


@pytest.mark.parametrize("scripts", [True, False])
def test_three_taps_and_then_the_receipt(world: World, new_visitor: Callable[..., Visitor], scripts: bool) -> None:
    with clock.frozen(NOW):
        is_open(world)
        member = new_visitor("a member of 68", width=360, height=740, scripts=scripts)
        member.open(f"/card/{printed('mochou-m05')}")
        member.press("Yes, and this device is my own")
        assert "large" in (member.page.locator("html").get_attribute("class") or "")
        fits(member.open("/"))
        taps = Taps(member)
        taps.press("Vote on %(label)s", label="Q1")
        taps.count += 1
        member.click(member.page.get_by_role("button", name="Blue"))
        fits(member)
        member.reads("In the box, nobody can change it any more, you neither.")
        taps.press("Into the box")
        assert taps.count <= 3
        member.reads("Your receipt")
        assert re.search(r"[0-9A-F]{4} [0-9A-F]{4} [0-9A-F]{4} [0-9A-F]{4}", member.text)


def test_every_sheet_of_the_key_has_a_page_of_its_own(world: World, new_visitor: Callable[..., Visitor]) -> None:
    with clock.frozen(NOW):
        poll = asked(world)
        chair = signed_in(new_visitor, "mochou-p01", 1280)
        fits(chair.open(f"/c/mochou/secret/{poll.id}/keepers"))
        page = chair.page
        for code in ("M01", "M02", "M03"):
            page.check(f'input[name=scrutineers][value="{world[code].id}"]')
        for _ in range(2):
            page.click(".one-on")
        page.check("#suits")
        chair.click("main form button[type=submit].primary")
        chair.reads("Print this page now")
        fits(chair)
        pages = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
        assert pages == page.locator(".key-sheet").count() == 3


def test_every_page_of_the_ceremony_can_be_used_by_everybody(world: World, new_visitor: Callable[..., Visitor]) -> None:
    with clock.frozen(NOW):
        poll = asked(world)
        chair, member = signed_in(new_visitor, "mochou-p01", 360), signed_in(new_visitor, "mochou-m05", 360)
        url = f"/c/mochou/secret/{poll.id}"
        fine(chair.open(url))
        fine(chair.open(f"{url}/keepers"))
        pairs = do(lambda: secret_votes.make_key(poll, [world[code] for code in ("M01", "M02", "M03")], 2, actor=world["P01"]))
        sheets = [" ".join(sheet.digits) for _held, sheet in pairs]
        for sheet in sheets[:2]:
            do(lambda sheet=sheet: secret_votes.read_back(poll, sheet, actor=world["P01"]))
        fine(chair.open(f"{url}/read-back"))
        do(lambda: secret_votes.open_(poll, actor=world["P01"]))
        fine(member.open(f"{url}/vote"))
        member.click(member.page.get_by_role("button", name="Blue"))
        fine(member)
        member.press("Into the box")
        fine(member)
        fine(chair.open(f"{url}/close"))
        chair.press("Close the vote")
        fine(chair.open(f"{url}/count"))
        do(lambda: secret_votes.count(poll, sheets[1:], publish=True, actor=world["P01"]))
        for page in ("", "/sealed", "/ballots"):
            fine(member.open(url + page))


def fine(visitor: Visitor) -> None:
    visitor.page.emulate_media(reduced_motion="reduce")
    assert examine(visitor.page) == [], visitor.path
    visitor.page.evaluate("() => document.documentElement.classList.add('large')")
