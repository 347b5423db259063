"""The report meeting's paper: composed from the records, frozen with the notice, and never a word of an appeal."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.agreements import services as agreements
from deliberation.appeals import services as appeals
from deliberation.audit.recording import recording
from deliberation.councils.authority import authorize
from deliberation.evaluations.models import Promise, Round
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.meetings import composing as minutes
from deliberation.meetings import services as meetings
from deliberation.meetings.models import Meeting
from deliberation.people.permissions import Permission
from deliberation.reporting import composing, services
from tests.agenda.worlds import open_one
from tests.agreements.meetings import called, opened, planned, side
from tests.builders import World, at, do
from tests.hearings.test_services import holds

SECRET = "The man on the fifth floor shouts."


def promised(world: World, meeting: Meeting) -> None:
    """A promise for one of those rated, as it was made in April."""
    capacity = authorize(world["S01"], Permission.PROMISE_MAKE, world.council)
    with clock.frozen(at("2026-04-01T09:00")), transaction():
        kept = {"council_id": world.council.id, "meeting_id": meeting.id}
        round_ = Round(**kept, number=1, title="The desk's year", rater_group="public", scale="four", least=5)
        with recording(capacity, "rating.plan", round_):
            db.session.add(round_)
        one = Promise(
            council_id=world.council.id, round_id=round_.id, position=1, text="Shorter queues.", owner_kind="station",
            owner="The desk", due_on=date(2026, 5, 1), made_at=clock.now(), made_by_id=world["S01"].id,
        )  # fmt: skip
        with recording(capacity, "promise.make", one):
            db.session.add(one)


def test_the_paper_follows_the_records_until_the_notice_goes_out_and_then_stands(world: World) -> None:
    clerk, secretary = world["C01"], world["S01"]
    with clock.frozen(at("2026-02-02T09:00")):
        held = opened(world, "joint", "2026-02-12T14:30", "2026-02-02T09:00")
        open_one(world, "Whose lamp is it?")
    with clock.frozen(at("2026-02-12T14:30")):
        due = date(2026, 3, 1)
        do(lambda: agreements.agree_on(held, "Mend the lamp.", due_on=due, side=side(held, "Singers"), actor=clerk))
        do(lambda: meetings.close_meeting(held, actor=world["P01"]))
        sent = {"channel": "walk_in", "text": SECRET, "name": "Old Wang", "contact": "1380000"}
        filed = do(lambda: appeals.file(world.council, **sent, actor=world["V01"]))
    with clock.frozen(at("2026-03-01T09:00")):
        do(lambda: appeals.interim(filed.appeal, "Soon.", reason="Spare parts.", extends_to=date(2026, 5, 29), actor=world["V01"]))
    meeting = planned(world, "report", "2026-06-25T14:30", "2026-06-01T09:00")

    def now(day: str) -> dict[str, Any]:
        with clock.frozen(at(day)):
            return composing.compose(world.council, meeting, composing.beginning(world.council, meeting), clock.now())

    first = now("2026-06-02T09:00")
    assert first["since"].startswith("2025-12-31T16:00:00")
    assert (first["appeals"]["received"], first["appeals"]["unanswered"], first["appeals"]["late"]) == (1, 1, 1)
    assert first["appeals"]["extended"] == 1
    assert first["appeals"]["ages"] == [0, 0, 0, 1] and first["appeals"]["oldest"][0]["no"] == "QS-2026-0001"
    assert [(one["text"], one["state"]) for one in first["points"]] == [("Mend the lamp.", "overdue")]
    joint = next(one for one in first["meetings"] if one["kind"] == "joint")
    assert joint["days"] == ["2026-02-12"] and [one["standing"] for one in joint["periods"]] == ["held", "running"]
    assert first["decisions"]["ended"] == [] and first["promises"] == []
    promised(world, held)
    with clock.frozen(at("2026-06-03T09:00")):
        matter = db.session.scalars(db.select(Matter)).one()
        do(lambda: agenda.end(matter, Act.DECLINE, reason="The city’s own.", actor=secretary))
        do(lambda: services.introduce(meeting, "decisions", "One matter left us.", number=0, actor=clerk))
        with pytest.raises(Refused, match="changed"):
            do(lambda: services.introduce(meeting, "decisions", "Another word.", number=0, actor=secretary))
        db.session.rollback()
        with pytest.raises(Forbidden):
            do(lambda: services.introduce(meeting, "decisions", "Mine.", number=1, actor=world["M01"]))
        db.session.rollback()
    with clock.frozen(at("2026-06-03T09:05")):
        do(lambda: meetings.call(meeting, actor=secretary))
        paper = services.paper_of(meeting)
        assert paper is not None
        told = json.loads(paper.document)
        with pytest.raises(Refused):
            do(lambda: services.introduce(meeting, "appeals", "Late.", number=0, actor=clerk))
        db.session.rollback()
    assert [one["title"] for one in told["decisions"]["ended"]] == ["Whose lamp is it?"]
    assert [(one["text"], one["owner"], one["state"]) for one in told["promises"]] == [("Shorter queues.", "The desk", "overdue")]
    assert told["introductions"] == {"decisions": "One matter left us."}
    for word in (SECRET, "Old Wang", "1380000"):
        assert word not in paper.document
    frozen = paper.document
    with clock.frozen(at("2026-06-10T09:00")):
        open_one(world, "Another one")
        assert services.paper_of(meeting).document == frozen  # type: ignore[union-attr]
    with clock.frozen(at("2026-06-25T14:30")):
        do(lambda: meetings.open_meeting(meeting, actor=world["P01"]))
        do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
        parts = {one["code"]: str(one) for one in minutes.compose(meeting)["parts"]}
    assert paper.document_hash in parts["report"]
    later = called(world, "report", "2026-12-24T14:30", "2026-12-10T09:00")
    following = services.paper_of(later)
    # Nothing falls between two papers.
    assert following is not None and following.since == paper.until
    holds()


def test_a_report_goes_on_where_the_last_one_that_was_sent_left_off(world: World) -> None:
    first = called(world, "report", "2026-06-20T14:00", "2026-06-02T09:00")
    second = called(world, "report", "2026-06-25T14:00", "2026-06-03T09:00")
    sent = [services.paper_of(one) for one in (first, second)]
    assert sent[0] and sent[1] and sent[1].since == sent[0].until
