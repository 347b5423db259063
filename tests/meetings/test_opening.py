"""Opening a session early or without a quorum is read back first; the roster is kept by exception."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import Presence
from tests.acceptance.session import before_the_council, planned
from tests.builders import World, at, do
from tests.web import in_english, post, sign_in, text_of

EARLY = "Whoever comes at that hour misses what is said before."
FEW = " are noted as present; the council can vote with 14."
Visit = Callable[[str], FlaskClient]


@pytest.fixture
def meeting(world: World) -> Meeting:
    """Called for 26 March, 14:30."""
    matter = before_the_council(world)
    with clock.frozen(at("2026-03-20T09:00")):
        made = planned(world, matter)
        do(lambda: services.call(made, actor=world["S01"]))
    return made


@pytest.fixture
def visit(world: World, new_client: Callable[[], FlaskClient]) -> Visit:
    known: dict[str, FlaskClient] = {}

    def of(code: str) -> FlaskClient:
        if code not in known:
            known[code] = sign_in(in_english(new_client()), world.account(code))
        return known[code]

    return of


def address(meeting: Meeting) -> str:
    return f"/c/mochou/meetings/{meeting.id}"


def here(world: World, meeting: Meeting, count: int) -> None:
    people = [row.person_id for row in services.roster(meeting)][:count]
    do(lambda: services.note_attendance(meeting, dict.fromkeys(people, Presence.ATTENDING), actor=world["C01"]))


def offers(page: str, url: str) -> str:
    """How the page leads to ``url``: a press, a page of its own, or not at all."""
    return "press" if f'action="{url}"' in page else "page" if f'href="{url}"' in page else "nothing"


@pytest.mark.parametrize(("hour", "count", "offered", "told"), [
    ("14:00", 14, "press", []), ("14:30", 21, "press", []), ("15:10", 14, "press", []),
    ("13:59", 14, "page", [EARLY]), ("14:30", 13, "page", ["13 members" + FEW]), ("10:30", 0, "page", [EARLY, "0 members" + FEW]),
])  # fmt: skip
def test_on_time_and_with_a_quorum_one_press_opens_and_else_a_page_asks_first(
    world: World, meeting: Meeting, visit: Visit, hour: str, count: int, offered: str, told: list[str]
) -> None:
    url = f"{address(meeting)}/open"
    with clock.frozen(at(f"2026-03-26T{hour}")):
        chair = visit("P01")
        here(world, meeting, count)
        assert offers(chair.get(address(meeting)).text, url) == offered
        asked = text_of(chair.get(url))
        assert [one for one in (EARLY, f"{count} members{FEW}") if one in asked] == told
        assert post(chair, url).status_code == 302
    db.session.rollback()
    assert meeting.state == "open"


def test_reading_the_page_opens_nothing_and_only_the_chair_gets_it(meeting: Meeting, visit: Visit) -> None:
    url = f"{address(meeting)}/open"
    with clock.frozen(at("2026-03-26T10:30")):
        assert visit("P01").get(url).status_code == 200
        assert [visit(code).get(url).status_code for code in ("M01", "C01", "R01")] == [403] * 3
        assert [post(visit(code), url, page="/about").status_code for code in ("M01", "C01", "R01")] == [403] * 3
    db.session.rollback()
    assert meeting.state == "called"


# ---- the roster ------------------------------------------------------------------------


def standing(world: World, meeting: Meeting) -> dict[str, str]:
    db.session.rollback()
    codes = {person.id: name for name, person in world.people.items()}
    return {codes[row.person_id]: row.state for row in services.roster(meeting)}


def test_all_present_is_one_choice_and_the_exceptions_are_marked(world: World, meeting: Meeting, visit: Visit) -> None:
    do(lambda: services.note_attendance(meeting, {world["M05"].id: Presence.EXCUSED}, actor=world["C01"]))
    with clock.frozen(at("2026-03-26T14:20")):
        sent = {"rest": "attending", f"m{world['M06'].id}": "absent"}
        assert post(visit("C01"), f"{address(meeting)}/roster", sent).status_code == 302
    found = standing(world, meeting)
    assert (found.pop("M05"), found.pop("M06"), set(found.values())) == ("excused", "absent", {"attending"})


def test_as_before_leaves_everybody_else_alone(world: World, meeting: Meeting, visit: Visit) -> None:
    with clock.frozen(at("2026-03-26T14:20")):
        here(world, meeting, 2)
        before = standing(world, meeting)
        sent = {"rest": "same", f"m{world['M06'].id}": "attending"}
        assert post(visit("C01"), f"{address(meeting)}/roster", sent).status_code == 302
    assert standing(world, meeting) == {**before, "M06": "attending"}


def test_the_form_marks_whoever_was_noted_and_nobody_else(world: World, meeting: Meeting, visit: Visit) -> None:
    with clock.frozen(at("2026-03-26T14:20")):
        here(world, meeting, 2)
        page = visit("C01").get(f"{address(meeting)}/roster").text
    assert (page.count(" checked"), 'class="roll"' in page) == (3, True)
    assert page.index('name="rest"') < page.index(f'name="m{world["P01"].id}"')


def test_all_present_waits_for_the_day(world: World, meeting: Meeting, visit: Visit) -> None:
    with clock.frozen(at("2026-03-25T14:20")):
        answer = post(visit("C01"), f"{address(meeting)}/roster", {"rest": "attending"})
    assert (answer.status_code, "noted on the day of the session" in text_of(answer)) == (409, True)
    assert set(standing(world, meeting).values()) == {"expected"}
