"""Setting up a real council through the pages: one question each, nothing lost, one press at the end."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from deliberation.audit.models import Entry, Log
from deliberation.audit.services import verify
from deliberation.councils import founding
from deliberation.councils.authority import members, offices
from deliberation.councils.models import Council, Draft
from deliberation.councils.services import rules_in_force
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError, Invalid, Refused
from deliberation.people.models import Account, Person, Unit
from deliberation.people.permissions import Office
from tests.builders import PASSWORD, START, do
from tests.setup.answers import ANSWERS, MEMBERS, answer, answer_all, founder
from tests.web import in_english, post, sign_in, text_of


@pytest.fixture
def browser(app_context, new_client):
    founder()
    return in_english(sign_in(new_client(), "admin"))


def council():
    db.session.rollback()
    return db.session.scalars(select(Council)).one()


def named(name):
    return next(person for person in db.session.scalars(select(Person)) if person.name == name)


def test_a_council_is_founded_with_everything_that_was_answered(browser):
    answer_all(browser)
    page = text_of(browser.get("/setup/check"))
    assert "Step 7 of 7" in page
    assert "6 seats: 2 × Delegate of a resident unit, 3 × Self-managed member, 1 × Committee member" in page
    assert "清社 Resolution [" in page
    done = post(browser, "/setup/found", page="/setup/check")
    assert (done.status_code, done.location) == (302, "/c/qingliang/offices/begun")
    made = council()
    assert (made.name, made.slug, made.number_prefix, made.zone) == ("清凉社区党员议事会", "qingliang", "清社", "Asia/Shanghai")
    assert rules_in_force(made).preset == "branch"
    assert sorted(seat.person.name for seat in members(made)) == sorted(MEMBERS)
    assert offices(named("王某"), made) == [Office.PRESIDENT, Office.MEMBER, Office.RESIDENT]
    assert offices(named("李某"), made) == [Office.SECRETARY_GENERAL, Office.MEMBER, Office.COMMITTEE, Office.RESIDENT]
    assert [offices(named(name), made)[0] for name in ("赵某", "钱某", "孙某", "沈某")] == [
        Office.CLERK, Office.STATION_WORKER, Office.STATION_WORKER, Office.ADMINISTRATOR,
    ]  # fmt: skip
    levels = db.session.execute(select(Unit.level, Unit.name).order_by(Unit.id)).all()
    assert [tuple(row) for row in levels] == [("district", "清凉区"), ("street", "清凉街道"), ("community", "清凉社区")]
    assert db.session.scalars(select(Draft)).all() == []
    db.session.rollback()
    assert [found.bad_seq for found in verify()] == [None, None]


def test_before_the_press_nothing_stands_in_any_councils_log(browser):
    answer_all(browser)
    browser.get("/setup/check")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Council)) == 0
    assert db.session.scalars(select(Log.name)).all() == ["installation"]


def test_every_page_says_where_one_is_and_keeps_its_answers(browser):
    for number, step in enumerate(ANSWERS, 1):
        assert f"Step {number} of 7" in text_of(browser.get(f"/setup/{step}"))
    answer_all(browser)
    for step, answers in ANSWERS.items():
        page = browser.get(f"/setup/{step}").text
        for value in answers.values():
            assert value in page


def test_going_back_keeps_what_is_only_half_right(browser):
    answer(browser, "place")
    back = post(browser, "/setup/address", {"slug": "Not An Address", "starts_on": "", "zone": "Asia/Shanghai", "go": "back"})
    assert back.location == "/setup/place"
    assert "Not An Address" in browser.get("/setup/address").text
    answer_all(browser, address={"slug": "qingliang"})
    post(browser, "/setup/address", {"slug": "Not An Address", "starts_on": "2025-06-01", "zone": "Asia/Shanghai", "go": "back"})
    page = text_of(browser.get("/setup/check"))
    assert "Where is it found, and since when?" in page
    assert "Found the council" not in page
    assert post(browser, "/setup/found", page="/setup/check").status_code == 409


def test_an_ended_sign_in_loses_no_answer(browser):
    shown = post(browser, "/setup/place", {**ANSWERS["place"], "resume": "1"})
    assert (shown.status_code, "清凉街道" in shown.text, "Filled as before." in shown.text) == (200, True, True)
    db.session.rollback()
    assert db.session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize(
    ("step", "changed", "words"),
    [
        ("place", {"community": ""}, "Please fill this in."),
        ("address", {"slug": "清凉"}, "An address has 2 to 40 small letters"),
        ("address", {"zone": "Moon/Base"}, "Write it in Latin letters as Asia/Shanghai"),
        ("address", {"starts_on": "2099-01-01"}, "The term begins today at the latest."),
        ("address", {"starts_on": "tomorrow"}, "Please enter a day."),
        ("rules", {"preset": "none"}, "Please choose one of these."),
        ("numbers", {"number_prefix": "长" * 21}, "This is too long"),
        ("offices", {"president": "王某、李某"}, "One name is enough here."),
        ("offices", {"clerk": "赵某\n赵某"}, "“赵某” stands here twice."),
        ("members", {"self_managed": "王某\n王某"}, "“王某” stands here twice."),
        ("members", {"employed": "李某"}, "“李某” stands under “Employed member” already"),
        ("members", {"employed": "长" * 41}, "cannot be a name"),
        ("members", {"employed": "郑某、冯某"}, "“郑某、冯某” has a comma. One name a line, please."),
        ("members", {"employed": "郑某，冯某"}, "has a comma."),
        ("members", {"employed": "郑某,冯某"}, "has a comma."),
        ("members", {"employed": "郑某\n68"}, "“68” does not begin with a name."),
        ("members", {"employed": "1\t郑某\t68"}, "“1 郑某 68” does not begin with a name."),
        ("members", {"employed": "郑某\t\n\t冯某"}, "“冯某” does not begin with a name."),
        ("members", {"employed": "郑某\t冯某"}, "has several columns"),
        ("offices", {"clerk": "赵某，郑某"}, "has a comma."),
        ("members", {"self_managed": "", "committee": "", "resident_unit": ""}, "A council has 1 to 150 seats."),
    ],
)
def test_what_is_wrong_is_said_at_once_and_stays_in_the_field(browser, step, changed, words):
    refused = answer(browser, step, **changed)
    assert (refused.status_code, words in text_of(refused)) == (422, True), text_of(refused)
    assert step == "rules" or all(value in refused.text for value in changed.values())


@pytest.mark.parametrize("typed", ["<b>郑", "郑<b>，", "郑<b>\t冯某", "郑<b>\n郑<b>"])
def test_a_refusal_that_repeats_what_was_typed_shows_it_as_text(browser, typed):
    refused = answer(browser, "members", employed=typed)
    assert (refused.status_code, "<b>" in refused.text, "&lt;b&gt;" in refused.text) == (422, False, True)
    assert "<b>" not in answer(browser, "address", zone="<b>").text


def test_of_rows_pasted_from_a_table_the_first_column_is_read_and_the_number_is_shown(browser):
    answer_all(browser)
    rows = "郑某\t男\t68\r\n冯某\t女\t\t3栋402"
    done = post(browser, "/setup/members", {**ANSWERS["members"], "resident_unit": rows})
    assert done.location == "/setup/check"
    count = "6 seats: 2 × Delegate of a resident unit, 3 × Self-managed member, 1 × Committee member"
    page = browser.get("/setup/check")
    assert page.text.count(count) == 2  # after saving, and read back
    assert f'<p class="entry-card-name">{count}</p>' in page.text
    assert count in text_of(browser.get("/setup/members"))
    post(browser, "/setup/found", page="/setup/check")
    assert sorted(seat.person.name for seat in members(council())) == sorted(MEMBERS)


def test_a_page_on_which_nothing_is_entered_has_no_tick_and_the_first_leads_only_on(browser):
    first = browser.get("/setup/place")
    assert 'value="back"' not in first.text
    assert 'value="back"' in browser.get("/setup/address").text
    post(browser, "/setup/members", {"go": "back"})
    post(browser, "/setup/place", {"go": "back"})
    assert "filled in" not in text_of(browser.get("/setup/place"))
    answer(browser, "numbers")
    assert text_of(browser.get("/setup/place")).count("filled in") == 1


def test_offices_left_open_do_not_stop_the_path(browser):
    answer_all(browser, offices=dict.fromkeys(ANSWERS["offices"], ""))
    assert "Go on at: Read it all once more" in text_of(browser.get("/setup/"))


def test_the_time_zone_is_asked_for_by_nobody_who_does_not_look_for_it(browser):
    page = browser.get("/setup/address").text
    assert "<details>\n<summary>More: the time zone (Asia/Shanghai)" in page
    answer_all(browser, address={"zone": ""})
    assert "Asia/Shanghai" in text_of(browser.get("/setup/check"))
    refused = answer(browser, "address", zone="Beijing")
    assert "<details open>" in refused.text


def test_what_was_written_is_said_to_be_there_only_where_something_was(browser):
    said = "What you wrote is still here."
    assert said not in text_of(post(browser, "/setup/place", {}))
    assert said in text_of(post(browser, "/setup/place", {"community": "清凉社区"}))
    assert said in text_of(answer(browser, "members", employed="68"))


def test_the_rules_are_chosen_by_what_they_say(browser):
    page = text_of(browser.get("/setup/rules"))
    assert "Quorum: at least 2/3 of those entitled A motion passes with: more than 1/2 of those entitled" in page
    assert "Clear days between the notice and the meeting: 3" in page
    assert "(from memory: check before use)" in page


def test_pressed_twice_it_founds_once(browser):
    answer_all(browser)
    first = post(browser, "/setup/found", {"once": "the-same-key"}, page="/setup/check")
    second = post(browser, "/setup/found", {"once": "the-same-key"}, page="/about")
    assert (first.location, second.location) == ("/c/qingliang/offices/begun", "/c/qingliang/offices/begun")
    council()
    assert post(browser, "/setup/found", page="/about").status_code == 409


def test_a_second_council_in_the_same_district_shares_its_place(browser):
    answer_all(browser)
    post(browser, "/setup/found", page="/setup/check")
    assert 'value="council-2"' in browser.get("/setup/address").text
    assert answer(browser, "address").status_code == 422
    answer_all(browser, place={"community": "虎踞社区"}, address={"slug": "huju"})
    assert post(browser, "/setup/found", page="/setup/check").location == "/c/huju/offices/begun"
    db.session.rollback()
    assert db.session.scalars(select(Unit.level).order_by(Unit.id)).all() == ["district", "street", "community", "community"]


def test_somebody_else_takes_the_address_meanwhile_and_nothing_is_half_founded(browser, new_client):
    answer_all(browser)
    founder("second", "韩某")
    other = in_english(sign_in(new_client(), "second"))
    answer_all(other)
    post(other, "/setup/found", page="/setup/check")
    refused = post(browser, "/setup/found", page="/setup/check")
    assert refused.status_code == 409
    council()
    assert db.session.scalars(select(Log.name).order_by(Log.id)).all() == ["installation", "council/qingliang"]
    assert "清凉社区党员议事会" in browser.get("/setup/place").text


def test_what_cannot_be_founded_enters_neither_place_nor_people(world):
    me = founder()
    charter = founding.Charter(
        community="清凉社区", street="", district="", name="清凉社区党员议事会", slug="mochou", zone="Asia/Shanghai",
        starts_on=START, number_prefix="清社", preset="branch", offices={}, seats={"employed": ("周某",)},
    )  # fmt: skip
    for wrong in ({}, {"slug": "new", "seats": {}}, {"slug": "new", "seats": {"employed": ("周某",), "committee": ("周某",)}}):
        for act in (founding.enrol, founding.found):
            with pytest.raises((Invalid, Refused)):
                do(lambda act=act, wrong=wrong: act(replace(charter, **wrong), actor=me))
            db.session.rollback()
    assert "周某" not in [person.name for person in db.session.scalars(select(Person))]
    assert "清凉社区" not in db.session.scalars(select(Unit.name)).all()


def test_names_stand_in_no_entry(browser):
    answer_all(browser)
    post(browser, "/setup/found", page="/setup/check")
    db.session.rollback()
    bodies = b"".join(bytes(body) for body in db.session.scalars(select(Entry.body)))
    for name in (*MEMBERS, "赵某", "清凉区"):
        assert name.encode() not in bodies


@pytest.mark.parametrize("code", ["A01", "P01", "S01", "R01"])
def test_nobody_else_sets_up_councils_not_even_an_administrator(world, new_client, code):
    browser = sign_in(new_client(), f"mochou-{code.lower()}")
    for address in ("/setup/", *(f"/setup/{step}" for step in ANSWERS), "/setup/check"):
        assert browser.get(address).status_code == 403
    assert post(browser, "/setup/found", page="/about").status_code == 403
    assert post(browser, "/setup/place", ANSWERS["place"], page="/about").status_code == 403
    assert post(browser, f"/setup/founders/{world[code].id}", page="/about").status_code == 403


def test_an_administrator_is_named_and_may_then_found_until_it_is_taken_back(world, new_client):
    me = founder()
    browser, other = in_english(sign_in(new_client(), "admin")), sign_in(new_client(), "mochou-a01")
    key, secretary = world["A01"].id, world["S01"].id
    own = me.id
    db.session.rollback()
    assert post(browser, f"/setup/founders/{secretary}", page="/setup/").status_code == 409
    assert post(browser, f"/setup/founders/{key}", page="/setup/").status_code == 302
    assert other.get("/setup/").status_code == 200
    assert post(browser, f"/setup/founders/{own}", {"take": "back"}, page="/setup/").status_code == 409
    assert post(browser, f"/setup/founders/{key}", {"take": "back"}, page="/setup/").status_code == 302
    assert other.get("/setup/").status_code == 403
    db.session.rollback()
    bodies = b"".join(bytes(body) for body in db.session.scalars(select(Entry.body)))
    assert (bodies.count(b'"founder.name"'), bodies.count(b'"founder.dismiss"')) == (2, 1)


def at_once(app, *acts):
    """Run the acts in threads of their own, each in its transaction; what became of each."""
    start, became = threading.Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    act()
                became.append("done")
            except DomainError as error:
                became.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    db.session.rollback()
    return sorted(became)


def test_of_two_who_dismiss_each_other_one_stays(app, app_context):
    one, other = founder().id, founder("second", "韩某").id
    db.session.rollback()

    def dismisses(actor, person):
        return lambda: founding.dismiss_founder(db.session.get_one(Person, person), actor=db.session.get_one(Person, actor))

    assert at_once(app, dismisses(one, other), dismisses(other, one)) == ["Forbidden", "done"]
    assert len(founding.founders()) == 1


def test_two_presses_at_the_same_time_enter_nobody_twice(app, app_context):
    me = founder().id
    db.session.rollback()
    charter = founding.Charter(
        community="清凉社区", street="", district="", name="清凉社区党员议事会", slug="qingliang", zone="Asia/Shanghai",
        starts_on=START, number_prefix="清社", preset="branch", offices={}, seats={"employed": ("周某", "吴某")},
    )  # fmt: skip

    def press():
        founding.enrol(charter, actor=db.session.get_one(Person, me))

    assert at_once(app, press, press) == ["done", "done"]
    assert sorted(person.name for person in db.session.scalars(select(Person))) == ["吴某", "周某", "沈某"]
    assert db.session.scalars(select(Unit.name)).all() == ["清凉社区"]


def test_the_cards_of_everybody_are_printed_once_and_open(browser, new_client):
    answer_all(browser)
    post(browser, "/setup/found", page="/setup/check")
    assert "2. Put the address on the board" in text_of(browser.get("/c/qingliang/offices/begun"))
    sheet = post(browser, "/c/qingliang/offices/cards", {"who": "without"}, page="/c/qingliang/offices/begun")
    assert sheet.status_code == 200, text_of(sheet)
    assert sheet.text.count('class="entry-card"') == len({*MEMBERS, "赵某", "钱某", "孙某"})
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Account)) == 10
    assert post(browser, "/c/qingliang/offices/cards", {"who": "without"}).status_code == 422
    assert PASSWORD not in sheet.text
