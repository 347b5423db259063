"""Calling: the agenda is what waits, the notice is a sheet, calendars hold what everybody may know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import kinds, life, queries, services, votes
from deliberation.meetings.models import Meeting
from deliberation.motions import services as motions
from tests.acceptance.session import before_the_council, planned
from tests.builders import World, at, do
from tests.meetings.test_ical import unfolded, values
from tests.meetings.test_planning import another
from tests.motions.debates import NOW, code, main, sitting_of
from tests.web import in_english, sign_in, statements, text_of

BEFORE = at("2026-03-20T09:00")
HOME = "/c/mochou/meetings"


@pytest.fixture(autouse=True)
def on_the_day_of_the_notice(app: Flask) -> Iterator[None]:
    with clock.frozen(BEFORE):
        yield


@pytest.fixture
def meeting(world: World) -> Meeting:
    made = planned(world, before_the_council(world))
    do(lambda: services.call(made, actor=world["S01"]))
    return made


def test_the_form_comes_with_everything_that_waits_and_nothing_that_is_called_already(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    waits = another(world, "Lamps")
    assert queries.waiting(world.council, kinds.kind_of(kinds.usual())) == [waits]
    secretary = sign_in(new_client(), world.account("S01"))
    db.session.rollback()
    page = secretary.get(f"{HOME}/new").text
    boxes = [box for box in page.split("<input") if 'name="matters"' in box]
    marked = {box.split('value="')[1].split('"')[0]: " checked" in box for box in boxes}
    assert marked == {str(meeting.items[0].matter_id): False, str(waits.id): True}  # type: ignore[attr-defined]


def test_the_notice_is_a_sheet_with_the_text_that_went_out(meeting: Meeting, client: FlaskClient) -> None:
    db.session.rollback()
    page = text_of(in_english(client).get(f"{HOME}/{meeting.id}/notice"))
    assert meeting.items[0].version_id is not None
    title = meeting.items[0].matter.title
    for words in ("Notice: Council session", meeting.place, title, "彻底清除。", "all members of the council",
                  "No matter is decided that is not in this notice.", *(one.title for one in meeting.materials)):  # fmt: skip
        assert words in page, words


def test_the_second_notice_takes_the_place_of_the_first(world: World, meeting: Meeting, client: FlaskClient) -> None:
    later = {"starts_at": at("2026-03-30T14:30"), "place": "Garden", "reason": "Rain"}
    do(lambda: life.move(meeting, **later, actor=world["S01"]))  # type: ignore[arg-type]
    db.session.rollback()
    page = text_of(in_english(client).get(f"{HOME}/{meeting.id}/notice"))
    assert "takes the place of the one of March 20, 2026" in page and "Rain" in page and "Garden" in page
    assert values(client.get(f"{HOME}/{meeting.id}/meeting.ics").text)["SEQUENCE"] == "1"


def test_the_feed_holds_what_was_called_and_nothing_that_is_only_planned(
    world: World, meeting: Meeting, client: FlaskClient
) -> None:
    planned(world, meeting.items[0].matter)
    db.session.rollback()
    answer = client.get(f"{HOME}/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    told = unfolded(answer.text)
    assert [line for line in told if line.startswith("UID")] == [f"UID:meeting-{meeting.id}@mochou"]
    assert f"SUMMARY:议事会会议：{meeting.items[0].matter.title}" in told
    assert "LOCATION:社区活动室" in told and "DTSTART:20260326T063000Z" in told
    assert "P01" not in answer.text and "C01" not in answer.text
    do(lambda: life.cancel(meeting, "Nobody, at all; can come.", actor=world["S01"]))
    db.session.rollback()
    found = values(client.get(f"{HOME}/calendar.ics").text)
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", "1")
    assert "Nobody, at all; can come." in found["DESCRIPTION"]


def test_what_is_only_planned_has_neither_notice_nor_calendar_file(world: World, client: FlaskClient) -> None:
    made = planned(world, before_the_council(world))
    db.session.rollback()
    for page in ("notice", "meeting.ics"):
        assert client.get(f"{HOME}/{made.id}/{page}").status_code == 404
    for url in (f"{HOME}/999/notice", f"{HOME}/999/meeting.ics", "/c/nowhere/meetings/calendar.ics"):
        assert client.get(url).status_code == 404


def test_a_draft_that_nobody_may_read_goes_out_with_no_notice(world: World, client: FlaskClient) -> None:
    matter = do(lambda: agenda.open_matter(world.council, title="Lamps", problem="Why", actor=world["S01"]))
    do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
    do(lambda: agenda.write_plan(matter, ["A secret draft."], actor=world["S01"]))
    usual = {"starts_at": at("2026-03-31T14:00"), "place": "Hall", "matters": [matter], "chair": world["P01"],
             "clerk": world["C01"], "actor": world["S01"]}  # fmt: skip
    hearing = do(lambda: services.plan(world.council, kind="hearing", **usual))  # type: ignore[arg-type]
    do(lambda: services.call(hearing, actor=world["S01"]))
    assert hearing.items[0].version_id is None
    db.session.rollback()
    assert "A secret draft." not in client.get(f"{HOME}/{hearing.id}/notice").text


def test_no_vote_on_a_matter_that_was_not_in_the_notice(world: World) -> None:
    """The agenda stands once the notice is out, and a motion on another matter finds no sitting."""
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        main(sitting)
        other = another(world, "Lamps")
        motion = do(lambda: motions.propose_main(other, world["M01"], actor=world["M01"]))  # type: ignore[arg-type]
        do(lambda: motions.second(motion, world["M02"], actor=world["M02"]))
        assert code(lambda: votes.put(motion, actor=world["P01"])) == "no_debate"
        meeting = sitting.meeting
        again = {"starts_at": at("2026-04-20T14:00"), "place": "Hall", "matters": [other], "chair": world["P01"],
                 "clerk": world["C01"], "actor": world["S01"]}  # fmt: skip
        assert code(lambda: services.replan(meeting, **again)) == "notice_is_out"  # type: ignore[arg-type]


def test_the_feed_costs_the_same_for_1_and_for_30_meetings(app: Flask, world: World, meeting: Meeting, client: FlaskClient) -> None:
    def cost() -> int:
        db.session.rollback()
        client.get(f"{HOME}/calendar.ics")
        with statements(app) as sent:
            assert client.get(f"{HOME}/calendar.ics").status_code == 200
        return len(sent)

    one = cost()
    for _n in range(29):
        made = planned(world, meeting.items[0].matter)
        do(lambda made=made: services.call(made, actor=world["S01"]))
    assert cost() == one
