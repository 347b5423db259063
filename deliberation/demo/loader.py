"""Plays the demonstration: people from ``world.yaml``, then the acts of every matter in the order of their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from deliberation.councils import founding
from deliberation.councils import services as councils
from deliberation.councils.models import Council
from deliberation.demo import evaluations, gatherings, hearings, room  # noqa: F401  (their verbs)
from deliberation.demo.acts import Stage
from deliberation.demo.sittings import VERBS
from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import Refused
from deliberation.kernel.words import N_
from deliberation.people import cards
from deliberation.people import services as people
from deliberation.people.models import Account, Person, Setting, Unit
from deliberation.people.permissions import Office

HERE = Path(__file__).resolve().parent
# Verbs of several transactions open their own.
LONG = {"vote", "take", "interim", "answer", "decline", "refer", "attempt", "rate", "rating", "rate_secretly", "sort", "spoke"}


@dataclass(frozen=True)
class Loaded:
    """What a visitor needs: the address, the accounts (login, office codes), their common passphrase, one unused card."""

    slug: str
    logins: list[str]
    password: str
    now: datetime
    card: str


def read(name: str) -> Any:
    """One of the data files of the demonstration."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def load() -> Loaded:
    """Fill an empty, migrated database. Raises `Refused` where a council or anybody's account exists already."""
    if any(db.session.scalar(select(kind.id).limit(1)) is not None for kind in (Council, Account)):
        raise Refused(N_("This database is not empty. Choose another one for the demonstration."), code="not_empty")
    world = read("world.yaml")
    zone = ZoneInfo(world["council"]["zone"])
    with clock.frozen(_instant(world["founded"], zone)):
        council, cast = _found(world)
    play(council, cast, zone)
    now = _instant(world["now"], zone)
    with clock.frozen(now):
        card = _card(cast[world["card"]["code"]], world["card"])
    offset = int((now - datetime.now(UTC)).total_seconds())
    with transaction():
        db.session.add(Setting(name="clock_offset", value=str(offset)))
    return Loaded(council.slug, world["accounts"], world["password"], now, card)


def _instant(text: Any, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(str(text)).replace(tzinfo=zone)


def _found(world: Any) -> tuple[Council, dict[str, Person]]:
    unit: Unit | None = None
    for place in world["units"]:
        with transaction():
            unit = people.add_unit(place["level"], place["name"], unit)
    assert unit is not None
    given = {**world["council"], "starts_on": _day(world["council"]["starts_on"])}
    with transaction():
        council = councils.found(unit, **given)
    for code in world["households"]:
        with transaction():
            people.add_household(unit, code)
    cast: dict[str, Person] = {}
    for group in (*world["members"], *world["others"]):
        for code in group["codes"]:
            with transaction():
                cast[code] = people.add_person(code)
            _appoint(council, cast[code], group, given["starts_on"])
    for code in world["accounts"]:
        with transaction():
            kind = "light" if code.startswith("R") else "full"
            people.open_account(code, world["password"], name=code, kind=kind, person=cast[code])
    with transaction():
        founding.name_founder(cast[world["founder"]])
    return council, cast


def _card(owner: Person, given: Any) -> str:
    """A printed card that nobody has used yet, for a member without a passphrase; returns its digits."""
    with transaction():
        account = people.open_account(given["code"], None, name=given["code"], person=owner)
    with transaction():
        return cards.issue(account, key=cards.key_from(cards.DEMONSTRATION), code=given["digits"]).grouped


def _appoint(council: Council, person: Person, group: Any, starts_on: date) -> None:
    held = [(Office.MEMBER, group["category"])] if "category" in group else []
    held += [(Office(group["office"]), None)] if "office" in group else []
    for office, category in held:
        with transaction():
            councils.appoint(council, person, office, category=category, title=group.get("title"), starts_on=starts_on)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def play(council: Council, cast: dict[str, Person], zone: ZoneInfo) -> None:
    """Every act of every matter, by time; acts of one time in the order of the files."""
    stages: dict[str, Stage] = {}
    for at, matter, act in sorted(acts(zone), key=lambda entry: entry[0]):
        stage = stages.setdefault(matter, Stage(council, cast, zone))
        with clock.frozen(at):
            perform(stage, dict(act))


def acts(zone: ZoneInfo) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    """(instant, name of the matter, the act) of all data files."""
    case = read("mochou.yaml")
    for story in (case, *read("others.yaml"), *read("ratings.yaml"), *read("gatherings.yaml")):
        for act in story["acts"]:
            yield _instant(act["at"], zone), story["matter"], act


def perform(stage: Stage, act: dict[str, Any]) -> Any:
    """One act: ``do`` names the verb, ``ref`` what later acts call its result."""
    act.pop("at")
    name, ref = act.pop("do"), act.pop("ref", None)
    if "by" in act:
        act["by"] = stage.people[act["by"]]
    if "for" in act:
        act["for_"] = act.pop("for")
    if name in LONG:
        result = VERBS[name](stage, **act)
    else:
        with transaction():
            result = VERBS[name](stage, **act)
    if ref is not None:
        stage.things[ref] = result
    return result
