"""The pages of a meeting of sides: the clerk's forms, what everybody reads, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agreements import endings, queries, services
from deliberation.agreements.models import Point, Settlement, Side
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from tests.agreements.meetings import HELD, called, holds_all, opened, side
from tests.builders import World, at, do
from tests.web import in_english, post, sign_in, statements, text_of

Browser = Callable[..., FlaskClient]


@pytest.fixture(autouse=True)
def on_the_day(app: Flask) -> Iterator[None]:
    with clock.frozen(at(HELD)):
        yield


@pytest.fixture
def browser(world: World, new_client: Callable[[], FlaskClient]) -> Browser:
    def opened_by(code: str | None = None) -> FlaskClient:
        client = in_english(new_client())
        return sign_in(client, world.account(code)) if code else client

    return opened_by


def test_the_clerk_takes_a_dispute_to_a_written_agreement(world: World, browser: Browser) -> None:
    holds_all(world)
    meeting = opened(world, "coordination", sides=())
    url, clerk, member, anybody = f"/c/mochou/meetings/{meeting.id}/agreement/", browser("C01"), browser("M01"), browser()
    close = f"/c/mochou/meetings/{meeting.id}/close"
    assert "write down the agreement" in text_of(post(browser("P01"), close))
    assert post(member, url + "sides/preset", page=url).status_code == 403
    assert post(clerk, url + "sides/preset", page=url).status_code == 302
    assert post(clerk, url + "sides/new", {"name": ""}).status_code == 422
    assert post(clerk, url + "sides/new", {"name": "The choir"}).status_code == 302
    choir = db.session.scalars(db.select(Side).filter_by(name="The choir")).one()
    assert post(clerk, f"{url}sides/{choir.id}", {"came": "yes", "speaker": "Teacher Lin"}).status_code == 302
    given = {"text": "No music before eight.", "who": f"side:{choir.id}", "due_on": "2026-04-30"}
    for wrong in ({"text": ""}, {"who": "side:999"}, {"due_on": "soon"}, {"due_on": "2026-03-01"}, {"text": "Ask C01."}):
        assert post(clerk, url + "points/new", {**given, **wrong}).status_code == 422, wrong
    assert post(clerk, url + "points/new", given).status_code == 302
    # What is only negotiated, and who speaks, is the council's own business.
    assert "No music" in text_of(member.get(url)) and "Teacher Lin" in text_of(member.get(url))
    assert "No music" not in text_of(anybody.get(url)) and "Teacher Lin" not in text_of(anybody.get(url))
    assert post(clerk, f"{url}agree/{choir.id}/{'0' * 64}", page=url).status_code == 409
    db.session.rollback()
    digest = endings.text_of(meeting)[1]
    for one in queries.sides(meeting):
        assert post(clerk, f"{url}agree/{one.id}/{digest}", page=url).status_code == 302
    assert post(clerk, url + "none", {"reason": "No.", "channel": "street"}).status_code == 409
    shown = text_of(anybody.get(url))
    assert "Written agreement" in shown and "No music before eight." in shown and digest in shown and "Teacher Lin" not in shown
    db.session.rollback()
    assert anybody.get(url + "document.json").text == db.session.get_one(Settlement, meeting.id).document
    assert post(browser("P01"), close).status_code == 302
    db.session.rollback()
    with clock.frozen(at("2026-05-04T09:00")):
        assert "Note what became of 1 agreed point" in text_of(clerk.get("/me/"))
        assert "agreed point" not in text_of(member.get("/me/"))
    made = db.session.scalars(db.select(Point)).one()
    assert post(clerk, f"{url}points/{made.id}/outcome", {"outcome": "gone", "word": "x"}).status_code == 422
    assert post(clerk, f"{url}points/{made.id}/outcome", {"outcome": "done", "word": "Quiet since."}).status_code == 302
    assert "Quiet since." in text_of(anybody.get(url))


def test_a_joint_meetings_page_costs_the_same_for_few_and_many(app: Flask, world: World, browser: Browser) -> None:
    meeting = opened(world, "joint", sides=("The school",))
    url, client = f"/c/mochou/meetings/{meeting.id}/agreement/", browser()
    school = queries.sides(meeting)[0]

    def cost() -> int:
        with statements(app) as sent:
            client.get(url)
        return len(sent)

    client.get(url)
    few = cost()
    clerk = browser("C01")
    for n in range(6):
        sent = {"text": f"Point {n}.", "who": f"side:{school.id}", "due_on": "2026-04-30"}
        assert post(clerk, url + "points/new", sent).status_code == 302
        assert post(clerk, url + "sides/new", {"name": f"Unit {n}"}).status_code == 302
    assert cost() == few
    do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
    assert "Point 5." in text_of(client.get(url))
    later = called(world, "joint", "2026-06-11T14:30", "2026-06-01T09:00")
    opening = text_of(client.get(f"/c/mochou/meetings/{later.id}/agreement/"))
    assert opening.index("What became of the last points") < opening.index("Point 0.")


def test_addresses_that_are_nowhere(world: World, browser: Browser) -> None:
    meeting, report = called(world, "joint"), called(world, "report")
    clerk = browser("C01")
    own = [f"{meeting.id}/agreement/{more}" for more in ("sides/9", "points/9/outcome", "document.json")]
    for path in (f"{report.id}/agreement/", f"{meeting.id}/report/", "999/agreement/", *own):
        assert clerk.get(f"/c/mochou/meetings/{path}").status_code == 404, path
    page = f"/c/mochou/meetings/{meeting.id}/agreement/"
    assert post(clerk, page + "none", {"reason": "No.", "channel": "street"}).status_code == 404


def test_the_chair_reads_before_the_close_which_sides_the_record_calls_absent(world: World, browser: Browser) -> None:
    meeting = opened(world, "joint")
    here, chair = f"/c/mochou/meetings/{meeting.id}", browser("P01")
    do(lambda: services.note_side(side(meeting, "Singers"), meeting, is_present=True, actor=world["C01"]))
    page = chair.get(here).text
    assert page.index("See what the sides agree on") < page.index("Close the session")
    assert "these sides did not come: Sleepers." in text_of(chair.get(f"{here}/close"))
