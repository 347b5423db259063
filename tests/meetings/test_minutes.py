"""Minutes: worded, objected to, signed by two, frozen, published; and two clerks at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deliberation.audit.queries import head
from deliberation.audit.services import erase
from deliberation.councils.services import end_office, held_office, installation
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import composing, minutes, services, speeches
from deliberation.meetings.models import Meeting, Speech
from deliberation.meetings.states import Presence
from deliberation.people.permissions import Office
from tests.acceptance.session import Sitting
from tests.builders import World, appoint, at, do
from tests.motions.debates import NOW, code, main, sitting_of, vote
from tests.web import in_english, post, sign_in, text_of

END = at("2026-03-26T16:00")
AFTER = at("2026-03-31T00:00")
"""Laid out on the 26th, three days: the 29th is a Sunday, so the 30th is the last."""


@pytest.fixture(autouse=True)
def in_the_session(app: Flask) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def session_of(world: World) -> Sitting:
    """A session of 18 with one speech and one vote, closed at four."""
    held = sitting_of(world, here=18)
    do(lambda: speeches.speak(held.item, world["M01"], "pro", "Let us begin.", actor=world["C01"]))
    vote(held, main(held))
    with clock.frozen(END):
        do(lambda: services.close_meeting(held.meeting, actor=world["P01"]))
    return held


@pytest.fixture
def sitting(world: World) -> Sitting:
    return session_of(world)


@pytest.fixture
def meeting(sitting: Sitting) -> Meeting:
    return sitting.meeting


def part_of(meeting: Meeting) -> str:
    return f"item:{meeting.items[0].id}"


def speech(meeting: Meeting) -> Speech:
    return db.session.scalars(db.select(Speech).filter_by(meeting_id=meeting.id)).one()


def write(world: World, meeting: Meeting, part: str, text: str, number: int = 0, by: str = "C01") -> None:
    do(lambda: minutes.write(meeting, part, text, number=number, actor=world[by]))


def laid_out(world: World, meeting: Meeting) -> None:
    with clock.frozen(END):
        do(lambda: minutes.lay_out(meeting, actor=world["C01"]))


def digest(meeting: Meeting) -> str:
    return minutes.frozen(meeting, minutes.minutes_of(meeting))[1]


def sign(world: World, meeting: Meeting, part: str, by: str, seen: str | None = None) -> None:
    with clock.frozen(AFTER):
        do(lambda: minutes.sign(meeting, part, document_hash=seen or digest(meeting), actor=world[by]))


def test_a_summary_is_worded_twice_and_both_wordings_stay(world: World, meeting: Meeting) -> None:
    write(world, meeting, part_of(meeting), "Begun.")
    write(world, meeting, part_of(meeting), "Begun, and adopted.", 1, by="S01")
    told = [(one.number, one.text, one.by_id) for one in minutes.history(meeting, part_of(meeting))]
    assert told == [(1, "Begun.", world["C01"].id), (2, "Begun, and adopted.", world["S01"].id)]
    assert composing.compose(meeting)["items"][0]["summary"] == "Begun, and adopted."


def test_the_same_words_again_are_no_entry(world: World, meeting: Meeting) -> None:
    write(world, meeting, "arrangements", "The clerk posts it.")
    before = head(world.council.log_id)
    write(world, meeting, "arrangements", "The clerk posts it.", 1)
    assert head(world.council.log_id) == before


def test_words_of_a_speech_are_corrected_as_a_personal_text_and_the_old_ones_can_be_read(world: World, meeting: Meeting) -> None:
    part = f"speech:{speech(meeting).id}"
    write(world, meeting, part, "Let us begin at once.")
    assert speech(meeting).text.value == "Let us begin."
    (edit,) = minutes.history(meeting, part)
    assert edit.text is None and edit.words is not None and edit.words.kind == "speech.text"
    assert composing.compose(meeting)["items"][0]["speeches"][0]["words"]["record"] == edit.words_id


@pytest.mark.parametrize("part", ["", "item", "item:0", "item:999", "speech:0", "speech:99999999999", "speech:x", "votes", "Ⅳ"])
def test_only_summaries_and_speeches_are_worded(world: World, meeting: Meeting, part: str) -> None:
    assert code(lambda: minutes.write(meeting, part, "Something", number=0, actor=world["C01"])) == "not_found"


def test_a_summary_names_nobody(world: World, meeting: Meeting) -> None:
    assert code(lambda: write(world, meeting, part_of(meeting), "M01 spoke first.")) == "name_in_summary"


def test_only_the_desk_words_minutes_and_only_after_the_close(world: World, meeting: Meeting) -> None:
    for by in ("P01", "M01", "R01"):
        assert code(lambda by=by: write(world, meeting, "arrangements", "Mine", by=by)) == "forbidden"
    running = sitting_of(world)
    assert code(lambda: write(world, running.meeting, "arrangements", "Early")) == "no_minutes"


def test_two_clerks_at_once_nothing_is_overwritten_and_nothing_lost(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    """Both open the form; the later one sees what the first kept, and has the own text still in the field."""
    one, two = (in_english(sign_in(new_client(), world.account(who))) for who in ("C01", "S01"))
    url = f"/c/mochou/meetings/{meeting.id}/minutes/write/{part_of(meeting)}"
    db.session.rollback()
    assert 'name="number" type="hidden" value="0"' in two.get(url).text
    assert post(one, url, {"number": "0", "text": "First text."}).status_code == 302
    late = post(two, url, {"number": "0", "text": "Second text."})
    assert late.status_code == 409
    page = text_of(late)
    assert "First text." in page and "Kept meanwhile by C01" in page and "Second text.</textarea>" in late.text
    assert 'name="number" type="hidden" value="1"' in late.text
    db.session.rollback()
    assert [edit.text for edit in minutes.history(meeting, part_of(meeting))] == ["First text."]
    assert post(two, url, {"number": "1", "text": "First text. Second text."}).status_code == 302
    db.session.rollback()
    assert minutes.wording(meeting, part_of(meeting)) == (2, "First text. Second text.")


@pytest.mark.parametrize("number", ["", "-1", "x", "7", "99999999999999"])
def test_a_number_of_no_wording_overwrites_nothing(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient], number: str
) -> None:
    write(world, meeting, "arrangements", "The clerk posts it.")
    clerk = sign_in(new_client(), world.account("C01"))
    db.session.rollback()
    for part in ("arrangements", "guests"):
        url = f"/c/mochou/meetings/{meeting.id}/minutes/write/{part}"
        assert post(clerk, url, {"number": number, "text": "Mine."}).status_code == 409


def test_an_objection_is_made_in_time_by_who_was_there_and_answered_before_anybody_signs(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    kept = minutes.minutes_of(meeting)
    assert kept is not None and kept.objections_until == AFTER
    absent = next(row for row in services.roster(meeting) if row.state == Presence.ABSENT).person
    with clock.frozen(at("2026-03-30T23:59")):
        assert code(lambda: minutes.object_to(meeting, "I was not there.", actor=absent)) == "not_there"
        objection = do(lambda: minutes.object_to(meeting, "I said: slowly.", actor=world["M01"]))
    with clock.frozen(AFTER):
        assert code(lambda: minutes.object_to(meeting, "Too late.", actor=world["M02"])) == "too_late"
    assert code(lambda: sign(world, meeting, "chair", "P01")) == "unanswered"
    do(lambda: minutes.answer(objection, meeting, "Corrected.", upheld=True, actor=world["C01"]))
    assert minutes.is_upheld_in_vain(meeting)
    chair = in_english(sign_in(new_client(), world.account("P01")))
    with clock.frozen(AFTER):
        assert "nothing was worded anew since" in text_of(chair.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    with clock.frozen(AFTER):
        write(world, meeting, f"speech:{speech(meeting).id}", "Slowly, please.")
    assert not minutes.is_upheld_in_vain(meeting)
    assert code(lambda: minutes.answer(objection, meeting, "Again.", upheld=False, actor=world["C01"])) == "done_already"
    told = composing.compose(meeting)["objections"][0]
    assert (told["answer"], told["upheld"], set(told["words"])) == ("Corrected.", True, {"record", "commitment"})
    sign(world, meeting, "chair", "P01")


def test_nobody_signs_before_the_time_to_object_is_over(world: World, meeting: Meeting) -> None:
    laid_out(world, meeting)
    with clock.frozen(at("2026-03-30T23:59")):
        assert code(lambda: minutes.sign(meeting, "chair", document_hash=digest(meeting), actor=world["P01"])) == "too_early"


def test_two_different_persons_sign_one_text_and_then_it_is_frozen(world: World, meeting: Meeting) -> None:
    laid_out(world, meeting)
    seen = digest(meeting)
    assert code(lambda: sign(world, meeting, "clerk", "P01")) == "forbidden"
    assert code(lambda: sign(world, meeting, "chair", "M01")) == "forbidden"
    assert code(lambda: sign(world, meeting, "chair", "P01", seen="0" * 64)) == "changed_since"
    sign(world, meeting, "chair", "P01")
    assert code(lambda: write(world, meeting, "arrangements", "One more thing.")) == "frozen"
    assert code(lambda: sign(world, meeting, "chair", "P01")) == "four_eyes"
    sign(world, meeting, "clerk", "C01", seen)
    kept = minutes.minutes_of(meeting)
    assert kept is not None and kept.document is not None
    assert (meeting.state, kept.document_hash) == ("signed", hashlib.sha256(kept.document.encode()).hexdigest())
    assert code(lambda: minutes.take_back(meeting, actor=world["P01"])) == "not_laid_out"


def test_one_person_in_both_offices_signs_once(world: World, meeting: Meeting) -> None:
    """The clerk gave the office up, and the president holds it too: somebody else has to sign."""
    appoint(world, "P01", Office.CLERK)
    appoint(world, "M01", Office.CLERK)
    held = held_office(world.council, world["C01"], Office.CLERK)
    do(lambda: end_office(held, world.council, on=held.starts_on, actor=world["A01"]))
    laid_out_by(world, meeting, "M01")
    sign(world, meeting, "chair", "P01")
    assert code(lambda: sign(world, meeting, "clerk", "P01")) == "four_eyes"
    sign(world, meeting, "clerk", "M01")
    assert meeting.state == "signed"


def laid_out_by(world: World, meeting: Meeting, by: str) -> None:
    with clock.frozen(END):
        do(lambda: minutes.lay_out(meeting, actor=world[by]))


def test_who_does_not_sign_opens_the_text_again(world: World, meeting: Meeting) -> None:
    laid_out(world, meeting)
    sign(world, meeting, "clerk", "C01")
    assert code(lambda: minutes.take_back(meeting, actor=world["M01"])) == "not_signer"
    do(lambda: minutes.take_back(meeting, actor=world["P01"]))
    write(world, meeting, "arrangements", "The clerk posts it.")
    sign(world, meeting, "clerk", "C01")
    sign(world, meeting, "chair", "P01")
    assert composing.compose(meeting)["arrangements"] == "The clerk posts it."


def test_erasing_a_speech_leaves_the_signed_text_and_its_hash(
    world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]
) -> None:
    laid_out(world, meeting)
    for part, by in (("clerk", "C01"), ("chair", "P01")):
        sign(world, meeting, part, by)
    before = minutes.frozen(meeting, minutes.minutes_of(meeting))
    do(lambda: erase(speech(meeting).text, basis="wish", capacity=installation(world.council)))
    assert minutes.frozen(meeting, minutes.minutes_of(meeting)) == before
    clerk = in_english(sign_in(new_client(), world.account("C01")))
    db.session.rollback()
    page = text_of(clerk.get(f"/c/mochou/meetings/{meeting.id}/minutes/"))
    assert "(erased)" in page and "Let us begin." not in page and "not the one that was signed" not in page


def test_the_public_sees_minutes_when_they_are_published_and_not_before(
    world: World, meeting: Meeting, client: FlaskClient, new_client: Callable[[], FlaskClient]
) -> None:
    url = f"/c/mochou/meetings/{meeting.id}/minutes/"
    secretary = in_english(sign_in(new_client(), world.account("S01")))
    laid_out(world, meeting)
    for part, by in (("clerk", "C01"), ("chair", "P01")):
        db.session.rollback()
        assert client.get(url).status_code == 404
        sign(world, meeting, part, by)
    db.session.rollback()
    assert client.get(f"{url}document.json").status_code == 404
    assert "The text stays as it was signed" in text_of(secretary.get(f"{url}publish")), "read back first"
    assert post(secretary, f"{url}publish", page=url).status_code == 302
    page = text_of(in_english(client).get(url))
    assert "Let us begin." not in page and "M01" not in page and "1 speech" in page
    assert client.get(f"{url}document.json").status_code == 200


def test_who_came_late_and_who_went_out_stands_in_the_minutes_with_the_hours(world: World) -> None:
    held = sitting_of(world, here=18)
    clerk, seats = world["C01"], services.roster(held.meeting)
    late, restless = seats[19].person_id, seats[4].person_id
    for hour, person, state in (("15:00", late, Presence.ATTENDING), ("15:10", restless, Presence.LEFT),
                                ("15:30", restless, Presence.ATTENDING)):  # fmt: skip
        with clock.frozen(at(f"2026-03-26T{hour}")):
            do(lambda person=person, state=state: services.note_attendance(held.meeting, {person: state}, actor=clerk))
    with clock.frozen(END):
        do(lambda: services.close_meeting(held.meeting, actor=world["P01"]))
    doc = composing.compose(held.meeting)
    hours = {one["n"]: [[part[11:16] for part in span] for span in one["hours"]] for one in doc["people"]}
    assert hours[20] == [["07:00", "08:00"]]
    assert hours[5] == [["06:30", "07:10"], ["07:30", "08:00"]]
    assert (doc["quorum"]["present"], len([one for one in doc["people"] if one["hours"]])) == (18, 19)


def test_minutes_of_another_council_are_not_found(world: World, meeting: Meeting, client: FlaskClient) -> None:
    for url in ("/c/mochou/meetings/999/minutes/", f"/c/nowhere/meetings/{meeting.id}/minutes/"):
        assert client.get(url).status_code == 404


def test_the_inbox_says_whose_turn_it_is(world: World, meeting: Meeting, new_client: Callable[[], FlaskClient]) -> None:
    inbox = {who: in_english(sign_in(new_client(), world.account(who))) for who in ("C01", "P01", "M01", "M18", "R01")}

    def told(who: str) -> str:
        db.session.rollback()
        return text_of(inbox[who].get("/me/"))

    assert "Lay out the minutes" in told("C01") and "the minutes" not in told("M01")
    laid_out(world, meeting)
    assert "Read the minutes of" in told("M01")
    assert "the minutes of" not in told("M18"), "who was not there has nothing to object"
    assert "the minutes of" not in told("R01")
    with clock.frozen(AFTER):
        for who, part in (("P01", "chair"), ("C01", "clerk")):
            assert "Sign the minutes of" in told(who)
            sign(world, meeting, part, who)
            assert "Sign the minutes of" not in told(who)


def test_who_sat_in_stands_there_by_what_they_came_from(world: World, meeting: Meeting) -> None:
    write(world, meeting, "guests", "Two delegates of the property company.")
    assert composing.compose(meeting)["guests"] == "Two delegates of the property company."
    assert code(lambda: write(world, meeting, "guests", "P01 and a delegate.", 1)) == "name_in_summary"
