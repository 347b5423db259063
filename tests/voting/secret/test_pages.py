"""The whole way over the pages: three quiet screens, the vote, the receipt, the count, and what is said about secrecy."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.meetings import questions, votes
from deliberation.people.models import OnceKey
from deliberation.voting.kinds import Kind
from deliberation.voting.models import Poll
from deliberation.voting.secret.models import BoxRow
from deliberation.voting.services import Question
from tests.builders import do
from tests.motions.debates import NOW, main, sitting_of, with_rules
from tests.web import in_english, post, sign_in, text_of

COLOUR = Question("Which colour?", Kind.SINGLE, ("Green", "Blue", "Red"), method="plurality")
HIDDEN = re.compile(r'name="(ballot|token|csrf_token)" value="([^"]*)"')
GROUPS = re.compile(r"<td>(\d{4})</td>")


@pytest.fixture(autouse=True)
def afternoon():
    with clock.frozen(NOW):
        yield


class Room:
    """A session with its poll, and a browser for everybody who has one."""

    def __init__(self, world, new_client, poll):
        self.world, self.new_client, self.poll = world, new_client, poll
        self.url = f"/c/mochou/secret/{poll.id}"
        self.clients = {}

    def __call__(self, code):
        if code not in self.clients:
            self.clients[code] = in_english(sign_in(self.new_client(), self.world.account(code)))
        return self.clients[code]

    def make_key(self, *, needed=2):
        who = [str(self.world[code].id) for code in ("M01", "M02", "M03")]
        answer = post(self("P01"), f"{self.url}/keepers", {"scrutineers": who, "needed": needed, "suits": "y"})
        assert answer.status_code == 200, text_of(answer)
        groups = GROUPS.findall(answer.text)
        self.sheets = [" ".join(groups[at : at + 33]) for at in range(0, len(groups), 33)]
        return answer

    def read_back(self, n, *, by="P01"):
        return post(self(by), f"{self.url}/read-back", {"sheet": self.sheets[n]})

    def open(self):
        self.make_key()
        self.read_back(0)
        self.read_back(1, by="M02")
        return post(self("P01"), f"{self.url}/open", page=self.url)

    def choose(self, code, choice):
        return post(self(code), f"{self.url}/vote", {"choice": choice})

    def cast(self, code, choice):
        fields = dict(HIDDEN.findall(self.choose(code, choice).text))
        return self(code).post(f"{self.url}/cast", data=fields)

    def count(self, **more):
        return post(self("P01"), f"{self.url}/count", {"sheet1": self.sheets[2], "sheet2": self.sheets[0], **more})


@pytest.fixture
def asked(world, new_client):
    sitting = sitting_of(world)
    poll = do(lambda: questions.ask(sitting.meeting, COLOUR, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)


@pytest.fixture
def put(world, new_client):
    sitting = sitting_of(world)
    motion = main(sitting)
    poll = do(lambda: votes.put(motion, mode="secret", actor=world["P01"]))
    return Room(world, new_client, poll)


def test_a_motion_is_decided_in_secret_from_the_key_to_the_verdict(put):
    assert put.open().status_code == 302
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


# ---- the ceremony ----------------------------------------------------------------------------------------------------------


def test_each_screen_says_what_comes_next(asked):
    show = text_of(asked("P01").get(asked.url))
    assert "Its box needs a key" in show and "Choose who keeps the sheets" in show
    first = text_of(asked("P01").get(f"{asked.url}/keepers"))
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


# ---- the vote --------------------------------------------------------------------------------------------------------------


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
    poll = do(lambda: questions.ask(sitting.meeting, COLOUR, actor=world["P01"]))
    assert new_client().get(f"/c/mochou/secret/{poll.id}").status_code == 404
    assert new_client().get("/c/mochou/secret/99999999999").status_code == 404


def test_a_vote_on_a_motion_put_by_mistake_is_cancelled_and_the_motion_put_again(put):
    motion = votes.motion_of(put.poll)
    answer = post(put("P01"), f"{put.url}/cancel")
    assert answer.status_code == 302
    db.session.expire_all()
    assert (put.poll.state, motion.state, motion.poll_id) == ("cancelled", "seconded", None)
    assert "This vote was cancelled" in text_of(put("P01").get(put.url))
    again = do(lambda: votes.put(motion, actor=put.world["P01"]))
    assert (again.state, again.mode, motion.state) == ("open", "recorded", "voting")


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
