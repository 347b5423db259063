"""By a name the desk finds what bears that name anyway, and never who wrote a comment; who answers there today."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.blueprints.my_data import answers_in
from deliberation.councils.queries import offices_of
from deliberation.councils.services import end_office, held_office
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people.models import Person
from deliberation.people.permissions import Office
from deliberation.privacy import queries, services
from deliberation.privacy.queries import person_of
from tests.builders import appoint, at, do
from tests.privacy import scenes

OPEN = {"appeal", "appeal_reply", "contact_attempt", "speech", "minutes_edit", "attendance", "recusal"}


def test_by_name_nobody_learns_who_wrote_what_bears_no_name(demo):
    found, written = set(), set()
    for person in db.session.scalars(select(Person)).all():
        items = queries.found_at_desk(scenes.council(), person.name)
        found |= {item.holding.column.class_.__tablename__ for item in items}
        if any(item.holding.column.class_.__tablename__ == "comment" for item in queries.kept_about(person)):
            written.add(person.id)
    assert written, "nobody of the demonstration commented"
    assert found <= OPEN
    assert "speech" in found, "what bears the name is found"


def test_an_appeal_is_found_by_the_name_on_it_alone(demo):
    named = db.session.scalars(select(PersonalRecord).where(PersonalRecord.kind == "appeal.name")).all()
    living = next(one for one in named if one.value)
    assert living.id in {item.id for item in queries.found_at_desk(scenes.council(), living.value)}
    by = {person_of(one) for one in named}
    unnamed = list(db.session.scalars(select(PersonalRecord).where(PersonalRecord.kind == "appeal.text")))
    for one in unnamed:
        if (who := person_of(one)) is not None and who not in by:
            name = db.session.get_one(Person, who).name
            assert one.id not in {item.id for item in queries.found_at_desk(scenes.council(), name)}


def test_an_office_ends_by_the_day_that_it_is_where_the_council_is(world):
    """At one in the morning in Nanjing it is still yesterday elsewhere: the office that ended with yesterday is over."""
    appoint(world, "R02", Office.SECRETARY_GENERAL)
    held = held_office(world.council, world["R02"], Office.SECRETARY_GENERAL)
    with clock.frozen(at("2026-03-26T12:00")):
        do(lambda: services.ask(world.council, "why?", actor=world["R02"]))
        do(lambda: end_office(held, world.council, on=held.starts_on.replace(year=2026, month=3, day=26), actor=world["A01"]))
    for instant, holds in (("2026-03-26T23:59", True), ("2026-03-27T01:00", False)):
        with clock.frozen(at(instant)):
            offices = [one for one in offices_of(world["R02"]) if one.office == Office.SECRETARY_GENERAL]
            assert [one.is_current for one in offices] == [holds]
            assert bool(answers_in(offices)) is holds
            assert any(tie.holds_office for tie in queries.ties_of(world["R02"], offices)) is holds
            assert services.holds_office(world["R02"], world.council) is holds
