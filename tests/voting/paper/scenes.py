"""Papers of a secret poll for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.voting.paper import services
from deliberation.voting.secret import box
from deliberation.voting.services import Question
from tests.builders import World, do
from tests.voting.secret.scenes import Secret, opened

CLERK, SECOND = "C01", "S01"


@dataclass
class Desk:
    """An open secret poll with printed papers, and the desk that gives them out."""

    secret: Secret
    serials: list[str] = field(default_factory=list)

    @property
    def poll(self):
        return self.secret.poll

    @property
    def world(self) -> World:
        return self.secret.world

    def printed(self, number: int) -> list[str]:
        made = do(lambda: services.print_papers(self.poll, number, actor=self.world[CLERK]))
        self.serials += made
        return made

    def hand_out(self, person: Person | str, *, by: str = CLERK) -> None:
        who = self.world[person] if isinstance(person, str) else person
        do(lambda: services.hand_out(self.poll, who, actor=self.world[by]))

    def exchange(self, serial: str, *, by: str = CLERK) -> None:
        do(lambda: services.exchange(self.poll, serial, actor=self.world[by]))

    def by_phone(self, people: Sequence[Person], choice: str) -> None:
        for person in people:
            do(lambda person=person: box.cast(self.poll, choice, box.new_token(), actor=person))

    def result(self):
        """What came out at the count, with nothing remembered from before."""
        row = self.secret.count()
        db.session.expire_all()
        return row

    def begin(self, code: str) -> None:
        do(lambda: services.begin(self.poll, actor=self.world[code]))

    def type_in(self, code: str, serial: str, content: str) -> None:
        do(lambda: services.type_in(self.poll, serial, content, actor=self.world[code]))

    def finish(self, code: str, *, confirmed: bool = False) -> list[str]:
        return do(lambda: services.finish(self.poll, confirmed=confirmed, actor=self.world[code]))

    def entered(self, code: str, papers: Mapping[str, str], *, confirmed: bool = False) -> list[str]:
        """A whole entry by one person."""
        self.begin(code)
        for serial, content in papers.items():
            self.type_in(code, serial, content)
        return self.finish(code, confirmed=confirmed)

    def by_both(self, papers: Mapping[str, str], *, confirmed: bool = False) -> None:
        for code in (CLERK, SECOND):
            assert self.entered(code, papers, confirmed=confirmed) == []


def desk(world: World, question: Question | None = None, *, papers: int = 10, given: int = 0, here: int = 18) -> Desk:
    """An open poll with so many papers printed and given out to the first of the voters."""
    made = Desk(opened(world, question, here=here))
    made.printed(papers)
    for person in made.secret.voters[:given]:
        made.hand_out(person)
    return made


def marked(serials: Sequence[str], contents: Sequence[str]) -> dict[str, str]:
    return dict(zip(serials, contents, strict=False))
