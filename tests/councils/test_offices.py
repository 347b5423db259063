"""The administrator's acts: handing over, ending, a new term, closing an account. Nothing vanishes, nobody is left out."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from deliberation.audit.models import Entry
from deliberation.audit.recording import read
from deliberation.audit.services import verify
from deliberation.councils import offices
from deliberation.councils import services as councils
from deliberation.councils.authority import members
from deliberation.councils.authority import offices as held_by
from deliberation.councils.models import Appointment, Term
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, NotFound, Refused
from deliberation.people import services as people
from deliberation.people.permissions import Office
from tests.builders import START, at, do

DAY = date(2026, 3, 10)


def office(world, code, name):
    query = select(Appointment).where(Appointment.person_id == world[code].id, Appointment.office == name)
    return db.session.scalars(query.order_by(Appointment.id.desc())).first()


def hand_over(world, code, name, to, first=DAY, by="A01"):
    held = office(world, code, name)
    return do(lambda: offices.hand_over(held, world.council, world[to], first=first, actor=world[by]))


def test_an_office_passes_from_one_day_to_the_next_without_a_gap(world):
    hand_over(world, "P01", Office.PRESIDENT, "M01")
    assert office(world, "P01", Office.PRESIDENT).ends_on == DAY - timedelta(days=1)
    for day, presidents in (("2026-03-09", ["P01"]), ("2026-03-10", ["M01"])):
        with clock.frozen(at(f"{day}T12:00")):
            assert [code for code in ("P01", "M01") if Office.PRESIDENT in held_by(world[code], world.council)] == presidents
    db.session.rollback()
    assert [found.bad_seq for found in verify()] == [None, None]


def test_a_seat_passes_with_its_category_and_its_term(world):
    made = hand_over(world, "M01", Office.MEMBER, "R01")
    before = office(world, "M01", Office.MEMBER)
    assert (made.category, made.term_id) == (before.category, before.term_id)
    with clock.frozen(at("2026-03-10T12:00")):
        assert len(members(world.council)) == 21


@pytest.mark.parametrize(
    ("to", "first", "error", "words"),
    [
        ("P01", DAY, Invalid, "holds the office already"),
        ("M01", START, Invalid, "at the earliest on the day after"),
        ("M01", START - timedelta(days=400), Invalid, "at the earliest on the day after"),
    ],
)
def test_impossible_hand_overs_are_refused(world, to, first, error, words):
    with pytest.raises(error, match=words):
        hand_over(world, "P01", Office.PRESIDENT, to, first)
    db.session.rollback()
    assert office(world, "P01", Office.PRESIDENT).ends_on is None


def test_what_has_ended_cannot_be_handed_over_nor_made_longer(world):
    held = office(world, "P01", Office.PRESIDENT)
    do(lambda: councils.end_office(held, world.council, on=DAY, actor=world["A01"]))
    with pytest.raises(Refused, match="ended before that day"):
        hand_over(world, "P01", Office.PRESIDENT, "M01", DAY + timedelta(days=30))
    db.session.rollback()
    with pytest.raises(Refused, match="ends earlier already"):
        do(lambda: councils.end_office(held, world.council, on=DAY + timedelta(days=1), actor=world["A01"]))
    db.session.rollback()
    assert hand_over(world, "P01", Office.PRESIDENT, "M01", DAY + timedelta(days=1)).starts_on == DAY + timedelta(days=1)


def test_the_last_administrator_cannot_leave_but_can_hand_over(world):
    held = office(world, "A01", Office.ADMINISTRATOR)
    with pytest.raises(Refused, match="needs an administrator"):
        do(lambda: councils.end_office(held, world.council, on=DAY, actor=world["A01"]))
    db.session.rollback()
    hand_over(world, "A01", Office.ADMINISTRATOR, "C01", clock.today("Asia/Shanghai"))
    assert Office.ADMINISTRATOR in held_by(world["C01"], world.council)
    assert Office.ADMINISTRATOR not in held_by(world["A01"], world.council)


def test_a_second_administrator_who_begins_too_late_or_ends_too_leaves_a_gap(world):
    held = office(world, "A01", Office.ADMINISTRATOR)
    second = do(
        lambda: councils.appoint(
            world.council, world["C01"], Office.ADMINISTRATOR, starts_on=DAY + timedelta(days=2), actor=world["A01"]
        )
    )
    with pytest.raises(Refused, match="needs an administrator"):
        do(lambda: councils.end_office(held, world.council, on=DAY, actor=world["A01"]))
    db.session.rollback()
    do(lambda: councils.end_office(second, world.council, on=DAY + timedelta(days=300), actor=world["A01"]))
    with pytest.raises(Refused, match="needs an administrator"):
        do(lambda: councils.end_office(held, world.council, on=DAY + timedelta(days=1), actor=world["A01"]))


def begin(world, codes, starts_on=DAY, by="A01"):
    seats = [(world[code], "self_managed") for code in codes]
    return do(lambda: offices.begin_term(world.council, seats, starts_on=starts_on, actor=world[by]))


def test_a_new_term_ends_every_seat_and_begins_the_new_ones_in_one_entry(world):
    begin(world, ["P01", "M01", "R01"])
    numbers = db.session.execute(select(Term.number, Term.starts_on, Term.ends_on).order_by(Term.number)).all()
    assert [tuple(row) for row in numbers] == [(1, START, DAY - timedelta(days=1)), (2, DAY, None)]
    with clock.frozen(at("2026-03-09T12:00")):
        assert len(members(world.council)) == 21
    with clock.frozen(at("2026-03-10T12:00")):
        assert [seat.person_id for seat in members(world.council)] == [world[code].id for code in ("P01", "M01", "R01")]
        assert held_by(world["P01"], world.council)[0] == Office.PRESIDENT
    db.session.rollback()
    assert [found.bad_seq for found in verify()] == [None, None]


def test_a_member_appointed_before_the_new_term_belongs_to_the_old_one(world):
    begin(world, ["P01"])
    made = do(
        lambda: councils.appoint(
            world.council, world["R01"], Office.MEMBER, category="employed", starts_on=DAY + timedelta(days=5), actor=world["A01"]
        )
    )
    terms = db.session.scalars(select(Term).order_by(Term.number)).all()
    assert made.term_id == terms[1].id
    ended = office(world, "M02", Office.MEMBER)
    assert (ended.term_id, ended.ends_on) == (terms[0].id, DAY - timedelta(days=1))


def test_no_seat_of_the_old_term_outlives_it(world):
    """The next term is entered beforehand; what changes hands until then ends with the old one, and no seat becomes two."""
    before = DAY - timedelta(days=10)
    begin(world, ["P01"])
    passed = hand_over(world, "M01", Office.MEMBER, "R01", before)
    late = do(
        lambda: councils.appoint(
            world.council, world["R02"], Office.MEMBER, category="employed", starts_on=before, actor=world["A01"]
        )
    )
    assert (passed.ends_on, late.ends_on) == (DAY - timedelta(days=1), DAY - timedelta(days=1))
    with pytest.raises(Refused, match="Appoint the person instead"):
        hand_over(world, "M02", Office.MEMBER, "R03")
    db.session.rollback()
    with clock.frozen(at("2026-03-10T12:00")):
        assert [seat.person_id for seat in members(world.council)] == [world["P01"].id]


def test_a_seat_is_handed_over_once(world):
    held = office(world, "M01", Office.MEMBER).id
    hand_over(world, "M01", Office.MEMBER, "R01")
    again = db.session.get_one(Appointment, held)
    with pytest.raises(Refused, match="Appoint the person instead"):
        do(lambda: offices.hand_over(again, world.council, world["R02"], first=DAY, actor=world["A01"]))
    db.session.rollback()
    with clock.frozen(at("2026-03-10T12:00")):
        assert len(members(world.council)) == 21


@pytest.mark.parametrize(
    ("codes", "starts_on", "words"),
    [
        ([], DAY, "1 to 150 seats"),
        (["M01", "M01"], DAY, "Nobody has two seats"),
        (["M01"], START, "after the present one"),
        (["M01"], START - timedelta(days=1), "after the present one"),
    ],
)
def test_an_impossible_term_changes_nothing(world, codes, starts_on, words):
    with pytest.raises(Invalid, match=words):
        begin(world, codes, starts_on)
    db.session.rollback()
    assert len(db.session.scalars(select(Term)).all()) == 1
    assert len(members(world.council)) == 21


@pytest.mark.parametrize("code", ["P01", "S01", "C01", "M01", "R01"])
def test_only_the_administrator_does_any_of_it(world, code):
    for act in (
        lambda: hand_over(world, "P01", Office.PRESIDENT, "M01", by=code),
        lambda: begin(world, ["M01"], by=code),
        lambda: do(lambda: offices.close_account(world["R01"], world.council, actor=world[code])),
        lambda: do(lambda: offices.enter("赵某", world.council, actor=world[code])),
    ):
        with pytest.raises(Forbidden):
            act()
        db.session.rollback()


def test_an_account_is_closed_only_when_nothing_is_held_any_more(world):
    def close(code):
        do(lambda: offices.close_account(world[code], world.council, actor=world["A01"]))

    with pytest.raises(Refused, match="still holds an office"):
        close("M01")
    db.session.rollback()
    with pytest.raises(NotFound):
        close("R01")
    db.session.rollback()
    held = office(world, "M01", Office.MEMBER)
    yesterday = clock.today("Asia/Shanghai") - timedelta(days=1)
    do(lambda: councils.end_office(held, world.council, on=yesterday, actor=world["A01"]))
    close("M01")
    assert people.account_of(world["M01"]).disabled_at is not None
    with pytest.raises(Refused, match="no open account"):
        close("M01")
    assert who_did("account.disable") == ["administrator"]


def who_did(action):
    """The offices of the persons named in the entries of an action; an entry without a person counts as nobody."""
    db.session.rollback()
    bodies = [read(body) for body in db.session.scalars(select(Entry.body).order_by(Entry.log_id, Entry.seq))]
    return [body["office"] if "actor" in body else "nobody" for body in bodies if body["action"] == action]


def test_the_newcomer_has_no_double(world):
    with pytest.raises(Invalid, match="known here"):
        do(lambda: offices.enter("M01", world.council, actor=world["A01"]))
    db.session.rollback()
    found = do(lambda: offices.enter_all(["M01", "赵某"], world.council, actor=world["A01"]))
    assert found["M01"].id == world["M01"].id
    assert found["赵某"].name == "赵某"
    assert who_did("person.add")[-1] == "administrator"
