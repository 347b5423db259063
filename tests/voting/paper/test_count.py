"""Papers and sealed ballots are counted together; the log has numbers and roots, and nothing of a paper stays."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from deliberation.audit.models import Entry
from deliberation.audit.services import verify
from deliberation.extensions import db
from deliberation.people.models import OnceKey
from deliberation.voting import services as voting
from deliberation.voting import tallying
from deliberation.voting.kinds import Kind
from deliberation.voting.paper import comparing, queries
from deliberation.voting.paper.models import Paper, PaperTally, PaperTyped
from deliberation.voting.secret import box
from deliberation.voting.secret.models import OpenedBallot
from deliberation.voting.services import Question
from tests.builders import do
from tests.motions.debates import code
from tests.voting.paper.scenes import CLERK, desk, marked
from tests.voting.secret.scenes import RANKED, RATING, SINGLE, opened

APPROVAL = Question("Which of these?", kind=Kind.APPROVAL, options=("Green", "Blue", "Red"), most=2, method="approval")
UNRECORDED = ("paper", "paper_tally", "paper_typed")


def bodies(world):
    query = db.select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq)
    return [json.loads(bytes(body)) for body in db.session.scalars(query)]


def number(model):
    return db.session.query(model).count()


def test_votes_by_phone_and_on_paper_are_counted_together(world):
    made = desk(world, given=8)
    made.by_phone(made.secret.voters[8:], "for")
    made.secret.close()
    made.by_both(marked(made.serials, ["against"] * 6 + ["invalid:unclear"] * 2))
    row = made.result()
    assert (row.votes_for, row.votes_against, row.votes_invalid, row.void) == (10, 6, 2, None)
    told = queries.channels(made.poll)
    assert (told.phone, told.paper, told.all, told.invalid, told.missing) == (10, 8, 18, 2, 0)


@pytest.mark.parametrize(
    ("question", "phone", "paper", "told"),
    [
        (SINGLE, "1", ["2"] * 9 + ["invalid:too_many"], '"winners":["2"]'),
        (APPROVAL, "1,2", ["2,3"] * 9 + ["invalid:too_many"], '"winners":["2"]'),
        (RANKED, "1>2", ["4>1>2"] * 9 + ["invalid:unclear"], '"winners":["4"]'),
        (RATING, "1:1,2:1", ["1:4,2:2"] * 9 + ["invalid:signed"], '"grades":[[8,0,0,9],[8,9,0,0]]'),
    ],
    ids=["single", "approval", "ranked", "rating"],
)
def test_every_kind_of_question_is_counted_and_says_how_many_are_invalid(world, question, phone, paper, told):
    made = desk(world, question, given=10)
    made.by_phone(made.secret.voters[10:], phone)
    made.secret.close()
    made.by_both(marked(made.serials, paper))
    result = made.result().result
    assert told in result and '"ballots":18' in result and '"invalid":1' in result


def test_all_on_paper_and_an_empty_box(world):
    made = desk(world, papers=18, given=18)
    made.secret.close()
    made.by_both(marked(made.serials, ["for"] * 12 + ["against"] * 5 + ["abstain"]))
    row = made.result()
    assert (row.votes_for, row.votes_against, row.votes_abstain, row.void) == (12, 5, 1, None)
    assert (queries.channels(made.poll).phone, queries.channels(made.poll).paper) == (0, 18)


def test_only_invalid_papers_decide_nothing_and_no_lot_is_drawn(world):
    made = desk(world, SINGLE, given=6)
    made.secret.close()
    made.by_both(marked(made.serials, ["invalid:unclear"] * 6))
    made.result()
    assert code(lambda: tallying.draw_lot(made.poll, "6 3", actor=world["P01"])) == "no_tie"


def test_papers_that_nobody_took_change_nothing(world):
    made = desk(world, papers=20)
    made.by_phone(made.secret.voters, "for")
    made.secret.close()
    assert made.secret.count().votes_for == 18


@pytest.mark.parametrize(("on_paper", "shown"), [(3, None), (5, 5), (14, None), (13, 13)])
def test_the_ways_are_not_told_where_one_of_them_has_very_few(world, on_paper, shown):
    made = desk(world, papers=18, given=on_paper)
    made.by_phone(made.secret.voters[on_paper:], "for")
    made.secret.close()
    made.by_both(dict.fromkeys(made.serials[:on_paper], "against"))
    made.result()
    told = queries.channels(made.poll)
    assert (told.paper, told.all) == (shown, 18)
    assert (told.phone is None) == (shown is None)


def test_the_log_has_numbers_and_roots_and_never_a_paper_or_who_took_one(world):
    made = desk(world)
    start = len(bodies(world))
    for person in made.secret.voters[:6]:
        made.hand_out(person)
    assert len(bodies(world)) == start, "nothing is entered for a paper that is given out"
    made.exchange(made.serials[9])
    made.secret.close()
    made.by_both(dict.fromkeys(made.serials[:6], "for"))
    made.secret.count()
    told = bodies(world)[start - 1 :]
    assert [one["action"] for one in told] == [
        "paper.print", "paper.void", "poll.close", "paper.begin", "paper.finish", "paper.begin", "paper.finish", "poll.count",
    ]  # fmt: skip
    sets = [row["set"] for one in told for row in one["rows"] if row["table"].startswith("paper")]
    roots = [one["root"] for one in sets if "root" in one]
    assert len(roots) == 2 and len(set(roots)) == 1, "two entries that agree have the same root"
    assert {"given": 6} in sets and {"counted": 6, "invalid": 0, "missing": 0} in sets
    whole = json.dumps(told)
    assert not any(serial in whole for serial in made.serials)
    assert not {row["table"] for one in told for row in one["rows"]} & set(UNRECORDED)
    assert [one.bad_seq for one in verify()] == [None] * 2


def test_giving_out_leaves_no_key_and_no_time_and_no_name_beside_a_number(world):
    made = desk(world)
    before = number(OnceKey)
    made.hand_out("M01")
    assert number(OnceKey) == before
    for model in (Paper, PaperTally, PaperTyped):
        names = {column.name for column in model.__table__.columns}
        assert not [one for one in names if one.endswith("_at") or "time" in one or "person" in one]


def test_after_the_count_nothing_of_the_entries_is_left(world):
    made = desk(world, given=6)
    made.secret.close()
    made.by_both(marked(made.serials, ["for", "against", "abstain", "for", "for", "against"]))
    made.secret.count()
    assert number(PaperTyped) == number(PaperTally) == 0
    kept = db.session.scalars(db.select(OpenedBallot.content)).all()
    assert sorted(kept) == ["abstain", "against", "against", "for", "for", "for"]


def test_a_root_cannot_be_tried_out_without_its_salt():
    papers = {"KM47PX": "for"}
    assert comparing.root(papers.items(), b"a" * 32) != comparing.root(papers.items(), b"b" * 32)


def test_on_sqlite_no_hidden_number_tells_the_order_of_typing(world):
    if db.engine.dialect.name != "sqlite":
        serial = text("SELECT count(*) FROM information_schema.columns WHERE column_default LIKE 'nextval%' AND table_name = :name")
        assert all(db.session.execute(serial, {"name": name}).scalar_one() == 0 for name in UNRECORDED)
        return
    made = text("SELECT sql FROM sqlite_master WHERE name = :name")
    for name in ("paper", "paper_typed"):
        assert db.session.execute(made, {"name": name}).scalar_one().upper().rstrip().endswith("WITHOUT ROWID"), name


def test_cancelled_or_given_up_nothing_of_the_papers_is_left(world):
    made = desk(world, given=3)
    do(lambda: voting.cancel(made.poll, actor=world["P01"]))
    assert number(PaperTally) == 0
    other = desk(world, given=6)
    other.secret.close()
    other.begin(CLERK)
    other.type_in(CLERK, other.serials[0], "for")
    row = do(lambda: box.give_up(other.poll, actor=world["P01"]))
    assert row.void == "sheets" and number(PaperTyped) == number(PaperTally) == 0
    assert queries.channels(other.poll) is None


def test_a_secret_vote_without_papers_is_as_before(world):
    secret = opened(world)
    secret.all_cast(["for"] * 10 + ["against"] * 8)
    secret.close()
    assert secret.count().votes_for == 10
    assert queries.channels(secret.poll) is None
