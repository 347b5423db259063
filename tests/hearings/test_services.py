"""A hearing's order: who is on the list, what is taken down, findings, confirmation; who may do what, and hostile input."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from deliberation.agenda import services as agenda
from deliberation.agenda.states import Act
from deliberation.audit import recorded_tables
from deliberation.audit.models import Entry
from deliberation.audit.replaying import differences
from deliberation.audit.services import verify
from deliberation.extensions import db
from deliberation.hearings import answers, queries, services
from deliberation.hearings.models import Hearing
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.meetings import life, votes
from deliberation.meetings import services as meetings
from deliberation.meetings.kinds import kinds
from tests.agenda.worlds import adopting, drafting
from tests.builders import World, at, do
from tests.hearings.rounds import HELD, PLANNED, called_round, open_round, planned_round
from tests.motions.debates import NOW, code, main, sitting_of, vote


@pytest.fixture(autouse=True)
def on_the_day(app: Flask) -> Iterator[None]:
    with clock.frozen(HELD):
        yield


def holds() -> None:
    """The log verifies, and says the same as the tables."""
    db.session.remove()
    assert [log.problem for log in verify() if log.bad_seq is not None] == []
    tables = {name: db.metadata.tables[name] for name in recorded_tables()}
    assert [str(one) for one in differences(tables)] == []


def test_a_hearing_from_the_plan_to_the_councils_answer(world):
    made = open_round(world)
    made.say("for", "statement", minutes=2)
    made.say("against", "statement", "They attract rats.", minutes=2)
    asked = made.say("against", "question", "Who pays the water?")
    made.say("for", "answer", "Those who grow.", to=asked)
    made.say("far", "submission", "I am ill; keep the path free.")
    made.found()
    hearing, seen = made.hearing, services.digest_of(made.hearing)
    do(lambda: services.confirm(made.people["for"], seen=seen, actor=world["R01"]))
    do(lambda: services.confirm(made.people["against"], seen=seen, reservation="The rats are missing.", actor=world["C01"]))
    do(lambda: answers.answer(hearing, "Taken: a free path.", actor=world["P01"]))
    words, joined = queries.said(hearing), queries.participants(hearing)
    assert [(side.party, len(side.statements), side.minutes) for side in queries.sides(words, joined)] == [
        ("for", 1, 2), ("against", 1, 2), ("concerned", 0, 0),
    ]  # fmt: skip
    assert [(one.kind, one.who, one.to) for one in words[2:4]] == [("question", 2, None), ("answer", 1, asked.id)]
    assert [one.on_paper for one in joined] == [False, True, None]
    assert joined[1].reservation.value == "The rats are missing."
    holds()
    bodies = b"".join(db.session.scalars(select(Entry.body))).decode()
    assert "hearing.reserve" in bodies and "hearing.answer" in bodies
    for typed in ("rats", "May beds stay?", "Half of those", "Taken: a free path", "Chen"):
        assert typed not in bodies


def test_rounds_are_counted_by_matter_and_a_question_is_put_once(world):
    with clock.frozen(at(PLANNED)):
        matter, other = adopting(world), drafting(world, "Another")
        first, second = planned_round(world, matter), planned_round(world, matter, "2026-03-20T14:30")
        elsewhere = planned_round(world, other)
        assert code(lambda: planned_round(world, other, question="Did M05 say so?")) == "name_in_summary"
    assert [one.round for one in (first, second, elsewhere)] == [1, 2, 1]
    assert code(lambda: services.begin(first.meeting, matter, "Again?", actor=world["S01"])) == "done_already"
    assert code(lambda: services.begin(elsewhere.meeting, matter, "Astray?", actor=world["S01"])) == "no_hearing"


def test_a_session_of_the_council_hears_nobody(world):
    sitting = sitting_of(world)
    with clock.frozen(NOW):
        assert code(lambda: services.begin(sitting.meeting, sitting.matter, "Now?", actor=world["S01"])) == "no_hearing"


def test_a_hearing_that_was_called_off_gets_no_question_and_binds_nobody(world):
    made = called_round(world)
    do(lambda: life.cancel(made.hearing.meeting, "Flood.", actor=world["S01"]))
    assert code(lambda: services.join(made.hearing, "Late", "for", actor=world["C01"])) == "over"
    assert answers.why_not_yet(made.matter.id) is None


def test_who_may_do_what(world):
    made = open_round(world)
    hearing, resident, clerk = made.hearing, world["R02"], world["C01"]
    with pytest.raises(Forbidden):
        do(lambda: services.begin(hearing.meeting, made.matter, "Why?", actor=clerk))
    with pytest.raises(Forbidden):
        do(lambda: services.join(hearing, "Me", "for", actor=resident))
    with pytest.raises(Forbidden):
        do(lambda: services.say(hearing, made.people["for"], "question", "Why?", actor=world["R01"]))
    made.found()
    with pytest.raises(Forbidden):
        do(lambda: services.find(hearing, "Mine.", actor=resident))
    with pytest.raises(Forbidden):
        do(lambda: services.confirm(made.people["for"], seen=services.digest_of(hearing), actor=resident))
    for person in (clerk, resident, world["M01"]):
        with pytest.raises(Forbidden):
            do(lambda person=person: answers.answer(hearing, "Ours.", actor=person))
    holds()


def test_the_list_takes_nobody_twice_and_neither_chair_nor_clerk(world):
    made = called_round(world)
    clerk = world["C01"]
    assert code(lambda: services.join(made.hearing, "Lin", "against", person=world["R01"], actor=clerk)) == "done_already"
    for one in ("P01", "C01"):
        assert code(lambda one=one: services.join(made.hearing, one, "for", person=world[one], actor=clerk)) == "takes_no_side"
    for name, party in (("", "for"), ("  ", "for"), ("x" * 41, "for"), ("Zhou", "nobody"), ("Zhou", "")):
        with pytest.raises(Invalid):
            do(lambda name=name, party=party: services.join(made.hearing, name, party, actor=clerk))


def test_statements_keep_to_the_minutes_and_times_of_the_rules(world):
    made = open_round(world)
    held = meetings.rules_of(made.hearing.meeting)
    for minutes in (None, 0, -1, held["speech_minutes"] + 1, 10**9):
        with pytest.raises(Invalid) as refused:
            made.say("for", "statement", minutes=minutes)
        assert refused.value.field == "minutes"
    for _ in range(held["speech_times"]):
        made.say("for", "statement", minutes=held["speech_minutes"])
    again, clerk = made.people["for"], world["C01"]
    assert code(lambda: services.say(made.hearing, again, "statement", "More.", minutes=1, actor=clerk)) == "spoken"
    made.say("against", "statement", minutes=1)


def test_who_comes_speaks_there_and_who_cannot_come_writes(world):
    called = called_round(world)
    with pytest.raises(Refused):
        called.say("for", "statement", minutes=1)  # not open yet
    called.say("far", "submission")
    made = open_round(world, drafting_beside(world))
    with pytest.raises(Refused):
        made.say("far", "statement", minutes=1)
    with pytest.raises(Refused):
        made.say("for", "submission")
    made.close()
    for who, kind in (("for", "question"), ("far", "submission")):
        with pytest.raises(Refused):
            made.say(who, kind)


def drafting_beside(world: World):
    with clock.frozen(at(PLANNED)):
        return drafting(world, "Another")


def test_hostile_words(world):
    made, other = open_round(world), open_round(world, drafting_beside(world))
    asked = made.say("for", "question")
    for kind, more in (("shout", {}), ("", {})):
        with pytest.raises(NotFound):
            made.say("for", kind, **more)
    with pytest.raises(NotFound):
        do(lambda: services.say(made.hearing, other.people["for"], "question", "Whose?", actor=world["C01"]))
    with pytest.raises(NotFound):
        other.say("for", "answer", to=asked)
    for kind, more in (("answer", {}), ("question", {"to": asked}), ("question", {"text": ""}), ("question", {"text": "x" * 2001})):
        with pytest.raises(Invalid):
            made.say("for", kind, **more)
    holds()


def test_findings_stand_from_the_first_confirmation_on(world):
    made = open_round(world)
    hearing, clerk = made.hearing, world["C01"]
    assert code(lambda: services.find(hearing, "Early.", actor=clerk)) == "not_closed"
    made.close()
    assert code(lambda: services.confirm(made.people["for"], seen="", actor=world["R01"])) == "no_findings"
    do(lambda: services.find(hearing, "First.", actor=clerk))
    first = services.digest_of(hearing)
    do(lambda: services.find(hearing, "Second.", actor=clerk))
    assert code(lambda: services.confirm(made.people["for"], seen=first, actor=world["R01"])) == "changed_since"
    seen = services.digest_of(hearing)
    do(lambda: services.confirm(made.people["for"], seen=seen, actor=world["R01"]))
    assert code(lambda: services.find(hearing, "Third.", actor=clerk)) == "stands"
    assert code(lambda: services.confirm(made.people["for"], seen=seen, actor=clerk)) == "done_already"
    with pytest.raises(Forbidden):
        do(lambda: services.confirm(made.people["far"], seen=seen, actor=clerk))
    with pytest.raises(Invalid):
        do(lambda: services.confirm(made.people["against"], seen=seen, reservation=" ", actor=clerk))


def test_an_answer_needs_findings_is_written_once_and_fixes_them(world):
    made = open_round(world)
    hearing = made.hearing
    assert code(lambda: answers.answer(hearing, "Early.", actor=world["P01"])) == "no_findings"
    made.found()
    with pytest.raises(Invalid):
        do(lambda: answers.answer(hearing, " ", actor=world["P01"]))
    do(lambda: answers.answer(hearing, "Taken.", actor=world["S01"]))
    assert code(lambda: answers.answer(hearing, "Again.", actor=world["P01"])) == "done_already"
    assert code(lambda: services.find(hearing, "Later.", actor=world["C01"])) == "stands"


def held_on(world: World, matter) -> Hearing:
    """A hearing of 25 March on the matter that is debated the day after."""
    with clock.frozen(at("2026-03-16T09:00")):
        hearing = planned_round(world, matter, "2026-03-25T09:00")
        do(lambda: meetings.call(hearing.meeting, actor=world["S01"]))
    with clock.frozen(at("2026-03-25T09:00")):
        do(lambda: meetings.open_meeting(hearing.meeting, actor=world["P01"]))
        do(lambda: meetings.close_meeting(hearing.meeting, actor=world["P01"]))
    return hearing


def test_the_council_does_not_vote_on_the_whole_before_it_has_answered(world):
    sitting = sitting_of(world)
    with clock.frozen(NOW):
        hearing = held_on(world, sitting.matter)
        motion = main(sitting)
        assert code(lambda: votes.put(motion, actor=world["P01"])) == "not_openable"
        do(lambda: services.find(hearing, "Keep a path.", actor=world["C01"]))
        assert code(lambda: votes.put(motion, actor=world["P01"])) == "not_openable"
        assert motion.state == "seconded"
        do(lambda: answers.answer(hearing, "A path is in point 2.", actor=world["P01"]))
        vote(sitting, motion)
    holds()


def test_an_adopted_text_waits_for_the_answer_and_then_goes_on(world):
    sitting = sitting_of(world)
    matter = sitting.matter
    with clock.frozen(NOW):
        vote(sitting, main(sitting))
        do(lambda: meetings.close_meeting(sitting.meeting, actor=world["P01"]))
        hearing = held_on(world, matter)
        assert code(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["P01"])) == "step_rule"
        do(lambda: services.find(hearing, "Keep a path.", actor=world["C01"]))
        assert code(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["P01"])) == "step_rule"
        do(lambda: answers.answer(hearing, "A path is in point 2.", actor=world["P01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["P01"]))
    assert matter.state == "in_review"


def test_a_hearing_whose_question_was_never_put_is_no_way_round(world):
    """Planned like any meeting, from the page of meetings: without a question there is nothing to answer, so nothing goes on."""
    sitting = sitting_of(world)
    matter = sitting.matter
    kind = next(one for one in kinds().values() if one.hears)
    with clock.frozen(at("2026-03-16T09:00")):
        meeting = do(
            lambda: meetings.plan(
                world.council, starts_at=at("2026-03-25T09:00"), place="Hall", matters=[matter], chair=world["P01"],
                clerk=world["C01"], kind=kind.code, actor=world["S01"],
            )
        )  # fmt: skip
        do(lambda: meetings.call(meeting, actor=world["S01"]))
    with clock.frozen(at("2026-03-25T09:00")):
        do(lambda: meetings.open_meeting(meeting, actor=world["P01"]))
        do(lambda: meetings.close_meeting(meeting, actor=world["P01"]))
    with clock.frozen(NOW):
        motion = main(sitting)
        assert code(lambda: votes.put(motion, actor=world["P01"])) == "not_openable"
        hearing = do(lambda: services.begin(meeting, matter, "May beds stay?", actor=world["S01"]))
        do(lambda: services.find(hearing, "Yes.", actor=world["C01"]))
        do(lambda: answers.answer(hearing, "Taken.", actor=world["P01"]))
        vote(sitting, motion)


def test_a_hearing_that_is_not_over_stops_nobody(world):
    made = open_round(world)
    assert answers.why_not_yet(made.matter.id) is None
    made.close()
    assert answers.why_not_yet(made.matter.id) is not None
