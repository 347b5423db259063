"""Votes at the same moment over several processes: one ballot a member, and what was accepted is what is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deliberation.audit.services import verify
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.voting.models import Ballot, Poll
from tests.builders import World, do
from tests.motions.debates import NOW, main, sitting_of

# One process: signs in as each of its members, takes its forms, waits for the starting gun, then presses from many threads.
PROCESS = """
import json, sys, threading, time
from collections import Counter
from pathlib import Path
from tests.conftest import make_app
from tests.web import post, sign_in, token
from deliberation.kernel import clock
from tests.motions.debates import NOW
url, gun, jobs = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[4])
app = make_app(url)
said = []
with clock.frozen(NOW):
    ready = []
    for login, path, presses, data in jobs:
        first = sign_in(app.test_client(), login)
        fields = {**data, "csrf_token": token(first)}
        for n in range(presses):
            client = app.test_client()
            client.set_cookie("session", first.get_cookie("session").value)
            ready.append((login, client, path, {**fields, "once": f"{login} {n} {sys.argv[3]}"}))
    def press(login, client, path, data):
        while not gun.exists():
            time.sleep(0.001)
        said.append((login, client.post(path, data=data).status_code))
    threads = [threading.Thread(target=press, args=one) for one in ready]
    for thread in threads: thread.start()
    print("ready", flush=True)
    for thread in threads: thread.join()
print(json.dumps(said))
"""


def race(database_url: str, jobs: list[list[Any]], tmp_path: Path) -> list[tuple[str, int]]:
    """Let every list of jobs run in a process of its own, all starting at once; returns (login, status) of every press.

    A job: login, address, how many presses, the form's fields.
    """
    gun = tmp_path / "gun"
    db.session.remove()
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, database_url, str(gun), str(n), json.dumps(one)],
            env={**os.environ, "PYTHONPATH": os.getcwd()}, stdout=subprocess.PIPE, text=True,
        )
        for n, one in enumerate(jobs)
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    gun.touch()
    answers = [process.communicate(timeout=120)[0] for process in started]
    return [(login, status) for answer in answers for login, status in json.loads(answer)]


@pytest.fixture
def poll(world: World) -> int:
    """An open vote on a motion, everybody present."""
    sitting = sitting_of(world)
    with clock.frozen(NOW):
        motion = main(sitting)
        return int(do(lambda: votes.put(motion, actor=world["P01"])).id)


def test_two_hundred_presses_of_one_member_are_one_ballot(world: World, poll: int, database_url: str, tmp_path: Path) -> None:
    login, member, path = world.account("M01"), world["M01"].id, f"/c/mochou/polls/{poll}/cast"
    fields = [{"choice": choice, "confirmed": "1"} for choice in ("for", "against", "for", "abstain")]
    said = race(database_url, [[[login, path, 50, data]] for data in fields], tmp_path)
    assert sorted(status for _login, status in said) == [302] + [409] * 199
    ballots = db.session.scalars(select(Ballot).where(Ballot.poll_id == poll)).all()
    assert [ballot.person_id for ballot in ballots] == [member]


def test_what_is_accepted_while_the_chair_closes_is_counted_and_nothing_else(
    world: World, poll: int, database_url: str, tmp_path: Path
) -> None:
    members = [f"M{n:02d}" for n in range(1, 17)]
    logins = {world.account(code): world[code].id for code in members}
    cast, close = f"/c/mochou/polls/{poll}/cast", f"/c/mochou/polls/{poll}/close"
    data = {"choice": "for", "confirmed": "1"}
    votes_of = [[login, cast, 1, data] for login in logins]
    jobs = [votes_of[n::3] for n in range(3)] + [[[world.account("P01"), close, 2, {}]]]
    said = race(database_url, jobs, tmp_path)
    assert {status for _login, status in said} <= {302, 409}
    accepted = {logins[login] for login, status in said if status == 302 and login in logins}
    db.session.rollback()
    kept = db.session.get_one(Poll, poll)
    ballots = {ballot.person_id for ballot in db.session.scalars(select(Ballot).where(Ballot.poll_id == poll))}
    assert (ballots, kept.state) == (accepted, "counted")
    assert kept.verdict is not None and kept.verdict.votes_for == len(accepted)
    assert all(found.bad_seq is None for found in verify())
