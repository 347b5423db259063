"""The floor: who may ask, who is next, how long, and what stays of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from deliberation.audit.models import Entry
from deliberation.audit.recording import recording
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import composing, floor, life, services, speeches, turns, votes
from deliberation.meetings.floor_models import Hand, Turn
from deliberation.meetings.states import Presence
from tests.acceptance.session import Sitting
from tests.builders import World, at, do
from tests.motions.debates import NOW, code, main, sitting_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def ask(sitting: Sitting, member: str, stance: str = "pro", by: str | None = None) -> None:
    person = sitting.person(member)
    floor.ask(sitting.item, person, stance, actor=sitting.person(by or member))


def asks(sitting: Sitting, *members: tuple[str, str]) -> None:
    for member, stance in members:
        do(lambda member=member, stance=stance: ask(sitting, member, stance))


def give(sitting: Sitting) -> Turn:
    return do(lambda: floor.give(sitting.item, actor=sitting.person("P01")))


def end(sitting: Sitting, by: str = "P01") -> None:
    do(lambda: floor.end(sitting.item, actor=sitting.person(by)))


def hands() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Hand)) or 0


def waiting(sitting: Sitting) -> list[str]:
    return [str(hand.person.name) for hand in floor.view(sitting.item).hands]


def note(sitting: Sitting, member: str, state: Presence) -> None:
    do(lambda: services.note_attendance(sitting.meeting, {sitting.person(member).id: state}, actor=sitting.person("C01")))


def test_the_chair_gives_the_floor_in_the_order_of_the_law(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"), ("M02", "pro"), ("M03", "con"), ("M04", "neutral"))
    assert waiting(sitting) == ["M01", "M03", "M02", "M04"]
    given = []
    for _turn in range(4):
        given.append(give(sitting).person.name)
        end(sitting)
    assert given == ["M01", "M03", "M02", "M04"] and hands() == 0
    asks(sitting, ("M01", "con"))
    asks(sitting, ("M05", "neutral"))
    assert waiting(sitting) == ["M05", "M01"]


def test_a_speech_has_its_hours_and_its_limit_from_the_rules(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"))
    turn = give(sitting)
    view = floor.view(sitting.item)
    assert (view.turn, view.until) == (turn, NOW + timedelta(minutes=2))
    with clock.frozen(NOW + timedelta(seconds=95)):
        end(sitting, by="C01")
    assert (turn.started_at, turn.ended_at) == (NOW, NOW + timedelta(seconds=95))
    assert code(lambda: floor.end(sitting.item, actor=world["P01"])) == "nobody_speaks"


def test_the_speech_is_recorded_and_the_hand_is_not(world: World) -> None:
    sitting = sitting_of(world)
    count = db.select(db.func.count()).select_from(Entry)
    before = db.session.scalar(count)
    asks(sitting, ("M01", "pro"), ("M02", "con"))
    do(lambda: floor.withdraw(sitting.item, world["M02"], actor=world["M02"]))
    assert db.session.scalar(count) == before
    give(sitting)
    last = db.session.scalars(db.select(Entry.body).filter_by(log_id=world.council.log_id).order_by(Entry.seq.desc())).first()
    assert b"floor.give" in (last or b"") and db.session.scalar(count) == (before or 0) + 1


def test_the_clerk_notes_what_was_said_afterwards_once(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"))
    turn = give(sitting)
    with clock.frozen(NOW + timedelta(minutes=2)):
        do(lambda: services.finish(sitting.item, actor=world["P01"]))
        assert turns.unnoted(sitting.meeting) == [turn] and turn.ended_at == NOW + timedelta(minutes=2)
        speech = do(lambda: speeches.note_turn(turn, "con", "Slowly, please.", actor=world["C01"]))
    assert (speech.at, speech.stance, speech.person_id) == (NOW, "con", world["M01"].id)
    assert turns.unnoted(sitting.meeting) == [] and turns.times(turn.debate_id)[world["M01"].id] == 1
    assert code(lambda: speeches.note_turn(turn, "con", "Again.", actor=world["C01"])) == "done_already"


def test_nobody_speaks_more_often_than_the_rules_say_noted_or_not(world: World) -> None:
    sitting = sitting_of(world)
    for _time in range(2):
        asks(sitting, ("M01", "pro"))
        give(sitting)
        end(sitting)
    assert code(lambda: ask(sitting, "M01")) == "spoken"
    assert code(lambda: speeches.speak(sitting.item, world["M01"], "pro", "Thrice.", actor=world["C01"])) == "spoken"


def test_absent_and_recused_members_cannot_ask_and_are_passed_over(world: World) -> None:
    sitting = sitting_of(world, here=20)
    absent = next(row.person for row in services.roster(sitting.meeting) if row.state == Presence.EXPECTED)
    assert code(lambda: floor.ask(sitting.item, absent, "pro", actor=absent)) == "absent"
    asks(sitting, ("M01", "pro"), ("M02", "pro"))
    note(sitting, "M01", Presence.LEFT)
    assert waiting(sitting) == ["M02"]
    note(sitting, "M01", Presence.ATTENDING)
    assert waiting(sitting) == ["M01", "M02"]


def test_who_leaves_while_speaking_has_spoken(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"))
    turn = give(sitting)
    note(sitting, "M02", Presence.LEFT)
    assert turn.ended_at is None
    note(sitting, "M01", Presence.LEFT)
    assert turn.ended_at is not None


def test_putting_the_question_adjourning_and_closing_end_the_speech(world: World) -> None:
    sitting = sitting_of(world)
    motion = main(sitting)
    asks(sitting, ("M01", "pro"), ("M02", "con"), ("M03", "con"))
    turn = give(sitting)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    assert turn.ended_at is not None
    assert code(lambda: floor.give(sitting.item, actor=world["P01"])) == "poll_open"
    do(lambda: votes.cancel(motion, actor=world["P01"]))
    assert poll.state == "cancelled" and give(sitting).ended_at is None
    do(lambda: life.adjourn(sitting.meeting, NOW + timedelta(hours=1), actor=world["P01"]))
    assert turns.speaking(sitting.meeting) is None and hands() == 1
    do(lambda: life.resume(sitting.meeting, actor=world["P01"]))
    # A break ends everybody's hours: the clerk notes anew who is here.
    here = dict.fromkeys((row.person_id for row in services.roster(sitting.meeting)), services.Presence.ATTENDING)
    do(lambda: services.note_attendance(sitting.meeting, here, actor=world["C01"]))
    give(sitting)
    asks(sitting, ("M04", "con"))
    do(lambda: services.close_meeting(sitting.meeting, actor=world["P01"]))
    assert turns.speaking(sitting.meeting) is None and hands() == 0


def test_two_devices_of_a_member_and_two_clerks_put_a_name_on_the_list_once(world: World) -> None:
    sitting = sitting_of(world)
    for _device in range(2):
        asks(sitting, ("M01", "pro"))
    do(lambda: ask(sitting, "M01", "con", by="C01"))
    assert [(hand.person.name, hand.stance) for hand in floor.view(sitting.item).hands] == [("M01", "con")]

    def twice() -> None:
        db.session.add(Hand(meeting_id=sitting.meeting.id, debate_id=sitting.item.debate_id, person_id=world["M01"].id,
                            stance="pro"))  # fmt: skip

    with pytest.raises(IntegrityError):
        do(twice)


def test_the_database_knows_one_speaker_at_a_time(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"), ("M02", "con"))
    give(sitting)
    assert code(lambda: floor.give(sitting.item, actor=world["P01"])) == "somebody_speaks"
    capacity = services.authorize(world["P01"], services.Permission.MEETING_CHAIR, world.council)
    of = {"council_id": world.council.id, "meeting_id": sitting.meeting.id, "debate_id": sitting.item.debate_id}

    def twice() -> None:
        with recording(capacity, "floor.give", sitting.meeting):
            db.session.add(Turn(**of, person_id=world["M02"].id, stance="con", started_at=clock.now()))

    with pytest.raises(IntegrityError):
        do(twice)


def test_a_clock_that_was_set_back_ends_no_speech_before_it_began(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"))
    turn = give(sitting)
    with clock.frozen(at("2026-03-26T13:00")):
        end(sitting)
    assert turn.ended_at == turn.started_at


@pytest.mark.parametrize("stance", ["", "PRO", "for", "x" * 400])
def test_a_stance_is_one_of_three(world: World, stance: str) -> None:
    sitting = sitting_of(world)
    refused = code(lambda: ask(sitting, "M01", stance))
    assert refused != "done_already" and hands() == 0


@pytest.mark.parametrize("who", ["R01", "V01", "K01"])
def test_only_members_ask_and_only_the_clerk_for_others(world: World, who: str) -> None:
    sitting = sitting_of(world)
    code(lambda: ask(sitting, who))
    code(lambda: ask(sitting, "M01", by="M02"))
    code(lambda: floor.withdraw(sitting.item, world["M01"], actor=world["M02"]))
    asks(sitting, ("M01", "pro"))
    code(lambda: floor.give(sitting.item, actor=world["C01"]))
    code(lambda: floor.give(sitting.item, actor=world["M01"]))
    assert hands() == 1


def test_a_floor_given_by_mistake_is_taken_back_and_was_no_speech(world: World) -> None:
    """It counts for nobody, stands in no minutes, and its reason is in the log as a digest."""
    sitting = sitting_of(world)
    asks(sitting, ("M01", "pro"))
    turn, chair = give(sitting), sitting.person("P01")
    take = lambda **more: floor.take_back(sitting.item, turn, "Pressed twice.", actor=more.get("actor", chair))  # noqa: E731
    assert code(lambda: take(actor=sitting.person("C01"))) == "forbidden"
    do(take)
    assert waiting(sitting) == ["M01"] and turns.spoken(sitting.item.debate_id or 0) == []
    assert code(take) == "done_already" and turn.ended_at == NOW
    assert code(lambda: speeches.note_turn(turn, "pro", "Yes.", actor=sitting.person("C01"))) == "done_already"
    assert turns.unnoted(sitting.meeting) == []
    bodies = b" ".join(bytes(one) for one in db.session.scalars(db.select(Entry.body)))
    assert b"floor.take_back" in bodies and b"Pressed twice" not in bodies


def test_who_spoke_without_being_taken_down_stands_in_the_minutes(world: World) -> None:
    sitting = sitting_of(world)
    asks(sitting, ("M02", "con"))
    give(sitting)
    with clock.frozen(NOW + timedelta(seconds=75)):
        end(sitting)
        do(lambda: services.close_meeting(sitting.meeting, actor=sitting.person("P01")))
        item = composing.compose(sitting.meeting)["items"][0]
    numbers = [row.person_id for row in services.roster(sitting.meeting)]
    (one,) = item["unnoted"]
    assert (one["by"], one["stance"], item["speeches"]) == (numbers.index(sitting.person("M02").id) + 1, "con", [])
    assert (one["from"][-9:], one["to"][-9:]) == ("06:30:00Z", "06:31:15Z")
