"""A rating round at an evaluation meeting, for the tests of this room: planned, put, opened, rated by phone and on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from deliberation.evaluations import services
from deliberation.evaluations.models import Round
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import secret_votes
from deliberation.meetings import services as meetings
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.voting.models import Poll
from deliberation.voting.paper import services as papers
from deliberation.voting.secret import box
from tests.builders import World, at, do

PLANNED = at("2026-12-07T09:00")
HELD = at("2026-12-16T14:00")
SCRUTINEERS = ("M01", "M02", "M03")


@dataclass
class Rated:
    world: World
    round: Round
    raters: list[Person]
    sheets: list[str] = field(default_factory=list)
    serials: list[str] = field(default_factory=list)

    @property
    def poll(self) -> Poll:
        assert self.round.poll is not None
        return self.round.poll

    def by_phone(self, rater: Person, ballot: str, comment: str = "") -> box.Receipt:
        return do(lambda: box.cast(self.poll, ballot, box.new_token(), beside_it=comment, actor=rater))

    def on_paper(self, who: Sequence[Person], contents: Sequence[str]) -> None:
        """Given out while the vote is open; what stands on them is typed in by `counted`."""
        self.serials = do(lambda: papers.print_papers(self.poll, len(who), actor=self.world["C01"]))
        for person in who:
            do(lambda person=person: papers.hand_out(self.poll, person, actor=self.world["C01"]))
        self.contents = list(contents)

    def closed(self) -> None:
        do(lambda: secret_votes.close(self.poll, actor=self.world["P01"]))
        for code in ("C01", "S01") if self.serials else ():
            do(lambda code=code: papers.begin(self.poll, actor=self.world[code]))
            for serial, content in zip(self.serials, self.contents, strict=True):
                do(lambda serial=serial, content=content, code=code: papers.type_in(
                    self.poll, serial, content, actor=self.world[code]))  # fmt: skip
            do(lambda code=code: papers.finish(self.poll, actor=self.world[code]))

    def counted(self) -> None:
        self.closed()
        do(lambda: secret_votes.count(self.poll, self.sheets[:2], actor=self.world["P01"]))
        db.session.expire_all()

    def published(self) -> None:
        self.counted()
        do(lambda: services.publish(self.round, actor=self.world["C01"]))


def planned(world: World, *, group: str = "public", scale: str = "satisfaction") -> Round:
    """A round of an evaluation meeting that is to be called."""
    with clock.frozen(PLANNED):
        meeting = do(lambda: meetings.plan(
            world.council, starts_at=HELD, place="Hall", matters=[], chair=world["P01"], clerk=world["C01"], kind="evaluation",
            actor=world["S01"],
        ))  # fmt: skip
        return do(lambda: services.plan(meeting, title="The year 2026", group=group, scale=scale, actor=world["S01"]))


def called(world: World, round_: Round) -> None:
    """The notice goes out: what is rated stands from now on."""
    do(lambda: meetings.call(round_.meeting, actor=world["S01"]))


def invented(number: int) -> list[Person]:
    """People whom nobody knows."""
    return do(lambda: [people.add_person(f"N{n:02d}") for n in range(1, number + 1)])


def opened(
    world: World, number: int = 8, things: Sequence[str] = ("The station’s work",), who: Sequence[Person] = (),
    people: Sequence[str] = (), *, kind: str = "service",
    before_opening: Callable[[list[Person]], None] = lambda _raters: None, **of: str,
) -> Rated:  # fmt: skip
    """An open round: ``things`` and ``people`` rated by ``number`` people whom nobody knows, and by ``who``."""
    round_ = planned(world, **of)
    listed = [*invented(number), *who]
    with clock.frozen(PLANNED):
        for name in things:
            do(lambda name=name: services.add_subject(round_, kind, name, actor=world["S01"]))
        for code in people:
            do(lambda code=code: services.add_subject(round_, "member", person=world[code], actor=world["S01"]))
        called(world, round_)
        do(lambda: services.list_raters(round_, listed, actor=world["C01"]))
    made = Rated(world, round_, listed)
    with clock.frozen(HELD):
        do(lambda: meetings.open_meeting(round_.meeting, actor=world["P01"]))
        do(lambda: services.put(round_, actor=world["P01"]))
        keepers = [world[one] for one in SCRUTINEERS]
        pairs = do(lambda: secret_votes.make_key(made.poll, keepers, 2, actor=world["P01"]))
        made.sheets = [" ".join(sheet.digits) for _holder, sheet in pairs]
        for sheet in made.sheets[:2]:
            do(lambda sheet=sheet: secret_votes.read_back(made.poll, sheet, actor=world["P01"]))
        before_opening(listed)
        do(lambda: secret_votes.open_(made.poll, actor=world["P01"]))
    return made
