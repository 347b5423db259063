"""Places in a hearing: everybody applies once, a seed that is public afterwards draws the lot, and anybody draws it again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.extensions import db
from deliberation.hearings import places, services
from deliberation.hearings.models import Hearing
from deliberation.kernel import clock
from deliberation.meetings import services as meetings
from tests.builders import World, at, do
from tests.hearings.rounds import PLANNED, called_round
from tests.hearings.test_services import holds
from tests.motions.debates import code
from tests.web import in_english, post, sign_in, text_of

UNTIL, SEED_AT = at("2026-03-09T18:00"), at("2026-03-10T22:00")
SEED = "06 13 20 31"


@pytest.fixture(autouse=True)
def on_the_day(app: Flask) -> Iterator[None]:
    with clock.frozen(at(PLANNED)):
        yield


def invited(world: World) -> Hearing:
    """Three places against it, one for it; nobody but those who apply is on the list of these sides."""
    hearing = called_round(world).hearing
    do(lambda: places.invite(hearing, {"against": 3, "for": 1}, until=UNTIL, seed_source="Welfare lottery of 10 March",
                             seed_at=SEED_AT, actor=world["C01"]))  # fmt: skip
    return hearing


def test_the_lot_is_the_one_that_anybody_draws_from_the_log(world):
    hearing = invited(world)
    clerk = world["C01"]
    for n in range(8):
        do(lambda n=n: places.apply(hearing, "against", name=f"Somebody {n}", actor=clerk))
    mine = do(lambda: places.apply(hearing, "for", actor=world["R02"]))
    do(lambda: places.apply(hearing, "for", name="Wang", actor=clerk))
    assert code(lambda: places.apply(hearing, "against", actor=world["R02"])) == "done_already"
    assert code(lambda: places.apply(hearing, "for", actor=world["R01"])) == "done_already", "on the list already"
    assert code(lambda: places.close(hearing, actor=clerk)) == "too_early"
    two = next(one for one in places.applications(hearing) if one.number == 2)
    do(lambda: places.withdraw(hearing, two, actor=clerk))
    with clock.frozen(UNTIL):
        assert code(lambda: places.apply(hearing, "for", actor=world["R03"])) == "too_late"
        assert code(lambda: places.draw(hearing, SEED, actor=clerk)) == "not_closed"
        do(lambda: places.close(hearing, actor=clerk))
        assert code(lambda: places.draw(hearing, SEED, actor=clerk)) == "too_early"
    with clock.frozen(SEED_AT):
        do(lambda: places.draw(hearing, SEED, actor=clerk))
        assert code(lambda: places.draw(hearing, "1", actor=clerk)) == "done_already"
    # From the log alone: which applications there were, which had gone, what was drawn.
    bodies = [json.loads(body) for body in db.session.scalars(select(Entry.body).order_by(Entry.log_id, Entry.seq))]
    rows = [row for body in bodies for row in body["rows"] if row["table"] == "hearing_application"]
    tickets = {row["id"]: f"{row['set']['party']}-{row['set']['number']}" for row in rows if row.get("new")}
    gone = {row["id"] for row in rows if "withdrawn_at" in row["set"] and not row.get("new")}
    for side in ("against", "for"):
        left = [one for key, one in tickets.items() if one.startswith(side) and key not in gone]
        order = sorted(left, key=lambda one: hashlib.sha256(f"{SEED}\0{one}".encode()).hexdigest())
        made = sorted((one for one in places.applications(hearing) if one.party == side and one.place), key=lambda one: one.place)
        assert [f"{one.party}-{one.number}" for one in made] == order
        assert [one.participant_id is not None for one in made] == [n < {"against": 3, "for": 1}[side] for n in range(len(made))]
    follows_when_somebody_steps_back(world, hearing)
    assert mine.number == 9
    holds()


def follows_when_somebody_steps_back(world: World, hearing: Hearing) -> None:
    side = sorted((one for one in places.applications(hearing) if one.party == "against" and one.place), key=lambda one: one.place)
    first, next_one = side[0], side[3]
    with clock.frozen(at("2026-03-12T14:30")):
        do(lambda: meetings.open_meeting(hearing.meeting, actor=world["P01"]))
        second = side[1].participant
        do(lambda: services.say(hearing, second, "statement", "No.", minutes=1, actor=world["C01"]))
        assert code(lambda: places.withdraw(hearing, side[1], actor=world["C01"])) == "was_heard"
        do(lambda: places.withdraw(hearing, first, actor=world["C01"]))
    assert first.participant_id is None and next_one.participant_id is not None and side[4].participant_id is None
    assert next_one.participant.name.value == next_one.name.value


def test_nobody_gives_out_places_for_which_they_applied(world):
    """One entry would name the same person in office and as a resident."""
    hearing = invited(world)
    desk, clerk = world["S01"], world["C01"]
    assert code(lambda: services.join(hearing, "S", "against", person=desk, actor=desk)) == "own_case"
    do(lambda: places.apply(hearing, "for", actor=desk))
    do(lambda: places.apply(hearing, "for", name="Wang", actor=clerk))
    with clock.frozen(UNTIL):
        do(lambda: places.close(hearing, actor=clerk))
    with clock.frozen(SEED_AT):
        assert code(lambda: places.draw(hearing, SEED, actor=desk)) == "own_case"
        do(lambda: places.draw(hearing, SEED, actor=clerk))
        first, second = sorted(places.applications(hearing), key=lambda one: one.place)
        assert (first.person_id, second.person_id) == (None, desk.id), "another seed, so that the desk is on reserve"
        assert code(lambda: places.withdraw(hearing, first, actor=desk)) == "own_case"
        do(lambda: places.withdraw(hearing, first, actor=clerk))
        assert second.participant is not None
        do(lambda: places.withdraw(hearing, second, actor=desk))
    holds()


def test_a_resident_applies_reads_the_lot_and_no_names(world, new_client):
    hearing = invited(world)
    url = f"/c/mochou/hearings/{hearing.id}/places"
    resident, clerk, anybody = (in_english(one) for one in (
        sign_in(new_client(), world.account("R02")), sign_in(new_client(), world.account("C01")), new_client()))  # fmt: skip
    db.session.rollback()
    assert post(resident, f"{url}/apply", {"party": "expert"}, page=f"{url}/apply").status_code == 422
    assert post(resident, f"{url}/apply", {"party": "against"}, page=f"{url}/apply").status_code == 302
    assert post(clerk, f"{url}/enter", {"party": "against", "name": "Zhou Daming"}, page=f"{url}/enter").status_code == 302
    assert "You have applied. Your number is 1." in text_of(resident.get(url))
    assert "as no. 1" in text_of(resident.get("/me/"))
    assert post(resident, f"{url}/2/withdraw", page=url).status_code == 403
    with clock.frozen(UNTIL):
        assert post(clerk, f"{url}/close", page=url).status_code == 302
    with clock.frozen(SEED_AT):
        wrong = {"seed": SEED, "again": "06 13 20 13"}
        assert "Both times the same, please." in text_of(post(clerk, f"{url}/draw", wrong, page=f"{url}/draw"))
        assert post(clerk, f"{url}/draw", {"seed": SEED, "again": SEED}, page=f"{url}/draw").status_code == 302
        page = anybody.get(url).text
        assert "Zhou Daming" not in page and "Zhou Daming" in clerk.get(url).text
        assert sorted(re.findall(r"<code>(\w+-\d+)</code>", page)) == ["against-1", "against-2"]
        assert "You have a place in the hearing" in text_of(resident.get("/me/"))
        assert post(resident, f"{url}/1/withdraw", page=url).status_code == 302
        assert "You took your application back" in text_of(resident.get(url))


def test_a_resident_finds_the_way_to_apply_and_reads_how_many_are_before_them(world, new_client):
    """Not the number of the application, which is no rank: no. 1 may well be the last on reserve."""
    hearing = invited(world)
    url = f"/c/mochou/hearings/{hearing.id}"
    resident, anybody = in_english(sign_in(new_client(), world.account("R02"))), in_english(new_client())
    for browser in (resident, anybody):
        shown = text_of(browser.get(url))
        assert "Applications are taken until March 9, 2026" in shown and "Apply for a place" in shown
    assert "Sign in and apply" in text_of(anybody.get(f"{url}/places"))
    do(lambda: places.apply(hearing, "for", actor=world["R02"]))
    assert "Apply for a place" not in text_of(resident.get(url))
    for name in ("Wang", "Zhou"):
        do(lambda name=name: places.apply(hearing, "for", name=name, actor=world["C01"]))
    with clock.frozen(UNTIL):
        do(lambda: places.close(hearing, actor=world["C01"]))
        assert "The seed Not drawn yet" in text_of(anybody.get(f"{url}/places"))
    with clock.frozen(SEED_AT):
        do(lambda: places.draw(hearing, SEED, actor=world["C01"]))
        assert next(one.place for one in places.applications(hearing) if one.number == 1) == 3
        assert "1 person is before you." in text_of(resident.get(f"{url}/places"))
