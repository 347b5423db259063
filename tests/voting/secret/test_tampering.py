"""A box that was tampered with makes the vote void; a result that tells how people voted is published only on purpose."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select, update

from deliberation.extensions import db, transaction
from deliberation.kernel.errors import Refused
from deliberation.voting import queries, tallying
from deliberation.voting.secret import sealing
from deliberation.voting.secret.models import BoxRow, OpenedBallot, RollMark
from tests.voting.secret.scenes import bodies, number, opened

EIGHTEEN = ["for"] * 12 + ["against"] * 4 + ["abstain"] * 2


def void(secret, how):
    secret.all_cast(EIGHTEEN)
    secret.close()
    with transaction():
        how(db.session.connection())
    db.session.expire_all()
    row = secret.count()
    assert (row.outcome, row.void, row.votes_for) == ("no_decision", "mismatch", 0)
    assert secret.poll.state == "counted" and number(BoxRow) == number(OpenedBallot) == 0
    sentence = str(tallying.verdict_of(row, secret.poll.rule.rule).sentence())
    assert "the vote is void" in sentence
    assert bodies(secret.world)[-1]["action"] == "poll.count"


def one_id(connection):
    return connection.execute(select(BoxRow.id).limit(1)).scalar_one()


def test_a_ballot_taken_out_makes_the_vote_void(world):
    void(opened(world), lambda c: c.execute(delete(BoxRow).where(BoxRow.id == one_id(c))))


def test_a_ballot_changed_in_the_box_makes_the_vote_void(world):
    void(opened(world), lambda c: c.execute(update(BoxRow).where(BoxRow.id == one_id(c)).values(sealed=b"x" * 100)))


def test_a_ballot_exchanged_for_another_after_the_closing_makes_the_vote_void(world):
    secret = opened(world)

    def exchange(connection):
        public = bytes.fromhex(queries.box_key(secret.poll))
        sealed = sealing.seal("against", 7, public, sealing.info(secret.poll.id, secret.poll.frozen_hash))
        connection.execute(update(BoxRow).where(BoxRow.id == one_id(connection)).values(sealed=sealed))

    void(secret, exchange)


def test_a_ballot_stuffed_into_the_box_makes_the_vote_void(world):
    secret = opened(world)

    def stuff(connection):
        public = bytes.fromhex(queries.box_key(secret.poll))
        sealed = sealing.seal("for", 7, public, sealing.info(secret.poll.id, secret.poll.frozen_hash))
        connection.execute(insert(BoxRow).values(id="a" * 64, poll_id=secret.poll.id, sealed=sealed))

    void(secret, stuff)


def test_a_mark_taken_off_the_roll_makes_the_vote_void(world):
    secret = opened(world)
    one = (RollMark.person_id == world["M01"].id) & (RollMark.poll_id == secret.poll.id)
    void(secret, lambda c: c.execute(update(RollMark).where(one).values(voted=False)))


def test_an_unreadable_ballot_before_the_closing_makes_the_vote_void_too(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    with transaction():
        connection = db.session.connection()
        connection.execute(update(BoxRow).where(BoxRow.id == one_id(connection)).values(sealed=b"x" * 100))
    secret.close()
    assert secret.count().void == "mismatch"


def test_a_sealed_ballot_that_says_nothing_clear_counts_as_invalid(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    with transaction():
        connection = db.session.connection()
        public = bytes.fromhex(queries.box_key(secret.poll))
        sealed = sealing.seal("perhaps", 7, public, sealing.info(secret.poll.id, secret.poll.frozen_hash))
        connection.execute(update(BoxRow).where(BoxRow.id == one_id(connection)).values(sealed=sealed))
    secret.close()
    row = secret.count()
    assert (row.votes_invalid, row.void) == (1, None)


def test_a_result_that_tells_is_published_only_on_purpose(world):
    secret = opened(world)
    secret.all_cast(["for"] * 18)
    secret.close()
    with pytest.raises(Refused, match="All ballots are alike"):
        secret.count(publish=False)
    db.session.expire_all()
    assert secret.poll.state == "closed" and number(BoxRow) == 18
    assert secret.count().votes_for == 18


def test_few_ballots_are_a_warning_too_and_an_empty_box_is_none(world):
    few = opened(world)
    few.all_cast(["for", "against"])
    few.close()
    with pytest.raises(Refused, match="only 2 ballots"):
        few.count(publish=False)
    few.count()
    none = opened(world)
    none.close()
    row = none.count(publish=False)
    assert (row.outcome, row.void) == ("rejected", None)
