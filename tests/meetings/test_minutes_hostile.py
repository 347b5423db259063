"""Minutes: who would name somebody, rewrite them late, undo a signature, or change them behind the log's back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.appeals import services as appeals
from deliberation.audit.models import PersonalRecord
from deliberation.audit.recording import commitment_of
from deliberation.councils.services import end_office, held_office
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import composing, minutes, services
from deliberation.meetings.models import Attendance, Meeting
from deliberation.meetings.states import Presence
from deliberation.people.permissions import Office
from tests.acceptance.session import Sitting, planned
from tests.audit.test_verifying import tamper
from tests.builders import World, appoint, at, do
from tests.meetings.test_minutes import AFTER, END, laid_out, part_of, session_of, sign, write
from tests.meetings.test_planning import another
from tests.motions.debates import NOW, code, sitting_of
from tests.web import in_english, sign_in, text_of


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sitting(world: World) -> Sitting:
    return session_of(world)


@pytest.fixture
def meeting(sitting: Sitting) -> Meeting:
    return sitting.meeting


@pytest.mark.parametrize("text", ["R01 sat in.", "R 01 sat in.", "Ｒ０１ sat in.", "r\u30000\n1 sat in.", "M 01 does it."])
def test_no_name_of_anybody_stands_in_an_official_text(world: World, meeting: Meeting, text: str) -> None:
    """Residents are on no roster, and known once they said something here; blanks and width hide nobody."""
    do(lambda: appeals.file(world.council, channel="online", text="Too dark.", actor=world["R01"]))
    for part in ("guests", "arrangements", part_of(meeting)):
        assert code(lambda part=part: write(world, meeting, part, text)) == "name_in_summary"
    laid_out(world, meeting)
    made = do(lambda: minutes.object_to(meeting, "R01 was there.", actor=world["M01"]))
    assert code(lambda: minutes.answer(made, meeting, text, upheld=True, actor=world["C01"])) == "name_in_summary"


def test_who_never_did_anything_here_bars_no_word(world: World, meeting: Meeting) -> None:
    """In a district of many thousands some name is like any word."""
    write(world, meeting, "guests", "R02 came.")
    assert minutes.wording(meeting, "guests")[1] == "R02 came."


def test_the_form_says_that_the_part_can_never_be_erased(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    url = f"/c/mochou/meetings/{meeting.id}/minutes/write"
    db.session.rollback()
    assert "no wording of it can ever be erased" in text_of(clerk.get(f"{url}/guests"))


@pytest.mark.parametrize("rolls", [(18,), (9, 9)])
def test_a_roll_kept_after_the_opening_counts_for_the_quorum(world: World, rolls: tuple[int, ...]) -> None:
    """Opened with nobody noted; who comes after the matter was called up does not count."""
    with clock.frozen(at("2026-03-20T09:00")):
        meeting = planned(world, another(world, "Beds"))
        do(lambda: services.call(meeting, actor=world["S01"]))
    do(lambda: services.open_meeting(meeting, actor=world["P01"]))
    rows = services.roster(meeting)
    for minute, some in enumerate(rolls, 31):
        with clock.frozen(at(f"2026-03-26T14:{minute}")):
            note(world, meeting, [rows.pop() for _n in range(some)])
    with clock.frozen(at("2026-03-26T14:40")):
        do(lambda: services.take_up(meeting.items[0], actor=world["P01"]))
    with clock.frozen(at("2026-03-26T15:10")):
        note(world, meeting, rows[:1])
    with clock.frozen(END):
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    quorum = composing.compose(meeting)["quorum"]
    assert (quorum["present"], quorum["met"]) == (18, True)


def test_a_roll_kept_after_the_matter_was_called_up_counts_too(world: World) -> None:
    meeting = sitting_of(world, here=0).meeting
    with clock.frozen(at("2026-03-26T14:31")):
        note(world, meeting, services.roster(meeting)[:18])
    with clock.frozen(END):
        do(lambda: services.close_meeting(meeting, actor=world["P01"]))
    assert composing.compose(meeting)["quorum"]["present"] == 18


def note(world: World, meeting: Meeting, some: list[Attendance]) -> None:
    do(lambda: services.note_attendance(meeting, {row.person_id: Presence.ATTENDING for row in some}, actor=world["C01"]))


def test_the_clerk_changes_nothing_after_the_time_to_object(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    url = f"/c/mochou/meetings/{meeting.id}/minutes/"
    with clock.frozen(AFTER):
        assert code(lambda: write(world, meeting, "arrangements", "Something else.")) == "objections_over"
        db.session.rollback()
        assert "/write/" not in clerk.get(url).text
    assert "/write/" in clerk.get(url).text


@pytest.mark.parametrize("upheld", [True, False])
def test_an_upheld_objection_is_still_followed_after_that_time(world: World, meeting: Meeting, upheld: bool) -> None:
    laid_out(world, meeting)
    made = do(lambda: minutes.object_to(meeting, "It was the board.", actor=world["M01"]))
    with clock.frozen(AFTER):
        do(lambda: minutes.answer(made, meeting, "See the record.", upheld=upheld, actor=world["C01"]))
        if upheld:
            write(world, meeting, "arrangements", "The board.")
        else:
            assert code(lambda: write(world, meeting, "arrangements", "The board.")) == "objections_over"


def test_after_a_signature_was_refused_the_text_changes_and_all_may_object_again(world: World, meeting: Meeting) -> None:
    laid_out(world, meeting)
    sign(world, meeting, "clerk", "C01")
    with clock.frozen(AFTER):
        do(lambda: minutes.take_back(meeting, actor=world["P01"]))
        write(world, meeting, "arrangements", "The clerk posts it.")
        do(lambda: minutes.object_to(meeting, "The board does.", actor=world["M01"]))
        assert code(lambda: sign(world, meeting, "clerk", "C01")) == "too_early"


def test_the_page_says_when_the_time_to_object_is_over_and_shows_the_signer_the_way_back(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    clerk, url = in_english(sign_in(new_client(), world.account("C01"))), f"/c/mochou/meetings/{meeting.id}/minutes/"
    with clock.frozen(AFTER):
        db.session.rollback()
        assert "Now chair and clerk sign." in text_of(clerk.get(url))
        sign(world, meeting, "clerk", "C01")
        db.session.rollback()
        assert "Take my signature back The time to object then begins again." in text_of(clerk.get(url))


def test_who_is_president_no_more_undoes_no_signature(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    appoint(world, "M01", Office.PRESIDENT)
    held = held_office(world.council, world["P01"], Office.PRESIDENT)
    do(lambda: end_office(held, world.council, on=held.starts_on, actor=world["A01"]))
    former, president = (in_english(sign_in(new_client(), world.account(who))) for who in ("P01", "M01"))
    url = f"/c/mochou/meetings/{meeting.id}/minutes/"
    sign(world, meeting, "clerk", "C01")
    db.session.rollback()
    with clock.frozen(AFTER):
        assert ["/take-back" in one.get(url).text for one in (former, president)] == [False, True]
        assert ["/sign/chair" in one.get(url).text for one in (former, president)] == [False, True]
        db.session.rollback()
        assert code(lambda: minutes.take_back(meeting, actor=world["P01"])) == "not_signer"


def test_a_text_changed_behind_the_logs_back_is_told_on_the_page(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    write(world, meeting, "arrangements", "The clerk posts it.")
    laid_out(world, meeting)
    for part, by in (("chair", "P01"), ("clerk", "C01")):
        sign(world, meeting, part, by)
    url = f"/c/mochou/meetings/{meeting.id}/minutes/"
    member = in_english(sign_in(new_client(), world.account("M01")))
    db.session.rollback()
    told = "is not the one that was signed"
    assert told not in text_of(member.get(url))
    db.session.remove()
    tamper("update minutes set document = replace(document, 'The clerk posts', 'The board posts')")
    assert told in text_of(member.get(url))


def test_no_row_of_the_log_leads_from_a_person_to_a_number_of_the_minutes(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    do(lambda: minutes.object_to(meeting, "I said: slowly.", actor=world["M01"]))
    with clock.frozen(AFTER):
        doc = composing.compose(meeting)
    said = [one for item in doc["items"] for one in item["speeches"]] + doc["objections"]
    known = db.session.scalars(db.select(PersonalRecord)).all()
    held = [one["words"] for one in said]
    assert len(held) > 1 and not {one["record"] for one in held} & {one.id for one in known}
    assert not {one["commitment"] for one in held} & {commitment_of(one) for one in known if one.salt}
    assert min(one["id"] for one in said) > 10_000
    times = [one["at"] for one in said] + [span[0] for one in doc["people"] for span in one["hours"]]
    assert {at[-3:] for at in times} == {"00Z"}
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    db.session.rollback()
    page = text_of(clerk.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    assert "I said: slowly." in page and "Let us begin." in page and "not the one that was signed" not in page
