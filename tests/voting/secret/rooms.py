"""A session with a secret poll, over the pages: a browser for everybody, and the fixtures of these tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.voting.kinds import Kind
from deliberation.voting.services import Question
from tests.builders import do
from tests.motions.debates import NOW, main, sitting_of
from tests.web import in_english, post, sign_in, text_of

COLOUR = Question("Which colour?", Kind.SINGLE, ("Green", "Blue", "Red"), method="plurality")
HIDDEN = re.compile(r'name="(ballot|token|csrf_token)" value="([^"]*)"')
GROUPS = re.compile(r"<td>(\d{4})</td>")


@pytest.fixture
def afternoon() -> Iterator[None]:
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
def asked(world, new_client, afternoon):
    sitting = sitting_of(world)
    poll = do(lambda: questions.ask(sitting.meeting, COLOUR, about=sitting.about, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)


@pytest.fixture
def put(world, new_client, afternoon):
    sitting = sitting_of(world)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)
