"""The chair's rulings: on what, what they never touch, and the appeal to the council."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from deliberation.audit.actions import ACTIONS
from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import rulings, votes
from deliberation.meetings import services as meetings
from deliberation.motions.amend import Op
from deliberation.motions.models import Motion, Ruling
from tests.acceptance.session import Sitting
from tests.builders import World, do, make_world
from tests.motions.debates import NOW, amendment, code, main, sitting_of, vote


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sitting_of(world, here=14)


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def ruled(
    sitting: Sitting, motion: Motion | None = None, *, actor: str = "P01", text: str = "The speech keeps to the motion."
) -> Ruling:
    return do(lambda: rulings.rule(sitting.item, text, "It named the cost.", motion=motion, actor=sitting.person(actor)))


def appealed(sitting: Sitting, ruling: Ruling, who: str = "M05") -> None:
    do(lambda: rulings.appeal(ruling, actor=sitting.person(who)))


def test_the_chair_rules_on_a_motion_or_on_the_debate_and_the_log_holds_no_words(sitting: Sitting) -> None:
    head = main(sitting)
    on_motion, on_debate = ruled(sitting, head), ruled(sitting, text="Order in the room.")
    assert (on_motion.motion_id, on_debate.motion_id) == (head.id, None)
    bodies = b"".join(bytes(body) for body in db.session.scalars(db.select(Entry.body)))
    assert b"Order in the room" not in bodies
    assert b"named the cost" not in bodies


def test_nobody_else_rules(sitting: Sitting) -> None:
    for other in ("S01", "C01", "M01", "R01"):
        assert code(lambda other=other: ruled(sitting, actor=other)) == "forbidden", other


def test_no_ruling_is_made_on_a_motion_whose_vote_is_open_or_counted(sitting: Sitting) -> None:
    main(sitting)
    first, second = (amendment(sitting, Op.REPLACE, key, "New.") for key in ("p1", "p2"))
    do(lambda: votes.put(first, actor=sitting.person("P01")))
    assert code(lambda: ruled(sitting, first)) == "verdict_stands"
    poll = first.poll
    assert poll is not None
    do(lambda: votes.close_and_count(first, actor=sitting.person("P01")))
    assert first.state != "voting"
    assert code(lambda: ruled(sitting, first)) == "verdict_stands"
    vote(sitting, second, carried=False)
    assert code(lambda: ruled(sitting, second)) == "verdict_stands"
    assert db.session.query(Ruling).all() == []


def test_no_act_of_a_ruling_can_write_to_a_motion_a_poll_or_a_verdict() -> None:
    for name in ("ruling.make", "ruling.appeal", "ruling.decide"):
        known = ACTIONS[name]
        assert known.creates <= {"ruling", "personal_record"}
        assert set(known.changes) <= {"ruling"}
        assert not known.deletes


def test_an_overturned_ruling_leaves_every_motion_as_it_is(sitting: Sitting) -> None:
    head = main(sitting)
    ruling = ruled(sitting, head)
    appealed(sitting, ruling)
    do(lambda: rulings.decide_appeal(ruling, 1, 9, actor=sitting.person("C01")))
    assert ruling.is_overturned
    assert head.state == "seconded"
    vote(sitting, head)
    assert head.state in ("carried", "lost")


@given(st.integers(0, 30), st.integers(0, 30))
def test_only_more_hands_against_than_for_overturn(hands_for: int, hands_against: int) -> None:
    one = Ruling(hands_for=hands_for, hands_against=hands_against)
    assert one.is_overturned == (hands_against > hands_for)
    assert not Ruling(hands_for=hands_for, hands_against=hands_for).is_overturned
    assert not Ruling().is_overturned


@pytest.mark.parametrize(("hands_for", "hands_against"), [(0, 0), (-1, 5), (5, -1), (8, 7), (0, 15), (10**9, 0)])
def test_more_hands_than_members_in_the_room_are_counted_again(sitting: Sitting, hands_for: int, hands_against: int) -> None:
    ruling = ruled(sitting)
    appealed(sitting, ruling)
    assert code(lambda: rulings.decide_appeal(ruling, hands_for, hands_against, actor=sitting.person("C01"))) == "invalid"
    do(lambda: rulings.decide_appeal(ruling, 6, 6, actor=sitting.person("C01")))
    assert not ruling.is_overturned


def test_who_may_appeal_who_may_count_and_each_only_once(sitting: Sitting) -> None:
    ruling = ruled(sitting)
    clerk = sitting.person("C01")
    assert code(lambda: rulings.decide_appeal(ruling, 1, 2, actor=clerk)) == "not_appealed"
    assert code(lambda: appealed(sitting, ruling, "P01")) == "own_ruling"
    assert code(lambda: appealed(sitting, ruling, "M19")) == "not_here"
    assert code(lambda: appealed(sitting, ruling, "R01")) == "forbidden"
    appealed(sitting, ruling)
    assert code(lambda: appealed(sitting, ruling, "M06")) == "done_already"
    assert code(lambda: rulings.decide_appeal(ruling, 1, 2, actor=sitting.person("P01"))) == "forbidden"
    do(lambda: rulings.decide_appeal(ruling, 1, 2, actor=clerk))
    assert code(lambda: rulings.decide_appeal(ruling, 9, 2, actor=clerk)) == "done_already"


def test_when_the_sitting_is_done_with_the_matter_the_ruling_stands(sitting: Sitting) -> None:
    ruling = ruled(sitting)
    do(lambda: meetings.finish(sitting.item, actor=sitting.person("P01")))
    assert code(lambda: ruled(sitting)) == "no_debate"
    assert code(lambda: appealed(sitting, ruling)) == "too_late"
    do(lambda: meetings.close_meeting(sitting.meeting, actor=sitting.person("P01")))
    assert code(lambda: appealed(sitting, ruling)) == "meeting_not_open"


def test_a_motion_of_another_council_is_no_subject(sitting: Sitting) -> None:
    other = sitting_of(make_world(slug="other"))
    foreign = main(other)
    assert code(lambda: ruled(sitting, foreign)) == "invalid"
