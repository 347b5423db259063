"""A secret vote from the sealed ballot to the count: one vote each, nothing told of it, nothing left in the box."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from deliberation.audit.services import verify
from deliberation.extensions import db, transaction
from deliberation.people.models import OnceKey, SecurityEvent
from deliberation.voting import casting, queries, tallying
from deliberation.voting import services as voting
from deliberation.voting.secret import box, cleaning, sealing
from deliberation.voting.secret import queries as secrets_of
from deliberation.voting.secret.models import BoxRow, OpenedBallot, RollMark, SealedHash, SealedPoll
from tests.builders import do
from tests.motions.debates import code
from tests.voting.secret.scenes import RANKED, RATING, SINGLE, bodies, number, opened

EIGHTEEN = ["for"] * 12 + ["against"] * 4 + ["abstain"] * 2
TABLES = (RollMark, BoxRow, SealedHash, OpenedBallot)
NAMES = {model.__tablename__ for model in TABLES}


def test_a_yes_or_no_is_cast_closed_and_counted(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    secret.close()
    row = secret.count()
    assert (row.votes_for, row.votes_against, row.votes_abstain, row.outcome, row.void) == (12, 4, 2, "adopted", None)


@pytest.mark.parametrize(
    ("question", "ballots", "told"),
    [
        (SINGLE, ["1"] * 9 + ["2"] * 6 + ["abstain"] * 3, '"winners":["1"]'),
        (RANKED, ["4>1"] * 9 + ["2>3>1>4"] * 5 + ["abstain"] * 4, '"winners":["4"]'),
        (RATING, ["1:1,2:4"] * 10 + ["1:2,2:2"] * 8, '"grades":[[10,8,0,0],[0,8,0,10]]'),
    ],
)
def test_every_kind_of_question_is_counted(world, question, ballots, told):
    secret = opened(world, question)
    secret.all_cast(ballots)
    secret.close()
    assert told in secret.count().result


def test_a_poll_has_exactly_three_entries_and_none_of_them_tells_a_vote(world):
    before = opened(world)
    start = len(bodies(world))
    before.all_cast(EIGHTEEN)
    assert len(bodies(world)) == start, "nothing is entered for a vote"
    before.close()
    before.count()
    told = bodies(world)[start - 1 :]
    assert [one["action"] for one in told] == ["poll.open", "poll.close", "poll.count"]
    closed = next(row["set"] for row in told[1]["rows"] if row["table"] == "sealed_poll")
    assert closed == {"marks": 18, "sealed": 18, "sealed_root": sealing.sealed_root(secrets_of.receipts(before.poll))}
    counted = next(row["set"] for row in told[2]["rows"] if row["table"] == "sealed_poll")
    kept = [(one.id, one.content) for one in db.session.query(OpenedBallot)]
    assert counted == {"ballots": 18, "ballots_root": sealing.ballots_root(kept)}
    touched = {row["table"] for one in told for row in one["rows"]}
    assert touched == {"poll", "poll_rule", "poll_voter", "sealed_poll", "verdict", "box_key"}
    assert [one.bad_seq for one in verify()] == [None] * 2


def test_one_person_votes_once_and_never_changes_it(world):
    secret = opened(world)
    secret.cast("M01", "for")
    assert code(lambda: box.cast(secret.poll, "against", box.new_token(), actor=world["M01"])) == "already_voted"
    assert code(lambda: casting.change(secret.poll, "against", actor=world["M01"])) == "not_voted"
    assert (number(BoxRow), secrets_of.marks(secret.poll)) == (1, 1)


def test_the_same_form_again_gets_the_same_receipt_and_changes_nothing(world):
    secret, token = opened(world), box.new_token()
    first = secret.cast("M01", "for", token)
    assert secret.cast("M01", "against", token) == first
    secret.close()
    assert secret.cast("M01", "for", token) == first, "an answer that got lost is given again after the closing too"
    row = secret.count()
    assert (row.votes_for, row.votes_against) == (1, 0)
    assert code(lambda: box.cast(secret.poll, "for", token, actor=world["M01"])) == "poll_closed"


def test_another_persons_token_gives_nothing(world):
    secret, token = opened(world), box.new_token()
    secret.cast("M01", "for", token)
    with pytest.raises(IntegrityError):
        secret.cast("M02", "against", token)
    assert (number(BoxRow), secrets_of.marks(secret.poll)) == (1, 1)


def test_who_may_not_vote_is_told_why(world):
    secret = opened(world, recused=("M01",), chair_votes=False)
    reasons = {"M01": "recused", "M19": "absent", "P01": "chair_does_not_vote", "R01": "forbidden", "C01": "forbidden"}
    for who, why in reasons.items():
        assert code(lambda who=who: box.cast(secret.poll, "for", box.new_token(), actor=world[who])) == why
    assert number(BoxRow) == 0
    assert {one.person_id for one in db.session.query(RollMark)} == set(queries.may_vote_ids(secret.poll.id))


def test_nobody_is_added_to_the_electorate_after_the_opening(world):
    secret = opened(world)
    with transaction():
        db.session.connection().execute(insert(RollMark).values(poll_id=secret.poll.id, person_id=world["R01"].id, voted=False))
    assert code(lambda: box.cast(secret.poll, "for", box.new_token(), actor=world["R01"])) == "forbidden"


@pytest.mark.parametrize(("question", "ballot"), [(SINGLE, "4"), (SINGLE, ""), (RANKED, "1>1"), (RATING, "1:1"), (None, "maybe")])
def test_a_ballot_that_cannot_be_is_refused_and_the_person_can_vote(world, question, ballot):
    secret = opened(world, question)
    assert code(lambda: box.cast(secret.poll, ballot, box.new_token(), actor=world["M01"])) == "invalid"
    assert secrets_of.marks(secret.poll) == 0
    secret.cast("M01", "abstain")


def test_a_form_without_a_token_is_refused(world):
    secret = opened(world)
    assert code(lambda: box.cast(secret.poll, "for", "", actor=world["M01"])) == "invalid"
    assert secrets_of.marks(secret.poll) == 0


def test_a_secret_vote_is_never_recorded_by_name_and_a_recorded_one_never_sealed(world):
    secret = opened(world)
    assert code(lambda: casting.cast(secret.poll, "for", actor=world["M01"])) == "secret"
    assert code(lambda: casting.take_down(secret.poll, {world["M01"].id: "for"}, actor=world["C01"])) == "secret"
    poll = do(lambda: voting.prepare(world.council, label="T2", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    assert code(lambda: box.cast(poll, "for", box.new_token(), actor=world["M01"])) == "poll_not_open"
    assert code(lambda: box.count(poll, [], actor=world["P01"])) == "not_secret"


def test_how_it_stands_is_nowhere_before_the_count(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN[:5])
    for nothing in (queries.piles, secrets_of.receipts, secrets_of.participants):
        assert nothing(secret.poll) == []
    assert (queries.progress(secret.poll).voted, queries.progress(secret.poll).may_vote) == (5, 18)
    chair = world["P01"]
    for act in (lambda: tallying.count(secret.poll, actor=chair), lambda: box.count(secret.poll, secret.sheets, actor=chair)):
        assert code(act) == "not_closed"


def test_a_vote_that_was_cast_no_longer_awaits_its_voter(world):
    secret = opened(world)
    assert queries.awaits(secret.poll.id, world["M01"])
    secret.cast("M01", "for")
    assert not queries.awaits(secret.poll.id, world["M01"]) and queries.awaits(secret.poll.id, world["M02"])
    assert secrets_of.has_voted(secret.poll, world["M01"]) and not secrets_of.has_voted(secret.poll, world["M02"])


def test_every_receipt_stands_in_the_list_for_ever(world):
    secret = opened(world)
    receipts = [secret.cast(f"M{n:02d}", "for").code for n in range(1, 8)]
    secret.close()
    assert secrets_of.receipts(secret.poll) == sorted(receipts)
    secret.count()
    assert secrets_of.receipts(secret.poll) == sorted(receipts)


def test_after_the_count_the_box_is_empty_and_ballots_lie_in_a_random_order(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    secret.close()
    secret.count()
    assert number(BoxRow) == 0
    kept = db.session.query(OpenedBallot).all()
    assert sorted(one.content for one in kept) == sorted(EIGHTEEN)
    assert all(len(one.id) == 32 for one in kept)
    assert {one.name for one in secrets_of.participants(secret.poll) if one.voted} == {one.name for one in secret.voters}


def test_on_sqlite_no_hidden_number_tells_the_order(world):
    if db.engine.dialect.name != "sqlite":
        serial = text("SELECT count(*) FROM information_schema.columns WHERE column_default LIKE 'nextval%' AND table_name = :name")
        assert all(db.session.execute(serial, {"name": name}).scalar_one() == 0 for name in NAMES)
        return
    made = text("SELECT sql FROM sqlite_master WHERE name = :name")
    for name in NAMES:
        assert db.session.execute(made, {"name": name}).scalar_one().upper().rstrip().endswith("WITHOUT ROWID"), name


def test_casting_leaves_no_key_no_event_and_no_time(world):
    secret = opened(world)
    before = number(OnceKey), number(SecurityEvent)
    secret.all_cast(EIGHTEEN)
    assert (number(OnceKey), number(SecurityEvent)) == before
    for model in TABLES:
        assert not [c.name for c in model.__table__.columns if c.name.endswith("_at") or "time" in c.name]


def test_cancelled_in_the_middle_the_box_is_emptied(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    do(lambda: voting.cancel(secret.poll, actor=world["P01"]))
    assert number(BoxRow) == 0 and secret.poll.state == "cancelled"
    assert code(lambda: box.cast(secret.poll, "for", box.new_token(), actor=world["M01"])) == "poll_cancelled"


def test_the_file_is_not_tidied_up_while_another_box_is_closed(world):
    first, second = opened(world), opened(world)
    first.all_cast(EIGHTEEN)
    second.cast("M01", "for")
    first.close()
    first.count()
    assert not cleaning.clean()
    second.close()
    second.count()
    assert cleaning.clean()


def test_opening_binds_the_box_to_its_key(world):
    secret = opened(world)
    assert queries.facts(secret.poll)["box_key"] == secret.key.public_key == queries.box_key(secret.poll)
    kept = db.session.get_one(SealedPoll, secret.poll.id)
    assert (kept.marks, kept.sealed_root, kept.ballots_root) == (None, None, None)
