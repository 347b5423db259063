"""Postponing a motion and closing debate on it: by whom, on what, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from deliberation.agenda import recusals
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import procedure, speeches, votes
from deliberation.meetings import services as meetings
from deliberation.motions import reconsidering, services, sittings
from deliberation.motions.amend import Op
from deliberation.motions.models import ProceduralMotion
from deliberation.people.permissions import Office
from tests.acceptance.session import Sitting
from tests.builders import World, appoint, at, do
from tests.motions.debates import NOW, amendment, code, main, next_sitting, opened, secondary, sitting_of, vote

DAY = date(2026, 4, 12)


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def postpone(sitting: Sitting, until: date | None = DAY, mover: str = "M08", seconder: str = "M09", actor: str = "P01",
             reason: str = "The estimate is missing.") -> ProceduralMotion:  # fmt: skip
    world = sitting.world
    pair = (world[mover], world[seconder])
    return do(lambda: procedure.postpone(sitting.item, *pair, until=until, reason=reason, actor=world[actor]))


def close_on(sitting: Sitting, motion: object, mover: str = "M08", seconder: str = "M09", actor: str = "P01") -> ProceduralMotion:
    world = sitting.world
    return do(lambda: procedure.close_debate_on(motion, world[mover], world[seconder], actor=world[actor]))  # type: ignore[arg-type]


# ---- to postpone -------------------------------------------------------------------------


def test_what_is_postponed_keeps_its_place_and_comes_back_on_its_day_and_not_before(sitting: Sitting) -> None:
    world = sitting.world
    head = main(sitting)
    vote(sitting, amendment(sitting, Op.REPLACE, "p1", "Eins."))
    waiting = amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    made = postpone(sitting)
    assert (made.until_on, made.mover_id, made.seconder_id) == (DAY, world["M08"].id, world["M09"].id)
    assert sitting.item.debate.state == "closed"
    assert (head.state, head.debate_id, waiting.state) == ("seconded", None, "seconded")
    assert sittings.postponed_until([sitting.matter.id], NOW.date()) == {sitting.matter.id: DAY}
    assert code(lambda: next_sitting(sitting)) == "postponed"

    with clock.frozen(at("2026-04-05T09:00")):
        meeting = do(lambda: meetings.plan(world.council, starts_at=at("2026-04-12T14:30"), place="Hall", matters=[sitting.matter],
                                           chair=world["P01"], clerk=world["C01"], actor=world["S01"]))  # fmt: skip
        do(lambda: meetings.call(meeting, actor=world["S01"]))
    later = Sitting(world, sitting.matter, meeting, {})
    with clock.frozen(at("2026-04-12T14:30")):
        opened(later)
        assert head.debate_id == later.item.debate_id
        vote(later, waiting)
        vote(later, head)
    assert [p.text for p in sitting.matter.current_version.paragraphs] == ["Eins.", "Zwei.", "Three."]


def test_a_session_called_before_the_day_does_not_take_the_matter_up(sitting: Sitting) -> None:
    later = next_sitting(sitting)
    main(sitting)
    postpone(sitting)
    world = sitting.world
    with clock.frozen(at("2026-04-10T14:30")):
        do(lambda: meetings.open_meeting(later.meeting, actor=world["P01"]))
        assert code(lambda: meetings.take_up(later.item, actor=world["P01"])) == "postponed"
        assert later.item.debate_id is None
    with clock.frozen(at("2026-04-12T14:30")):
        do(lambda: meetings.take_up(later.item, actor=sitting.person("P01")))


def test_postponed_to_the_next_session_it_may_come_onto_any_agenda(sitting: Sitting) -> None:
    main(sitting)
    assert postpone(sitting, None).until_on is None
    assert sittings.postponed_until([sitting.matter.id], NOW.date()) == {}
    with clock.frozen(at("2026-04-10T14:30")):
        opened(next_sitting(sitting))


def test_once_the_motion_is_withdrawn_nothing_holds_the_matter_back(sitting: Sitting) -> None:
    head = main(sitting)
    postpone(sitting)
    do(lambda: services.withdraw(head, actor=sitting.person("M01")))
    assert sittings.postponed_until([sitting.matter.id], NOW.date()) == {}


def test_only_the_chair_of_this_session_notes_it(sitting: Sitting) -> None:
    main(sitting)
    appoint(sitting.world, "M19", Office.PRESIDENT)
    assert code(lambda: postpone(sitting, actor="M19")) == "not_the_chair"
    for other in ("S01", "M08", "C01", "R01"):
        assert code(lambda other=other: postpone(sitting, actor=other)) == "forbidden", other
    assert db.session.query(ProceduralMotion).all() == []


@pytest.mark.parametrize(("mover", "seconder"), [("M08", "M08"), ("P01", "M08"), ("M08", "P01"), ("R01", "M08"), ("M08", "C01")])
def test_it_is_moved_and_seconded_by_two_members_who_are_not_in_the_chair(sitting: Sitting, mover: str, seconder: str) -> None:
    head = main(sitting)
    assert code(lambda: postpone(sitting, mover=mover, seconder=seconder)) in ("not_here", "own_motion")
    assert code(lambda: close_on(sitting, head, mover, seconder)) in ("not_here", "own_motion")


def test_whoever_left_or_stepped_back_moves_nothing(sitting: Sitting) -> None:
    world = sitting.world
    main(sitting)
    asked = do(lambda: recusals.ask_recusal(sitting.matter, world["M08"], "Kin.", actor=world["M08"]))
    do(lambda: recusals.approve_recusal(asked, sitting.matter, actor=world["P01"]))
    do(lambda: meetings.note_attendance(sitting.meeting, {world["M09"].id: meetings.Presence.LEFT}, actor=world["C01"]))
    assert code(lambda: postpone(sitting, seconder="M10")) == "not_here"
    assert code(lambda: postpone(sitting, mover="M09", seconder="M10")) == "not_here"


def test_nothing_pending_nothing_voted_on_and_no_second_time(sitting: Sitting) -> None:
    world = sitting.world
    assert code(lambda: postpone(sitting)) == "nothing_pending"
    head = main(sitting)
    do(lambda: votes.put(head, actor=world["P01"]))
    assert code(lambda: postpone(sitting)) == "nothing_pending"


def test_not_while_a_vote_on_an_amendment_is_open(sitting: Sitting) -> None:
    main(sitting)
    do(lambda: votes.put(amendment(sitting, Op.REPLACE, "p1", "Eins."), actor=sitting.person("P01")))
    assert code(lambda: postpone(sitting)) == "poll_open"
    assert sitting.item.debate.state == "open"


def test_a_second_press_finds_the_debate_closed(sitting: Sitting) -> None:
    main(sitting)
    postpone(sitting)
    assert code(lambda: postpone(sitting)) == "no_debate"
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    assert code(lambda: postpone(sitting)) == "meeting_not_open"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_it_needs_a_reason(sitting: Sitting, reason: str) -> None:
    main(sitting)
    assert code(lambda: postpone(sitting, reason=reason)) == "invalid"


@given(st.integers(-400, 800))
def test_only_a_day_to_come_within_a_year_is_taken(days: int) -> None:
    """The law alone: the bounds around today."""
    today = date(2026, 3, 26)
    until = today + timedelta(days=days)
    assert (today < until <= today + procedure.FARTHEST) == (1 <= days <= 366)


@pytest.mark.parametrize("until", [date(2026, 3, 26), date(2026, 3, 1), date(2027, 3, 28), date(9999, 12, 31)])
def test_a_day_that_is_past_or_far_is_refused(sitting: Sitting, until: date) -> None:
    main(sitting)
    assert code(lambda: postpone(sitting, until)) == "invalid"


# ---- to close debate on a motion ----------------------------------------------------------------


def test_after_it_nobody_amends_the_motion_or_speaks_and_it_is_put(sitting: Sitting) -> None:
    world = sitting.world
    head = main(sitting)
    close_on(sitting, head)
    assert code(lambda: amendment(sitting, Op.REPLACE, "p1", "Eins.")) == "debate_closed"
    speak = lambda: speeches.speak(sitting.item, world["M03"], "pro", "Yes.", actor=world["C01"])  # noqa: E731
    assert code(speak) == "debate_closed"
    assert code(lambda: close_on(sitting, head)) == "done_already"
    vote(sitting, head)
    assert head.state == "carried"
    do(speak)


def test_closed_on_an_amendment_only_that_one_is_settled_at_once(sitting: Sitting) -> None:
    world = sitting.world
    main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    second = amendment(sitting, Op.REPLACE, "p2", "Zwei.")
    close_on(sitting, first)
    assert code(lambda: secondary(sitting, first, "Uno.")) == "debate_closed"
    assert secondary(sitting, second, "Dos.").label == "A2-1"
    assert code(lambda: speeches.speak(sitting.item, world["M03"], "pro", "Yes.", actor=world["C01"])) == "debate_closed"
    vote(sitting, first)
    do(lambda: speeches.speak(sitting.item, world["M03"], "pro", "Yes.", actor=world["C01"]))
    assert amendment(sitting, Op.REPLACE, "p3", "Drei.").state == "seconded"


def test_closed_on_the_main_motion_what_was_moved_before_is_still_voted_on_first(sitting: Sitting) -> None:
    head = main(sitting)
    first = amendment(sitting, Op.REPLACE, "p1", "Eins.")
    close_on(sitting, head)
    assert code(lambda: secondary(sitting, first, "Uno.")) == "debate_closed"
    assert code(lambda: votes.put(head, actor=sitting.person("P01"))) == "not_in_order"
    vote(sitting, first)
    person = sitting.person("M01")
    assert code(lambda: reconsidering.reconsider(first, person, actor=person)) == "debate_closed"
    vote(sitting, head)


def test_it_holds_for_this_sitting_alone(sitting: Sitting) -> None:
    head = main(sitting)
    close_on(sitting, head)
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    later = next_sitting(sitting)
    with clock.frozen(at("2026-04-02T20:00")):
        assert amendment(later, Op.REPLACE, "p1", "Eins.").state == "seconded"
    with clock.frozen(at("2026-04-10T14:30")):
        opened(later)
        assert amendment(later, Op.REPLACE, "p2", "Zwei.").state == "seconded"
        close_on(later, head)


def test_not_on_what_is_decided_unseconded_or_outside_a_sitting(sitting: Sitting) -> None:
    head = main(sitting, seconder=None)
    assert code(lambda: close_on(sitting, head)) == "not_seconded"
    do(lambda: services.second(head, sitting.person("M02"), actor=sitting.person("M02")))
    vote(sitting, head)
    assert code(lambda: close_on(sitting, head)) == "not_pending"
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    assert code(lambda: close_on(sitting, head)) in ("meeting_not_open", "no_debate")
