"""Who is in the room: stretches of time, live quorum, no vote without it, apologies by one tap or through the clerk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import questions, services, votes
from deliberation.meetings.models import Meeting, Stay
from deliberation.meetings.roster import stays
from deliberation.meetings.states import Presence
from deliberation.voting.kinds import Kind
from deliberation.voting.services import Question
from tests.acceptance.session import Sitting
from tests.builders import World, at, do
from tests.motions.debates import NOW, code, main, sitting_of
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def note(world: World, meeting: Meeting, member: str, state: Presence, when: str, by: str = "C01") -> None:
    with clock.frozen(at(f"2026-03-26T{when}")):
        do(lambda: services.note_attendance(meeting, {world[member].id: state}, actor=world[by]))


def hours(world: World, meeting: Meeting, member: str) -> list[tuple[str, str | None]]:
    return [
        (f"{one.came_at:%H:%M}", f"{one.left_at:%H:%M}" if one.left_at else None)
        for one in stays(meeting) if one.person_id == world[member].id
    ]  # fmt: skip


def test_who_leaves_and_comes_back_has_two_stretches(world: World) -> None:
    meeting = sitting_of(world).meeting
    note(world, meeting, "M03", Presence.LEFT, "15:00")
    note(world, meeting, "M03", Presence.ATTENDING, "15:20")
    assert hours(world, meeting, "M03") == [("06:30", "07:00"), ("07:20", None)]
    with clock.frozen(at("2026-03-26T16:00")):
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    assert hours(world, meeting, "M03")[1] == ("07:20", "08:00")
    assert all(one.left_at is not None for one in stays(meeting))


def test_a_clock_that_was_set_back_makes_no_stretch_that_ends_before_it_begins(world: World) -> None:
    meeting = sitting_of(world).meeting
    note(world, meeting, "M03", Presence.LEFT, "13:00")
    assert hours(world, meeting, "M03") == [("06:30", "06:30")]


def test_nobody_is_in_the_room_twice(world: World) -> None:
    """Two browsers of one member, or two clerks: the database holds one stretch open."""
    meeting = sitting_of(world).meeting
    note(world, meeting, "M03", Presence.ATTENDING, "15:00")
    assert len(hours(world, meeting, "M03")) == 1
    row = next(one for one in services.roster(meeting) if one.person_id == world["M03"].id)

    def twice() -> None:
        with services.recording(capacity(world), "attendance.note", meeting):
            db.session.add(Stay(council_id=row.council_id, meeting_id=meeting.id, person_id=row.person_id, came_at=clock.now()))

    with pytest.raises(IntegrityError):
        do(twice)


def capacity(world: World) -> object:
    return services.authorize(world["C01"], services.Permission.MEETING_RECORD, world.council)


def test_a_vote_is_refused_while_the_quorum_is_lost_and_taken_when_it_is_back(world: World) -> None:
    sitting: Sitting = sitting_of(world, here=14)
    motion, meeting = main(sitting), sitting.meeting
    note(world, meeting, "M12", Presence.LEFT, "15:00")
    assert code(lambda: votes.put(motion, actor=world["P01"])) == "no_quorum"
    asked = Question("Where?", Kind.SINGLE, ("Here", "There"), method="plurality")
    assert code(lambda: questions.ask(meeting, asked, about="procedure:tellers", actor=world["P01"])) == "no_quorum"
    note(world, meeting, "M12", Presence.ATTENDING, "15:05")
    assert do(lambda: votes.put(motion, actor=world["P01"])).state == "open"


@pytest.fixture
def room(world: World) -> Sitting:
    """A session of exactly the quorum."""
    return sitting_of(world, here=14)


def test_leaving_by_one_tap_warns_that_the_quorum_is_lost(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    meeting = room.meeting
    member, chair = (in_english(sign_in(new_client(), world.account(code))) for code in ("M05", "P01"))
    url = f"/c/mochou/meetings/{meeting.id}"
    db.session.rollback()
    assert "I have to leave" in text_of(member.get(url))
    assert "Without you there is no quorum: 13 stay, 14 are needed." in text_of(member.get(f"{url}/leave"))
    assert post(member, f"{url}/leave").status_code == 302
    page, told = text_of(member.get(url)), chair.get(url)
    now = text_of(told).partition("What else you can do")[0]
    assert "Show the code for signing in" in now and "Finish" not in now, "whoever is missing can come back"
    assert "1 more member must be here before the council can vote." in text_of(told)
    assert "13 present of 21 entitled" in page
    db.session.rollback()
    assert code(lambda: services.note_attendance(meeting, {world["M05"].id: Presence.LEFT}, actor=world["M05"])) == "not_here"


def test_the_warning_is_said_at_once_and_once(world: World, room: Sitting, new_client: Callable[[], FlaskClient]) -> None:
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    url = f"/c/mochou/meetings/{room.meeting.id}"
    lost = "The quorum is lost: 13 are here, 14 are needed."
    db.session.rollback()
    for member, warned in (("M05", True), ("M06", False)):
        sent = {"rest": "same", f"m{world[member].id}": "left", **others(room, member)}
        assert post(clerk, f"{url}/roster", sent).status_code == 302
        assert (lost in clerk.get(url).text) == warned, member


def test_a_line_that_the_clerk_did_not_touch_brings_nobody_back(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    """The form is open while one member leaves and one sends apologies; the clerk notes a third one's leaving."""
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    url = f"/c/mochou/meetings/{room.meeting.id}/roster"
    absent = services.roster(room.meeting)[-1].person
    db.session.rollback()
    page = clerk.get(url).text
    sent = dict(re.findall(r'name="(was_m\d+)"[^>]* value="(\w+)"', page))
    sent |= {name.removeprefix("was_"): state for name, state in sent.items() if state != "expected"}
    for who, state in ((world["M05"], Presence.LEFT), (absent, Presence.EXCUSED)):
        do(lambda who=who, state=state: services.note_attendance(room.meeting, {who.id: state}, actor=who))
    sent |= {f"m{world['M05'].id}": "attending", f"m{world['M06'].id}": "left", f"m{absent.id}": "", "rest": "attending"}
    assert post(clerk, url, sent).status_code == 302
    db.session.rollback()
    now = {row.person_id: row.state for row in services.roster(room.meeting)}
    assert (now[world["M05"].id], now[world["M06"].id], now[absent.id]) == ("left", "left", "excused")


