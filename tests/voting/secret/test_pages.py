"""The whole way over the pages: the vote, the receipt, the count, and what is said about secrecy."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.people.models import OnceKey
from deliberation.voting.models import Poll
from tests.builders import do
from tests.motions.debates import NOW, sitting_of, with_rules
from tests.voting.secret.rooms import COLOUR, HIDDEN, Room
from tests.web import in_english, post, text_of

pytestmark = pytest.mark.usefixtures("afternoon")


def test_a_motion_is_decided_in_secret_from_the_key_to_the_verdict(put):
    assert put.open().status_code == 302
    room = put("M01").get(f"/c/mochou/meetings/{votes.meeting_of(votes.motion_of(put.poll)).id}").text
    assert f'href="{put.url}/vote"' in room, "from the session straight to the ballot"
    for number in range(1, 12):
        answer = put.cast(f"M{number:02d}", "for")
        assert "Your vote is in the box" in text_of(answer)
    put.cast("M12", "against")
    post(put("P01"), f"{put.url}/close")
    assert "12 people voted" in text_of(put("P01").get(f"{put.url}/count"))
    assert put.count().status_code == 302
    page = text_of(put("M05").get(put.url))
    assert "Carried" in page and "12 marks on the roll" in page
    db.session.expire_all()
    assert put.poll.state == "counted" and votes.motion_of(put.poll).state == "carried"


def test_a_question_is_answered_in_secret(asked):
    asked.open()
    for code, choice in {"M01": "2", "M02": "2", "M03": "1", "S01": "3", "M04": "abstain"}.items():
        assert "Your receipt" in text_of(asked.cast(code, choice))
    post(asked("P01"), f"{asked.url}/close")
    asked.count()
    assert "✓ Blue 5 ballots" in text_of(asked("M05").get(asked.url))
    assert db.session.scalars(select(Poll.state)).all() == ["counted"]
    assert db.session.scalars(select(OnceKey.location).where(OnceKey.location.contains("cast"))).all() == []


def test_the_read_back_says_that_it_is_final(asked):
    asked.open()
    page = asked.choose("M01", "2")
    assert "Blue" in text_of(page) and "nobody can change it any more" in text_of(page)
    assert "Is my ballot in the box" not in text_of(asked("M01").get(asked.url))


def test_every_answer_on_the_way_is_equally_long_whatever_is_chosen(asked):
    asked.open()
    lengths = {}
    for n, choice in enumerate(("1", "2", "3", "abstain") * 3, 1):
        code = f"M{n:02d}"
        page = asked.choose(code, choice)
        fields = dict(HIDDEN.findall(page.text))
        receipt = asked(code).post(f"{asked.url}/cast", data=fields)
        sent = len(fields["ballot"])
        lengths.setdefault(choice, set()).add((sent, len(page.data), len(receipt.data), str(sorted(dict(receipt.headers)))))
    assert len(set().union(*lengths.values())) == 1, lengths


def test_a_form_pressed_twice_gives_one_receipt(asked):
    asked.open()
    fields = dict(HIDDEN.findall(asked.choose("M01", "2").text))
    answers = [asked("M01").post(f"{asked.url}/cast", data=fields) for _ in range(3)]
    codes = {re.search(r"receipt-code\">([0-9A-F ]{19})<", answer.text)[1] for answer in answers}
    assert len(codes) == 1 and [answer.status_code for answer in answers] == [200] * 3
    again = asked("M01").get(f"{asked.url}/vote")
    assert again.status_code == 302 and "You have voted" in text_of(asked("M01").get(asked.url))
    assert asked.choose("M01", "3").status_code == 409


def test_a_receipt_is_found_in_the_list_after_the_closing(asked):
    asked.open()
    short = re.search(r"receipt-code\">([0-9A-F ]{19})<", asked.cast("M01", "2").text)[1]
    visitor = in_english(asked.new_client())
    assert short not in text_of(visitor.get(f"{asked.url}/sealed"))
    post(asked("P01"), f"{asked.url}/close")
    assert short in text_of(visitor.get(f"{asked.url}/sealed"))
    asked.count(publish="y")
    assert short in text_of(visitor.get(f"{asked.url}/sealed"))
    assert "M01" not in text_of(visitor.get(asked.url)), "names are for the council"
    assert "M01" in text_of(asked("M09").get(asked.url))


def test_no_page_tells_how_it_stands_while_the_vote_is_open(asked):
    asked.open()
    for n in range(1, 6):
        asked.cast(f"M{n:02d}", "2")
    for who in ("P01", "S01", "C01", "A01", "M09"):
        page = text_of(asked(who).get(asked.url))
        assert "5 of 21 have voted" in page and "Chosen" not in page and "M04" not in page
        assert "published when the vote is closed" in text_of(asked(who).get(f"{asked.url}/sealed"))
        assert "opened at the count" in text_of(asked(who).get(f"{asked.url}/ballots"))


def test_nothing_of_a_vote_comes_into_the_log_of_the_server(asked, caplog):
    asked.open()
    caplog.set_level("DEBUG")
    caplog.clear()
    asked.cast("M01", "2")
    asked.choose("M01", "3")
    assert "M01" not in caplog.text and str(asked.world["M01"].id) + " " not in caplog.text
    assert "ballot" not in caplog.text


def test_a_telling_result_asks_before_it_is_published_and_keeps_what_was_typed(asked):
    asked.open()
    asked.cast("M01", "2")
    asked.cast("M02", "3")
    post(asked("P01"), f"{asked.url}/close")
    warned = asked.count()
    assert warned.status_code == 409 and "only 2 ballots" in text_of(warned)
    assert "Publish the result although" in text_of(warned) and asked.sheets[2] in warned.text
    assert asked.count(publish="y").status_code == 302


def test_a_vote_given_up_is_said_plainly(asked):
    asked.open()
    asked.cast("M01", "2")
    post(asked("P01"), f"{asked.url}/close")
    assert post(asked("P01"), f"{asked.url}/give-up").status_code == 302
    page = text_of(asked("M09").get(asked.url))
    assert "No decision" in page and "Too few sheets of the key were there" in page


def test_who_keeps_a_sheet_confirms_that_it_is_gone(asked):
    asked.open()
    post(asked("P01"), f"{asked.url}/close")
    asked.count()
    assert "My sheet is destroyed" in text_of(asked("M02").get(asked.url))
    post(asked("M02"), f"{asked.url}/destroyed/2", page=asked.url)
    assert "My sheet is destroyed" not in text_of(asked("M02").get(asked.url))


def test_everybody_reads_who_can_still_learn_what(asked):
    page = text_of(asked.new_client().get(asked.url, headers={"Accept-Language": "en"}))
    for words in ("Nothing about what anybody voted", "Everything. So does whoever has the sheets and an old backup",
                  "Sees your screen", "When this is not enough"):  # fmt: skip
        assert words in page


def test_a_recorded_poll_has_no_secret_page(world, new_client):
    sitting = sitting_of(world)
    poll = do(lambda: questions.ask(sitting.meeting, COLOUR, about=sitting.about, actor=world["P01"]))
    assert new_client().get(f"/c/mochou/secret/{poll.id}").status_code == 404
    assert new_client().get("/c/mochou/secret/99999999999").status_code == 404


def test_a_secret_vote_by_correspondence_ends_with_its_deadline(world, new_client):
    with_rules(world, remote_vote=True)
    poll = do(lambda: questions.ask_by_correspondence(
        world.council, COLOUR, NOW + timedelta(days=3), mode="secret", actor=world["P01"]))  # fmt: skip
    room = Room(world, new_client, poll)
    assert room.open().status_code == 302
    for n in range(1, 8):
        assert "Your receipt" in text_of(room.cast(f"M{n:02d}", "1" if n < 5 else "2"))
    page = room.choose("M08", "2")
    with clock.frozen(NOW + timedelta(days=4)):
        late = room("M08").post(f"{room.url}/cast", data=dict(HIDDEN.findall(page.text)))
        assert late.status_code == 409 and "The vote is closed" in text_of(late)
        post(room("P01"), f"{room.url}/close")
        assert room.count().status_code == 302
        assert "✓ Green 7 ballots" in text_of(room("M09").get(room.url))
