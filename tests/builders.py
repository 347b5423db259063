"""Plain builders of a small world, through the same services as the web.

They expect an open application context; each builder commits in its own transaction, as a route would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from deliberation.councils import services as councils
from deliberation.councils.models import Council
from deliberation.extensions import db, transaction
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office

T = TypeVar("T")
SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "a plain test passphrase"
START = date(2025, 6, 1)


def at(text: str) -> datetime:
    """An instant from local Shanghai time: ``at("2026-03-26T14:30")``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def do(service: Callable[[], T]) -> T:
    """Run one service in a transaction of its own."""
    with transaction():
        return service()


@dataclass
class World:
    """A council and its people, by short codes: P01 (president), S01 (secretary-general), M01… (members), C01, V01, R01…"""

    council: Council
    people: dict[str, Person] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Person:
        return self.people[code]

    def account(self, code: str) -> str:
        """Open an account for somebody (once) and return its login name."""
        login = f"{self.council.slug}-{code}".lower()
        try:
            do(lambda: people.open_account(login, PASSWORD, name=code, person=self[code]))
        except people.Refused:
            db.session.rollback()
        return login


def make_world(*, seats: int = 21, slug: str = "mochou", preset: str = "council", residents: int = 3) -> World:
    """A council with ``seats`` entitled members (president and secretary-general among them), clerk, station, residents."""
    unit = do(lambda: people.add_unit("community", f"{slug} community"))
    council = do(
        lambda: councils.found(
            unit, slug=slug, name=f"{slug} council", zone="Asia/Shanghai", number_prefix="莫社", preset=preset, starts_on=START
        )
    )
    world = World(council)
    codes = ["P01", "S01", *(f"M{n:02d}" for n in range(1, seats - 1)), "C01", "V01", "K01", "D01", "A01"]
    codes += [f"R{n:02d}" for n in range(1, residents + 1)]
    for code in codes:
        world.people[code] = do(lambda code=code: people.add_person(code))
    for code in codes[:seats]:
        category = "committee" if code == "S01" else "self_managed"
        appoint(world, code, Office.MEMBER, category=category)
    appoint(world, "P01", Office.PRESIDENT)
    appoint(world, "S01", Office.SECRETARY_GENERAL)
    appoint(world, "C01", Office.CLERK)
    appoint(world, "V01", Office.STATION_WORKER)
    appoint(world, "K01", Office.COMMITTEE)
    appoint(world, "D01", Office.DISTRICT_SUPERVISOR)
    appoint(world, "A01", Office.ADMINISTRATOR)
    return world


def found_world(ids: dict[str, int], slug: str = "mochou") -> World:
    """The world of a copied database: the same people by the same codes."""
    council = db.session.scalars(db.select(Council).filter_by(slug=slug)).one()
    rows = {person.id: person for person in db.session.scalars(db.select(Person))}
    return World(council, {code: rows[key] for code, key in ids.items()})


def appoint(world: World, code: str, office: Office, *, category: str | None = None) -> None:
    do(lambda: councils.appoint(world.council, world[code], office, category=category, starts_on=START))
