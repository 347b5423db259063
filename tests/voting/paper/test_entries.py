"""Two people type the papers in, each alone; only what both say the same is counted."""

from __future__ import annotations

from sqlalchemy import update

from deliberation.extensions import db, transaction
from deliberation.voting.paper import queries, services
from deliberation.voting.paper.models import PaperTyped
from deliberation.voting.secret.models import OpenedBallot, RollMark
from tests.builders import do
from tests.motions.debates import code
from tests.voting.paper.scenes import CLERK, SECOND, desk


def test_two_different_people_type_the_papers_in(world):
    made = desk(world, given=1)
    assert code(lambda: services.begin(made.poll, actor=world[CLERK])) == "not_closed"
    made.secret.close()
    made.begin(CLERK)
    assert code(lambda: services.begin(made.poll, actor=world[CLERK])) == "four_eyes"
    assert code(lambda: services.type_in(made.poll, made.serials[0], "for", actor=world[SECOND])) == "not_begun"
    made.begin("M02")
    assert code(lambda: services.begin(made.poll, actor=world[SECOND])) == "both_begun"
    assert [one.person_id for one in queries.entries(made.poll)] == [world[CLERK].id, world["M02"].id]


def test_the_count_waits_for_both_entries(world):
    made = desk(world, given=6)
    made.secret.close()
    papers = dict.fromkeys(made.serials[:6], "for")
    assert code(made.secret.count) == "papers_wait"
    made.entered(CLERK, papers)
    assert code(made.secret.count) == "papers_wait"
    made.begin(SECOND)
    assert code(made.secret.count) == "papers_wait"
    for serial in papers:
        made.type_in(SECOND, serial, "for")
    assert code(made.secret.count) == "papers_wait"
    made.finish(SECOND)
    assert made.secret.count().votes_for == 6


def test_where_the_entries_differ_both_type_those_papers_anew(world):
    made = desk(world, given=6)
    made.secret.close()
    one, two, three, *rest = made.serials[:6]
    made.entered(CLERK, {one: "for", two: "for", three: "for", **dict.fromkeys(rest, "against")})
    wrong = made.entered(SECOND, {one: "against", two: "for", three: "invalid:unclear", **dict.fromkeys(rest, "against")})
    assert wrong == sorted([one, three]) == queries.anew(made.poll)
    assert code(made.secret.count) == "papers_wait"
    assert queries.typed(made.poll, 1) == queries.typed(made.poll, 2), "what differed is out of both"
    assert code(lambda: services.type_in(made.poll, two, "for", actor=world[CLERK])) == "typed_already"
    for who in (CLERK, SECOND):
        made.type_in(who, one, "against")
        assert queries.anew(made.poll, queries.own_entry(made.poll, world[who])) == [three], "the own page names what is left"
        made.type_in(who, three, "for")
        assert made.finish(who) == []
    assert queries.anew(made.poll) == []
    row = made.secret.count()
    assert (row.votes_for, row.votes_against) == (2, 4)


def test_a_paper_that_only_one_has_is_a_difference_and_the_reason_of_an_invalid_one_is_none(world):
    made = desk(world, given=2)
    made.secret.close()
    one, two = made.serials[:2]
    made.entered(CLERK, {one: "invalid:unclear", two: "for"})
    assert made.entered(SECOND, {one: "invalid:signed"}, confirmed=True) == [two]


def test_a_finished_entry_is_not_changed(world):
    made = desk(world, given=1)
    made.secret.close()
    made.entered(CLERK, {made.serials[0]: "for"})
    for act in (
        lambda: services.type_in(made.poll, made.serials[1], "for", actor=world[CLERK]),
        lambda: services.take_back(made.poll, made.serials[0], actor=world[CLERK]),
        lambda: services.finish(made.poll, actor=world[CLERK]),
    ):
        assert code(act) == "finished"


def test_an_entry_is_discarded_by_its_maker_or_by_a_third_person(world):
    made = desk(world, given=1)
    made.secret.close()
    made.entered("M01", {made.serials[0]: "for"})
    made.begin(CLERK)
    assert code(lambda: services.discard(made.poll, 1, actor=world[CLERK])) == "four_eyes"
    assert code(lambda: services.discard(made.poll, 1, actor=world["M09"])) == "forbidden"
    do(lambda: services.discard(made.poll, 1, actor=world[SECOND]))
    assert queries.typed(made.poll, 1) == {}
    assert code(lambda: services.discard(made.poll, 1, actor=world[SECOND])) == "not_begun"
    made.entered("M02", {made.serials[0]: "against"})
    made.type_in(CLERK, made.serials[0], "against")
    made.finish(CLERK)
    assert made.secret.count().votes_against == 1


def test_a_paper_that_never_comes_back_is_invalid_and_the_vote_stands(world):
    made = desk(world, given=6)
    made.secret.close()
    papers = dict.fromkeys(made.serials[:5], "for")
    made.begin(CLERK)
    for serial in papers:
        made.type_in(CLERK, serial, "for")
    assert code(lambda: services.finish(made.poll, actor=world[CLERK])) == "number_differs"
    made.finish(CLERK, confirmed=True)
    made.entered(SECOND, papers, confirmed=True)
    row = made.result()
    assert (row.votes_for, row.votes_invalid, row.void) == (5, 1, None)
    assert queries.channels(made.poll).missing == 1


def test_one_paper_too_many_makes_the_vote_void(world):
    made = desk(world, given=6)
    made.secret.close()
    made.by_both(dict.fromkeys(made.serials[:7], "for"), confirmed=True)
    row = made.result()
    assert (row.outcome, row.void) == ("no_decision", "mismatch")
    assert db.session.query(OpenedBallot).count() == 0


def test_a_mark_without_a_ballot_makes_the_vote_void(world):
    made = desk(world, given=6)
    with transaction():
        one = (RollMark.person_id == world["M16"].id) & (RollMark.poll_id == made.poll.id)
        db.session.connection().execute(update(RollMark).where(one).values(voted=True))
    made.secret.close()
    made.by_both(dict.fromkeys(made.serials[:6], "for"))
    assert made.result().void == "mismatch"


def test_what_was_typed_and_changed_afterwards_is_not_counted(world):
    made = desk(world, given=6)
    made.secret.close()
    made.by_both(dict.fromkeys(made.serials[:6], "for"))
    with transaction():
        db.session.connection().execute(update(PaperTyped).values(content="against"))
    assert code(made.secret.count) == "papers_differ"
