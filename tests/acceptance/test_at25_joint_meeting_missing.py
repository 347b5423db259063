"""AT25: the joint meeting of the first quarter was not held; from 1 April on it is flagged, by itself."""

from __future__ import annotations

import json
from datetime import date

import pytest

import tests.builders
from deliberation.councils import services as councils
from deliberation.councils.rules import preset
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import services
from deliberation.meetings.clocks import clocks
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import Presence
from deliberation.people.models import Unit
from deliberation.people.permissions import Office
from tests.builders import World, appoint, at, do, make_world
from tests.web import in_english, sign_in, statements, text_of

FLAG = "Joint affairs meeting for quarter 1 of 2026: not held, overdue since April 1, 2026"


@pytest.fixture
def young(app_context, monkeypatch) -> World:
    monkeypatch.setattr(tests.builders, "START", at("2026-01-01T00:00").astimezone(tests.builders.SHANGHAI).date())
    return make_world()


def joint(world: World, day: str) -> Meeting:
    given = {"place": "Hall", "matters": [], "materials": ["What happened"], "chair": world["P01"], "clerk": world["C01"]}
    made = do(lambda: services.plan(world.council, starts_at=at(day), kind="joint", **given, actor=world["S01"]))
    do(lambda: services.call(made, actor=world["S01"]))
    return made


def hold(world: World, meeting: Meeting, day: str) -> None:
    with clock.frozen(at(day)):
        there = {row.person_id: Presence.ATTENDING for row in services.roster(meeting)}
        do(lambda: services.note_attendance(meeting, there, actor=world["C01"]))
        do(lambda: services.open_meeting(meeting, actor=world["P01"]))
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))


def test_at25_the_missing_joint_meeting_is_flagged_on_the_first_of_april(young, new_client):
    browser = {code: in_english(sign_in(new_client(), young.account(code))) for code in ("S01", "D01", "M01")}

    def inbox(code: str) -> str:
        db.session.rollback()
        return text_of(browser[code].get("/me/"))

    with clock.frozen(at("2026-03-20T09:00")):
        meeting = joint(young, "2026-04-10T14:30")
    with clock.frozen(at("2026-03-31T23:59")):
        assert not any("overdue" in inbox(code) for code in browser)
        assert "No meeting is overdue." in text_of(browser["D01"].get("/oversight/"))
    with clock.frozen(at("2026-04-01T00:00")):
        assert [inbox(code).count(FLAG) for code in ("S01", "D01", "M01")] == [1, 1, 0]
        assert inbox("S01").count(FLAG) == 1, "told once, however often it is looked at"
        late = "Joint affairs meeting for quarter 1 of 2026: not held, overdue since April 1, 2026"
        assert late in text_of(browser["D01"].get("/oversight/"))
        year = text_of(in_english(new_client()).get("/c/mochou/meetings/year/2026"))
        assert "Quarter 1 ✕ Missed was due by March 31, 2026" in year
        assert "Quarter 2 ● Planned April 10, 2026" in year
        planning = text_of(browser["S01"].get("/c/mochou/meetings/year/2026"))
        assert "The next one is planned for April 10, 2026" in planning and "Plan it now" not in planning
        assert browser["M01"].get("/oversight/").status_code == 403
    with clock.frozen(at("2026-07-02T09:00")):
        twice = "not held 2 times running, the first for quarter 1 of 2026; overdue since April 1, 2026"
        assert twice in inbox("S01") and twice in text_of(browser["D01"].get("/oversight/"))
        assert "/oversight/" in browser["D01"].get("/c/mochou/").text and "/oversight/" not in browser["M01"].get("/c/mochou/").text
    hold(young, meeting, "2026-04-10T14:30")
    with clock.frozen(at("2026-04-11T09:00")):
        assert not any("overdue" in inbox(code) for code in browser)
        year = text_of(in_english(new_client()).get("/c/mochou/meetings/year/2026"))
        assert "Quarter 1 ✕ Missed" in year and "Quarter 2 ✓ Held April 10, 2026" in year


def test_a_supervisor_of_many_councils_sees_them_in_as_many_statements(young, app, new_client):
    browser = in_english(sign_in(new_client(), young.account("D01")))
    with clock.frozen(at("2026-04-01T09:00")):
        with statements(app) as one:
            browser.get("/oversight/")
        unit = young.council.unit_id
        for n in range(4):
            given = {"slug": f"c{n}", "name": f"Council {n}", "zone": "Asia/Shanghai", "number_prefix": "C", "preset": "council"}
            made = do(lambda given=given: councils.found(db.session.get(Unit, unit), starts_on=tests.builders.START, **given))
            appoint(World(made, young.people), "D01", Office.DISTRICT_SUPERVISOR)
        db.session.rollback()
        with statements(app) as many:
            page = text_of(browser.get("/oversight/"))
        assert (page.count("not held, overdue since April 1, 2026"), len(many)) == (5, len(one))


def test_a_rule_asks_for_nothing_before_it_came_into_force(young):
    def rules(held: str, on: str) -> None:
        data = json.loads(preset("council")) | {"meetings": {"value": held, "trust": "own"}}
        with clock.frozen(at(f"{on}T09:00")):
            day = date.fromisoformat(on)
            do(lambda: councils.set_rules(young.council, "council", json.dumps(data), effective_on=day, actor=young["A01"]))

    def joint_clock(day: str) -> tuple[list[str], bool]:
        with clock.frozen(at(f"{day}T10:00")):
            (mine,) = (one for one in clocks([young.council])[young.council.id] if one.kind.code == "joint")
            return [str(line.standing) for line in mine.of_year(2026)], mine.overdue is not None

    rules("three", "2026-01-02")
    rules("four", "2026-07-01")
    assert joint_clock("2026-07-01") == (["running", "coming"], False)
    assert joint_clock("2026-10-01") == (["missing", "running"], True)
