"""A meeting's life: the whole table, moves with a new notice, calling off, adjourning, and pages of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.extensions import db, transaction
from deliberation.kernel import clock
from deliberation.kernel.errors import DomainError
from deliberation.meetings import life, minutes, services, votes
from deliberation.meetings.models import Meeting
from deliberation.meetings.roster import stays
from deliberation.meetings.states import MEETING, MeetingAct, MeetingState, Presence
from tests.acceptance.session import Sitting, planned
from tests.builders import World, at, do
from tests.motions.debates import NOW, code, main, sitting_of
from tests.web import in_english, post, sign_in, text_of

BEFORE = at("2026-03-20T09:00")
LATER = at("2026-03-27T10:00")
AFTER = at("2026-03-31T00:00")
S, A = MeetingState, MeetingAct


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


class Back(Exception):
    """Takes an act back after it was looked at."""


def acts_on(world: World, meeting: Meeting) -> dict[MeetingAct, Callable[[], object]]:
    president, secretary = world["P01"], world["S01"]
    return {
        A.CALL: lambda: services.call(meeting, actor=secretary),
        A.MOVE: lambda: life.move(meeting, starts_at=at("2026-04-10T10:00"), place="Garden", reason="Rain", actor=secretary),
        A.CANCEL: lambda: life.cancel(meeting, "Nobody can come.", actor=secretary),
        A.OPEN: lambda: services.open_meeting(meeting, actor=president),
        A.ADJOURN: lambda: life.adjourn(meeting, clock.now() + timedelta(hours=1), actor=president),
        A.RESUME: lambda: life.resume(meeting, actor=president),
        A.CLOSE: lambda: services.close_meeting(meeting, actor=president),
        A.LAY_OUT: lambda: minutes.lay_out(meeting, actor=world["C01"]),
        A.SIGN: lambda: signed_by_both(world, meeting),
        A.PUBLISH: lambda: minutes.publish(meeting, actor=secretary),
    }


def signed_by_both(world: World, meeting: Meeting) -> None:
    digest = minutes.frozen(meeting, minutes.minutes_of(meeting))[1] if meeting.is_held else ""
    minutes.sign(meeting, "clerk", document_hash=digest, actor=world["C01"])
    minutes.sign(meeting, "chair", document_hash=digest, actor=world["P01"])


WAY: dict[MeetingState, tuple[MeetingAct, ...]] = {
    S.PLANNED: (),
    S.CALLED: (A.CALL,),
    S.CANCELLED: (A.CALL, A.CANCEL),
    S.OPEN: (A.CALL, A.OPEN),
    S.ADJOURNED: (A.CALL, A.OPEN, A.ADJOURN),
    S.CLOSED: (A.CALL, A.OPEN, A.CLOSE),
    S.MINUTED: (A.CALL, A.OPEN, A.CLOSE, A.LAY_OUT),
    S.SIGNED: (A.CALL, A.OPEN, A.CLOSE, A.LAY_OUT, A.SIGN),
    S.PUBLISHED: (A.CALL, A.OPEN, A.CLOSE, A.LAY_OUT, A.SIGN, A.PUBLISH),
}


def day_of(act: MeetingAct) -> object:
    """Notices go out before, signatures come after the time for objections."""
    return clock.frozen(BEFORE if act in (A.CALL, A.MOVE, A.CANCEL) else AFTER if act is A.SIGN else NOW)


def in_state(world: World, state: MeetingState) -> Meeting:
    matter = sitting_of(world).matter
    with clock.frozen(BEFORE):
        meeting = planned(world, matter)
    for act in WAY[state]:
        with day_of(act):  # type: ignore[attr-defined]
            do(acts_on(world, meeting)[act])
    assert meeting.state == state
    return meeting


@pytest.mark.parametrize("state", WAY)
def test_a_meeting_moves_as_the_table_says(world: World, state: MeetingState) -> None:
    """In each state every act: what the table allows leads where it says, everything else is refused and changes nothing."""
    meeting = in_state(world, state)
    for act, run in acts_on(world, meeting).items():
        with day_of(act):  # type: ignore[attr-defined]
            expected: type[Exception] = Back if MEETING.allows(state, act) else DomainError
            with pytest.raises(expected), transaction():
                run()
                assert meeting.state == MEETING.moves[state, act]
                raise Back
        db.session.rollback()
        assert meeting.state == state, act


def test_the_table_is_whole() -> None:
    """Every state is tried, every state is reached, what is over has no way back, and a meeting that was held ends published."""
    assert set(WAY) == set(MeetingState)
    reached = {MEETING.start, *MEETING.moves.values()}
    assert reached == set(MeetingState)
    assert len(MEETING.moves) == 12
    assert {state for state, _act in MEETING.moves} == set(MeetingState) - {S.CANCELLED, S.PUBLISHED}


def called(world: World) -> Meeting:
    return in_state(world, S.CALLED)


def test_a_moved_meeting_shows_its_old_notice_as_changed(world: World, new_client: Callable[[], FlaskClient]) -> None:
    meeting = called(world)
    member = world["M01"]
    with clock.frozen(at("2026-03-22T09:00")):
        do(lambda: services.note_attendance(meeting, {member.id: Presence.EXCUSED}, actor=member))
        near = {"starts_at": at("2026-03-27T14:30"), "place": "Garden", "reason": "Rain", "actor": world["S01"]}
        assert code(lambda: life.move(meeting, **near)) == "invalid"  # type: ignore[arg-type]
        assert (meeting.place, len(meeting.notices)) == ("社区活动室", 1)
        do(lambda: life.move(meeting, **{**near, "starts_at": at("2026-03-28T14:30")}))  # type: ignore[arg-type]
    assert [(one.number, one.starts_at, one.reason) for one in meeting.notices] == [
        (1, at("2026-03-26T14:30"), None), (2, at("2026-03-28T14:30"), "Rain")
    ]  # fmt: skip
    assert (meeting.state, meeting.starts_at) == ("called", at("2026-03-28T14:30"))
    assert {row.state for row in services.roster(meeting)} == {"expected"}, "apologies were for the old day"
    assert code(lambda: services.open_meeting(meeting, actor=world["P01"])) == "too_early"
    url = f"/c/mochou/meetings/{meeting.id}"
    db.session.rollback()
    page = text_of(in_english(new_client()).get(url))
    assert "The notice was changed" in page and "no longer in force" in page and "Reason: Rain" in page


def test_a_reason_given_for_the_old_day_is_gone_with_it(world: World) -> None:
    meeting, member = called(world), world["M01"]
    excused = {member.id: Presence.EXCUSED}
    with clock.frozen(BEFORE):
        do(lambda: services.note_attendance(meeting, excused, reasons={member.id: "In hospital."}, actor=member))
        record = next(one.reason for one in services.roster(meeting) if one.person_id == member.id)
        do(lambda: life.move(meeting, starts_at=at("2026-04-10T10:00"), place="Garden", reason="Rain", actor=world["S01"]))
        assert record is not None and (record.kept, record.salt, record.basis) == (None, None, "lapsed")
        do(lambda: services.note_attendance(meeting, excused, actor=member))
    row = next(one for one in services.roster(meeting) if one.person_id == member.id)
    assert (row.state, row.reason_id) == ("excused", None)


def test_only_who_calls_moves_and_a_move_changes_something(world: World) -> None:
    meeting = called(world)
    with clock.frozen(BEFORE):
        same = {"starts_at": meeting.starts_at, "place": meeting.place, "reason": "None", "actor": world["S01"]}
        assert code(lambda: life.move(meeting, **same)) == "invalid"  # type: ignore[arg-type]
        far = {**same, "starts_at": at("2026-04-20T09:00")}
        assert code(lambda: life.move(meeting, **{**far, "actor": world["M01"]})) == "forbidden"  # type: ignore[arg-type]
        assert code(lambda: life.move(meeting, **{**far, "reason": " "})) == "invalid"  # type: ignore[arg-type]
        assert code(lambda: life.cancel(meeting, "", actor=world["S01"])) == "invalid"
        assert code(lambda: life.cancel(meeting, "Why", actor=world["C01"])) == "forbidden"


def test_a_meeting_that_is_called_off_says_why_and_waits_for_nobody(world: World, new_client: Callable[[], FlaskClient]) -> None:
    meeting = called(world)
    secretary = in_english(sign_in(new_client(), world.account("S01")))
    url = f"/c/mochou/meetings/{meeting.id}"
    db.session.rollback()
    with clock.frozen(BEFORE):
        assert post(secretary, f"{url}/cancel", {"reason": "The hall is flooded."}).status_code == 302
        page = text_of(secretary.get(url))
        assert "Called off. Reason: The hall is flooded." in page
        assert "Open the session" not in page and "Keep the roster" not in page
        assert "The hall is flooded." in text_of(in_english(new_client()).get(url))
        assert "Call the meeting off" not in text_of(secretary.get("/me/"))


def test_what_was_only_planned_stays_the_councils_when_it_is_called_off(
    world: World, new_client: Callable[[], FlaskClient]
) -> None:
    """Neither its page nor its wall, the calendar, the matter's page or the check page says where, when or why."""
    meeting = in_state(world, S.PLANNED)
    with clock.frozen(BEFORE):
        do(lambda: life.cancel(meeting, "The speaker is ill.", actor=world["S01"]))
    url, no = f"/c/mochou/meetings/{meeting.id}", meeting.items[0].matter.no
    addresses = (url, f"{url}/screen", f"{url}/meeting.ics", f"/c/mochou/log/check/meeting/{meeting.id}")
    public = ("/c/mochou/meetings/", "/c/mochou/meetings/calendar.ics", f"/c/mochou/agenda/{no}", "/c/mochou/")
    member, anybody = sign_in(new_client(), world.account("M01")), new_client()
    db.session.rollback()
    for client in (in_english(anybody), in_english(sign_in(new_client(), world.account("R01")))):
        assert [client.get(one).status_code for one in addresses] == [404] * 4
        for one in public:
            answer = client.get(one)
            assert answer.status_code == 200, one
            assert f"meetings/{meeting.id}" not in answer.text and "is ill" not in answer.text, one
    assert "The speaker is ill." in text_of(in_english(member).get(url))