def test_two_clerks_who_mark_one_line_differently_are_told_and_lose_nothing(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk, url = in_english(sign_in(new_client(), world.account("C01"))), f"/c/mochou/meetings/{room.meeting.id}/roster"
    mine, other = world["M05"].id, world["M06"].id
    db.session.rollback()
    do(lambda: services.note_attendance(room.meeting, {mine: Presence.LEFT}, actor=world["C01"]))
    sent = {"rest": "same", f"was_m{mine}": "attending", f"m{mine}": "absent", f"was_m{other}": "attending", f"m{other}": "left"}
    answer = post(clerk, url, sent)
    assert answer.status_code == 422 and "Noted meanwhile: Left early." in text_of(answer)
    again = sent | dict(re.findall(r'name="(was_m\d+)"[^>]* value="(\w+)"', answer.text))
    assert post(clerk, url, again).status_code == 302, "whoever is sure hands it in again"
    now = {row.person_id: row.state for row in services.roster(room.meeting)}
    assert (now[mine], now[other]) == ("absent", "left")


def test_during_a_vote_the_page_says_that_the_room_got_too_small_and_offers_no_words_like_a_ballot(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    motion = main(room)
    do(lambda: votes.put(motion, actor=world["P01"]))
    do(lambda: services.note_attendance(room.meeting, {world["M05"].id: Presence.LEFT}, actor=world["M05"]))
    page = text_of(in_english(sign_in(new_client(), world.account("M06"))).get(f"/c/mochou/meetings/{room.meeting.id}"))
    assert "Only 13 are here now: before the next vote 14 must be." in page
    assert "I want to speak" not in page


def others(room: Sitting, left: str) -> dict[str, str]:
    rows = services.roster(room.meeting)
    mine = room.world[left].id
    known = {f"m{row.person_id}": row.state for row in rows if row.state != Presence.EXPECTED and row.person_id != mine}
    db.session.rollback()
    return known


def test_an_apology_is_one_tap_and_its_reason_comes_after_for_the_council_alone(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    meeting = sitting_of(world, here=0).meeting
    member = in_english(sign_in(new_client(), world.account("M05")))
    url = f"/c/mochou/meetings/{meeting.id}"
    with clock.frozen(NOW - timedelta(days=1)):
        db.session.rollback()
        assert post(member, f"{url}/excuse").status_code == 302
        assert "I cannot come" not in text_of(member.get(url)).replace("Say why I cannot come", "")
        assert post(member, f"{url}/apology", {"reason": "A cold."}).status_code == 302
    row = next(one for one in services.roster(meeting) if one.person_id == world["M05"].id)
    assert (row.state, row.reason.value if row.reason else None) == ("excused", "A cold.")
    assert "A cold." not in new_client().get(url).text


def test_an_apology_by_telephone_is_taken_down_by_the_clerk(world: World, new_client: Callable[[], FlaskClient]) -> None:
    meeting = sitting_of(world, here=0).meeting
    clerk = sign_in(new_client(), world.account("C01"))
    db.session.rollback()
    sent = {"member": str(world["M06"].id), "reason": "At work."}
    assert post(clerk, f"/c/mochou/meetings/{meeting.id}/apology", sent).status_code == 302
    db.session.rollback()
    row = next(one for one in services.roster(meeting) if one.person_id == world["M06"].id)
    assert row.state == "excused"


def test_residents_and_the_absent_cannot_come_or_leave(world: World, room: Sitting, new_client: Callable[[], FlaskClient]) -> None:
    url = f"/c/mochou/meetings/{room.meeting.id}"
    resident = sign_in(new_client(), world.account("R01"))
    db.session.rollback()
    for act in ("excuse", "leave"):
        assert post(resident, f"{url}/{act}", page="/about").status_code == 403


def test_the_hours_stand_on_the_page_for_the_council_and_not_for_others(
    world: World, room: Sitting, new_client: Callable[[], FlaskClient]
) -> None:
    note(world, room.meeting, "M03", Presence.LEFT, "15:00")
    url = f"/c/mochou/meetings/{room.meeting.id}"
    member = in_english(sign_in(new_client(), world.account("M01")))
    db.session.rollback()
    assert "14:30–15:00" in text_of(member.get(url))
    assert "14:30–15:00" not in text_of(in_english(new_client()).get(url))
