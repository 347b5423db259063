"""Who may ask for what, who answers, by when; what the page and the desk show and to whom."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from deliberation.audit.appending import references
from deliberation.audit.models import ActorRef, Entry, PersonalRecord
from deliberation.audit.replaying import differences
from deliberation.councils import founding
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.kernel.errors import Forbidden, Invalid, Refused
from deliberation.kernel.transactions import connection_of
from deliberation.privacy import queries, services
from deliberation.privacy.holdings import HOLDINGS, NAMED_ONLY
from deliberation.privacy.models import DataRequest
from deliberation.privacy.states import Relation, State, Wish
from deliberation.review import services as review
from tests.builders import at, do, make_world
from tests.privacy.test_texts import tables
from tests.review.scenes import OPENING, comment, opened
from tests.web import in_english, post, sign_in, statements, text_of


def refused(kind, service):
    with pytest.raises(kind) as error:
        do(service)
    db.session.rollback()
    return error.value


@pytest.fixture
def said(world):
    """A comment of R01's, and its text."""
    with clock.frozen(at(OPENING)):
        window = opened(world)
        made = comment(world, window, by="R01", text="my own words")
    return db.session.get_one(PersonalRecord, made.text_id)


def bodies(log_id):
    rows = db.session.scalars(select(Entry.body).where(Entry.log_id == log_id).order_by(Entry.seq))
    return [json.loads(body) for body in rows]


def test_every_key_to_a_personal_text_says_whose_it_is(app_context):
    """A new table with a personal text has to be named in privacy/holdings.py, or its text would stand on nobody's page."""
    keys = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "personal_record.id" for key in column.foreign_keys)
    }
    named = {f"{one.class_.__tablename__}.{one.key}" for one in NAMED_ONLY}
    assert keys == {one.name for one in HOLDINGS} | named


