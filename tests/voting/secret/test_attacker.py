"""120 people vote in secret; an attacker who reads everything links no more of them to their ballots than chance does.

The same attacker, on a plain table of ballots beside a roll with times, links nearly all of them.
"""

from __future__ import annotations

import itertools
import random
import sys
import time

import pytest
from sqlalchemy import text

from deliberation.extensions import db
from deliberation.voting.kinds import Kind
from deliberation.voting.secret import box, cleaning, sealing
from deliberation.voting.services import Question
from tests.builders import do, make_world
from tests.voting.secret.attacker import LIMIT, VOTERS, Watcher, attack, ballot_orders, by_chance, stored, voter_orders
from tests.voting.secret.scenes import opened

OPTIONS = ("Gate", "Wall", "Pond", "Path", "Tree", "Lamp")
ORDER = Question("In which order?", Kind.RANKED, OPTIONS, most=6, method="irv")
BALLOTS = [">".join(one) for one in itertools.permutations("12345")]
"""120 different ballots, one for each voter: a ballot that is linked is linked beyond doubt."""
OTHERS = [f"6>{one}" for one in BALLOTS]


@pytest.fixture
def crowd(app_context):
    return make_world(seats=VOTERS, residents=0)


def vote_all(secret, watcher, every):
    """Everybody votes once, in a random order, watched; returns who voted how."""
    people, ballots = secret.voters, random.sample(every, VOTERS)
    random.shuffle(people)
    for person, ballot in zip(people, ballots, strict=True):
        do(lambda person=person, ballot=ballot: box.cast(secret.poll, ballot, box.new_token(), actor=person))
        watcher.look()
    return {person.id: ballot for person, ballot in zip(people, ballots, strict=True)}


def nothing_plain(engine, every, when):
    """No ballot, and not the mark at the head of every ballot, stands in any file."""
    for content in stored(engine):
        assert sealing.MARK.strip(b"\0") not in content, f"{when}: an unsealed ballot"
        for ballot in every:
            assert ballot.encode() not in content, f"{when}: the words of a ballot"


def secret_election(world, every):
    """What the attacker finds in one secret poll: linked voters by way of trying."""
    secret, engine = opened(world, ORDER, here=VOTERS), db.engine
    watcher = Watcher(engine, secret.poll.id)
    truth = vote_all(secret, watcher, every)
    nothing_plain(engine, every, "while the vote is open")
    secret.close()
    nothing_plain(engine, every, "after the closing")
    db.session.rollback()
    secret.count()
    before = stored(engine)
    assert cleaning.clean(), "the file is tidied up after the count"
    after = stored(engine)
    if engine.dialect.name == "sqlite":
        left = [key for key, _sealed in watcher.boxed if any(key.encode() in content for content in after)]
        assert left == [], "a sealed ballot is left in the file"
    with engine.connect() as connection:
        people = {**voter_orders(connection, f"roll WHERE poll_id = {secret.poll.id}", {}), **watcher.orders(sealing.receipt)}
        ballots = ballot_orders(connection, before, f"opened_ballot WHERE poll_id = {secret.poll.id}")
        tidied = ballot_orders(connection, after, f"opened_ballot WHERE poll_id = {secret.poll.id}")
    ballots |= {f"{name}, tidied up": order for name, order in tidied.items() if "files" in name}
    assert sorted(ballots["key"]) == sorted(truth.values()), "every ballot is counted as it was cast"
    return attack(people, ballots, truth), truth


def naive_election(engine):
    """The same with a plain table of ballots, and a roll that keeps the time."""
    auto = "INTEGER PRIMARY KEY AUTOINCREMENT" if engine.dialect.name == "sqlite" else "SERIAL PRIMARY KEY"
    people, ballots = list(range(1, VOTERS + 1)), random.sample(BALLOTS, VOTERS)
    random.shuffle(people)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE naive_ballot (id {auto}, content TEXT)"))
        connection.execute(text("CREATE TABLE naive_roll (person_id INTEGER PRIMARY KEY, voted_at BIGINT)"))
        connection.execute(text("INSERT INTO naive_roll VALUES (:person, NULL)"), [{"person": one} for one in sorted(people)])
    for person, ballot in zip(people, ballots, strict=True):
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE naive_roll SET voted_at = :at WHERE person_id = :person"), {"at": time.time_ns(), "person": person}
            )
            connection.execute(text("INSERT INTO naive_ballot (content) VALUES (:content)"), {"content": ballot})
    raw, truth = stored(engine), dict(zip(people, ballots, strict=True))
    with engine.connect() as connection:
        orders = voter_orders(connection, "naive_roll", {"roll by time": "voted_at"})
        return attack(orders, ballot_orders(connection, raw, "naive_ballot"), truth)


def test_the_attacker_links_no_more_than_chance_and_nearly_all_in_the_naive_variant(crowd, capsys):
    found, truth = secret_election(crowd, BALLOTS)
    naive = naive_election(db.engine)
    best, worst = max(found.values()), max(naive.values())
    with capsys.disabled():
        sys.stdout.write(
            f"\nlinked of {VOTERS}: secret, at most {best} in {len(found)} ways of trying "
            f"(guessing: {by_chance(truth)}); naive {worst}\n"
        )
    assert worst >= 100, "the attacker is worth its name"
    suspicious = {way for way, number in found.items() if number > LIMIT}
    if suspicious:
        # Of so many ways one may hit by chance; what leaks, leaks again.
        again, _truth = secret_election(crowd, OTHERS)
        assert {way: again[way] for way in suspicious if again[way] > LIMIT} == {}
