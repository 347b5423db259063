"""AT27: a member of 68 on a phone in large print comes in by a printed card in at most three steps, is remembered, and
votes in at most three taps; nothing scrolls sideways at 320 px, with the text at twice its size as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.people import cards
from deliberation.people import services as people
from tests.browser.visitors import Visitor
from tests.builders import World, do
from tests.motions.debates import NOW, main, sitting_of

pytestmark = pytest.mark.browser

KEY = cards.key_from("test")
NARROW = 320
TOO_WIDE = """(times) => {
    const html = document.documentElement, before = html.style.fontSize;
    html.style.fontSize = parseFloat(getComputedStyle(html).fontSize) * times + 'px';
    const over = html.scrollWidth - html.clientWidth;
    html.style.fontSize = before;
    return over;
}"""


def fits(visitor: Visitor) -> Visitor:
    """Nothing scrolls sideways on the narrowest phone, with the text as it is and at twice its size."""
    size = visitor.page.viewport_size
    assert size is not None
    visitor.page.set_viewport_size({"width": NARROW, "height": 640})
    for times in (1, 2):
        assert visitor.page.evaluate(TOO_WIDE, times) <= 0, f"{visitor.path} is too wide for {NARROW} px at {times * 100} %"
    visitor.page.set_viewport_size(size)
    return visitor


class Taps:
    """Counts what a person does: scanning, typing a field, pressing."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.count = visitor, 0

    def press(self, words: str, **values: object) -> Visitor:
        self.count += 1
        return fits(self.visitor.press(words, **values))


def printed(login: str) -> str:
    return do(lambda: cards.issue(people.account_named(login), key=KEY)).code


def vote_is_open(world: World) -> None:
    motion = main(sitting_of(world))
    do(lambda: votes.put(motion, actor=world["P01"]))


@pytest.mark.parametrize("width", [360, NARROW])
def test_a_member_scans_the_card_is_remembered_and_votes(world: World, new_visitor: Callable[..., Visitor], width: int) -> None:
    with clock.frozen(NOW):
        vote_is_open(world)
        code = printed("mochou-m05")
        member = new_visitor("a member of 68", width=width, height=740)
        fits(member.open(f"/card/{code}"))  # the first step: the camera opens this address
        member.reads("You are %(name)s", name="M05")
        steps = Taps(member)
        steps.press("Yes, and this device is my own")
        assert steps.count + 1 <= 3
        assert member.page.evaluate("document.documentElement.classList.contains('large')"), "members start in large print"
    with clock.frozen(NOW + timedelta(hours=2)):
        fits(member.open("/"))
        member.reads("A vote is waiting for you")
        # It is the first thing on the page.
        first = member.page.locator("main section").first
        assert first.locator("a.button").count() == 1
        taps = Taps(member)
        taps.press("Vote on %(label)s", label="M1")
        taps.press("For")
        taps.press("Vote for")
        assert taps.count <= 3
        member.reads("Your vote")
        fits(member.open("/me/"))
        assert "M1" in member.text
    with clock.frozen(NOW + timedelta(days=80)):
        assert member.open("/me/").may_press("Log out")


def test_a_member_types_the_eight_digits_and_votes_from_the_own_page(
    world: World, new_visitor: Callable[..., Visitor]
) -> None:
    with clock.frozen(NOW):
        vote_is_open(world)
        code = printed("mochou-m06")
        member = new_visitor("a member of 68 without a camera", width=360, height=740, scripts=False)
        member.open("/card")
        steps = Taps(member)
        member.fill(code=f"{code[:4]} {code[4:]}")
        steps.press("Go on with the card")
        steps.press("Yes, but others use this device")
        assert steps.count + 1 <= 3  # typing is a step of its own
        member.open("/me/").reads("A vote is waiting for you")
        taps = Taps(member)
        taps.press("Vote on %(label)s", label="M1")
        taps.press("Against")
        taps.press("Vote against")
        assert taps.count <= 3


def test_the_ways_in_and_an_ended_sign_in_fit_the_narrowest_phone(world: World, new_visitor: Callable[..., Visitor]) -> None:
    visitor = new_visitor("a visitor", width=360, height=740)
    for path, status in (("/login", 200), ("/card", 200), ("/card/00000000", 422), ("/join", 200)):
        fits(visitor.open(path, status=status))


def test_with_scripts_an_ended_sign_in_leads_straight_back_to_the_filled_form(
    world: World, new_visitor: Callable[..., Visitor]
) -> None:
    text = "路灯坏了八天，晚上看不见台阶。"
    resident = new_visitor("a resident who writes slowly", width=360, height=740)
    resident.sign_in("mochou-r01").open("/c/mochou/appeals/new").fill(text=text)
    do(lambda: people.sessions.end_sessions(people.account_named("mochou-r01")))
    fits(resident.click(resident.page.locator("main button[type=submit]").last, status=403)).reads("Nothing you wrote is lost")
    resident.fill(login="mochou-r01", password="a plain test passphrase")
    resident.click(resident.page.locator("main button[type=submit]").first)
    assert resident.path.endswith("/appeals/new")
    assert resident.page.locator("main textarea").first.input_value() == text
