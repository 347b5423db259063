"""By a name the desk finds what bears that name anyway, and never who wrote a comment."""

from __future__ import annotations

from sqlalchemy import select

from deliberation.audit.models import PersonalRecord
from deliberation.extensions import db
from deliberation.people.models import Person
from deliberation.privacy import queries
from deliberation.privacy.queries import person_of
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
