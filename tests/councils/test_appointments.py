"""Offices: nobody holds the same one twice at a time."""

from datetime import date

import pytest

from deliberation.councils import services as councils
from deliberation.councils.authority import members
from deliberation.kernel.errors import Refused
from deliberation.people.permissions import Office
from tests.builders import do


def seat(world, code, starts_on):
    return do(
        lambda: councils.appoint(world.council, world[code], Office.MEMBER, category="employed", starts_on=starts_on)
    )


def test_nobody_gets_a_second_seat_while_the_first_one_lasts(world):
    with pytest.raises(Refused, match="holds that office already"):
        seat(world, "M01", date(2026, 1, 1))
    assert len(members(world.council)) == 21


def test_a_seat_that_ended_can_be_given_again(world):
    held = next(one for one in members(world.council) if one.person_id == world["M01"].id)
    do(lambda: councils.end_office(held, world.council, on=date(2025, 12, 31)))
    with pytest.raises(Refused):
        seat(world, "M01", date(2025, 12, 31))
    assert seat(world, "M01", date(2026, 1, 1)).id != held.id
    assert [one.person_id for one in members(world.council)].count(world["M01"].id) == 1
