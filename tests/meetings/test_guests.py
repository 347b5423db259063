"""People sitting in: on the roster with their hours, in the minutes by themselves, and of no quorum, vote or floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.audit.models import Entry, PersonalRecord
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import floor, guests, life, minutes, services, votes
from deliberation.meetings.states import Presence
from deliberation.people.permissions import Office
from deliberation.voting import queries as polls
from tests.agreements.meetings import HELD, PLANNED, called
from tests.builders import World, appoint, at, do
from tests.hearings.test_services import holds
from tests.motions.debates import NOW, code, main, sitting_of
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def test_whoever_sits_in_never_counts_and_stands_in_the_minutes(world: World, new_client: Callable[[], FlaskClient]) -> None:
    sitting = sitting_of(world, here=14)
    meeting, url = sitting.meeting, f"/c/mochou/meetings/{sitting.meeting.id}"
    motion = main(sitting)
    clerk, member, anybody = (in_english(one) for one in (
        sign_in(new_client(), world.account("C01")), sign_in(new_client(), world.account("M01")), new_client()))  # fmt: skip
    login = world.account("V01")
    db.session.rollback()
    for sent in ({"name": "Zhao Qiang", "as_what": "Property company"}, {"login": login, "as_what": "Service station"}):
        assert post(clerk, f"{url}/guest", sent, page=f"{url}/guest").status_code == 302
    assert post(clerk, f"{url}/guest", {"login": login, "as_what": "Again"}, page=f"{url}/guest").status_code == 409
    assert post(clerk, f"{url}/guest", {"as_what": "Nobody"}, page=f"{url}/guest").status_code == 422
    assert code(lambda: guests.add_guest(meeting, "Member", person=world["M02"], actor=world["C01"])) == "done_already"
    sitting_in = [row for row in services.roster(meeting) if row.is_guest]
    do(lambda: services.note_attendance(meeting, {row.person_id: Presence.ATTENDING for row in sitting_in}, actor=world["C01"]))
    assert code(lambda: floor.ask(sitting.item, sitting_in[0].person, "pro", actor=world["C01"])) == "absent"
    room = votes.room_now(meeting).count
    assert (room.entitled, room.present) == (21, 14)
    poll = do(lambda: votes.put(motion, actor=world["P01"]))
    assert not {row.person_id for row in sitting_in} & set(polls.may_vote_ids(poll.id))
    assert polls.progress(poll).may_vote == 14
    do(lambda: votes.cancel(motion, actor=world["P01"]))
    assert "Zhao Qiang" in text_of(member.get(url)) and "Zhao Qiang" not in anybody.get(url).text
    do(lambda: life.adjourn(meeting, NOW + timedelta(hours=1), actor=world["P01"]))
    assert votes.room_now(meeting).count.entitled == 21
    do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    do(lambda: minutes.lay_out(meeting, actor=world["C01"]))
    told = text_of(clerk.get(f"{url}/minutes/"))
    assert "Zhao Qiang (Property company)" in told.partition("Sitting in")[2] and "Present (14)" in told
    bodies = b" ".join(bytes(one) for one in db.session.scalars(db.select(Entry.body)))
    assert b"Zhao" not in bodies and b"Property company" not in bodies
    holds()


def test_as_what_somebody_was_to_sit_in_is_forgotten_when_they_take_office(world: World) -> None:
    with clock.frozen(at(PLANNED)):
        meeting = called(world, "joint")
        row = do(lambda: guests.add_guest(meeting, "Owner of flat 302", person=world["R01"], actor=world["C01"]))
        appoint(world, "R01", Office.UNIT)
    with clock.frozen(at(HELD)):
        do(lambda: services.open_meeting(meeting, actor=world["P01"]))
    assert not row.is_guest
    (kept,) = db.session.scalars(db.select(PersonalRecord).where(PersonalRecord.kind == "attendance.capacity"))
    assert (kept.value, kept.salt, kept.basis) == (None, None, "lapsed")
    holds()
