"""The papers' pages: the desk's whole way, what a visitor sees of it, and what is printed."""

from __future__ import annotations

import re

import pytest

from deliberation.extensions import db
from deliberation.people.models import OnceKey
from deliberation.voting.paper import queries, serials
from deliberation.voting.paper.models import Paper, PaperTyped
from tests.voting.paper.scenes import desk
from tests.voting.secret.scenes import RANKED, RATING, SINGLE
from tests.web import in_english, post, sign_in, statements, text_of

NUMBER = re.compile(r'class="ballot-serial">(\w{3} \w{3})<')


class Desk:
    """A poll with its desk, and a browser for everybody who has one."""

    def __init__(self, made, new_client):
        self.made, self.world, self.new_client = made, made.world, new_client
        self.poll_id = made.poll.id
        self.url = f"/c/mochou/papers/{self.poll_id}"
        self.clients = {}

    def __call__(self, code):
        if code not in self.clients:
            self.clients[code] = in_english(sign_in(self.new_client(), self.world.account(code)))
        return self.clients[code]

    def page(self, code, rest=""):
        return self(code).get(f"{self.url}{rest}")

    def send(self, code, rest, data=None, *, page=None):
        return post(self(code), f"{self.url}{rest}", data or {}, page=page)

    def hand_out(self, person, *, by="C01"):
        chosen = {"member": str(person.id)}
        assert person.name in text_of(self.send(by, "/hand-out", chosen))
        return self.send(by, "/hand-out", {**chosen, "confirmed": "1"})

    def typed(self, code, serial, says="for", **more):
        return self.send(code, "/enter", {"serial": serial, "says": says, **more})


@pytest.fixture
def open_desk(world, new_client):
    return Desk(desk(world), new_client)


def test_the_desks_whole_way_from_printing_to_the_result(open_desk):
    answer = open_desk.send("C01", "/print", {"number": "3"})
    printed = NUMBER.findall(answer.text)
    assert len(printed) == 3 and answer.text.count('class="qr"') == 3
    everyone = open_desk.made.secret.voters
    for person in everyone[:6]:
        assert open_desk.hand_out(person).status_code == 302
    assert "marked already" in text_of(open_desk.hand_out(everyone[0]))
    for person in everyone[6:12]:
        open_desk.made.secret.cast(next(code for code, one in open_desk.world.people.items() if one is person), "against")
    assert open_desk.send("C01", "/exchange", {"serial": printed[0]}).status_code == 302
    open_desk.made.secret.close()
    papers = [*printed[1:], *open_desk.made.serials[:4]]
    for code in ("C01", "M02"):
        assert open_desk.send(code, "/begin", page=open_desk.url).status_code == 302
        for number, serial in enumerate(papers):
            assert open_desk.typed(code, serial.lower(), "for" if number else "invalid:unclear").status_code == 302
        shown = text_of(open_desk.page(code, "/enter"))
        assert "You have typed in 6 papers; 6 were given out. All papers are typed in" in shown and "paper 7 of 6" not in shown
        assert open_desk.send(code, "/finish").status_code == 302
    assert "both say the same" in text_of(open_desk.page("C01"))
    open_desk.made.secret.count()
    page = text_of(open_desk("C01").get(f"/c/mochou/secret/{open_desk.poll_id}"))
    assert "6 voted on a phone, 6 on paper. 1 paper was invalid." in page


def test_a_visitor_and_a_plain_member_see_nothing_of_it(open_desk, client):
    for rest in ("", "/print", "/roll", "/count-sheet", "/hand-out", "/exchange", "/enter", "/typed", "/finish"):
        answer = client.get(f"{open_desk.url}{rest}")
        assert answer.status_code == 403 or answer.location.startswith("/login"), rest
        assert "Your office does not include this" in text_of(open_desk.page("M09", rest)), rest
    assert "/papers/" not in client.get(f"/c/mochou/secret/{open_desk.poll_id}").text
    assert "/papers/" in open_desk("C01").get(f"/c/mochou/secret/{open_desk.poll_id}").text


