"""Planning a session and changing the plan: the day leaves room for the notice, and it stays one session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.audit.models import Entry
from deliberation.audit.queries import head
from deliberation.audit.services import verify
from deliberation.councils import services as councils
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.meetings import services
from deliberation.meetings.models import Meeting
from deliberation.people.permissions import Office
from tests.acceptance.session import before_the_council, planned
from tests.builders import World, appoint, at, do
from tests.motions.debates import code, with_rules
from tests.web import in_english, post, sign_in, text_of

HOME = "/c/mochou/meetings"
PAPERS = "One\nTwo"


@pytest.fixture(autouse=True)
def in_the_morning(app: Flask) -> Iterator[None]:
    with clock.frozen(at("2026-03-20T09:00")):
        yield


@pytest.fixture
def matter(world: World) -> Matter:
    return another(world, "One")


@pytest.fixture
def secretary(world: World, new_client: Callable[[], FlaskClient]) -> FlaskClient:
    return sign_in(in_english(new_client()), world.account("S01"))


def another(world: World, title: str) -> Matter:
    """A matter that lies before the council."""
    made = do(lambda: agenda.open_matter(world.council, title=title, problem="Beds.", actor=world["S01"]))
    do(lambda: agenda.hand_over(made, Act.TO_COMMITTEE, actor=world["S01"]))
    do(lambda: agenda.write_plan(made, ["One."], powers="within", actor=world["S01"]))
    do(lambda: agenda.hand_over(made, Act.TO_COUNCIL, actor=world["S01"]))
    return made


def filled(matter: Matter, **other: object) -> dict[str, object]:
    return {"starts_at": "2026-03-26T14:30", "place": "Hall", "matters": str(matter.id), "materials": PAPERS, **other}


def replanned(world: World, meeting: Meeting, **other: object) -> Callable[[], None]:
    usual = {"starts_at": at("2026-03-28T10:00"), "place": "Garden", "matters": [item.matter for item in meeting.items],
             "chair": world["P01"], "clerk": world["C01"], "actor": world["S01"], **other}  # fmt: skip
    return lambda: services.replan(meeting, **usual)  # type: ignore[arg-type]


@pytest.mark.parametrize(("rule", "day", "first"), [(5, "2026-03-25", "2026-3-26"), (1, "2026-03-21", "2026-3-22"),
                                                    (15, "2026-04-04", "2026-4-5"), (5, "2026-03-01", "2026-3-26")])  # fmt: skip
def test_a_day_too_near_for_the_notice_is_refused_and_the_first_possible_one_is_named(
    world: World, matter: Matter, rule: int, day: str, first: str
) -> None:
    with_rules(world, notice_days=rule)
    plan = {"place": "Hall", "matters": [matter], "chair": world["P01"], "clerk": world["C01"], "actor": world["S01"]}
    with pytest.raises(Invalid) as refused:
        do(lambda: services.plan(world.council, starts_at=at(f"{day}T14:30"), **plan))  # type: ignore[arg-type]
    assert (refused.value.field, f"first possible day is {first}." in str(refused.value)) == ("starts_at", True)
    year, month, number = (int(part) for part in first.split("-"))
    meeting = do(lambda: services.plan(
        world.council, starts_at=at(f"{year}-{month:02d}-{number:02d}T00:10"), **plan))  # type: ignore[arg-type]  # fmt: skip
    do(lambda: services.call(meeting, actor=world["S01"]))
    assert meeting.state == "called"


def test_the_form_says_so_at_the_day_keeps_its_contents_and_makes_no_session(
    world: World, matter: Matter, secretary: FlaskClient
) -> None:
    answer = post(secretary, f"{HOME}/new", filled(matter, starts_at="2026-03-25T14:30", place="Old hall"))
    assert answer.status_code == 422
    assert "Day and time: This day is too near for a notice of 5 clear days. The first possible day is" in text_of(answer)
    assert ('value="Old hall"' in answer.text, "2026-03-25T14:30" in answer.text) == (True, True)
    assert db.session.query(Meeting).count() == 0


def test_a_session_whose_notice_has_not_gone_out_is_changed_and_stays_one_session(
    world: World, matter: Matter, secretary: FlaskClient
) -> None:
    meeting = planned(world, matter)
    second = another(world, "Two")
    with clock.frozen(at("2026-03-21T09:00")):
        url = f"{HOME}/{meeting.id}/change"
        shown = secretary.get(url).text
        assert ("2026-03-26T14:30" in shown, meeting.place in shown, meeting.materials[0].title in shown) == (True, True, True)
        assert shown.count(" checked") == 1
        too_near = post(secretary, url, filled(matter, starts_at="2026-03-26T14:30"))
        assert (too_near.status_code, "first possible day" in text_of(too_near)) == (422, True)
        sent = filled(matter, starts_at="2026-03-27T10:00", place="Garden", matters=[str(matter.id), str(second.id)])
        assert post(secretary, url, sent).status_code == 302
        db.session.rollback()
        assert (meeting.starts_at, meeting.place) == (at("2026-03-27T10:00"), "Garden")
        assert [(item.position, item.matter_id) for item in meeting.items] == [(1, matter.id), (2, second.id)]
        assert [paper.title for paper in meeting.materials] == PAPERS.split()
        assert db.session.query(Meeting).count() == 1
        assert "Send the notice" in text_of(secretary.get(f"{HOME}/{meeting.id}"))
        do(lambda: services.call(meeting, actor=world["S01"]))
    assert (meeting.state, meeting.opened_at) == ("called", None)


def test_the_change_is_one_entry_without_a_typed_word_and_the_log_still_proves_it(world: World, matter: Matter) -> None:
    meeting = planned(world, matter)
    before = head(world.council.log_id)[0]
    do(replanned(world, meeting, place="Garden", materials=["A hushed title"]))
    db.session.rollback()
    assert head(world.council.log_id)[0] == before + 1
    entry = db.session.scalars(db.select(Entry).filter_by(log_id=world.council.log_id).order_by(Entry.seq.desc())).first()
    assert entry is not None
    body = str(entry.body)
    assert ("meeting.replan" in body, "Garden" in body, "hushed" in body) == (True, False, False)
    assert [found.bad_seq for found in verify()] == [None] * 2


def test_a_change_takes_the_rules_in_force(world: World, matter: Matter) -> None:
    meeting = planned(world, matter)
    with_rules(world, notice_days=10)
    assert code(replanned(world, meeting)) == "invalid"
    do(replanned(world, meeting, starts_at=at("2026-03-31T10:00")))
    assert services.rules_of(meeting)["notice_days"] == 10


def test_a_session_is_changed_by_whoever_may_call_it_and_only_before_the_notice(
    world: World, matter: Matter, secretary: FlaskClient
) -> None:
    meeting = planned(world, matter)
    for person in ("M01", "R01", "C01"):
        assert code(replanned(world, meeting, actor=world[person])) == "forbidden"
    for wrong in ({"place": ""}, {"matters": []}, {"materials": ["x" * 121]}, {"chair": world["M01"]}, {"clerk": world["M01"]}):
        assert code(replanned(world, meeting, **wrong)) == "invalid"
    do(lambda: services.call(meeting, actor=world["S01"]))
    assert code(replanned(world, meeting)) == "notice_is_out"
    answer = secretary.get(f"{HOME}/{meeting.id}/change")
    assert (answer.status_code, "The notice has gone out" in text_of(answer)) == (409, True)
    assert "Change day" not in text_of(secretary.get(f"{HOME}/{meeting.id}"))


def test_a_change_keeps_its_chair_and_takes_the_new_president_where_that_one_left(
    world: World, matter: Matter, secretary: FlaskClient
) -> None:
    meeting = planned(world, matter)
    appoint(world, "M05", Office.PRESIDENT)
    assert post(secretary, f"{HOME}/{meeting.id}/change", filled(matter)).status_code == 302
    db.session.rollback()
    assert meeting.chair_id == world["P01"].id
    held = councils.held_office(world.council, world["P01"], Office.PRESIDENT)
    do(lambda: councils.end_office(held, world.council, on=date(2026, 3, 20)))
    with clock.frozen(at("2026-03-21T09:00")):
        assert post(secretary, f"{HOME}/{meeting.id}/change", filled(matter, starts_at="2026-03-27T10:00")).status_code == 302
    db.session.rollback()
    assert meeting.chair_id == world["M05"].id


# ---- nothing to deliberate on ---------------------------------------------------------


def test_where_no_matter_waits_the_pages_say_what_comes_first(world: World, secretary: FlaskClient) -> None:
    why = "A session can be planned once a matter lies before the council."
    page = secretary.get(f"{HOME}/")
    assert (why in text_of(page), f'href="{HOME}/new"' in page.text) == (True, False)
    form = secretary.get(f"{HOME}/new")
    assert (form.status_code, why in text_of(form), "Put it on the calendar" in form.text) == (200, True, False)
    before_the_council(world)
    page = secretary.get(f"{HOME}/")
    assert (why in text_of(page), f'href="{HOME}/new"' in page.text) == (False, True)
    assert "Put it on the calendar" in secretary.get(f"{HOME}/new").text


def test_nobody_else_is_told_how_to_plan(world: World, client: FlaskClient) -> None:
    assert "A session can be planned" not in text_of(in_english(client).get(f"{HOME}/"))


def test_after_the_founding_the_first_matter_comes_before_the_first_session(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    page = text_of(sign_in(in_english(new_client()), world.account("A01")).get("/c/mochou/offices/begun"))
    assert page.index("3. A first matter, then the first session") < page.index("A session can be planned once")
