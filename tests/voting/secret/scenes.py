"""Secret polls for the tests of this room and of those above."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting import kinds, queries
from deliberation.voting import services as voting
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.secret import box, services
from deliberation.voting.secret.models import BoxKey
from deliberation.voting.services import Question, Voter
from tests.acceptance.polls import preset_rule
from tests.builders import World, do

RULE = preset_rule("council")
SCRUTINEERS = ("M01", "M02", "M03")
SINGLE = Question("Which colour?", Kind.SINGLE, ("Green", "Blue", "Red"), method="plurality")
RANKED = Question("In which order?", Kind.RANKED, ("Green", "Blue", "Red", "White"), most=4, method="irv")
RATING = Question("How was it?", Kind.RATING, ("The lane", "The light"), scale="satisfaction")


@dataclass
class Secret:
    """A secret poll with its key's sheets as they were printed."""

    world: World
    poll: Poll
    sheets: list[str]

    @property
    def voters(self) -> list[Person]:
        ids = set(queries.may_vote_ids(self.poll.id))
        return [person for person in self.world.people.values() if person.id in ids]

    def cast(self, code: str, text: str, token: str | None = None) -> box.Receipt:
        person = self.world[code]
        return do(lambda: box.cast(self.poll, text, token or box.new_token(), actor=person))

    def all_cast(self, texts: Sequence[str]) -> None:
        for person, text in zip(self.voters, texts, strict=False):
            do(lambda person=person, text=text: box.cast(self.poll, text, box.new_token(), actor=person))

    def close(self) -> None:
        do(lambda: voting.close(self.poll, actor=self.world["P01"]))

    def count(self, sheets: Sequence[str] | None = None, *, publish: bool = True):
        given = self.sheets[:2] if sheets is None else sheets
        return do(lambda: box.count(self.poll, given, publish=publish, actor=self.world["P01"]))

    @property
    def key(self) -> BoxKey:
        from_poll = BoxKey.query.order_by(BoxKey.id.desc()).first()
        assert from_poll is not None
        return from_poll


def prepared(world: World, question: Question | None = None, *, needed: int = 2, who: Sequence[str] = SCRUTINEERS) -> Secret:
    """A secret poll whose key is made, its sheets printed and not read back."""
    chair = world["P01"]
    poll = do(lambda: voting.prepare(world.council, label="T1", text_hash="0" * 64, matter_id=None, mode="secret",
                                     question=question, actor=chair))  # fmt: skip
    pairs = do(lambda: services.make_key(poll, [world[one] for one in who], needed, actor=chair))
    return Secret(world, poll, [" ".join(sheet.digits) for _holder, sheet in pairs])


def opened(
    world: World, question: Question | None = None, *, here: int = 18, recused: Sequence[str] = (), chair_votes: bool = True
) -> Secret:
    """An open secret poll among the world's members, the first ``here`` of them present."""
    secret, chair = prepared(world, question), world["P01"]
    for sheet in secret.sheets[:2]:
        do(lambda sheet=sheet: services.read_back(secret.key, sheet, actor=chair))
    people = [person for code, person in world.people.items() if code[0] in "PSM"]
    away = {world[code].id for code in recused}
    voters = [Voter(one.id, n < here, one.id in away, chair_votes or one.id != chair.id) for n, one in enumerate(people)]
    do(lambda: voting.open_poll(secret.poll, voters, RULE, 1, actor=chair))
    return secret


def some_ballots(poll: Poll, number: int) -> list[str]:
    """Ballots of every kind that a yes or no, or a single choice, can have, in a random order."""
    every = list(kinds.every(queries.paper(poll)))
    return [secrets.choice(every) for _ in range(number)]


def bodies(world: World) -> list[dict[str, object]]:
    """Every entry of the council's log, in order."""
    query = select(Entry.body).where(Entry.log_id == world.council.log_id).order_by(Entry.seq)
    return [json.loads(bytes(body)) for body in db.session.scalars(query)]


def number(model: type) -> int:
    """How many rows there are."""
    return db.session.query(model).count()
