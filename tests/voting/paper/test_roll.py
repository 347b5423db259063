"""One name once whatever the way; papers printed, given out, exchanged."""

from __future__ import annotations

import pytest

from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting import queries as polls
from deliberation.voting import services as voting
from deliberation.voting.models import Poll
from deliberation.voting.paper import queries, serials, services
from deliberation.voting.secret import box
from deliberation.voting.secret import queries as secret_queries
from tests.builders import do
from tests.motions.debates import code
from tests.voting.paper.scenes import CLERK, SECOND, desk
from tests.voting.secret.scenes import prepared
from tests.voting.secret.test_races import at_once


def test_who_voted_on_the_phone_gets_no_paper(world):
    made = desk(world)
    made.secret.cast("M01", "for")
    assert code(lambda: services.hand_out(made.poll, world["M01"], actor=world[CLERK])) == "already_voted"
    assert queries.given(made.poll) == 0


def test_who_took_a_paper_does_not_vote_on_the_phone(world):
    made = desk(world)
    made.hand_out("M01")
    assert code(lambda: box.cast(made.poll, "for", box.new_token(), actor=world["M01"])) == "already_voted"
    assert code(lambda: services.hand_out(made.poll, world["M01"], actor=world[SECOND])) == "already_voted"
    assert (queries.given(made.poll), secret_queries.marks(made.poll)) == (1, 1)
    assert not polls.awaits(made.poll.id, world["M01"])


def test_two_clerks_and_the_phone_at_once_use_a_name_once(world, app):
    made = desk(world)
    poll, person, clerks = made.poll.id, world["M01"].id, (world[CLERK].id, world[SECOND].id)
    db.session.rollback()

    def giving(clerk):
        def act():
            actor, who = db.session.get_one(Person, clerk), db.session.get_one(Person, person)
            services.hand_out(db.session.get_one(Poll, poll), who, actor=actor)
            return "paper"

        return act

    def phone():
        box.cast(db.session.get_one(Poll, poll), "for", box.new_token(), actor=db.session.get_one(Person, person))
        return "phone"

    found = at_once(app, [giving(clerks[n % 2]) for n in range(6)] + [phone, phone])
    db.session.expire_all()
    assert sorted(found) == ["already_voted"] * 7 + [next(one for one in found if one in ("paper", "phone"))]
    assert queries.given(made.poll) == found.count("paper")
    assert secret_queries.marks(made.poll) == 1


def test_papers_at_once_never_exceed_those_printed(world, app):
    made = desk(world, papers=3)
    poll, clerk = made.poll.id, world[CLERK].id
    people = [one.id for one in made.secret.voters[:8]]
    db.session.rollback()

    def giving(person):
        def act():
            who, actor = db.session.get_one(Person, person), db.session.get_one(Person, clerk)
            services.hand_out(db.session.get_one(Poll, poll), who, actor=actor)

        return act

    found = at_once(app, [giving(one) for one in people])
    db.session.expire_all()
    assert (found.count(None), found.count("no_paper_left")) == (3, 5)
    assert queries.given(made.poll) == secret_queries.marks(made.poll) == 3


def test_who_may_not_vote_gets_no_paper(world):
    made = desk(world, here=17)
    voters = {one.id for one in made.secret.voters}
    absent = next(one for code_, one in world.people.items() if code_[0] == "M" and one.id not in voters)
    for person, reason in ((absent, "absent"), (world["R01"], "not_entitled")):
        assert code(lambda person=person: services.hand_out(made.poll, person, actor=world[CLERK])) == reason
    assert queries.given(made.poll) == 0


