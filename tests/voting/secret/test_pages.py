"""The whole way over the pages: three quiet screens, the vote, the receipt, the count, and what is said about secrecy."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.people.models import OnceKey
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.services import Question
from tests.builders import do
from tests.motions.debates import NOW, main, sitting_of
from tests.web import in_english, post, sign_in, text_of

COLOUR = Question("Which colour?", Kind.SINGLE, ("Green", "Blue", "Red"), method="plurality")
HIDDEN = re.compile(r'name="(ballot|token|csrf_token)" value="([^"]*)"')
GROUPS = re.compile(r"<td>(\d{4})</td>")


@pytest.fixture(autouse=True)
def afternoon():
    with clock.frozen(NOW):
        yield


class Room:
    """A session with its poll, and a browser for everybody who has one."""

    def __init__(self, world, new_client, poll):
        self.world, self.new_client, self.poll = world, new_client, poll
        self.url = f"/c/mochou/secret/{poll.id}"
        self.clients = {}

    def __call__(self, code):
        if code not in self.clients:
            self.clients[code] = in_english(sign_in(self.new_client(), self.world.account(code)))
        return self.clients[code]

    def make_key(self, *, needed=2):
        who = [str(self.world[code].id) for code in ("M01", "M02", "M03")]
        answer = post(self("P01"), f"{self.url}/keepers", {"scrutineers": who, "needed": needed, "suits": "y"})
        assert answer.status_code == 200, text_of(answer)
        groups = GROUPS.findall(answer.text)
        self.sheets = [" ".join(groups[at : at + 33]) for at in range(0, len(groups), 33)]
        return answer

    def read_back(self, n, *, by="P01"):
        return post(self(by), f"{self.url}/read-back", {"sheet": self.sheets[n]})

    def open(self):
        self.make_key()
        self.read_back(0)
        self.read_back(1, by="M02")
        return post(self("P01"), f"{self.url}/open", page=self.url)

    def choose(self, code, choice):
        return post(self(code), f"{self.url}/vote", {"choice": choice})

    def cast(self, code, choice):
        fields = dict(HIDDEN.findall(self.choose(code, choice).text))
        return self(code).post(f"{self.url}/cast", data=fields)

    def count(self, **more):
        return post(self("P01"), f"{self.url}/count", {"sheet1": self.sheets[2], "sheet2": self.sheets[0], **more})


@pytest.fixture
def asked(world, new_client):
    sitting = sitting_of(world)
    poll = do(lambda: questions.ask(sitting.meeting, COLOUR, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)


@pytest.fixture
def put(world, new_client):
    sitting = sitting_of(world)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)


def test_a_motion_is_decided_in_secret_from_the_key_to_the_verdict(put):
    assert put.open().status_code == 302
    for number in range(1, 12):
        answer = put.cast(f"M{number:02d}", "for")
        assert "Your vote is in the box" in text_of(answer)
    put.cast("M12", "against")
    post(put("P01"), f"{put.url}/close")
    assert "12 people voted" in text_of(put("P01").get(f"{put.url}/count"))
    assert put.count().status_code == 302
    page = text_of(put("M05").get(put.url))
    assert "Carried" in page and "12 marks on the roll" in page
    db.session.expire_all()
    assert put.poll.state == "counted" and votes.motion_of(put.poll).state == "carried"


def test_a_question_is_answered_in_secret(asked):
    asked.open()
    for code, choice in {"M01": "2", "M02": "2", "M03": "1", "S01": "3", "M04": "abstain"}.items():
        assert "Your receipt" in text_of(asked.cast(code, choice))
    post(asked("P01"), f"{asked.url}/close")
    asked.count()
    assert "Chosen: Blue" in text_of(asked("M05").get(asked.url))
    assert db.session.scalars(select(Poll.state)).all() == ["counted"]
    assert db.session.scalars(select(OnceKey.location).where(OnceKey.location.contains("cast"))).all() == []