@pytest.mark.parametrize("question", [None, SINGLE, RANKED, RATING], ids=["yes_no", "single", "ranked", "rating"])
def test_no_voter_stands_on_a_printed_paper_or_on_the_count_sheet(world, new_client, question):
    made = Desk(desk(world, question), new_client)
    names = [one.name for one in world.people.values()]
    papers = made.send("S01", "/print", {"number": "20"}).text.partition('class="ballot-papers')[2]
    sheet = made.page("S01", "/count-sheet").text.partition("<article")[2]
    assert papers and sheet
    assert [name for name in names if name in papers or name in sheet] == []
    assert len(set(NUMBER.findall(papers))) == 20
    roll = made.page("S01", "/roll").text
    assert all(one.name in roll for one in made.made.secret.voters)
    assert not any(serials.shown(one) in roll for one in made.made.serials)


def test_printing_twice_with_one_press_prints_once(open_desk):
    once = "a" * 24
    assert NUMBER.findall(open_desk.send("C01", "/print", {"number": "2", "once": once}).text)
    assert open_desk.send("C01", "/print", {"number": "2", "once": once}).status_code == 302


def test_giving_out_a_paper_leaves_no_once_key_and_no_name(open_desk):
    before = db.session.query(OnceKey).count()
    open_desk.hand_out(open_desk.made.secret.voters[0])
    assert db.session.query(OnceKey).count() == before


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Please fill this in."),
        ("KM4", "six characters"),
        ("KM4 7P0", "stands on no paper"),
        ("<b>'\";", "stands on no paper"),
        ("KM4\x007X", "cannot be shown"),
        ("长" * 500, "too long"),
        ("999:KM47PX", "belongs to another vote"),
        ("99999999999999:KM47PX", "six characters"),
        ("AAAAAA", "No paper of this vote has the number AAA AAA"),
        ("voided", "was spoiled and exchanged"),
        ("twice", "You have typed the paper"),
    ],
)
def test_a_number_that_cannot_be_is_refused_and_the_paper_stays_on_screen(open_desk, typed, reason):
    made = open_desk.made
    made.hand_out(made.secret.voters[0])
    made.exchange(made.serials[0])
    made.secret.close()
    made.begin("C01")
    made.type_in("C01", made.serials[1], "for")
    sent = {"voided": made.serials[0], "twice": made.serials[1]}.get(typed, typed)
    answer = open_desk.typed("C01", sent, "against")
    assert answer.status_code in (409, 422) and reason in text_of(answer)
    assert re.search(r'<input[^>]*checked[^>]*value="against"', answer.text), "what is marked stays"
    assert db.session.query(PaperTyped).count() == 1


def test_what_is_marked_is_refused_with_its_reason(world, new_client):
    made = Desk(desk(world, RANKED), new_client)
    made.made.secret.close()
    made.made.begin("C01")
    serial = made.made.serials[0]
    ranks = {"n1": "1", "n2": "1", "n3": "", "n4": ""}
    assert "Place 1 is given twice" in text_of(made.typed("C01", serial, "marked", **ranks))
    assert "give at least one option a place" in text_of(made.typed("C01", serial, "marked"))
    assert "choose one of these" in text_of(made.typed("C01", serial, "4>1"))
    assert "choose one of these" in text_of(made.typed("C01", serial, "invalid:because"))
    assert made.typed("C01", serial, "marked", **{**ranks, "n2": "2"}).status_code == 302


def test_the_second_person_sees_nothing_of_the_first_entry(open_desk):
    made = open_desk.made
    for person in made.secret.voters[:2]:
        made.hand_out(person)
    made.secret.close()
    made.entered("C01", {made.serials[0]: "for", made.serials[1]: "invalid:signed"})
    made.begin("S01")
    for rest in ("", "/enter", "/typed", "/finish"):
        page = text_of(open_desk.page("S01", rest))
        assert not any(serials.shown(one) in page for one in made.serials), rest


