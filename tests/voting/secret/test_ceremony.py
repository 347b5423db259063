"""Who keeps the sheets, reading them back, and opening the box with them: in this order, by several people, or not at all."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.kernel.errors import DomainError
from deliberation.people.permissions import Office
from deliberation.voting import queries, tallying
from deliberation.voting import services as voting
from deliberation.voting.secret import box, disclosure, keys, services
from deliberation.voting.secret.models import BoxKey, BoxRow, KeySheet
from deliberation.voting.services import Voter
from tests.builders import appoint, do
from tests.motions.debates import code
from tests.voting.secret.scenes import RULE, SINGLE, opened, prepared

EIGHTEEN = ["for"] * 12 + ["against"] * 6


def refusal(act):
    with pytest.raises(DomainError) as refused:
        do(act)
    return str(refused.value)


def voters(world):
    return [Voter(person.id, True) for name, person in world.people.items() if name[0] in "PSM"]


def opening(secret):
    chair = secret.world["P01"]
    return lambda: voting.open_poll(secret.poll, voters(secret.world), RULE, 1, actor=chair)


def bare(world):
    """A secret poll without a key."""
    chair = world["P01"]
    return do(lambda: voting.prepare(world.council, label="T", text_hash="0" * 64, matter_id=None, mode="secret", actor=chair))


def closed(world):
    secret = opened(world)
    secret.all_cast(EIGHTEEN)
    secret.close()
    return secret


# ---- before the vote -------------------------------------------------------------------------------------------------------


def test_nothing_opens_before_enough_sheets_are_read_back(world):
    secret = bare(world)
    assert "needs a key first" in refusal(lambda: voting.open_poll(secret, voters(world), RULE, 1, actor=world["P01"]))
    secret = prepared(world)
    for n in range(2):
        assert f"{2 - n} more sheets" in refusal(opening(secret))
        do(lambda n=n: services.read_back(secret.key, secret.sheets[n], actor=world["P01"]))
    do(opening(secret))
    assert secret.poll.state == "open"


def test_a_sheet_is_read_back_by_its_keeper_or_the_chair(world):
    secret = prepared(world)
    for who in ("M04", "M02", "C01", "R01"):
        assert code(lambda who=who: services.read_back(secret.key, secret.sheets[0], actor=world[who])) == "forbidden"
    do(lambda: services.read_back(secret.key, secret.sheets[0], actor=world["M01"]))
    do(lambda: services.read_back(secret.key, secret.sheets[1], actor=world["P01"]))
    assert secret.key.state == "ready"


def test_one_sheet_read_back_twice_is_one_sheet(world):
    secret = prepared(world)
    do(lambda: services.read_back(secret.key, secret.sheets[0], actor=world["P01"]))
    assert "Another one is missing" in refusal(lambda: services.read_back(secret.key, secret.sheets[0], actor=world["P01"]))
    assert secret.key.state == "made"


def test_a_sheet_of_another_key_is_not_taken(world):
    first, second = prepared(world), prepared(world)
    assert "another key" in refusal(lambda: services.read_back(second.key, first.sheets[0], actor=world["P01"]))


@pytest.mark.parametrize(
    ("who", "words"),
    [(("M01",), "At least two people"), (("M01", "M01"), "another person"), (("M01", "P01"), "not by a president"),
     (("M01", "R01"), "seated members"), (("M01", "A01"), "seated members"), ((), "At least two people")],
)  # fmt: skip
def test_who_cannot_keep_a_sheet(world, who, words):
    poll = bare(world)
    people = [world[one] for one in who]
    assert words in refusal(lambda: services.make_key(poll, people, 2, actor=world["P01"]))
    assert db.session.query(BoxKey).count() == 0


def test_an_administrator_who_is_a_member_keeps_no_sheet(world):
    appoint(world, "M07", Office.ADMINISTRATOR)
    keepers = {one.id for one in services.can_keep(bare(world), world["P01"])}
    assert world["M07"].id not in keepers and world["M06"].id in keepers


def test_only_the_chair_makes_a_key_and_only_for_a_secret_poll_in_preparation(world):
    secret = prepared(world)
    people = [world["M01"], world["M02"]]
    assert code(lambda: services.make_key(secret.poll, people, 2, actor=world["M05"])) == "forbidden"
    plain = do(lambda: voting.prepare(world.council, label="T", text_hash="0" * 64, matter_id=None, actor=world["P01"]))
    assert code(lambda: services.make_key(plain, people, 2, actor=world["P01"])) == "not_secret"
    open_one = opened(world)
    assert code(lambda: services.make_key(open_one.poll, people, 2, actor=world["P01"])) == "done_already"


def test_new_sheets_make_the_old_ones_worthless(world):
    secret = prepared(world)
    do(lambda: services.read_back(secret.key, secret.sheets[0], actor=world["P01"]))
    old = secret.key
    do(lambda: services.make_key(secret.poll, [world["M04"], world["M05"]], 2, actor=world["P01"]))
    assert (old.state, secret.key.state) == ("dropped", "made")
    assert code(lambda: services.read_back(old, secret.sheets[1], actor=world["P01"])) == "done_already"
    assert "2 more sheets" in refusal(opening(secret))


def test_a_second_poll_of_the_session_takes_the_key_that_is_there(world):
    first = opened(world)
    second = bare(world)
    do(lambda: services.use_key(second, first.key, actor=world["P01"]))
    do(lambda: voting.open_poll(second, voters(world), RULE, 1, actor=world["P01"]))
    for poll in (first.poll, second):
        do(lambda poll=poll: box.cast(poll, "for", box.new_token(), actor=world["M01"]))
        do(lambda poll=poll: voting.close(poll, actor=world["P01"]))
        row = do(lambda poll=poll: box.count(poll, first.sheets[1:], publish=True, actor=world["P01"]))
        assert (row.votes_for, row.void) == (1, None)


def test_a_crowd_is_refused_and_told_what_it_needs(world, monkeypatch):
    monkeypatch.setattr(services, "MOST_VOTERS", 17)
    poll = bare(world)
    assert "Belenios" in refusal(lambda: services.make_key(poll, [world["M01"], world["M02"]], 2, actor=world["P01"]))
    monkeypatch.undo()
    secret = prepared(world)
    for n in range(2):
        do(lambda n=n: services.read_back(secret.key, secret.sheets[n], actor=world["P01"]))
    monkeypatch.setattr(services, "MOST_VOTERS", 17)
    assert "Belenios" in refusal(opening(secret))
    assert disclosure.MOST_VOTERS == 500


def test_the_private_key_and_the_sheets_are_nowhere_in_the_database(world):
    secret = closed(world)
    secret.count()
    assert not {"private", "secret", "share", "digits"} & {c.name for m in (BoxKey, KeySheet) for c in m.__table__.columns}
    words = [sheet.replace(" ", "") for sheet in secret.sheets] + secret.sheets
    told = b"".join(bytes(body) for body in db.session.scalars(select(Entry.body)))
    every = [row for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
    rows = json.dumps([[str(value) for value in row] for row in every])
    for sheet in words:
        assert sheet.encode() not in told and sheet not in rows and sheet[:24] not in rows


# ---- the count -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pair", [(0, 1), (1, 2), (2, 0)])
def test_any_two_of_three_open_the_box(world, pair):
    secret = closed(world)
    assert secret.count([secret.sheets[one] for one in pair]).votes_for == 12


def test_wrong_sheets_open_nothing_and_can_be_tried_again(world):
    secret, other = closed(world), prepared(world)
    mistyped = secret.sheets[0].split()
    mistyped[4] = f"{(int(mistyped[4]) + 3) % 1024:04d}"
    tries = {
        "these are 1": [secret.sheets[0]],
        "these are 0": [],
        "2 different sheets": [secret.sheets[0], secret.sheets[0]],
        "another key": [secret.sheets[0], other.sheets[1]],
        "Group 5 is not": [" ".join(mistyped), secret.sheets[1]],
        "have": [secret.sheets[0], "1234"],
    }
    for words, sheets in tries.items():
        with pytest.raises(DomainError) as refused:
            secret.count(sheets)
        assert words in str(refused.value) or words == "have"
        db.session.expire_all()
        assert secret.poll.state == "closed" and db.session.query(BoxRow).count() == 18
    assert secret.count().votes_for == 12


def test_a_published_key_that_was_exchanged_opens_nothing(world):
    secret = closed(world)
    assert "do not open this box" in refusal(
        lambda: keys.combine([keys.read(one) for one in secret.sheets], 2, bytes.fromhex("00" * 32))
    )


def test_without_enough_sheets_the_chair_declares_no_decision(world):
    secret = closed(world)
    assert code(lambda: box.give_up(secret.poll, actor=world["M05"])) == "forbidden"
    row = do(lambda: box.give_up(secret.poll, actor=world["P01"]))
    assert (row.outcome, row.void, row.votes_for, secret.poll.state) == ("no_decision", "sheets", 0, "counted")
    assert db.session.query(BoxRow).count() == 0, "what nobody can open is not kept"
    assert "Too few sheets" in str(tallying.verdict_of(row, secret.poll.rule.rule).sentence())
    assert code(lambda: secret.count()) == "not_closed"


def test_a_question_that_is_given_up_has_a_void_result(world):
    secret = opened(world, SINGLE)
    secret.cast("M01", "1")
    secret.close()
    row = do(lambda: box.give_up(secret.poll, actor=world["P01"]))
    assert json.loads(row.result) == {"abstain": 0, "ballots": 0, "void": "sheets"}


def test_giving_up_an_open_vote_is_refused(world):
    secret = opened(world)
    assert code(lambda: box.give_up(secret.poll, actor=world["P01"])) == "not_closed"


def test_a_count_happens_once(world):
    secret = closed(world)
    secret.count()
    assert code(lambda: secret.count()) == "not_closed"
    assert queries.progress(secret.poll).voted == 18


# ---- afterwards ------------------------------------------------------------------------------------------------------------


def test_keepers_confirm_that_their_sheets_are_destroyed(world):
    secret = closed(world)
    assert code(lambda: services.destroy(secret.key, 1, actor=world["M01"])) == "still_needed"
    secret.count()
    assert secret.key.state == "used"
    assert code(lambda: services.destroy(secret.key, 1, actor=world["M02"])) == "forbidden"
    for n, who in ((1, "M01"), (2, "P01"), (3, "M03")):
        do(lambda n=n, who=who: services.destroy(secret.key, n, actor=world[who]))
    assert secret.key.state == "destroyed"
    assert code(lambda: services.destroy(secret.key, 1, actor=world["M01"])) == "done_already"
    assert code(lambda: services.destroy(secret.key, 9, actor=world["M01"])) == "invalid"
    poll = bare(world)
    assert code(lambda: services.use_key(poll, secret.key, actor=world["P01"])) == "key_not_ready"
