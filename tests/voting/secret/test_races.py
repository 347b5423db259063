"""Many at once: one person's many presses, and votes against the closing. Each on a connection of its own."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deliberation.extensions import db
from deliberation.kernel.errors import DomainError
from deliberation.people.models import Person
from deliberation.voting import services as voting
from deliberation.voting.models import Poll
from deliberation.voting.secret import box, queries
from deliberation.voting.secret.models import BoxRow
from tests.builders import do
from tests.voting.secret.scenes import opened

ROOT = Path(__file__).parents[3]


def at_once(app, acts):
    """Run every act in a thread with a context of its own, all released together; what each gave, or the code of its refusal."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        with app.app_context():
            gate.wait()
            try:
                found[n] = do(act)
            except DomainError as error:
                found[n] = error.code

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def voting_as(poll_id, person_id, token=None):
    def act():
        poll, person = db.session.get_one(Poll, poll_id), db.session.get_one(Person, person_id)
        return box.cast(poll, random.choice(("for", "against")), token or box.new_token(), actor=person)

    return act


def test_many_presses_of_one_person_leave_one_ballot(world, app):
    secret = opened(world)
    poll, person = secret.poll.id, world["M01"].id
    db.session.rollback()
    found = at_once(app, [voting_as(poll, person) for _ in range(12)])
    assert sum(isinstance(one, box.Receipt) for one in found) == 1, found
    assert {one for one in found if isinstance(one, str)} == {"already_voted"}
    assert (db.session.query(BoxRow).count(), queries.marks(secret.poll)) == (1, 1)


def test_the_same_form_many_times_at_once_gets_one_receipt(world, app):
    secret, token = opened(world), box.new_token()
    poll, person = secret.poll.id, world["M01"].id
    db.session.rollback()
    found = at_once(app, [voting_as(poll, person, token) for _ in range(8)])
    assert len({one.code for one in found}) == 1
    assert (db.session.query(BoxRow).count(), queries.marks(secret.poll)) == (1, 1)


@pytest.mark.parametrize("repeat", range(3))
def test_each_vote_against_the_closing_is_counted_or_refused(world, app, repeat):
    secret = opened(world)
    poll, chair = secret.poll.id, world["P01"].id
    people = [person.id for person in secret.voters]
    db.session.rollback()

    def close():
        voting.close(db.session.get_one(Poll, poll), actor=db.session.get_one(Person, chair))

    acts = [*(voting_as(poll, person) for person in people), close]
    random.shuffle(acts)
    found = at_once(app, acts)
    db.session.expire_all()
    accepted = [one.code for one in found if isinstance(one, box.Receipt)]
    assert {one for one in found if isinstance(one, str)} <= {"poll_closed"}
    assert queries.receipts(secret.poll) == sorted(accepted)
    row = secret.count()
    assert (row.votes_for + row.votes_against, row.void) == (len(accepted), None)


def test_a_crash_after_the_vote_loses_nothing_and_before_it_keeps_nothing(world):
    secret = opened(world)
    secret.cast("M01", "for")
    with pytest.raises(RuntimeError):
        do(lambda: crash_after(lambda: box.cast(secret.poll, "against", box.new_token(), actor=world["M02"])))
    db.session.remove()
    assert (db.session.query(BoxRow).count(), queries.marks(db.session.get_one(Poll, 1))) == (1, 1)


KILLED = """
import os, signal, sys
from tests.conftest import make_app
from tests.builders import do
from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting.models import Poll
from deliberation.voting.secret import box
url, poll, person, when = sys.argv[1:]
def act():
    box.cast(db.session.get_one(Poll, int(poll)), "for", box.new_token(), actor=db.session.get_one(Person, int(person)))
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
with make_app(url).app_context():
    do(act)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("when", "counted"), [("before", 0), ("after", 1)])
def test_a_process_killed_before_or_after_the_commit(world, app, database_url, when, counted):
    secret = opened(world)
    poll, person = secret.poll.id, world["M01"].id
    db.session.rollback()
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, database_url, str(poll), str(person), when], cwd=ROOT, capture_output=True
    )
    assert told.returncode == -signal.SIGKILL, told.stderr.decode()
    assert (db.session.query(BoxRow).count(), queries.marks(secret.poll)) == (counted, counted)
    db.session.rollback()
    secret.close()
    row = secret.count()
    assert (row.votes_for, row.void) == (counted, None)


def crash_after(act):
    act()
    raise RuntimeError("the process ends here")
