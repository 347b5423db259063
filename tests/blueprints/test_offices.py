"""The pages of offices and terms: names only for the council, acts only for the administrator, cards for whoever needs one."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deliberation.councils import founding
from deliberation.councils import services as councils
from deliberation.councils.authority import members
from deliberation.councils.models import Appointment, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people import services as people
from deliberation.people.models import Account, Card, Person
from deliberation.people.permissions import Office
from tests.builders import do, make_world
from tests.web import in_english, post, sign_in, statements, text_of

HOME = "/c/mochou/offices/"


@pytest.fixture
def admin(world, new_client):
    return in_english(sign_in(new_client(), "mochou-a01"))


def today():
    return clock.today("Asia/Shanghai")


def held(world, code, office):
    db.session.rollback()
    query = select(Appointment).where(Appointment.person_id == world[code].id, Appointment.office == office)
    return db.session.scalars(query.order_by(Appointment.id.desc())).first()


def end(world, code, office):
    one = held(world, code, office)
    do(lambda: councils.end_office(one, world.council, on=today() - timedelta(days=1)))
    db.session.rollback()


def newcomer(name):
    db.session.rollback()
    return next(person for person in db.session.scalars(select(Person)) if person.name == name)


def test_everybody_sees_offices_and_seats_but_only_the_council_sees_names(world, client, new_client):
    for code, sees in ((None, False), ("R01", False), ("V01", False), ("M01", True), ("A01", True)):
        browser = in_english(client if code is None else sign_in(new_client(), f"mochou-{code.lower()}"))
        page = text_of(browser.get(HOME))
        assert "President" in page
        assert "21 seats" in page
        assert ("P01" in page, "M07" in page) == (sees, sees), code


def test_an_empty_office_is_named_as_empty(world, client):
    end(world, "P01", Office.PRESIDENT)
    assert "President Nobody at present." in text_of(in_english(client).get(HOME))


@pytest.mark.parametrize("code", ["P01", "S01", "C01", "M01", "R01"])
def test_nobody_but_the_administrator_gets_in(world, new_client, code):
    browser = in_english(sign_in(new_client(), f"mochou-{code.lower()}"))
    key = held(world, "P01", Office.PRESIDENT).id
    for path in ("appoint", "term", "cards", "begun", f"{key}/end", f"{key}/hand-over", f"people/{world['M01'].id}/close"):
        answer = browser.get(HOME + path)
        assert (answer.status_code, "Your office does not include this." in text_of(answer)) == (403, True), path
    assert post(browser, f"{HOME}people/{world['M01'].id}/card", page="/about").status_code == 403
    assert "offices" not in re.search(r'<nav class="main-nav".*?</nav>', browser.get("/c/mochou/").text, re.S)[0]


def test_the_menu_shows_the_administrator_the_way_in(admin):
    assert HOME in re.search(r'<nav class="main-nav".*?</nav>', admin.get("/c/mochou/").text, re.S)[0]


def test_somebody_new_is_appointed_by_name(admin, world):
    sent = {"name": "赵某", "office": "clerk", "first": today().isoformat(), "person": ""}
    assert post(admin, f"{HOME}appoint", sent).location == HOME
    made = newcomer("赵某")
    assert [one.office for one in db.session.scalars(select(Appointment).where(Appointment.person_id == made.id))] == ["clerk"]
    assert "Has no card yet." in text_of(admin.get(HOME))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Choose somebody, or write a new name below."),
        ({"name": "赵某、钱某"}, "One name is enough here."),
        ({"name": "M01"}, "Somebody of that name is known here"),
        ({"office": "member"}, "A council member has a seat category."),
        ({"office": "resident"}, "Please choose one of these."),
        ({"office": "installation"}, "Please choose one of these."),
        ({"first": "0026-01-01"}, "Please enter a day."),
        ({"person": "2147483647", "name": ""}, "Please choose one of these."),
    ],
)
def test_a_wrong_appointment_enters_nobody(admin, world, changed, words):
    before = db.session.scalar(select(func.count()).select_from(Person))
    db.session.rollback()
    sent = {"name": "赵某", "office": "clerk", "first": today().isoformat(), "person": "", **changed}
    refused = post(admin, f"{HOME}appoint", sent)
    assert (refused.status_code, words in text_of(refused)) == (422, True), text_of(refused)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Person)) == before


def test_pressed_twice_one_person_is_entered_and_appointed(admin, world):
    sent = {"name": "赵某", "office": "clerk", "first": today().isoformat(), "person": "", "once": "the-same-key"}
    answers = [post(admin, f"{HOME}appoint", sent).location for _ in range(2)]
    assert answers == [HOME, HOME]
    db.session.rollback()
    assert [person.name for person in db.session.scalars(select(Person))].count("赵某") == 1


def test_an_office_is_handed_to_somebody_new_in_one_act(admin, world):
    key = held(world, "P01", Office.PRESIDENT).id
    day = today() + timedelta(days=3)
    sent = {"name": "赵某", "person": "", "first": day.isoformat()}
    assert post(admin, f"{HOME}{key}/hand-over", sent).location == HOME
    assert held(world, "P01", Office.PRESIDENT).ends_on == day - timedelta(days=1)
    page = text_of(admin.get(HOME))
    assert "To come President · 赵某" in page


def test_a_hand_over_that_cannot_be_enters_nobody(admin, world):
    key = held(world, "P01", Office.PRESIDENT).id
    refused = post(admin, f"{HOME}{key}/hand-over", {"name": "赵某", "person": "", "first": "2025-06-01"})
    assert (refused.status_code, "at the earliest on the day after" in text_of(refused)) == (422, True)
    with pytest.raises(StopIteration):
        newcomer("赵某")


def test_ending_an_office_warns_of_what_then_stands_still(admin, world):
    key = held(world, "P01", Office.PRESIDENT).id
    page = text_of(admin.get(f"{HOME}{key}/end"))
    assert "nobody can chair a session" in page
    assert "Hand it over to somebody instead" in page
    seat = held(world, "M01", Office.MEMBER).id
    assert "Until there is a new" not in text_of(admin.get(f"{HOME}{seat}/end"))
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert post(admin, f"{HOME}{seat}/end", {"last": yesterday}).location == HOME
    db.session.rollback()
    assert len(members(world.council)) == 20
    assert admin.get(f"{HOME}{seat}/end").status_code == 409
    assert post(admin, f"{HOME}{key}/end", {"last": "2020-01-01"}).status_code == 422


def test_the_last_administrator_is_told_why_not(admin, world):
    key = held(world, "A01", Office.ADMINISTRATOR).id
    refused = post(admin, f"{HOME}{key}/end", {"last": today().isoformat()})
    assert (refused.status_code, "A council needs an administrator." in text_of(refused)) == (409, True)


def test_a_new_term_is_ticked_and_written(admin, world):
    day = today() + timedelta(days=1)
    page = admin.get(f"{HOME}term").text
    assert page.count("checked") == 21
    stay = [str(seat.id) for seat in members(world.council)[:5]]
    db.session.rollback()
    sent = {"starts_on": day.isoformat(), "stay": stay, "employed": "赵某\nM07"}
    assert post(admin, f"{HOME}term", sent).location == HOME
    db.session.rollback()
    newest = db.session.scalars(select(Term).order_by(Term.number.desc())).first()
    seats = db.session.scalars(select(Appointment).where(Appointment.term_id == newest.id)).all()
    assert sorted(seat.person.name for seat in seats) == sorted(["P01", "S01", "M01", "M02", "M03", "赵某", "M07"])
    assert next(seat for seat in seats if seat.person.name == "M07").person_id == world["M07"].id
    assert "Term 2" in text_of(admin.get(HOME))


def test_a_refused_term_keeps_ticks_and_names(admin, world):
    stay = str(members(world.council)[0].id)
    db.session.rollback()
    refused = post(admin, f"{HOME}term", {"starts_on": today().isoformat(), "stay": [stay], "employed": "P01"})
    assert (refused.status_code, "“P01” is ticked above already." in text_of(refused)) == (422, True)
    assert refused.text.count("checked") == 1
    assert "P01</textarea>" in refused.text


def test_whoever_left_is_closed_from_the_list_of_former_offices(admin, world, new_client):
    leaving = sign_in(new_client(), "mochou-m01")
    end(world, "M01", Office.MEMBER)
    path = f"{HOME}people/{world['M01'].id}/close"
    db.session.rollback()
    assert path in admin.get(HOME).text
    assert post(admin, path).location == HOME
    assert leaving.get("/me/").status_code == 403
    assert path not in admin.get(HOME).text


# Cards


def enter(world, name="赵某"):
    """Somebody appointed who has no account."""
    person = do(lambda: people.add_person(name))
    do(lambda: councils.appoint(world.council, person, Office.CLERK, starts_on=today()))
    db.session.rollback()
    return person


def digits_on(sheet):
    assert sheet.status_code == 200, text_of(sheet)
    return re.findall(r'entry-card-digits">([0-9]{4} [0-9]{4})<', sheet.text)


def comes_in(browser, digits):
    post(browser, "/card", {"code": digits})
    return post(browser, "/card/use", {"code": digits, "device": "own"}, page="/card").status_code == 302


def test_a_card_brings_its_owner_in_and_a_new_one_voids_it(admin, world, new_client):
    person = enter(world)
    (first,) = digits_on(post(admin, f"{HOME}cards", {"who": "without"}))
    assert "A card is out until" in text_of(admin.get(HOME))
    (second,) = digits_on(post(admin, f"{HOME}people/{person.id}/card", page=HOME))
    assert not comes_in(new_client(), first)
    browser = new_client()
    assert comes_in(browser, second)
    assert "赵某" in browser.get("/me/").text
    db.session.rollback()
    assert "Has come in." in text_of(admin.get(HOME))


def test_cards_for_all_are_made_for_those_who_need_one(admin, world):
    enter(world, "赵某")
    assert len(digits_on(post(admin, f"{HOME}cards", {"who": "without"}))) == 1
    enter(world, "钱某")
    assert len(digits_on(post(admin, f"{HOME}cards", {"who": "without"}))) == 1
    assert len(digits_on(post(admin, f"{HOME}cards", {"who": "again"}))) == 2
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Card).where(Card.voided_at.is_not(None))) == 2


def test_a_second_press_does_not_void_the_sheet_in_the_printer(admin, world):
    enter(world)
    sent = {"who": "again", "once": "the-same-key"}
    assert len(digits_on(post(admin, f"{HOME}cards", sent))) == 1
    assert post(admin, f"{HOME}cards", sent).location == HOME
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Card)) == 1


def test_a_resident_who_takes_a_members_sign_in_name_stops_no_card(admin, world):
    made = do(lambda: people.add_person("赵某"))
    do(lambda: councils.appoint(world.council, made, Office.CLERK, starts_on=today()))
    do(lambda: people.open_account(f"mochou-{made.id}", "a plain test passphrase", name="R", kind="light"))
    db.session.rollback()
    assert len(digits_on(post(admin, f"{HOME}cards", {"who": "without"}))) == 1


def test_one_whose_card_comes_from_elsewhere_stops_nobody_elses(admin, world):
    other = make_world(seats=3, slug="huju", residents=0)
    both, plain = (do(lambda name=name: people.add_person(name)) for name in ("赵某", "钱某"))
    for person in (both, plain):
        do(lambda person=person: councils.appoint(world.council, person, Office.CLERK, starts_on=today()))
    do(lambda: councils.appoint(other.council, both, Office.CLERK, starts_on=today()))
    db.session.rollback()
    assert len(digits_on(post(admin, f"{HOME}cards", {"who": "without"}))) == 1
    refused = post(admin, f"{HOME}cards", {"who": "without"})
    assert (refused.status_code, "an office beyond this council" in text_of(refused)) == (403, True)


def test_nobody_gets_a_card_printed_for_somebody_who_may_do_more(admin, world):
    """Whoever prints a card could come in with it: not as a founder, nor into another council."""
    other = make_world(seats=3, slug="huju", residents=0)
    do(lambda: councils.appoint(other.council, world["C01"], Office.CLERK, starts_on=today()))
    # Who signs in today is still signed in tomorrow.
    do(lambda: councils.appoint(other.council, world["M02"], Office.PRESIDENT, starts_on=today() + timedelta(days=1)))
    do(lambda: founding.name_founder(world["S01"]))
    both, soon, founder, plain = (world[code].id for code in ("C01", "M02", "S01", "M01"))
    stranger = other["M01"].id
    db.session.rollback()
    assert post(admin, f"{HOME}people/{both}/card", page=HOME).status_code == 403
    assert post(admin, f"{HOME}people/{soon}/card", page=HOME).status_code == 403
    assert post(admin, f"{HOME}people/{founder}/card", page=HOME).status_code == 403
    assert post(admin, f"{HOME}people/{stranger}/card", page=HOME).status_code == 404
    assert len(digits_on(post(admin, f"{HOME}people/{plain}/card", page=HOME))) == 1


def test_the_page_costs_the_same_for_3_and_for_30_seats(app, world, admin):
    def cost():
        admin.get(HOME)
        with statements(app) as sent:
            admin.get(HOME)
        return len(sent)

    before = cost()
    for number in range(30):
        person = do(lambda number=number: people.add_person(f"N{number}"))
        do(lambda person=person: councils.appoint(world.council, person, Office.MEMBER, category="employed", starts_on=today()))
    post(admin, f"{HOME}cards", {"who": "without"})
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Account)) > 50
    db.session.rollback()
    assert cost() == before