def test_only_the_person_concerned_asks_and_the_same_only_once(world, said):
    refused(Forbidden, lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R02"]))
    refused(Forbidden, lambda: services.ask_about(said, Wish.CORRECT, "x", actor=world["S01"]))
    do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    assert refused(Refused, lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"])).code == "done_already"
    refused(Invalid, lambda: services.ask_about(said, Wish.CORRECT, "  ", actor=world["R01"]))
    refused(Invalid, lambda: services.ask_about(said, Wish.CORRECT, "my own words", actor=world["R01"]))
    refused(Invalid, lambda: services.ask_about(said, Wish.CORRECT, "x" * 2001, actor=world["R01"]))


def test_the_day_counts_working_days_as_the_installation_is_set(app, world, said):
    with clock.frozen(at("2026-09-24T10:00")):
        made = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
        assert str(made.due_on) == "2026-10-22"  # fifteen working days over mid-autumn and the National Day
        app.config["ANSWER_WORKING_DAYS"] = 1
        assert str(do(lambda: services.ask(world.council, "why?", actor=world["R01"])).due_on) == "2026-09-28"


@pytest.mark.parametrize("code", ["M01", "C01", "V01", "P01", "R01", "D01"])
def test_only_secretary_and_administrator_answer(world, said, code):
    made = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    refused(Forbidden, lambda: services.answer(made, State.GRANTED, "", actor=world[code]))


def test_a_refusal_and_a_restriction_need_a_reason_and_nothing_is_answered_twice(world, said):
    made = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    refused(Invalid, lambda: services.answer(made, State.REFUSED, "  ", actor=world["S01"]))
    refused(Invalid, lambda: services.answer(made, State.RESTRICTED, "kept", actor=world["S01"]))
    refused(Invalid, lambda: services.answer(made, State.RESTRICTED, "kept", services.Restriction.WISH, actor=world["S01"]))
    refused(Invalid, lambda: services.answer(made, State.WITHDRAWN, "x", actor=world["S01"]))
    do(lambda: services.answer(made, State.REFUSED, "it is part of the minutes", actor=world["S01"]))
    assert made.answer.value == "it is part of the minutes"
    refused(Refused, lambda: services.answer(made, State.GRANTED, "", actor=world["A01"]))


def test_nobody_answers_an_own_request_nor_one_that_the_same_person_entered(world, said):
    own = do(lambda: services.ask(world.council, "why?", actor=world["S01"]))
    assert refused(Forbidden, lambda: services.answer(own, State.GRANTED, "because", actor=world["S01"])).code == "own_case"
    do(lambda: services.answer(own, State.GRANTED, "because", actor=world["A01"]))
    entered = do(lambda: services.enter_for(said, Wish.DELETE, "", Relation.CHILD, actor=world["S01"]))
    refused(Forbidden, lambda: services.answer(entered, State.GRANTED, "", actor=world["S01"]))
    do(lambda: services.answer(entered, State.GRANTED, "", actor=world["A01"]))
    assert (said.kept, said.basis) == (None, "kin_request")
    assert "child" not in json.dumps(bodies(world.council.log_id)), "the relation is told in the public log"


def test_a_comment_that_is_deleted_loses_its_author_and_its_mask(world, said):
    found = review.comment_with(said.id)
    with clock.frozen(at(OPENING)):
        do(lambda: review.mask(found, "my *** words", "personal_details", "a name", actor=world["C01"]))
    made = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    do(lambda: services.answer(made, State.RESTRICTED, "a case runs", services.Restriction.LEGAL_HOLD, actor=world["S01"]))
    assert (found.text.value, found.masked.value, found.text.kept) == (None, None, "my own words")
    refused(Forbidden, lambda: services.lift(said, actor=world["R01"]))
    do(lambda: services.lift(said, actor=world["A01"]))
    assert (found.text.value, found.masked.value) == ("my own words", "my *** words")
    again = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    do(lambda: services.answer(again, State.GRANTED, "", actor=world["S01"]))
    assert (found.text.kept, found.masked.kept, found.author_id) == (None, None, None)
    assert list(differences(tables())) == []


def test_ones_own_wish_is_lifted_by_oneself_alone(world, said):
    made = do(lambda: services.ask_about(said, Wish.RESTRICT, "", actor=world["R01"]))
    do(lambda: services.answer(made, State.GRANTED, "", actor=world["S01"]))
    refused(Forbidden, lambda: services.lift(said, actor=world["S01"]))
    do(lambda: services.lift(said, actor=world["R01"]))
    refused(Refused, lambda: services.lift(said, actor=world["A01"]))


def test_a_resident_corrects_the_own_name_at_once_and_a_member_asks(world):
    old = world["R01"].name_id
    do(lambda: services.rename(world["R01"], "Right Name", actor=world["R01"]))
    assert (world["R01"].name, db.session.get_one(PersonalRecord, old).kept) == ("Right Name", None)
    refused(Forbidden, lambda: services.rename(world["R01"], "x", actor=world["R02"]))
    refused(Invalid, lambda: services.rename(world["R02"], "a\u202eb", actor=world["R02"]))
    assert refused(Refused, lambda: services.rename(world["M01"], "P01", actor=world["M01"])).code == "holds_office"
    do(lambda: founding.name_founder(world["A01"]))
    name = db.session.get_one(PersonalRecord, world["M01"].name_id)
    made = do(lambda: services.ask_about(name, Wish.CORRECT, "Another", actor=world["M01"]))
    refused(Forbidden, lambda: services.answer(made, State.GRANTED, "", actor=world["S01"]))
    do(lambda: services.answer(made, State.GRANTED, "", actor=world["A01"]))
    db.session.expire_all()
    assert (world["M01"].name, name.kept) == ("Another", None)
    assert list(differences(tables())) == []


def test_the_tie_to_a_log_is_cut_by_who_left_and_the_log_still_holds(world, said):
    assert refused(Refused, lambda: services.cut_tie(world.council, actor=world["M01"])).code == "holds_office"
    log_id = world.council.log_id
    tie = select(ActorRef.ref).where(ActorRef.log_id == log_id, ActorRef.person_id == world["R01"].id)
    do(lambda: references(connection_of(db.session()), log_id, [world["R01"].id]))  # as somebody who stands on a roll
    both = db.session.scalars(tie).all()
    assert len(both) == 2
    assert [one.slug for one in queries.ties_of(world["R01"], ())] == ["mochou"]
    asked = do(lambda: services.ask(world.council, "why?", actor=world["R01"]))
    assert refused(Refused, lambda: services.cut_tie(world.council, actor=world["R01"])).code == "waiting"
    do(lambda: services.withdraw(asked, actor=world["R01"]))
    do(lambda: services.cut_tie(world.council, actor=world["R01"]))
    assert db.session.scalar(tie) is None
    cut, before = bodies(log_id)[-1], bodies(log_id)[-2]
    assert (cut["action"], before["action"], "actor" in cut) == ("personal_data.cut_tie", "data_request.withdraw", False)
    assert list(differences(tables())) == []
    refused(Refused, lambda: services.cut_tie(world.council, actor=world["R01"]))
    do(lambda: services.ask(world.council, "once more", actor=world["R01"]))
    assert db.session.scalar(tie) not in (None, *both)
    assert list(differences(tables())) == []


def test_the_desk_finds_by_number_and_name_and_never_shows_a_word(world, said, new_client):
    desk = in_english(sign_in(new_client(), world.account("S01")))
    label = queries.holdings_of(said)[0].label
    answer = desk.get("/c/mochou/personal-data/find", query_string={"q": label})
    assert label in text_of(answer)
    assert "my own words" not in answer.text
    for bad in ("QS-9999-999999999", "9999999999-1 C-01", "2026-1 C-9999999", "x" * 500, "%", "<b>", "'; --"):
        assert "Nothing was found." in text_of(desk.get("/c/mochou/personal-data/find", query_string={"q": bad}))
    page = f"/c/mochou/personal-data/texts/{said.id}/enter"
    assert "my own words" not in desk.get(page).text
    answer = post(desk, page, {"relation": "spouse", "wish": "delete", "text": ""})
    assert answer.headers["Location"].endswith("/c/mochou/personal-data/")
    assert "entered at the desk" in text_of(desk.get("/c/mochou/personal-data/"))


HOSTILE = ("", "x", "-1", "9" * 40, "delete\x00", "长" * 60_000, "<script>", "%(n)s", "' OR 1=1 --", b"\xed\xa0\x80")


def test_the_worst_that_is_entered_at_the_desk_is_refused(world, said, new_client):
    desk = sign_in(new_client(), world.account("S01"))
    page = f"/c/mochou/personal-data/texts/{said.id}/enter"
    fine = {"relation": "self", "wish": "correct", "text": "better"}
    wrong = [{name: value} for name in ("relation", "wish") for value in HOSTILE]
    wrong += [{"text": value} for value in ("", "delete\x00", "长" * 60_000, "my own words")]
    for one in wrong:
        answer = post(desk, page, {**fine, **one})
        assert answer.status_code in (413, 422), (one, answer.status_code)
    assert db.session.scalar(select(DataRequest.id)) is None


def test_before_a_comment_is_deleted_for_good_its_words_are_read_back(world, said, client):
    page = in_english(sign_in(client, world.account("R01"))).get(f"/me/data/{said.id}/delete")
    assert "It concerns: my own words" in text_of(page)


def test_others_get_the_same_404_as_for_what_is_not_there(world, said, new_client):
    do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    other = sign_in(new_client(), world.account("R02"))
    nothing = in_english(other).get("/me/data/999999/delete")
    assert nothing.status_code == 404
    for path in (f"{said.id}/delete", f"{said.id}/correct", f"{2**40}/delete", f"{said.id}/read"):
        assert text_of(other.get(f"/me/data/{path}")) == text_of(nothing)
    for path in (f"/me/data/{said.id}/use-again", "/me/data/requests/1/withdraw", "/me/data/requests/999999/withdraw"):
        assert post(other, path, page="/about").status_code == 404
    assert "my own words" not in other.get("/me/data/my-data.json").text
    assert other.get("/c/mochou/personal-data/").status_code == 403
    assert new_client().get("/me/data/").status_code == 403
    assert new_client().get("/me/data/my-data.json").status_code == 403


def test_another_councils_desk_sees_nothing_of_it(app, world, said, new_client):
    made = do(lambda: services.ask_about(said, Wish.DELETE, "", actor=world["R01"]))
    make_world(slug="other", seats=3, residents=0)
    desk = sign_in(new_client(), world.account("S01"))
    assert desk.get(f"/c/other/personal-data/{made.id}/answer").status_code in (403, 404)
    names = [one.id for one in db.session.scalars(select(PersonalRecord).where(PersonalRecord.kind == "person.name"))]
    assert desk.get(f"/c/mochou/personal-data/texts/{names[0]}/enter").status_code == 404
    assert desk.get("/personal-data/").status_code == 403


def test_the_page_sends_the_same_statements_for_one_text_and_for_thirty(app, world, new_client):
    with clock.frozen(at(OPENING)):
        window = opened(world)
        comment(world, window, by="R01", text="first")
        reader = sign_in(new_client(), world.account("R01"))
        sizes = []
        for more in (0, 29):
            for n in range(more):
                made = comment(world, window, by="R01", text=f"words {n}")
                text = db.session.get_one(PersonalRecord, made.text_id)
                do(lambda text=text: services.ask_about(text, Wish.RESTRICT, "", actor=world["R01"]))
            if not more:
                text = db.session.scalars(select(PersonalRecord).where(PersonalRecord.kind == "comment.text")).one()
                do(lambda text=text: services.ask_about(text, Wish.RESTRICT, "", actor=world["R01"]))
            for page in ("/me/data/", "/me/data/my-data.json"):
                with statements(app) as sent:
                    assert "first" in reader.get(page).text
                sizes.append(len(sent))
    assert sizes[:2] == sizes[2:]
    assert sizes[0] <= 14


def test_the_walk_of_a_person_through_the_own_page(world, said, new_client):
    reader = in_english(sign_in(new_client(), world.account("R01")))
    page = f"/me/data/{said.id}/correct"
    assert "my own words</textarea>" in reader.get(page).text, "nobody types it again"
    assert "what stands there already" in text_of(post(reader, page, {"text": "my own words "}))
    assert post(reader, page, {"text": "better words"}).status_code == 302
    assert "waiting for an answer" in text_of(reader.get("/me/data/"))
    assert "1 request about a personal text" in text_of(in_english(sign_in(new_client(), world.account("S01"))).get("/me/"))
    desk = in_english(sign_in(new_client(), world.account("A01")))
    answer_page = f"/c/mochou/personal-data/{db.session.scalar(select(DataRequest.id))}/answer"
    assert "better words" in text_of(desk.get(answer_page))
    assert "Please correct" in text_of(post(desk, answer_page, {"outcome": "refused", "reason": ""}))
    assert post(desk, answer_page, {"outcome": "granted", "reason": ""}).status_code == 302
    mine = text_of(reader.get("/me/data/"))
    assert "better words" in mine
    assert "my own words" not in mine
    told = json.loads(reader.get("/me/data/my-data.json").text)
    assert [one["text"] for one in told["texts"] if one["kind"] == "A comment"] == ["better words"]


def test_nobody_of_the_desk_enters_what_concerns_themselves(world):
    with clock.frozen(at(OPENING)):
        made = comment(world, opened(world), by="S01", text="my own words")
    entered = lambda: services.enter_for(made.text, Wish.DELETE, "", Relation.SELF, actor=world["S01"])  # noqa: E731
    assert refused(Forbidden, entered).code == "own_case"
    asked = do(lambda: services.ask_about(made.text, Wish.DELETE, "", actor=world["S01"]))
    do(lambda: services.answer(asked, State.GRANTED, "", actor=world["A01"]))
    assert made.text.kept is None
