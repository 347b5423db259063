"""Residents' answers, online and on paper."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from deliberation.agenda import services as agenda
from deliberation.audit import queries as log
from deliberation.extensions import db
from deliberation.implementation import queries, services
from deliberation.implementation.models import Satisfaction
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from tests.builders import at, do
from tests.implementation.matters import adopted, implementing

NOW = at("2026-12-18T16:00")


def answered(world, matter, grade, code="R01", channel="online", person=None):
    with clock.frozen(NOW):
        return do(lambda: services.record_satisfaction(matter, grade, channel, person or world[code], actor=world[code]))


def slips(world, matter, counts, code="C01"):
    with clock.frozen(NOW):
        return do(lambda: services.record_slips(matter, counts, actor=world[code]))


def test_a_resident_answers_once(world):
    matter, _ = implementing(world)
    answered(world, matter, "satisfied")
    with pytest.raises(Refused) as again:
        answered(world, matter, "dissatisfied")
    assert again.value.code == "done_already"
    answered(world, matter, "basically", "R02")
    assert queries.tally(matter) == {"satisfied": 1, "basically": 1, "dissatisfied": 0, "invalid": 0}


def test_nobody_answers_for_somebody_else_and_everybody_answers_as_a_resident(world):
    matter, _ = implementing(world)
    with pytest.raises(Forbidden):
        answered(world, matter, "satisfied", person=world["R02"])
    answered(world, matter, "satisfied", "P01")
    newest = log.page(world.council.log_id, limit=1)[0].body
    assert (newest["action"], newest["office"]) == ("satisfaction.answer", "resident")


def test_only_a_paper_slip_can_be_invalid(world):
    matter, _ = implementing(world)
    for grade in ("invalid", "splendid", ""):
        with pytest.raises(Invalid) as refusal:
            answered(world, matter, grade)
        assert refusal.value.field == "grade"


def test_many_slips_are_one_entry_and_as_many_rows(world):
    matter, _ = implementing(world)
    before = log.head(world.council.log_id)[0]
    assert slips(world, matter, {"satisfied": 31, "basically": 6, "dissatisfied": 2, "invalid": 1}) == 40
    assert log.head(world.council.log_id)[0] == before + 1
    assert queries.tally(matter) == {"satisfied": 31, "basically": 6, "dissatisfied": 2, "invalid": 1}
    assert db.session.scalar(select(func.count()).select_from(Satisfaction).where(Satisfaction.channel == "paper")) == 40


def test_the_largest_entry_of_slips_fits_the_log(world):
    matter, _ = implementing(world)
    assert slips(world, matter, {"dissatisfied": services.MOST_SLIPS}) == services.MOST_SLIPS


IMPOSSIBLE = [{}, {"satisfied": 0}, {"satisfied": -1, "basically": 3}, {"satisfied": services.MOST_SLIPS + 1}]


@pytest.mark.parametrize("counts", IMPOSSIBLE)
def test_impossible_counts_of_slips_are_refused(world, counts):
    matter, _ = implementing(world)
    with pytest.raises(Invalid):
        slips(world, matter, counts)
    with pytest.raises(NotFound):
        slips(world, matter, {"splendid": 1})
    with pytest.raises(Forbidden):
        slips(world, matter, {"satisfied": 1}, "R01")
    assert sum(queries.tally(matter).values()) == 0


def test_answers_come_while_it_is_carried_out_and_after_it_is_closed_not_before(world):
    with pytest.raises(Refused):
        answered(world, adopted(world), "satisfied")
    matter, _ = implementing(world, title="Cables")
    with clock.frozen(NOW):
        one = do(lambda: services.set_task(
            matter, what="All", owner_kind="station", owner="Station", due_on=clock.today(world.council.zone), actor=world["S01"]
        ))  # fmt: skip
        do(lambda: services.complete(one, on_day=clock.today(world.council.zone), actor=world["V01"]))
        do(lambda: agenda.close(matter, actor=world["S01"]))
    answered(world, matter, "satisfied")
    assert queries.tally(matter)["satisfied"] == 1