def test_over_night_everybody_is_expected_anew_and_the_hours_are_kept(world: World) -> None:
    sitting = sitting_of(world, here=18)
    meeting, president = sitting.meeting, world["P01"]
    do(lambda: life.adjourn(meeting, LATER, actor=president))
    assert {row.state for row in services.roster(meeting)} == {"expected"}
    assert code(lambda: life.resume(meeting, actor=president)) == "too_early"
    assert code(lambda: services.take_up(meeting.items[0], actor=president)) == "meeting_not_open"
    with clock.frozen(LATER):
        back = dict.fromkeys([row.person_id for row in services.roster(meeting)][:15], Presence.ATTENDING)
        do(lambda: services.note_attendance(meeting, back, actor=world["C01"]))
        do(lambda: life.resume(meeting, actor=president))
        do(lambda: services.close_meeting(meeting, actor=president))
    stays = services.rosters.stays(meeting)
    assert len(stays) == 18 + 15 and all(one.left_at is not None for one in stays)
    assert [(one.adjourned_at, one.until_at, one.resumed_at) for one in meeting.recesses] == [(NOW, LATER, LATER)]


def test_a_break_that_is_never_over_adds_no_hour_to_anybodys_presence(world: World) -> None:
    """Even one of an hour: who was there was there until it, and may object to the minutes."""
    meeting = sitting_of(world, here=18).meeting
    do(lambda: life.adjourn(meeting, NOW + timedelta(hours=1), actor=world["P01"]))
    assert {row.state for row in services.roster(meeting)} == {"expected"}
    with clock.frozen(NOW + timedelta(days=10)):
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    assert {stay.left_at for stay in stays(meeting)} == {NOW}
    assert [row.state for row in services.roster(meeting)].count("left") == 18
    assert minutes.may_object(meeting, world["M01"])


def test_no_vote_stays_open_over_a_break(world: World) -> None:
    sitting: Sitting = sitting_of(world, here=18)
    motion = main(sitting)
    do(lambda: votes.put(motion, actor=world["P01"]))
    assert code(lambda: life.adjourn(sitting.meeting, LATER, actor=world["P01"])) == "poll_open"


def test_an_adjourned_meeting_is_gone_on_with_from_its_page(world: World, new_client: Callable[[], FlaskClient]) -> None:
    meeting = sitting_of(world, here=18).meeting
    chair = in_english(sign_in(new_client(), world.account("P01")))
    url = f"/c/mochou/meetings/{meeting.id}"
    db.session.rollback()
    assert post(chair, f"{url}/adjourn", {"until": "2026-03-26T10:00"}).status_code == 422
    assert post(chair, f"{url}/adjourn", {"until": "2026-03-26T23:30"}).status_code == 302
    assert "Adjourned. It goes on" in text_of(chair.get(url))
    assert post(chair, f"{url}/resume").status_code == 302
    assert "Adjourned. It goes on" not in text_of(chair.get(url))