def test_papers_are_given_out_only_while_the_vote_is_open(world):
    secret = prepared(world)
    do(lambda: services.print_papers(secret.poll, 3, actor=world[CLERK]))
    assert code(lambda: services.hand_out(secret.poll, world["M01"], actor=world[CLERK])) == "poll_not_open"
    made = desk(world)
    made.secret.close()
    for act in (
        lambda: services.hand_out(made.poll, world["M01"], actor=world[CLERK]),
        lambda: services.exchange(made.poll, made.serials[0], actor=world[CLERK]),
        lambda: services.print_papers(made.poll, 1, actor=world[CLERK]),
    ):
        assert code(act) == "poll_closed"


def test_serials_are_random_different_and_easy_to_read(world):
    made = desk(world, papers=200)
    more = made.printed(200)
    assert len(set(made.serials)) == 400 and set("".join(made.serials)) <= set(serials.ALPHABET)
    assert more != sorted(more), "the order of printing is not the order of the codes"
    assert not set(serials.ALPHABET) & set("01258BGILOQSUVZ")


@pytest.mark.parametrize("typed", ["km4 7px", "KM4-7PX", " Km4７px ", "ＫＭ４７ＰＸ", "7:KM47PX", "7:km4 7px", "k m 4 7 p x"])
def test_a_number_is_read_however_it_is_typed_or_scanned(typed):
    assert serials.read(typed, 7) == "KM47PX"


def test_too_many_papers_are_refused(world):
    made = desk(world)
    for wrong in (0, -1, services.MOST_AT_ONCE + 1):
        assert code(lambda wrong=wrong: services.print_papers(made.poll, wrong, actor=world[CLERK])) == "invalid"
    made.printed(500)
    assert code(lambda: services.print_papers(made.poll, 500, actor=world[CLERK])) == "invalid"


def test_a_spoiled_paper_is_exchanged_without_the_roll_and_counts_no_more(world):
    made = desk(world, given=5)
    marks = secret_queries.marks(made.poll)
    made.exchange(made.serials[0])
    assert secret_queries.marks(made.poll) == marks and queries.given(made.poll) == 5
    assert code(lambda: services.exchange(made.poll, made.serials[0], actor=world[CLERK])) == "voided_paper"
    made.secret.close()
    made.begin(CLERK)
    assert code(lambda: services.type_in(made.poll, made.serials[0], "for", actor=world[CLERK])) == "voided_paper"
    assert queries.paper_poll(made.poll).voided == 1


def test_nothing_is_exchanged_where_no_paper_was_given_out_or_none_is_left(world):
    made = desk(world, papers=2)
    assert code(lambda: services.exchange(made.poll, made.serials[0], actor=world[CLERK])) == "nothing_given"
    made.hand_out("M01")
    made.hand_out("M02")
    assert code(lambda: services.exchange(made.poll, made.serials[0], actor=world[CLERK])) == "no_paper_left"
    assert code(lambda: services.hand_out(made.poll, world["M03"], actor=world[CLERK])) == "no_paper_left"
    assert not secret_queries.has_voted(made.poll, world["M03"]), "a refused paper leaves no mark"


def test_a_voided_paper_is_not_there_to_be_given_out(world):
    made = desk(world, papers=3)
    made.hand_out("M01")
    made.exchange(made.serials[0])
    made.hand_out("M02")
    assert code(lambda: services.hand_out(made.poll, world["M03"], actor=world[CLERK])) == "no_paper_left"


def test_a_vote_by_name_has_no_papers(world):
    named = do(lambda: voting.prepare(world.council, label="N1", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    assert code(lambda: services.print_papers(named, 5, actor=world[CLERK])) == "not_secret"


@pytest.mark.parametrize("who", ["M09", "R01", "P01"])
def test_only_the_desk_prints_and_gives_out(world, who):
    made = desk(world, given=1)
    for act in (
        lambda: services.print_papers(made.poll, 1, actor=world[who]),
        lambda: services.hand_out(made.poll, world["M05"], actor=world[who]),
        lambda: services.exchange(made.poll, made.serials[0], actor=world[who]),
    ):
        assert code(act) == "forbidden"
    made.secret.close()
    assert code(lambda: services.begin(made.poll, actor=world[who])) == "forbidden"
