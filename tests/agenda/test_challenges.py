"""A recusal challenged by another member: reason, answer, decision, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from deliberation.agenda import challenges, recusals
from deliberation.agenda.models import Matter, Recusal, RecusalChallenge
from deliberation.agenda.services import recused_ids
from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.motions import services as motions
from deliberation.people.permissions import Office
from deliberation.voting import casting, tallying
from deliberation.voting.states import Choice
from tests.agenda.worlds import adopting
from tests.builders import World, appoint, do
from tests.motions.debates import NOW, code, main, sitting_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def matter(world: World) -> Matter:
    return adopting(world)


def challenged(world: World, matter: Matter, member: str = "M02", by: str = "M01") -> RecusalChallenge:
    return do(lambda: challenges.challenge(matter, world[member], "The bed is his sister's.", actor=world[by]))


def answered(world: World, matter: Matter, made: RecusalChallenge, by: str | None = None) -> RecusalChallenge:
    actor = world[by] if by else made.person
    do(lambda: challenges.answer(made, matter, "She gave it up in January.", actor=actor))
    return made


def decided(world: World, matter: Matter, made: RecusalChallenge, upheld: bool = True, by: str = "P01") -> None:
    do(lambda: challenges.decide(made, matter, upheld, "Kin of the first degree.", actor=world[by]))


def test_upheld_it_counts_exactly_like_a_recusal_that_was_asked_for(world: World, matter: Matter) -> None:
    made = answered(world, matter, challenged(world, matter))
    assert recused_ids(matter.id) == set(), "a challenge alone changes nothing"
    decided(world, matter, made)
    assert recused_ids(matter.id) == {world["M02"].id}
    kept = db.session.query(Recusal).one()
    assert (kept.person_id, kept.approved_by_id) == (world["M02"].id, world["P01"].id)
    assert code(lambda: motions.propose_main(matter, world["M02"], actor=world["M02"])) == "recused"
    assert code(lambda: recusals.ask_recusal(matter, world["M02"], "Now I do.", actor=world["M02"])) == "done_already"


def test_dismissed_it_changes_nothing_and_the_same_member_does_not_challenge_again(world: World, matter: Matter) -> None:
    made = answered(world, matter, challenged(world, matter))
    decided(world, matter, made, upheld=False)
    assert recused_ids(matter.id) == set()
    assert code(lambda: challenged(world, matter)) == "done_already"
    assert challenged(world, matter, by="M03").decided_at is None


def test_a_request_that_waits_is_approved_by_the_decision(world: World, matter: Matter) -> None:
    made = answered(world, matter, challenged(world, matter))
    do(lambda: recusals.ask_recusal(matter, world["M02"], "Kin.", actor=world["M02"]))
    decided(world, matter, made)
    assert [(one.person_id, one.approved_by_id) for one in db.session.query(Recusal)] == [(world["M02"].id, world["P01"].id)]


def test_an_open_vote_keeps_its_electorate_and_the_next_one_does_not(world: World) -> None:
    sitting = sitting_of(world)
    matter = sitting.matter
    first = main(sitting)
    made = answered(world, matter, challenged(world, matter, "M04", "M05"))
    poll = do(lambda: votes.put(first, actor=world["P01"]))
    decided(world, matter, made)
    do(lambda: casting.cast(poll, Choice.FOR, actor=world["M04"]))
    assert tallying.tally(poll).recused == 0
    do(lambda: votes.close_and_count(first, actor=world["P01"]))
    sent = next(voter for voter in votes.electorate(sitting.meeting, matter.id, True) if voter.person_id == world["M04"].id)
    assert sent.recused


# ---- who decides --------------------------------------------------------------------


def test_nobody_decides_on_own_case(world: World, matter: Matter) -> None:
    appoint(world, "M10", Office.PRESIDENT)
    of_president = answered(world, matter, challenged(world, matter, "P01", "M01"))
    assert code(lambda: decided(world, matter, of_president, by="P01")) == "not_the_decider"
    by_president = answered(world, matter, challenged(world, matter, "M03", "P01"))
    assert code(lambda: decided(world, matter, by_president, by="P01")) == "not_the_decider"
    decided(world, matter, by_president, by="M10")
    decided(world, matter, of_president, by="S01")
    assert recused_ids(matter.id) == {world["M03"].id, world["P01"].id}


def test_the_secretary_general_decides_only_where_the_president_is_a_party(world: World, matter: Matter) -> None:
    made = answered(world, matter, challenged(world, matter))
    assert code(lambda: decided(world, matter, made, by="S01")) == "not_the_decider"
    for other in ("M05", "C01", "R01", "A01"):
        assert code(lambda other=other: decided(world, matter, made, by=other)) == "forbidden", other
    assert made.decided_at is None


def test_where_nobody_would_be_left_to_decide_it_is_refused(world: World, matter: Matter) -> None:
    assert code(lambda: challenged(world, matter, "P01", "S01")) == "no_decider"
    assert code(lambda: challenged(world, matter, "S01", "P01")) == "no_decider"
    assert challenged(world, matter, "S01", "M01").id


def test_who_is_challenged_answers_first_or_lets_a_day_pass(world: World, matter: Matter) -> None:
    made = challenged(world, matter)
    assert code(lambda: decided(world, matter, made)) == "not_answered"
    with clock.frozen(NOW + challenges.SILENCE - timedelta(seconds=1)):
        assert code(lambda: decided(world, matter, made)) == "not_answered"
    with clock.frozen(NOW + challenges.SILENCE):
        decided(world, matter, made, upheld=False)


def test_the_clerk_may_take_the_answer_down_and_nobody_else_gives_it(world: World, matter: Matter) -> None:
    made = challenged(world, matter)
    for other in ("M01", "M05", "R01"):
        assert code(lambda other=other: answered(world, matter, made, other)) == "forbidden", other
    answered(world, matter, made, "C01")
    assert code(lambda: answered(world, matter, made)) == "done_already"
    decided(world, matter, made)
    assert code(lambda: decided(world, matter, made, upheld=False)) == "done_already"


def test_a_challenger_at_the_desk_does_not_write_the_others_answer(world: World, matter: Matter) -> None:
    made = challenged(world, matter, "M02", "S01")
    assert code(lambda: answered(world, matter, made, "S01")) == "own_case"


# ---- what is refused -----------------------------------------------------------------


def test_strange_and_late_challenges_are_refused(world: World, matter: Matter) -> None:
    assert code(lambda: challenged(world, matter, "M01", "M01")) == "own_case"
    assert code(lambda: challenged(world, matter, "R01", "M01")) == "invalid"
    assert code(lambda: challenged(world, matter, "M02", "R01")) == "forbidden"
    made = challenged(world, matter)
    assert code(lambda: challenged(world, matter)) == "done_already"
    assert code(lambda: challenged(world, matter, by="M03")) == "done_already"
    decided(world, matter, answered(world, matter, made))
    assert code(lambda: challenged(world, matter, by="M03")) == "done_already"
    assert code(lambda: challenged(world, matter, "M03", "M02")) == "not_a_member", "a recused member does not act on the matter"


@pytest.mark.parametrize("text", ["", "   "])
def test_every_step_has_words(world: World, matter: Matter, text: str) -> None:
    member, actor = world["M02"], world["M01"]
    assert code(lambda: challenges.challenge(matter, member, text, actor=actor)) == "invalid"
    made = challenged(world, matter)
    assert code(lambda: challenges.answer(made, matter, text, actor=member)) == "invalid"
    answered(world, matter, made)
    assert code(lambda: challenges.decide(made, matter, True, text, actor=world["P01"])) == "invalid"
    assert recused_ids(matter.id) == set()


def test_the_words_are_the_councils_and_stand_in_no_entry(world: World, matter: Matter) -> None:
    decided(world, matter, answered(world, matter, challenged(world, matter)))
    bodies = b"".join(bytes(body) for body in db.session.scalars(db.select(Entry.body)))
    for words in (b"sister", b"January", b"first degree"):
        assert words not in bodies


def test_the_database_itself_lets_nobody_decide_own_case(world: World, matter: Matter) -> None:
    checks = {str(one.name) for one in RecusalChallenge.__table__.constraints}
    assert "ck_recusal_challenge_nobody_decides_own_case" in checks
