"""Each hand-over is signed in an office of its giver, and in no other."""

import pytest

from deliberation.agenda import services as agenda
from deliberation.agenda.services import SIGNS
from deliberation.agenda.states import Act
from deliberation.kernel.errors import Forbidden
from deliberation.people.permissions import GRANTS, Office
from tests.builders import do

SIGNERS = {
    Act.TO_COMMITTEE: {Office.STATION_WORKER, Office.SECRETARY_GENERAL},
    Act.TO_COUNCIL: {Office.COMMITTEE, Office.SECRETARY_GENERAL},
    Act.TO_FORUM: {Office.PRESIDENT, Office.SECRETARY_GENERAL},
    Act.TO_IMPLEMENTATION: {Office.PRESIDENT, Office.SECRETARY_GENERAL},
    Act.SEND_BACK: {Office.PRESIDENT, Office.SECRETARY_GENERAL},
    Act.REOPEN: {Office.PRESIDENT, Office.SECRETARY_GENERAL},
}


@pytest.mark.parametrize("act", SIGNERS)
def test_the_catalogue_names_the_signers_of_every_arrow(act):
    assert {office for office, held in GRANTS.items() if SIGNS[act] in held} == SIGNERS[act]


def test_the_station_gives_to_the_committee_and_the_committee_to_the_council(world):
    matter = do(lambda: agenda.open_matter(world.council, title="t", problem="p", actor=world["C01"]))
    for stranger in ("P01", "K01", "C01", "M01", "R01"):
        with pytest.raises(Forbidden):
            do(lambda stranger=stranger: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world[stranger]))
    given = do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["V01"]))
    assert (given.giver, given.giver_office, given.taker) == ("station", "station_worker", "committee")
    do(lambda: agenda.write_plan(matter, ["a"], powers="within", actor=world["K01"]))
    with pytest.raises(Forbidden):
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["V01"]))
    given = do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["K01"]))
    assert (given.giver, given.giver_office, given.taker) == ("committee", "committee", "council")
