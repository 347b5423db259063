"""The pages of a session, from the calendar to the close, as chair, clerk, members and visitors meet them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.kernel import clock
from tests.acceptance.session import SITTING, before_the_council, case_world
from tests.builders import World, at
from tests.web import in_english, post, sign_in, text_of

Browser = Callable[[str], FlaskClient]


@pytest.fixture
def town(app_context: Flask) -> World:
    return case_world()


@pytest.fixture
def browser(town: World, new_client: Callable[[], FlaskClient]) -> Browser:
    """A signed-in English browser for a code, kept between calls; "" is a visitor."""
    known: dict[str, FlaskClient] = {}

    def of(code: str) -> FlaskClient:
        if code not in known:
            known[code] = in_english(new_client())
            if code:
                sign_in(known[code], town.account(code))
        return known[code]

    return of


@pytest.fixture
def clock_at() -> Iterator[Callable[[str], None]]:
    frozen = []

    def set_to(text: str) -> None:
        while frozen:
            frozen.pop().__exit__(None, None, None)
        context = clock.frozen(at(text))
        context.__enter__()
        frozen.append(context)

    yield set_to
    while frozen:
        frozen.pop().__exit__(None, None, None)


def follow(client: FlaskClient, url: str, data: dict[str, object] | None = None, token_at: str | None = None) -> str:
    """Post and read the page it leads to, with what it says on top."""
    answer = post(client, url, data, page=token_at)
    assert answer.status_code == 302, text_of(answer)
    page = client.get(answer.headers["Location"]).text.partition('<div class="messages"')[2]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def test_a_session_walks_through_its_pages_from_plan_to_close(
    town: World, browser: Browser, clock_at: Callable[[str], None]
) -> None:
    clock_at("2026-03-20T09:00")
    matter = before_the_council(town)
    clock_at("2026-03-20T09:00")
    secretary, chair, clerk = browser("S01"), browser("P01"), browser("C01")
    base = "/c/mochou/meetings"
    said = follow(
        secretary,
        f"{base}/new",
        {"starts_at": "2026-03-26T14:30", "place": "Hall", "matters": str(matter.id), "materials": "One\nTwo"},
    )
    assert "On the calendar" in said
    assert "Send the notice" in said
    assert "Hall" not in text_of(browser("").get(base + "/"))
    assert browser("").get(f"{base}/1").status_code == 404
    assert "The notice is out" in follow(secretary, f"{base}/1/call", token_at=f"{base}/1")
    assert "Hall" in text_of(browser("").get(base + "/"))

    motions = f"/c/mochou/agenda/{matter.no}/motions"
    assert "The motion is made" in follow(browser("Z02"), f"{motions}/new")
    assert "You have seconded M1" in follow(browser("K01"), f"{motions}/M1/second", token_at=f"{motions}/M1")

    clock_at(SITTING)
    roster = {f"m{town[code].id}": "attending" for code in ("P01", "S01", "Z01", "Z02", "Z03", "Z04", "Z05", "Z06",
              "K01", "B01", "B02", "B03", "B04", "U01")}  # fmt: skip
    assert "14 present of 21 entitled" in follow(clerk, f"{base}/1/roster", {"rest": "same", **roster})
    assert "The session is open" in follow(chair, f"{base}/1/open", token_at=f"{base}/1")
    page = follow(chair, f"{base}/1/items/1/take-up", token_at=f"{base}/1")
    assert "Put M1 to the vote" in page
    key = matter.current_version.paragraphs[0].key
    said = follow(browser("Z01"), f"{motions}/M1/amend", {"op": "replace", "paragraph": key, "text": "New words."})
    assert "Awaiting a second" in said
    assert "Put A1" not in text_of(chair.get(f"{base}/1"))
    follow(browser("Z05"), f"{motions}/A1/second", token_at=f"{motions}/A1")
    assert "Put A1 to the vote" in text_of(chair.get(f"{base}/1"))
    speech = {"speaker": str(town["Z02"].id), "stance": "con", "gist": "The bare ground will be ugly."}
    assert "The bare ground will be ugly." in follow(clerk, f"{base}/1/items/1/speech", speech)
    assert "bare ground" not in text_of(browser("").get(f"{base}/1"))

    assert "The vote on A1 is open" in follow(chair, f"{motions}/A1/put", token_at=f"{base}/1")
    assert "Vote on A1" in text_of(browser("Z01").get(f"{base}/1"))
    read_back = post(browser("Z01"), "/c/mochou/polls/1/cast", {"choice": "for"})
    assert "Is this right?" in text_of(read_back)
    said = follow(browser("Z01"), "/c/mochou/polls/1/cast", {"choice": "for", "confirmed": "1"})
    assert "Your vote is recorded: For on A1" in said
    assert "Change my vote" in said
    change = "/c/mochou/polls/1/change"
    assert "Record that I abstain" in text_of(post(browser("Z01"), change, {"choice": "abstain"}))
    said = follow(browser("Z01"), change, {"choice": "abstain", "confirmed": "1"})
    assert "Your vote is recorded: Abstain on A1" in said
    again = post(browser("Z01"), change, {"choice": "for", "confirmed": "1"})
    assert again.status_code == 302
    assert "Taken down" in follow(clerk, "/c/mochou/polls/1/take-down", {f"v{town['Z02'].id}": "against", "rest": "for"})
    page = chair.get("/c/mochou/polls/1/read-out")
    assert "Against: 1" in text_of(page)
    mark = re.search(r'name="mark"[^>]*value="([^"]+)"', page.text)
    assert mark is not None
    assert "Close the vote and count" in follow(chair, "/c/mochou/polls/1/read-out", {"mark": mark[1]})
    said = follow(chair, "/c/mochou/polls/1/close", token_at=f"{base}/1")
    assert "With 13 for, it is adopted." in said
    assert "With 13 for" in text_of(browser("").get("/c/mochou/polls/1"))

    follow(chair, f"{motions}/M1/put", token_at=f"{base}/1")
    follow(clerk, "/c/mochou/polls/2/take-down", {"rest": "for"})
    page = chair.get("/c/mochou/polls/2/read-out")
    mark = re.search(r'name="mark"[^>]*value="([^"]+)"', page.text)
    follow(chair, "/c/mochou/polls/2/read-out", {"mark": mark[1]})
    follow(chair, "/c/mochou/polls/2/close", token_at=f"{base}/1")
    page = chair.get(f"{base}/1").text
    assert f'href="{base}/1/close"' in page and f'action="{base}/1/close"' not in page, "the close is read back first"
    closed = follow(chair, f"{base}/1/close", token_at=f"{base}/1")
    assert "The session is closed" in closed and "Read the minutes" in closed.partition("Council session")[2]
    assert "New words." in text_of(browser("").get(f"{motions}/"))
