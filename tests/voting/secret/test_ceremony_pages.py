"""The ceremony over the pages: three quiet screens, nobody but the chair conducts it, what is typed stays on the screen."""

from __future__ import annotations

import pytest

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import roster as rosters
from deliberation.meetings import secret_votes, votes
from deliberation.meetings.states import Presence
from deliberation.voting.secret.models import BoxRow
from tests.builders import do
from tests.motions.debates import NOW, main, sitting_of
from tests.voting.secret.rooms import GROUPS
from tests.web import in_english, post, sign_in, text_of

pytestmark = pytest.mark.usefixtures("afternoon")


def test_each_screen_says_what_comes_next(asked):
    show = text_of(asked("P01").get(asked.url))
    assert "Its box needs a key" in show and "Choose who keeps the sheets" in show
    meeting = secret_votes.meeting_of(asked.poll)
    room = text_of(asked("P01").get(f"/c/mochou/meetings/{meeting.id}"))
    assert f"To the secret vote on {asked.poll.label}" in room.partition("What else you can do")[0], "the chair is led back to it"
    do(lambda: rosters.note_attendance(meeting, {asked.world["M09"].id: Presence.LEFT}, actor=asked.world["C01"]))
    first = text_of(asked("P01").get(f"{asked.url}/keepers"))
    assert "M08" in first and "M09" not in first, "whoever has left keeps no sheet"
    for words in ("Screen 1 of 3", "an election or a recall that has effect in law", "more than 500 entitled"):
        assert words in first
    sheets = asked.make_key()
    assert "Screen 2 of 3" in text_of(sheets) and len(asked.sheets) == 3 and sheets.headers["Cache-Control"] == "no-store"
    third = text_of(asked("P01").get(f"{asked.url}/read-back"))
    assert "Screen 3 of 3" in third and "0 of 2 sheets are read back" in third and "Open the vote" not in third
    asked.read_back(0)
    asked.read_back(1)
    last = text_of(asked("P01").get(f"{asked.url}/read-back"))
    assert "The box is locked. Voting can begin." in last and "Open the vote" in last


def test_the_form_must_be_filled_in(asked):
    who = [str(asked.world[code].id) for code in ("M01", "M02", "M03")]
    url = f"{asked.url}/keepers"
    for fields, words in (
        ({"scrutineers": who, "needed": 2}, "Please look at this list first"),
        ({"scrutineers": who[:1], "needed": 2, "suits": "y"}, "At least two people keep the sheets"),
        ({"scrutineers": who, "needed": 4, "suits": "y"}, "at most as many as there are"),
        ({"scrutineers": ["999", "x"], "needed": 2, "suits": "y"}, "At least two people keep the sheets"),
    ):
        answer = post(asked("P01"), url, fields)
        assert (answer.status_code, words in text_of(answer)) == (422, True), text_of(answer)


def test_the_sheets_are_shown_once(asked):
    who = [str(asked.world[code].id) for code in ("M01", "M02")]
    fields = {"scrutineers": who, "needed": 2, "suits": "y", "once": "the same press of the button"}
    first = post(asked("P01"), f"{asked.url}/keepers", fields)
    assert len(GROUPS.findall(first.text)) == 66
    again = post(asked("P01"), f"{asked.url}/keepers", fields)
    assert again.status_code == 302 and not GROUPS.findall(asked("P01").get(again.location).text)


@pytest.mark.parametrize("page", ["keepers", "read-back", "close", "count", "give-up"])
def test_nobody_but_the_chair_conducts_the_vote(asked, page):
    asked.open()
    for who in ("M05", "C01", "S01", "A01", "R01"):
        assert asked(who).get(f"{asked.url}/{page}").status_code in (302, 403), (who, page)
        assert post(asked(who), f"{asked.url}/{page}", {"sheet": "1"}, page="/about").status_code in (403, 422), (who, page)
    db.session.expire_all()
    assert asked.poll.state == "open"


def test_what_was_typed_off_a_sheet_stays_on_the_screen_and_nowhere_else(asked, caplog):
    asked.make_key()
    groups = asked.sheets[0].split()
    groups[3] = f"{(int(groups[3]) + 1) % 1024:04d}"
    answer = post(asked("P01"), f"{asked.url}/read-back", {"sheet": " ".join(groups)})
    assert answer.status_code == 422 and "Group 4 is not as it is printed" in text_of(answer)
    assert " ".join(groups) in answer.text and answer.headers["Cache-Control"] == "no-store"
    left = asked.new_client()
    kept = post(left, f"{asked.url}/read-back", {"sheet": asked.sheets[0]}, page="/about")
    assert kept.status_code == 403 and asked.sheets[0][:24] not in kept.text, "the sign-in page does not carry a sheet along"
    assert asked.sheets[0][:24] not in caplog.text


def test_a_vote_on_a_motion_put_by_mistake_is_cancelled_and_the_motion_put_again(put):
    motion = votes.motion_of(put.poll)
    answer = post(put("P01"), f"{put.url}/cancel")
    assert answer.status_code == 302
    db.session.expire_all()
    assert (put.poll.state, motion.state, motion.poll_id) == ("cancelled", "seconded", None)
    assert "This vote was cancelled" in text_of(put("P01").get(put.url))
    again = do(lambda: votes.put(motion, actor=put.world["P01"]))
    assert (again.state, again.mode, motion.state) == ("open", "recorded", "voting")


def test_a_secret_vote_whose_room_got_too_small_is_not_offered_to_be_opened(put):
    meeting = secret_votes.meeting_of(put.poll)
    put.make_key()
    put.read_back(0)
    put.read_back(1)
    here = [row.person_id for row in rosters.roster(meeting) if row.person_id != put.world["P01"].id]
    room = f"/c/mochou/meetings/{meeting.id}"
    assert "The secret vote on M1 is being prepared." in text_of(put("M05").get(room))
    do(lambda: rosters.note_attendance(meeting, dict.fromkeys(here[-8:], Presence.LEFT), actor=put.world["C01"]))
    page = put("P01").get(f"{put.url}/read-back")
    assert "The box is locked. 1 more member must be here" in text_of(page) and f'action="{put.url}/open"' not in page.text
    assert "is being prepared. 1 more member must be here" in text_of(put("P01").get(room))


def test_an_open_secret_vote_is_cancelled_with_its_box(put):
    put.open()
    put.cast("M01", "for")
    post(put("P01"), f"{put.url}/cancel")
    db.session.expire_all()
    assert put.poll.state == "cancelled" and db.session.query(BoxRow).count() == 0


def test_the_chair_puts_a_motion_to_a_secret_vote_from_the_session(world, new_client):
    with clock.frozen(NOW):
        sitting = sitting_of(world)
        motion = main(sitting)
        url = f"/c/mochou/meetings/{sitting.meeting.id}"
        chair = in_english(sign_in(new_client(), world.account("P01")))
        assert "Put M1 to a secret vote" in text_of(chair.get(url))
        answer = post(chair, f"/c/mochou/agenda/{sitting.matter.no}/motions/M1/put?mode=secret", page=url)
        assert answer.status_code == 302 and "/secret/" in answer.location
        assert "Choose who keeps the sheets" in text_of(chair.get(answer.location))
        assert "To the secret vote on M1" in text_of(chair.get(url))
        assert motion.label == "M1"
