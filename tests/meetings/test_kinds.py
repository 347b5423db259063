"""The kinds of meeting are data: every kind is whole, its rules exist, and a council holds those of its preset."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from deliberation.agenda.states import State
from deliberation.councils import rules
from deliberation.councils.services import set_rules
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Invalid
from deliberation.meetings import kinds, services
from deliberation.meetings.models import Meeting
from deliberation.meetings.states import Presence
from deliberation.people.permissions import Office
from tests.builders import World, appoint, at, do
from tests.motions.debates import code, sitting_of
from tests.web import in_english, post, sign_in, text_of


def usual_rules() -> rules.Rules:
    return rules.parse(rules.preset("council"))


@pytest.mark.parametrize("kind", kinds.kinds().values(), ids=lambda one: one.code)
def test_every_kind_is_whole(kind: kinds.MeetingKind) -> None:
    held = usual_rules()
    assert {Office(one) for one in kind.conveners} <= set(Office)
    assert held[kind.notice] >= 1
    assert kind.every is None or held[kind.every] >= 1
    assert {State(one) for one in kind.matters} <= set(State)
    for language in ("zh", "en"):
        told = [kind.names[language], kind.papers[language], kind.produces[language], *kind.order[language], *kind.who(language)]
        assert all(told), (kind.code, language)
    assert kind.trust in rules.TRUST_WORDS
    assert "roster" in kind.record


def test_the_two_presets_are_the_four_and_the_three_meetings() -> None:
    entries = json.loads(rules.preset("council"))
    four = [one.code for one in kinds.held_by(rules.Rules(entries))]
    entries["meetings"] = {"value": "three", "trust": "own"}
    three = [one.code for one in kinds.held_by(rules.Rules(entries))]
    assert four == ["council", "joint", "report", "evaluation", "hearing"]
    assert three == ["council", "hearing", "coordination", "evaluation"]


def test_the_periods_are_those_of_the_source() -> None:
    held = usual_rules()
    every = {code: held[one.every] for code, one in kinds.kinds().items() if one.every}
    assert every == {"joint": 3, "report": 6, "evaluation": 12}


def test_rules_from_before_the_kinds_have_them_as_the_default_set_has_them() -> None:
    entries = json.loads(rules.preset("council"))
    for name in rules.ADDED:
        del entries[name]
    old = rules.parse(json.dumps(entries))
    assert {name: old[name] for name in rules.ADDED} == {name: usual_rules()[name] for name in rules.ADDED}
    del entries["notice_days"]
    with pytest.raises(Invalid):
        rules.parse(json.dumps(entries))


def with_entries(world: World, **changed: object) -> None:
    entries = json.loads(rules.preset("council"))
    entries |= {name: {"value": value, "trust": "own"} for name, value in changed.items()}
    day = clock.today("Asia/Shanghai") - timedelta(days=1)
    do(lambda: set_rules(world.council, "council", json.dumps(entries), effective_on=day, actor=world["A01"]))


def planned(world: World, kind: str, **other: object) -> Meeting:
    usual = {"starts_at": at("2026-03-31T14:00"), "place": "Hall", "matters": [], "chair": world["P01"], "clerk": world["C01"],
             "actor": world["S01"], **other}  # fmt: skip
    return do(lambda: services.plan(world.council, kind=kind, **usual))  # type: ignore[arg-type]


def test_a_council_calls_its_own_name_its_own_notice_and_only_the_kinds_it_holds(world: World) -> None:
    with clock.frozen(at("2026-03-20T09:00")):
        assert code(lambda: planned(world, "coordination")) == "not_held_here"
        with_entries(world, meetings="three", coordination_name="Round table", hearing_notice_days=12)
        meeting = planned(world, "coordination")
        held = services.rules_of(meeting)
        assert kinds.kind_of(meeting.kind).name(held, "en") == "Round table"
        assert code(lambda: planned(world, "joint")) == "not_held_here"
        hearing = {"matters": [sitting_of(world).matter]}
    with clock.frozen(at("2026-03-20T09:00")):
        assert code(lambda: planned(world, "hearing", **hearing)) == "invalid"
        assert planned(world, "hearing", starts_at=at("2026-04-02T14:00"), **hearing).kind == "hearing"


def test_a_joint_meeting_needs_no_matter_seats_its_own_people_and_decides_nothing(world: World) -> None:
    appoint(world, "R01", Office.UNIT)
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, "joint")
        do(lambda: services.call(meeting, actor=world["S01"]))
    rows = {row.person_id for row in services.roster(meeting)}
    assert len(rows) == 22 and world["R01"].id in rows
    with clock.frozen(at("2026-03-31T14:00")):
        here = dict.fromkeys(rows, Presence.ATTENDING)
        do(lambda: services.note_attendance(meeting, here, actor=world["C01"]))
        do(lambda: services.open_meeting(meeting, actor=world["P01"]))
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    assert meeting.state == "closed"


def test_a_hearing_takes_no_matter_up_for_a_decision(world: World) -> None:
    matter = sitting_of(world).matter
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, "hearing", matters=[matter], starts_at=at("2026-03-31T14:00"))
        do(lambda: services.call(meeting, actor=world["S01"]))
    with clock.frozen(at("2026-03-31T14:00")):
        do(lambda: services.open_meeting(meeting, actor=world["P01"]))
        assert code(lambda: services.take_up(meeting.items[0], actor=world["P01"])) == "decides_nothing"


def test_who_does_not_convene_this_kind_is_told_who_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = {**kinds.kinds(), "joint": replace(kinds.kind_of("joint"), conveners=("president",))}
    monkeypatch.setattr(kinds, "kinds", lambda: narrow)
    with clock.frozen(at("2026-03-20T09:00")):
        assert code(lambda: planned(world, "joint")) == "not_convener"
        assert planned(world, "joint", actor=world["P01"]).kind == "joint"


def test_a_joint_meeting_goes_from_its_form_to_its_minutes_on_pages(world: World, new_client: Callable[[], FlaskClient]) -> None:
    with clock.frozen(at("2026-03-20T09:00")):
        with_entries(world, joint_name="Round of neighbours")
    secretary, chair, clerk = (in_english(sign_in(new_client(), world.account(code))) for code in ("S01", "P01", "C01"))
    home = "/c/mochou/meetings"
    db.session.rollback()
    with clock.frozen(at("2026-03-20T09:00")):
        assert "Round of neighbours" in text_of(secretary.get(f"{home}/"))
        sent = {"starts_at": "2026-03-31T14:00", "place": "Hall"}
        made = post(secretary, f"{home}/new?kind=joint", sent)
        assert made.status_code == 302, text_of(made)
        url = made.location
        assert post(secretary, f"{url}/call").status_code == 302
        page = text_of(new_client().get(url))
        assert "Round of neighbours" in page
    with clock.frozen(at("2026-03-31T14:00")):
        assert post(chair, f"{url}/open").status_code == 302
        page = text_of(chair.get(url))
        assert "Put a question" not in page and "must be here before the council can vote" not in page
        assert post(chair, f"{url}/close").status_code == 302
        text = {"number": "0", "text": "The property company mends the gate by May."}
        assert post(clerk, f"{url}/minutes/write/arrangements", text).status_code == 302
        page = text_of(clerk.get(f"{url}/minutes/"))
        assert "Minutes: Round of neighbours" in page and "mends the gate by May" in page and "quorum" not in page.lower()


@pytest.mark.parametrize(("kind", "status"), [("coordination", 409), ("council-of-war", 422), ("", 200), ("joint", 200)])
def test_a_form_for_a_kind_that_is_not_held_here_is_refused(
    world: World, new_client: Callable[[], FlaskClient], kind: str, status: int
) -> None:
    sitting_of(world)
    secretary = sign_in(new_client(), world.account("S01"))
    db.session.rollback()
    assert secretary.get(f"/c/mochou/meetings/new?kind={kind}").status_code == status


def test_a_council_says_what_may_be_asked_without_a_topic() -> None:
    entries = json.loads(rules.preset("council"))
    allowed = {}
    for one in rules.CHOICES["procedure_votes"]:
        entries["procedure_votes"] = {"value": one, "trust": "own"}
        allowed[one] = [*kinds.procedures_allowed(rules.Rules(entries))]
    assert allowed == {"all": [*kinds.procedures()], "tellers": ["tellers"], "order": ["order"], "none": []}
    del entries["procedure_votes"]
    assert rules.parse(json.dumps(entries))["procedure_votes"] == "all", "as it was before the rule"
