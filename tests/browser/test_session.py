"""A whole session in browsers: chair, clerk, four members on telephones and the wall, with the quorum lost in the middle."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deliberation.blueprints.kept import kept
from deliberation.kernel import clock
from deliberation.meetings import services
from deliberation.meetings.states import Presence
from tests.browser.test_screen import SOONER
from tests.browser.visitors import CHINESE, SMALLEST, Visitor, zh
from tests.builders import World
from tests.motions.debates import NOW, main, sitting_of

pytestmark = [pytest.mark.browser, pytest.mark.once]


def more(count: int) -> str:
    """The Chinese words for how many are missing."""
    one, many = (f"%(num)s more member{s} must be here before the council can vote." for s in ("", "s"))
    return CHINESE.ngettext(one, many, count) % {"num": count}


def wait_for(visitor: Visitor, words: str) -> None:
    """Until the page itself shows these words, without being loaded anew."""
    visitor.page.locator("body", has_text=words).wait_for(timeout=20_000)


def signed_in(new_visitor: Callable[..., Visitor], world: World, code: str, width: int) -> Visitor:
    visitor = new_visitor(code, width=width, height=740)
    visitor.context.add_init_script(SOONER)
    visitor.sign_in(world.account(code))
    return visitor


def test_a_session_from_signing_in_to_the_verdict(world: World, new_visitor: Callable[..., Visitor]) -> None:
    """Fourteen of 21 make the quorum: ten are here, four sign in on their telephones with the code on the wall."""
    with clock.frozen(NOW):
        kept.clear()
        sitting = sitting_of(world, here=10)
        main(sitting, mover="M05", seconder="M06")
        address = f"/c/mochou/meetings/{sitting.meeting.id}"
        here = {row.person_id for row in services.roster(sitting.meeting) if row.state == Presence.ATTENDING}
        absent = [code for code in world.people if code.startswith("M") and world[code].id not in here][:4]
        chair, clerk = (signed_in(new_visitor, world, code, 1280) for code in ("P01", "C01"))
        members = {code: signed_in(new_visitor, world, code, SMALLEST) for code in absent}
        wall = signed_in(new_visitor, world, "S01", 1280).open(address + "/screen")
        code = wall.page.locator(".door-digits").inner_text()
        needed = zh("quorum %(needed)s", needed=14)
        wall.sees(needed)
        # The members sign in; the chair is told that something changed, and the wall counts along.
        chair.open(address)
        assert not chair.may_press("Put %(label)s to the vote", label="M1")
        for member in members.values():
            member.open(address).press("I am here").fill(code=code).press("I am here")
        wait_for(wall, zh("reached"))
        wait_for(chair, zh("Something changed in the room."))
        # Three ask to speak: the sides take turns.
        first, second, third, fourth = members.values()
        first.press("In favour").reads("You are on the list.")
        second.press("In favour")
        third.press("Against").press("I do not want to speak any more").press("Against").look("session-floor-member")
        chair.open(address).look("session-floor-chair")
        button = chair.main.get_by_role("button", name=zh("Give the floor to the next"))
        box = button.bounding_box()
        assert box is not None and box["height"] >= 60
        chair.press("Give the floor to the next").reads("%(name)s has the floor.", name=first.name)
        wait_for(wall, zh("Has the floor"))
        wait_for(wall, zh("%(time)s left", time="2:00"))
        assert first.name not in wall.text
        with clock.frozen(clock.now().replace(minute=clock.now().minute + 2)):
            wait_for(wall, zh("Time is up"))
            clerk.open(address).press("End the speech")
        chair.open(address).press("Give the floor to the next").reads("%(name)s has the floor.", name=third.name)
        chair.press("End the speech")
        clerk.open(address).press("Note what %(name)s said", name=first.name).fill(gist="先试一年。").press("Note the speech")
        sheets = clerk.open(f"{address}/floor/sheets").look("session-sheets").page.pdf(prefer_css_page_size=True)
        assert sheets.count(b"/Type /Page\n") == 3, "roster, votes and speeches of 21 members: one sheet each"
        # One leaves: the quorum is lost, on the wall, on the chair's page, and for the vote.
        stale = chair.open(address)
        assert stale.may_press("Put %(label)s to the vote", label="M1")
        fourth.open(address).press("I have to leave").press("I am leaving now").reads(
            "The quorum is lost: %(have)s are here, %(needed)s are needed. The council can talk, but not vote.", have=13, needed=14
        )
        lost = more(1)
        wait_for(wall, lost)
        wait_for(stale, zh("Something changed in the room."))
        stale.press("Put %(label)s to the vote", label="M1", status=409).look("session-no-quorum")
        chair.open(address).sees(lost)
        assert not chair.may_press("Put %(label)s to the vote", label="M1")
        # Back again: the vote goes through, called out in the room, and the wall shows the verdict.
        fourth.open(f"{address}/here/{code.replace(' ', '')}").look("session-scanned").press("I am here")
        wait_for(wall, zh("reached"))
        chair.open(address).press("Put %(label)s to the vote", label="M1")
        wait_for(wall, zh("%(voted)s of %(all)s have voted", voted=0, all=14))
        for member in members.values():
            member.open(address).press("Vote on %(label)s", label="M1").press("For").press("Vote for")
        wait_for(wall, zh("%(voted)s of %(all)s have voted", voted=4, all=14))
        clerk.open(address).press("Take down the votes on %(label)s", label="M1").fill(rest="for").press("Take these votes down")
        chair.open(address).press("Confirm the votes as read out").press("Confirm as read out")
        chair.press("Close the vote and count").sees(zh("Carried"))
        wait_for(wall, zh("Decided last: %(label)s", label="M1"))
        wall.look("session-wall")