def test_what_was_typed_is_looked_through_and_typed_anew(open_desk):
    made = open_desk.made
    made.hand_out(made.secret.voters[0])
    made.secret.close()
    open_desk.send("C01", "/begin", page=open_desk.url)
    open_desk.typed("C01", made.serials[0], "for")
    assert f"{serials.shown(made.serials[0])} For" in text_of(open_desk.page("C01", "/typed"))
    assert open_desk.send("C01", "/take-back", {"serial": made.serials[0]}, page=f"{open_desk.url}/typed").status_code == 302
    assert open_desk.typed("C01", made.serials[0], "against").status_code == 302
    assert f"{serials.shown(made.serials[0])} Against" in text_of(open_desk.page("C01", "/typed"))


def test_a_paper_that_is_missing_has_to_be_looked_for_before_the_entry_is_finished(open_desk):
    made = open_desk.made
    for person in made.secret.voters[:2]:
        made.hand_out(person)
    made.secret.close()
    made.begin("C01")
    made.type_in("C01", made.serials[0], "for")
    answer = open_desk.send("C01", "/finish")
    assert "1 papers were given out that you have not typed in" in text_of(answer)
    assert open_desk.send("C01", "/finish", {"confirmed": "y"}).status_code == 302


def test_the_chair_is_told_that_papers_wait_and_the_count_is_refused_with_the_reason(open_desk):
    made = open_desk.made
    for person in made.secret.voters[:6]:
        made.hand_out(person)
    made.secret.close()
    url = f"/c/mochou/secret/{open_desk.poll_id}"
    assert "6 papers were given out. Two people type them in before the count." in text_of(open_desk("P01").get(url))
    assert "6 papers were given out" in text_of(open_desk("P01").get(f"{url}/count")), "before anybody reads out a sheet"
    sheets = {"sheet1": made.secret.sheets[0], "sheet2": made.secret.sheets[1]}
    answer = post(open_desk("P01"), f"{url}/count", sheets)
    assert answer.status_code == 409 and text_of(answer).count("6 papers were given out") == 1
    made.by_both(dict.fromkeys(made.serials[:6], "for"))
    assert all("papers were given out" not in text_of(open_desk("P01").get(url + page)) for page in ("", "/count"))


WORST = ["", "-1", "0", "501", "9" * 40, "two", "1.5", "1; DROP TABLE roll", "\x00", "<script>"]


@pytest.mark.parametrize("value", WORST)
def test_no_input_breaks_a_form_or_writes_anything(open_desk, value):
    made = open_desk.made
    made.hand_out(made.secret.voters[0])

    def state():
        db.session.rollback()
        return db.session.query(Paper).count(), queries.given(made.poll), db.session.query(PaperTyped).count()

    before = state()
    for rest, fields in (("/print", ("number",)), ("/hand-out", ("member",)), ("/exchange", ("serial",))):
        for more in ({}, {"confirmed": value}):
            assert open_desk.send("C01", rest, {**dict.fromkeys(fields, value), **more}).status_code in (403, 409, 422), rest
    made.secret.close()
    made.begin("C01")
    answer = open_desk.send("C01", "/take-back", {"serial": value}, page=f"{open_desk.url}/typed")
    assert answer.status_code in (409, 422)
    assert open_desk.send("C01", "/enter", {"serial": value, "says": value, "choice": value}).status_code == 422
    assert open_desk.send("C01", "/discard/9", page=open_desk.url).status_code == 409
    assert state() == before


def test_another_councils_desk_finds_nothing(open_desk, world):
    assert open_desk("C01").get(f"/c/nowhere/papers/{open_desk.poll_id}").status_code == 404
    for number in (999_999, 2**31, 10**18):
        assert open_desk("C01").get(f"/c/mochou/papers/{number}").status_code == 404


def test_pages_ask_as_much_for_many_papers_as_for_one(app, open_desk):
    made = open_desk.made
    for person in made.secret.voters[:10]:
        made.hand_out(person)
    made.secret.close()
    made.begin("C01")

    def asked():
        found = []
        for rest in ("", "/enter", "/typed", "/finish", "/roll", "/count-sheet"):
            with statements(app) as sent:
                assert open_desk.page("C01", rest).status_code == 200
            found.append(len(sent))
        return found

    made.type_in("C01", made.serials[0], "for")
    open_desk.page("C01")
    few = asked()
    for serial in made.serials[1:10]:
        made.type_in("C01", serial, "for")
    assert asked() == few
